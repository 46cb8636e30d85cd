package io.hopscope.traces;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.traces.FilterProgram.Test;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Relations of pcap-filter(7) between numbers: {@code ip[0] & 0xf > 5}, {@code tcp[tcpflags] & tcp-syn != 0}. */
final class FilterArithmetic {
    private static final int DEEPEST = 50;
    private static final Map<String, Integer> NAMES = new LinkedHashMap<>();

    static {
        String[] names = {
            "icmptype",
            "icmpcode",
            "tcpflags",
            "icmp6type",
            "icmp6code",
            "tcp-fin",
            "tcp-syn",
            "tcp-rst",
            "tcp-push",
            "tcp-ack",
            "tcp-urg",
            "tcp-ece",
            "tcp-cwr",
            "icmp-echoreply",
            "icmp-unreach",
            "icmp-sourcequench",
            "icmp-redirect",
            "icmp-echo",
            "icmp-routeradvert",
            "icmp-routersolicit",
            "icmp-timxceed",
            "icmp-paramprob",
            "icmp-tstamp",
            "icmp-tstampreply",
            "icmp-ireq",
            "icmp-ireqreply",
            "icmp-maskreq",
            "icmp-maskreply"
        };
        int[] values = {
            0, 1, 13, 0, 1, 1, 2, 4, 8, 16, 32, 64, 128, 0, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
        };
        for (int i = 0; i < names.length; i++) {
            NAMES.put(names[i], values[i]);
        }
    }

    /** From the loosest to the tightest. */
    private static final List<Map<String, Integer>> LEVELS = List.of(
            Map.of("|", FilterProgram.OR),
            Map.of("&", FilterProgram.AND),
            Map.of("<<", FilterProgram.LEFT, ">>", FilterProgram.RIGHT),
            Map.of("+", FilterProgram.ADD, "-", FilterProgram.SUBTRACT),
            Map.of(
                    "*",
                    FilterProgram.MULTIPLY,
                    "/",
                    FilterProgram.DIVIDE,
                    "%",
                    FilterProgram.MODULO,
                    "^",
                    FilterProgram.XOR));

    private static final Map<String, Integer> TRANSPORTS = Map.of(
            "tcp", Ipv4.TCP, "udp", Ipv4.UDP, "icmp", Ipv4.ICMP, "igmp", 2, "sctp", FilterTests.SCTP, "vrrp", 112);
    private static final Map<String, Integer> TYPES =
            Map.of("ip", Ethernet.IPV4, "arp", Ethernet.ARP, "rarp", Ethernet.RARP, "ip6", FilterTests.IPV6);

    /**
     * A number: how it is computed, and what a frame must be for that.
     *
     * @param needs null for nothing
     */
    private record Term(Test computed, Test needs) {}

    private final FilterWords words;
    private int shift;

    FilterArithmetic(FilterWords words) {
        this.words = words;
    }

    void shift(int tags) {
        shift = tags;
    }

    /** The relation that begins here; null if there is none. */
    Test relation() {
        int mark = words.mark();
        if (!begins()) {
            return null;
        }
        boolean open = words.peek().equals("(");
        try {
            Term left = number(0, 0);
            String comparison = words.peek();
            if (!List.of("=", "==", "!=", ">", "<", ">=", "<=").contains(comparison)) {
                if (open) {
                    words.reset(mark);
                    return null;
                }
                throw words.fault("one of = != > < >= <=");
            }
            words.poll();
            return compare(left, comparison, number(0, 0));
        } catch (IllegalArgumentException e) {
            if (!open) {
                throw e;
            }
            words.reset(mark); // a parenthesis around primitives
            return null;
        }
    }

    /** A number, len, or a protocol with a bracket behind it; what a parenthesis holds is found out by trying. */
    private boolean begins() {
        int mark = words.mark();
        String first = words.poll();
        String second = words.peek();
        words.reset(mark);
        if (first.equals("(") || first.equals("len") || first.equals("-") || NAMES.containsKey(first)) {
            return true;
        }
        return FilterWords.value(first) != null
                        && !second.isEmpty()
                        && !List.of("and", "or", ")", "&&", "||").contains(second)
                || second.equals("[")
                        && (first.equals("ether") || TYPES.containsKey(first) || TRANSPORTS.containsKey(first));
    }

