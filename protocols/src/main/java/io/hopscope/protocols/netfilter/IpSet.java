package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of ipset(8), looked up by what a packet has: {@code hash:} or {@code bitmap:} of up to three of address, network,
 * port, MAC and mark. A network matches by its longest prefix in the set, unless that one says {@code nomatch}.
 */
public final class IpSet {
    /** One dimension of a type. */
    enum Dimension {
        IP,
        NET,
        PORT,
        MAC,
        MARK
    }

    /** A member: a number for each dimension, and prefix lengths where they are networks. */
    record Member(long first, long second, long third, int lengths) {
        long value(int i) {
            return i == 0 ? first : i == 1 ? second : third;
        }

        int length(int i) {
            return lengths >>> 8 * i & 0xff;
        }
    }

    private static final Comparator<Member> ORDER = Comparator.comparingLong(Member::first)
            .thenComparingLong(Member::second)
            .thenComparingLong(Member::third)
            .thenComparingInt(Member::lengths);

    private String name;
    private final String type;
    private final String header;
    private final Dimension[] dimensions;
    /** Whether a network that is found says no. */
    private final Map<Member, Boolean> members = new TreeMap<>(ORDER);

    private final IpSetIndex index;
    private final long limit;
    /** Whether ports stand alone (bitmap:port). */
    private final boolean anyProtocol;

    private int references;

    IpSet(String name, String type, String header, Dimension[] dimensions, long limit) {
        this.name = name;
        this.type = type;
        this.header = header;
        this.dimensions = dimensions;
        this.limit = limit;
        anyProtocol = type.equals("bitmap:port");
        index = new IpSetIndex(dimensions);
    }

    public String name() {
        return name;
    }

    void rename(String to) {
        name = to;
    }

    String type() {
        return type;
    }

    String header() {
        return header;
    }

    int dimensions() {
        return dimensions.length;
    }

    Dimension[] kinds() {
        return dimensions;
    }

    /** A rule refers to the set, or no longer. */
    void use(int by) {
        references += by;
    }

    int references() {
        return references;
    }

    public int size() {
        return members.size();
    }

    boolean contains(Member member) {
        return members.containsKey(member);
    }

    /** Whether there is room. */
    boolean add(Member member, boolean nomatch) {
        if (!members.containsKey(member) && members.size() >= limit) {
            return false;
        }
        members.put(member, nomatch);
        index.put(member, nomatch);
        return true;
    }

    void remove(Member member) {
        members.remove(member);
        index.rebuild(members);
    }

    void flush() {
        members.clear();
        index.rebuild(members);
    }

    /** Two sets of one type change what they hold. */
    void swapWith(IpSet other) {
        Map<Member, Boolean> mine = new TreeMap<>(members);
        members.clear();
        members.putAll(other.members);
        other.members.clear();
        other.members.putAll(mine);
        index.rebuild(members);
        other.index.rebuild(other.members);
    }

    long limit() {
        return limit;
    }

    /** Whether the set has the packet's source or destination, dimension by dimension. */
    boolean has(Packet p, List<Boolean> fromSource) {
        long[] key = index.key();
        for (int i = 0; i < dimensions.length; i++) {
            boolean source = fromSource.get(i);
            switch (dimensions[i]) {
                case PORT -> {
                    if (!p.transport) {
                        return false;
                    }
                    key[i] = port(p, source);
                }
                case MAC -> {
                    if (p.mac < 0 || !source) {
                        return false;
                    }
                    key[i] = p.mac;
                }
                case MARK -> key[i] = p.mark & 0xffff_ffffL;
                default -> key[i] = (source ? p.source : p.destination) & 0xffff_ffffL;
            }
        }
        return index.find();
    }

    private long port(Packet p, boolean source) {
        int number = p.protocol == Ipv4.ICMP ? p.icmpType << 8 | p.icmpCode : source ? p.sourcePort : p.destinationPort;
        return (anyProtocol ? 0 : (long) p.protocol << 16) | number;
    }

    private String text(Member member) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < dimensions.length; i++) {
            long value = member.value(i);
            parts.add(
                    switch (dimensions[i]) {
                        case IP -> Ipv4Address.text((int) value);
                        case NET ->
                            member.length(i) == 32
                                    ? Ipv4Address.text((int) value)
                                    : new Prefix((int) value, member.length(i)).toString();
                        case PORT -> portText(value);
                        case MAC -> MacAddress.text(value).toUpperCase(java.util.Locale.ROOT);
                        case MARK -> String.format(java.util.Locale.ROOT, "0x%08x", value);
                    });
        }
        return String.join(",", parts) + (members.get(member) ? " nomatch" : "");
    }

    private String portText(long value) {
        int protocol = (int) (value >>> 16);
        int number = (int) value & 0xffff;
        if (anyProtocol) {
            return Integer.toString(number);
        }
        return protocol == Ipv4.ICMP
                ? "icmp:" + (number >>> 8) + "/" + (number & 0xff)
                : Services.protocolText(protocol) + ":" + number;
    }

    /** As {@code ipset list} and {@code ipset save} print the members. */
    List<String> texts() {
        return members.keySet().stream().map(this::text).toList();
    }
}
