package io.hopscope.traces;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Vlan;
import io.hopscope.traces.FilterProgram.Test;
import io.hopscope.traces.FilterTests.Direction;
import java.util.List;
import java.util.Map;

/**
 * The language of pcap-filter(7): primitives joined by and, or, not, which bind equally from left to right; what stands
 * alone after them takes the qualifiers of the primitive before.
 */
final class FilterParser {
    private static final int DEEPEST = 100;
    private static final Map<String, Integer> TYPES =
            Map.of("ip", Ethernet.IPV4, "arp", Ethernet.ARP, "rarp", Ethernet.RARP, "ip6", FilterTests.IPV6);
    /** IPv4 and, where it has them, IPv6. */
    private static final Map<String, Integer> TRANSPORTS =
            Map.of("tcp", Ipv4.TCP, "udp", Ipv4.UDP, "sctp", FilterTests.SCTP);

    private static final Map<String, Integer> ONLY_IP =
            Map.of("icmp", Ipv4.ICMP, "igmp", 2, "vrrp", 112, "igrp", 9, "pim", 103);
    static final List<String> WORDS = List.of(
            "host",
            "net",
            "mask",
            "port",
            "portrange",
            "src",
            "dst",
            "ether",
            "arp",
            "rarp",
            "ip",
            "ip6",
            "icmp",
            "icmp6",
            "igmp",
            "udp",
            "tcp",
            "sctp",
            "vrrp",
            "pim",
            "stp",
            "vlan",
            "proto",
            "broadcast",
            "multicast",
            "inbound",
            "outbound",
            "less",
            "greater",
            "len",
            "and",
            "or",
            "not",
            "icmp[icmptype]");

    /** What is said before an address, a port or a protocol. */
    private record Qualifiers(String protocol, Direction direction, String kind) {}

    private final FilterWords words;
    private final FilterArithmetic arithmetic;
    private final boolean throughTags;
    private Qualifiers last;
    private int shift;

    FilterParser(String text, boolean throughTags) {
        words = new FilterWords(text, WORDS);
        this.throughTags = throughTags;
        arithmetic = new FilterArithmetic(words);
    }

    Test parse() {
        Test test = expression(0);
        if (words.more()) {
            throw words.fault("'and', 'or' or the end");
        }
        return test;
    }

    private Test expression(int depth) {
        if (depth > DEEPEST) {
            throw words.fault("less nesting");
        }
        Test left = term(depth, false);
        while (true) {
            if (words.take("and", "&&")) {
                left = left.and(term(depth, true));
            } else if (words.take("or", "||")) {
                left = left.or(term(depth, true));
            } else {
                return left;
            }
        }
    }

    /**
     * @param joined whether a value alone may stand here
     */
    private Test term(int depth, boolean joined) {
        if (depth > DEEPEST) {
            throw words.fault("less nesting");
        }
        if (words.take("not", "!")) {
            return term(depth + 1, joined).not();
        }
        arithmetic.shift(shift);
        Test relation = arithmetic.relation();
        if (relation != null) {
            return relation;
        }
        if (words.take("(")) {
            Test inner = expression(depth + 1);
            if (!words.take(")")) {
                throw words.fault("')'");
            }
            return inner;
        }
        if (joined && last != null && valueAhead()) {
            return value(last);
        }
        return primitive();
    }

    private boolean valueAhead() {
        return words.peek().matches("[0-9].*|\\\\.*|[0-9a-fA-F]{1,2}:.*");
    }

    private Test primitive() {
        if (words.take("vlan")) {
            return vlan();
        } else if (words.take("less", "greater")) {
            return length();
        } else if (words.take("broadcast")) {
            return FilterTests.mac(Ethernet.BROADCAST, Direction.DESTINATION);
        } else if (words.take("multicast")) {
            return FilterTests.group();
        } else if (words.take("inbound")) {
            return FilterTests.outbound().not();
        } else if (words.take("outbound")) {
            return FilterTests.outbound();
        } else if (words.take("stp")) {
            return FilterTests.stp(shift);
        } else if (words.take("icmp6")) {
            return FilterTests.ip6Protocol(shift, 58);
        }
        String name = words.peek();
        if (ONLY_IP.containsKey(name)) {
            words.poll();
            return FilterTests.ipProtocol(shift, ONLY_IP.get(name));
        }
        boolean protocol = name.equals("ether") || TYPES.containsKey(name) || TRANSPORTS.containsKey(name);
        if (protocol) {
            words.poll();
        }
        return protocol ? after(name) : qualified("");
    }

    private Test vlan() {
        int at = shift;
        shift += throughTags ? 0 : Vlan.LENGTH;
        last = null;
        return words.peek().matches("[0-9].*")
                ? FilterTests.vlan(at, words.number(4095, "a VLAN from 0 to 4095"))
                : FilterTests.tag(at);
    }

    private Test length() {
        words.reset(words.mark() - 1);
        boolean less = words.poll().equals("less");
        int bytes = words.number(0xffff_ffffL, "a number of bytes");
        return less
                ? FilterTests.length(FilterProgram.GREATER, bytes).not()
                : FilterTests.length(FilterProgram.AT_LEAST, bytes);
    }

    /** A protocol stands alone, or is the first of the qualifiers. */
    private Test after(String protocol) {
        if (words.take("broadcast")) {
            return broadcast(protocol);
        } else if (words.take("multicast")) {
            return protocol.equals("ip")
                    ? FilterTests.ipMulticast(shift)
                    : protocol.equals("ip6") ? FilterTests.ip6Multicast(shift) : FilterTests.group();
        } else if (List.of("host", "net", "port", "portrange", "src", "dst", "proto")
                        .contains(words.peek())
                || protocol.equals("ether")) {
            return qualified(protocol);
        }
        last = null;
        return TYPES.containsKey(protocol)
                ? FilterTests.type(shift, TYPES.get(protocol))
                : FilterTests.ip6Protocol(shift, TRANSPORTS.get(protocol))
                        .or(FilterTests.ipProtocol(shift, TRANSPORTS.get(protocol)));
    }