    private static Test compare(Term left, String comparison, Term right) {
        boolean swapped = comparison.startsWith("<");
        Term x = swapped ? right : left;
        Term y = swapped ? left : right;
        int operation = comparison.length() == 2 && ("<>".indexOf(comparison.charAt(0)) >= 0)
                ? FilterProgram.AT_LEAST
                : "<>".indexOf(comparison.charAt(0)) >= 0 ? FilterProgram.GREATER : FilterProgram.EQUAL;
        Test test = into -> {
            x.computed.write(into);
            y.computed.write(into);
            into.add(operation, 0);
        };
        test = comparison.equals("!=") ? test.not() : test;
        Test needs = both(left.needs, right.needs);
        return needs == null ? test : needs.and(test);
    }

    private static Test both(Test a, Test b) {
        return a == null ? b : b == null ? a : a.and(b);
    }

    private Term number(int level, int depth) {
        if (depth > DEEPEST) {
            throw words.fault("less nesting");
        }
        if (level == LEVELS.size()) {
            return single(depth);
        }
        Term left = number(level + 1, depth);
        while (LEVELS.get(level).containsKey(words.peek())) {
            int operation = LEVELS.get(level).get(words.poll());
            Term x = left;
            Term y = number(level + 1, depth);
            left = new Term(
                    into -> {
                        x.computed.write(into);
                        y.computed.write(into);
                        into.add(operation, 0);
                    },
                    both(x.needs, y.needs));
        }
        return left;
    }

    private Term single(int depth) {
        if (words.take("-")) {
            Term of = single(depth + 1);
            Test negated = into -> {
                into.add(FilterProgram.PUSH, 0);
                of.computed.write(into);
                into.add(FilterProgram.SUBTRACT, 0);
            };
            return new Term(negated, of.needs);
        } else if (words.take("(")) {
            Term inner = number(0, depth + 1);
            if (!words.take(")")) {
                throw words.fault("')'");
            }
            return inner;
        } else if (words.take("len")) {
            return new Term(into -> into.add(FilterProgram.LENGTH, 0), null);
        }
        String word = words.peek();
        Integer known = NAMES.get(word);
        Long value = known != null ? (Long) (long) known : FilterWords.value(word);
        if (value != null) {
            words.poll();
            return new Term(into -> into.add(FilterProgram.PUSH, value.intValue()), null);
        }
        if (!word.equals("ether") && !TYPES.containsKey(word) && !TRANSPORTS.containsKey(word)) {
            throw words.fault("a number, len, or bytes such as ip[0]");
        }
        words.poll();
        return bytes(word, depth);
    }

    /** {@code PROTOCOL[OFFSET]} or {@code PROTOCOL[OFFSET:SIZE]}. */
    private Term bytes(String protocol, int depth) {
        if (!words.take("[")) {
            throw words.fault("'['");
        }
        Term index = number(0, depth + 1);
        int size = 1;
        if (words.take(":")) {
            size = words.number(4, "1, 2 or 4 bytes");
            if (size == 3 || size == 0) {
                words.reset(words.mark() - 1);
                throw words.fault("1, 2 or 4 bytes");
            }
        }
        if (!words.take("]")) {
            throw words.fault("':' or ']'");
        }
        int load = FilterProgram.LOAD1 + (size >> 1) + FilterProgram.INDEXED;
        int payload = FilterTests.payload(shift);
        if (protocol.equals("ether")) {
            return new Term(at(index, into -> into.add(load, 0)), index.needs);
        } else if (TYPES.containsKey(protocol)) {
            Test type = FilterTests.type(shift, TYPES.get(protocol));
            return new Term(at(index, into -> into.add(load + FilterProgram.SKIP, payload)), both(index.needs, type));
        }
        Test needs = FilterTests.ipProtocol(shift, TRANSPORTS.get(protocol)).and(FilterTests.firstFragment(shift));
        Test behindHeader = into -> into.add(FilterProgram.HEADER, payload)
                .add(FilterProgram.ADD, 0)
                .add(load + FilterProgram.SKIP, payload);
        return new Term(at(index, behindHeader), both(index.needs, needs));
    }

    private static Test at(Term index, Test load) {
        return into -> {
            index.computed.write(into);
            load.write(into);
        };
    }
}
