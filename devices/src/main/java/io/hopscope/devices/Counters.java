package io.hopscope.devices;

import io.hopscope.protocols.tcp.TcpCounter;
import io.hopscope.protocols.tcp.TcpTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a host has counted, in the groups and the order in which Linux 6.18 tells it: /proc/net/snmp as far as
 * {@code UdpLite}, then /proc/net/netstat. What nothing here can count is 0. No IPv6, no MPTCP.
 */
public final class Counters {
    /** The groups of /proc/net/netstat. */
    private static final List<String> EXTENSIONS = List.of("TcpExt", "IpExt");

    /** ICMP types that have names of their own, as they come in and go out. */
    private static final Map<String, Integer> ICMP = icmp();

    private static final Map<String, List<String>> GROUPS = read();
    private static final Map<String, IpCounter> OF_IP = new LinkedHashMap<>();
    private static final Map<String, TcpCounter> OF_TCP = new LinkedHashMap<>();

    static {
        for (IpCounter each : IpCounter.values()) {
            OF_IP.put(each.toString(), each);
        }
        for (TcpCounter each : TcpCounter.values()) {
            OF_TCP.put(each.toString(), each);
        }
    }

    private final IpStack stack;

    Counters(IpStack stack) {
        this.stack = stack;
    }

    private static Map<String, Integer> icmp() {
        Map<String, Integer> types = new LinkedHashMap<>();
        types.put("DestUnreachs", 3);
        types.put("TimeExcds", 11);
        types.put("ParmProbs", 12);
        types.put("SrcQuenchs", 4);
        types.put("Redirects", 5);
        types.put("Echos", 8);
        types.put("EchoReps", 0);
        types.put("Timestamps", 13);
        types.put("TimestampReps", 14);
        types.put("AddrMasks", 17);
        types.put("AddrMaskReps", 18);
        return types;
    }

    private static Map<String, List<String>> read() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Counters.class.getResourceAsStream("snmp"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                groups.put(
                        words[0].substring(0, words[0].length() - 1),
                        List.of(words).subList(1, words.length));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return groups;
    }

    /** Every name there is, as {@code nstat} says it; those of ICMP messages by type are there once one has come or gone. */
    public Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (String group : GROUPS.keySet()) {
            for (String name : names(group)) {
                all.put(group + name, value(group, name));
            }
        }
        return all;
    }

    /** One counter; 0 for a name that there is none of. */
    public long value(String name) {
        return all().getOrDefault(name, 0L);
    }

    public long value(IpCounter what) {
        return switch (what) {
            case IN_RECEIVES -> Integer.toUnsignedLong(stack.inReceives);
            case IN_OCTETS -> stack.inOctets;
            case IN_DELIVERS -> Integer.toUnsignedLong(stack.inDelivers);
            case OUT_REQUESTS -> Integer.toUnsignedLong(stack.outRequests);
            case OUT_TRANSMITS -> Integer.toUnsignedLong(stack.outTransmits);
            case OUT_OCTETS -> stack.outOctets;
            case UDP_IN_DATAGRAMS -> Integer.toUnsignedLong(stack.inDatagrams);
            case UDP_OUT_DATAGRAMS -> Integer.toUnsignedLong(stack.outDatagrams);
            // What bears no mark is not counted by itself.
            case IN_NO_ECT_PKTS ->
                Integer.toUnsignedLong(stack.inReceives)
                        - (stack.rare() == null ? 0 : stack.rare().unreadable)
                        - rare(IpCounter.IN_ECT0_PKTS)
                        - rare(IpCounter.IN_ECT1_PKTS)
                        - rare(IpCounter.IN_CE_PKTS);
            default -> rare(what);
        };
    }

    private long rare(IpCounter what) {
        Tally tally = stack.rare();
        return tally == null ? 0 : tally.get(what);
    }

    private List<String> names(String group) {
        if (!group.equals("IcmpMsg")) {
            return GROUPS.get(group);
        }
        List<String> names = new ArrayList<>();
        for (int way = 0; way < 2; way++) {
            for (int type = 0; type < 256; type++) {
                if (icmp(type, way == 0) != 0) {
                    names.add((way == 0 ? "InType" : "OutType") + type);
                }
            }
        }
        return names;
    }

    private long icmp(int type, boolean in) {
        Tally tally = stack.rare();
        return tally == null ? 0 : tally.icmpOf(type, in);
    }

    private long value(String group, String name) {
        IpCounter ofIp = OF_IP.get(group + name);
        if (ofIp != null) {
            return value(ofIp);
        }
        TcpCounter ofTcp = OF_TCP.get(group + name);
        TcpTable tcp = stack.table();
        if (ofTcp != null) {
            return tcp == null ? 0 : tcp.counter(ofTcp);
        }
        return switch (group) {
            case "Icmp" -> icmp(name);
            case "IcmpMsg" ->
                name.startsWith("In")
                        ? icmp(Integer.parseInt(name.substring("InType".length())), true)
                        : icmp(Integer.parseInt(name.substring("OutType".length())), false);
            default -> constant(group + name);
        };
    }

    private long icmp(String name) {
        boolean in = name.startsWith("In");
        Integer type = ICMP.get(name.substring(in ? 2 : 3));
        return type == null ? 0 : icmp(type, in);
    }

    private long constant(String name) {
        return switch (name) {
            case "IpForwarding" -> stack.forwarding() ? 1 : 2;
            case "IpDefaultTTL" -> stack.ttl();
            case "TcpRtoAlgorithm" -> 1;
            case "TcpRtoMin" -> 200;
            case "TcpRtoMax" -> 120_000;
            case "TcpMaxConn" -> -1;
            case "TcpCurrEstab" -> stack.table() == null ? 0 : stack.table().established();
            default -> 0;
        };
    }

    /**
     * As the file tells it: a line of names and one of numbers for each group.
     *
     * @param extensions those of /proc/net/netstat, and not of /proc/net/snmp
     */
    public List<String> file(boolean extensions) {
        List<String> lines = new ArrayList<>();
        for (String group : GROUPS.keySet()) {
            List<String> names = names(group);
            if (EXTENSIONS.contains(group) == extensions && !names.isEmpty()) {
                var numbers = new StringBuilder(group + ":");
                names.forEach(name -> numbers.append(' ').append(value(group, name)));
                lines.add(group + ": " + String.join(" ", names));
                lines.add(numbers.toString());
            }
        }
        return lines;
    }

    /** The power was lost. */
    void clear() {
        stack.inReceives = 0;
        stack.inOctets = 0;
        stack.inDelivers = 0;
        stack.outRequests = 0;
        stack.outTransmits = 0;
        stack.outOctets = 0;
        stack.inDatagrams = 0;
        stack.outDatagrams = 0;
        if (stack.rare() != null) {
            stack.rare().clear();
        }
        stack.links().forEach(NetInterface::clearStatistics);
    }
}