    private Test broadcast(String protocol) {
        return protocol.equals("ip")
                ? FilterTests.ipBroadcast(shift)
                : FilterTests.mac(Ethernet.BROADCAST, Direction.DESTINATION);
    }

    private Test qualified(String protocol) {
        Direction direction = direction();
        String kind = words.peek();
        if (List.of("host", "net", "port", "portrange", "proto").contains(kind)) {
            words.poll();
        } else if (direction != null) {
            kind = "host";
        } else if (protocol.equals("ether")) {
            throw words.fault("host, src, dst, proto, broadcast or multicast after 'ether'");
        } else {
            throw words.fault("a primitive such as host, net, port, arp, icmp, vlan");
        }
        last = new Qualifiers(protocol, direction == null ? Direction.ANY : direction, kind);
        if (!words.take("(")) {
            return value(last);
        }
        Qualifiers mine = last;
        Test list = value(mine);
        while (!words.take(")")) {
            if (words.take("or", "||")) {
                list = list.or(value(mine));
            } else if (words.take("and", "&&")) {
                list = list.and(value(mine));
            } else {
                throw words.fault("'or' or ')'");
            }
        }
        return list;
    }

    private Direction direction() {
        if (words.take("src")) {
            return words.take("or")
                    ? other("dst", Direction.ANY)
                    : words.take("and") ? other("dst", Direction.BOTH) : Direction.SOURCE;
        } else if (words.take("dst")) {
            return words.take("or")
                    ? other("src", Direction.ANY)
                    : words.take("and") ? other("src", Direction.BOTH) : Direction.DESTINATION;
        }
        return null;
    }

    private Direction other(String word, Direction both) {
        if (!words.take(word)) {
            throw words.fault("'" + word + "'");
        }
        return both;
    }

    private Test value(Qualifiers q) {
        return switch (q.kind) {
            case "port" -> {
                int port = words.number(65535, "a port number");
                yield FilterTests.port(shift, transport(q), port, port, q.direction);
            }
            case "portrange" -> range(q);
            case "proto" -> protocol(q);
            default -> q.protocol.equals("ether") ? station(q) : address(q);
        };
    }

    private int transport(Qualifiers q) {
        if (!q.protocol.isEmpty() && !TRANSPORTS.containsKey(q.protocol)) {
            throw words.fault("no '" + q.protocol + "' before '" + q.kind + "': ports are those of tcp, udp and sctp");
        }
        return TRANSPORTS.getOrDefault(q.protocol, -1);
    }

    private Test range(Qualifiers q) {
        String[] ends = words.peek().split("-", -1);
        Long first = FilterWords.value(ends[0]);
        Long second = ends.length == 2 ? FilterWords.value(ends[1]) : first;
        if (first == null || second == null || first > 65535 || second > 65535 || ends.length > 2) {
            throw words.fault("two port numbers, such as 5000-5010");
        }
        words.poll();
        int least = (int) Math.min(first, second);
        return FilterTests.port(shift, transport(q), least, (int) Math.max(first, second), q.direction);
    }

    private Test protocol(Qualifiers q) {
        String word = words.peek();
        String name = word.startsWith("\\") ? word.substring(1) : "";
        if (q.protocol.equals("ether")) {
            int type = TYPES.containsKey(name) ? TYPES.get(name) : -1;
            int number = type >= 0 ? type : words.number(65535, "an EtherType, such as 0x0800 or \\arp");
            if (type >= 0) {
                words.poll();
            } else if (number <= 1500) {
                words.reset(words.mark() - 1);
                throw words.fault("an EtherType above 1500");
            }
            return FilterTests.type(shift, number);
        }
        Integer known = TRANSPORTS.containsKey(name) ? TRANSPORTS.get(name) : ONLY_IP.get(name);
        int number = known != null ? known : words.number(255, "a protocol number, or a name such as \\udp");
        if (known != null) {
            words.poll();
        }
        return switch (q.protocol) {
            case "" -> FilterTests.ipProtocol(shift, number).or(FilterTests.ip6Protocol(shift, number));
            case "ip" -> FilterTests.ipProtocol(shift, number);
            case "ip6" -> FilterTests.ip6Protocol(shift, number);
            default -> throw words.fault("'ether', 'ip' or 'ip6' before 'proto'");
        };
    }

    private Test station(Qualifiers q) {
        try {
            if (!q.kind.equals("host") || !words.peek().contains(":")) {
                throw words.fault("a MAC address");
            }
            StringBuilder mac = new StringBuilder();
            for (String octet : words.peek().split(":")) {
                mac.append(mac.length() == 0 ? "" : ":")
                        .append(octet.length() == 1 ? "0" : "")
                        .append(octet);
            }
            Test test = FilterTests.mac(MacAddress.bits(mac.toString()), q.direction);
            words.poll();
            return test;
        } catch (IllegalArgumentException e) {
            throw words.fault("a MAC address");
        }
    }

    private Test address(Qualifiers q) {
        Integer type = q.protocol.isEmpty() ? (Integer) (-1) : TYPES.get(q.protocol);
        if (type == null || type == FilterTests.IPV6) {
            throw words.fault("'ip', 'arp', 'rarp' or 'ether' before '" + q.kind + "', not '" + q.protocol + "'");
        }
        FilterAddress address = FilterAddress.read(words, q.kind.equals("net"));
        return FilterTests.host(shift, type, address.bits(), address.mask(), q.direction);
    }
}
