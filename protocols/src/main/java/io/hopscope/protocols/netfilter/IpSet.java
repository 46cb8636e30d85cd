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
 * port, MAC and mark; or {@code list:set}. A network matches by its longest prefix in the set, unless that one says
 * {@code nomatch}. A member whose time is up is there for nobody, and goes when the set is next changed or shown.
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
    private String header;
    private final Dimension[] dimensions;
    private Map<Member, SetEntry> members = new TreeMap<>(ORDER);
    private SetOptions options;
    /** Null but for a list:set. */
    private SetParts parts;

    private IpSetIndex index;
    private long limit;
    /** The ports that a bitmap:port has room for. */
    private long lowest;

    private long highest = Long.MAX_VALUE;
    /** Whether ports stand alone (bitmap:port). */
    private final boolean anyProtocol;

    private int references;

    IpSet(String name, String type, String header, Dimension[] dimensions, long limit, SetOptions options) {
        this.name = name;
        this.type = type;
        this.header = header;
        this.dimensions = dimensions;
        this.limit = limit;
        this.options = options;
        parts = type.equals("list:set") ? new SetParts() : null;
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
        return parts == null ? members.size() : parts.size();
    }

    SetOptions options() {
        return options;
    }

    SetParts parts() {
        return parts;
    }

    /** Whether a look at it depends on time, or counts. */
    boolean live() {
        return options.live() || parts != null && parts.live();
    }

    /** Members whose time is up go. */
    void sweep(long now) {
        if (parts != null) {
            parts.sweep(now);
        } else if (options.timed() && members.values().removeIf(each -> each.gone(now))) {
            index.rebuild(members);
        }
    }

    boolean contains(Member member) {
        return members.containsKey(member);
    }

    /** Whether there is room. */
    boolean add(Member member, SetEntry entry) {
        if (!members.containsKey(member) && members.size() >= limit) {
            return false;
        }
        members.put(member, entry);
        index.put(member, entry);
        return true;
    }

    /** What {@code ipset test} finds: a network as it stands there, an address as a packet's is found; null for nothing. */
    SetEntry tested(Member member) {
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] == Dimension.NET && member.length(i) != 32) {
                return members.get(member);
            }
            index.key()[i] = member.value(i);
        }
        return index.longest(Long.MIN_VALUE);
    }

    /** Whether some members may say no. */
    boolean networks() {
        return List.of(dimensions).contains(Dimension.NET);
    }

    /** Of a bitmap: there is room for these alone. */
    void range(long from, long to) {
        lowest = from;
        highest = to;
    }

    boolean inRange(Member member) {
        return member.first() >= lowest && member.first() <= highest;
    }

    void remove(Member member) {
        members.remove(member);
        index.rebuild(members);
    }

    void flush() {
        if (parts != null) {
            parts.clear();
        }
        members.clear();
        index.rebuild(members);
    }

    /** Two sets of one type change all but their names, and who refers to these (ip_set_swap). */
    void swapWith(IpSet other) {
        IpSet mine = new IpSet(name, type, header, dimensions, limit, options);
        mine.hold(this);
        hold(other);
        other.hold(mine);
    }

    private void hold(IpSet of) {
        header = of.header;
        members = of.members;
        options = of.options;
        parts = of.parts;
        index = of.index;
        limit = of.limit;
        lowest = of.lowest;
        highest = of.highest;
    }

    long limit() {
        return limit;
    }

    /** Whether the set has the packet's source or destination, dimension by dimension; its member counts the packet. */
    boolean has(Packet p, List<Boolean> fromSource) {
        SetEntry found = parts != null ? parts.find(p, fromSource) : find(p, fromSource);
        if (found != null && options.counters()) {
            found.count(p);
        }
        return found != null;
    }

    private SetEntry find(Packet p, List<Boolean> fromSource) {
        long[] key = index.key();
        for (int i = 0; i < dimensions.length; i++) {
            boolean source = fromSource.get(i);
            switch (dimensions[i]) {
                case PORT -> {
                    if (!p.transport) {
                        return null;
                    }
                    key[i] = port(p, source);
                }
                case MAC -> {
                    if (p.mac < 0 || !source) {
                        return null;
                    }
                    key[i] = p.mac;
                }
                case MARK -> key[i] = p.mark & 0xffff_ffffL;
                default -> key[i] = (source ? p.source : p.destination) & 0xffff_ffffL;
            }
        }
        return index.find(p.now);
    }

    private long port(Packet p, boolean source) {
        int number = p.protocol == Ipv4.ICMP ? p.icmpType << 8 | p.icmpCode : source ? p.sourcePort : p.destinationPort;
        return (anyProtocol ? 0 : (long) p.protocol << 16) | number;
    }

    private String text(Member member, long now) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < dimensions.length; i++) {
            long value = member.value(i);
            values.add(
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
        StringBuilder out = new StringBuilder(String.join(",", values));
        members.get(member).print(out, options, now);
        return out.toString();
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
    List<String> texts(long now) {
        if (parts != null) {
            return parts.texts(options, now);
        }
        return members.keySet().stream().map(each -> text(each, now)).toList();
    }
}
