package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules read and walked once more, as plainly as iptables(8) describes them: from the words, rule by rule, packet by packet.
 * Nothing of it is shared with what it is compared to.
 */
final class NaiveRules {
    /** A packet, and what connection tracking says of it. */
    static final class Seen {
        byte[] bytes;
        String in;
        String out;
        String bridgeIn;
        String bridgeOut;
        boolean bridged;
        long mac;
        int mark;
        int state;
        int direction;
        /** Of the connection; null without one. */
        int[] connmark;

        int origin;
        Integer to;
        Integer from;
        boolean untracked;
        int zone;
        boolean template;

        Ipv4 ip() {
            return new Ipv4().wrap(bytes, Bytes.AT);
        }

        int port(int offset) {
            return View.get16(bytes, ip().payload() + offset);
        }
    }

    /** One line {@code -A}. */
    private static final class Line {
        private final String[] words;
        private int evaluated;
        private long packets;
        private long bytes;

        Line(String text) {
            words = text.split(" ");
        }
    }

    private final Map<String, List<Line>> chains = new HashMap<>();
    private final Map<String, Line> policies = new HashMap<>();
    private final Map<String, Boolean> accepts = new HashMap<>();
    private final Prefix set;

    NaiveRules(String text, Prefix set) {
        this.set = set;
        String table = "";
        for (String line : text.split("\n")) {
            String[] words = line.split(" ");
            if (line.startsWith("*")) {
                table = line.substring(1) + " ";
            } else if (line.startsWith(":")) {
                chains.put(table + words[0].substring(1), new ArrayList<>());
                policies.put(table + words[0].substring(1), new Line(""));
                accepts.put(table + words[0].substring(1), !words[1].equals("DROP"));
            } else if (line.startsWith("-A")) {
                chains.get(table + words[1]).add(new Line(line));
            }
        }
    }

    /** The counters of a chain and its rules. */
    String counters(String table, String chain) {
        StringBuilder all = new StringBuilder();
        Line policy = policies.get(table + " " + chain);
        all.append(policy.packets).append(':').append(policy.bytes);
        for (Line each : chains.get(table + " " + chain)) {
            all.append(' ').append(each.packets).append(':').append(each.bytes);
        }
        return all.toString();
    }

    /** ACCEPT, DROP or REJECT. */
    String ask(String table, String hook, Seen p) {
        if (!chains.containsKey(table + " " + hook)) {
            return "ACCEPT";
        }
        String verdict = walk(table, hook, p);
        if (verdict.isEmpty()) {
            count(policies.get(table + " " + hook), p);
            return accepts.get(table + " " + hook) ? "ACCEPT" : "DROP";
        }
        return verdict;
    }

    private static void count(Line line, Seen p) {
        line.packets++;
        line.bytes += p.ip().totalLength();
    }

    /** Empty where the end of the chain is reached, or a RETURN. */
    private String walk(String table, String chain, Seen p) {
        for (Line line : chains.get(table + " " + chain)) {
            int target = matches(line, p);
            if (target < 0) {
                continue;
            }
            count(line, p);
            String[] w = line.words;
            if (target == w.length) {
                continue;
            }
            boolean away = w[target].equals("-g");
            String name = w[target + 1];
            if (chains.containsKey(table + " " + name)) {
                String below = walk(table, name, p);
                if (away || !below.isEmpty()) {
                    return below;
                }
            } else if (name.equals("RETURN")) {
                return "";
            } else if (List.of("ACCEPT", "DROP", "REJECT").contains(name)) {
                return name;
            } else if (act(name, w, target + 2, p)) {
                return "ACCEPT";
            }
        }
        return "";
    }

    /** Whether that ends the walk. */
    private static boolean act(String name, String[] w, int at, Seen p) {
        switch (name) {
            case "MARK" -> p.mark = turned(p.mark, w[at + 1]);
            case "CT", "NOTRACK" -> {
                if (!p.template) {
                    p.template = true;
                    p.untracked = name.equals("NOTRACK");
                    p.zone = p.untracked ? 0 : Integer.parseInt(w[at + 1]);
                }
            }
            case "CONNMARK" -> {
                if (p.connmark != null && w[at].equals("--save-mark")) {
                    p.connmark[0] = p.mark;
                } else if (p.connmark != null && w[at].equals("--restore-mark")) {
                    p.mark = p.connmark[0];
                } else if (p.connmark != null) {
                    p.connmark[0] = turned(p.connmark[0], w[at + 1]);
                }
            }
            case "DNAT" -> p.to = Ipv4Address.bits(w[at + 1]);
            case "SNAT" -> p.from = Ipv4Address.bits(w[at + 1]);
            default -> throw new IllegalStateException(name);
        }
        return name.endsWith("NAT");
    }

    private static int turned(int mark, String valueAndMask) {
        String[] both = valueAndMask.split("/");
        return mark & ~Integer.decode(both[1]) ^ Integer.decode(both[0]);
    }

    /** Where the target begins; -1 if something does not match. The packet's header is looked at first. */
    private int matches(Line line, Seen p) {
        return matches(line, p, true) < 0 ? -1 : matches(line, p, false);
    }

    private int matches(Line line, Seen p, boolean header) {
        String[] w = line.words;
        int at = 2;
        while (at < w.length && !w[at].equals("-j") && !w[at].equals("-g")) {
            boolean not = w[at].equals("!");
            at += not ? 1 : 0;
            String option = w[at++];
            if (option.equals("-m") || option.equals("--mode") || option.equals("--comment")) {
                at++;
                continue;
            }
            int more = List.of("--every").contains(option) ? 3 : option.equals("--match-set") ? 2 : 1;
            more = List.of("--syn", "--physdev-is-bridged", "--limit-iface-out", "--limit-iface-in")
                            .contains(option)
                    ? 0
                    : more;
            boolean limited = at + more < w.length && w[at + more].startsWith("--limit-iface");
            boolean now = header == !option.startsWith("--") && !option.startsWith("--limit-iface");
            if (now && matches(line, option, w, at, p, limited, not) == not) {
                return -1;
            }
            at += more;
        }
        return at;
    }

    private boolean matches(Line line, String option, String[] w, int at, Seen p, boolean limited, boolean not) {
        Ipv4 ip = p.ip();
        boolean tcp = ip.protocol() == Ipv4.TCP;
        boolean ported = tcp || ip.protocol() == Ipv4.UDP;
        return switch (option) {
            case "-s" -> prefix(w[at]).contains(ip.source());
            case "-d" -> prefix(w[at]).contains(ip.destination());
            case "-i" -> named(w[at], p.in);
            case "-o" -> named(w[at], p.out);
            case "-p" -> ip.protocol() == Map.of("tcp", 6, "udp", 17, "icmp", 1).get(w[at]);
            case "--sport" -> ported && within(p.port(0), w[at]);
            case "--dport" -> ported && within(p.port(2), w[at]);
            case "--dports" -> ported ? List.of(w[at].split(",")).contains("" + p.port(2)) : not;
            case "--syn" -> tcp ? (p.bytes[ip.payload() + 13] & 0x17) == Tcp.SYN : not;
            case "--icmp-type" -> ip.protocol() == 1 && p.bytes[ip.payload()] == Integer.parseInt(w[at]);
            case "--ctstate", "--state" -> List.of(w[at].split(",")).contains(state(p.state));
            case "--ctdir" ->
                p.connmark == null ? stated(w, at) != not : w[at].equals(p.direction == 0 ? "ORIGINAL" : "REPLY");
            case "--ctorigsrc" ->
                p.connmark == null ? stated(w, at) != not : prefix(w[at]).contains(p.origin);
            case "--mark" ->
                w[at - 2].equals("connmark") || w[at - 3].equals("connmark")
                        ? p.connmark == null ? not : marked(p.connmark[0], w[at])
                        : marked(p.mark, w[at]);
            case "--mac-source" -> p.mac < 0 ? not : p.mac == Long.decode("0x" + w[at].replace(":", ""));
            case "--physdev-is-bridged" -> p.bridged && p.bridgeOut != null;
            case "--physdev-in" -> p.bridged && named(w[at], p.bridgeIn);
            case "--physdev-out" -> p.bridged && p.bridgeOut != null ? named(w[at], p.bridgeOut) : p.bridged && not;
            case "--match-set" -> set.contains(w[at + 1].equals("src") ? ip.source() : ip.destination());
            case "--every" -> line.evaluated++ % Integer.parseInt(w[at]) == Integer.parseInt(w[at + 2]);
            case "--src-type" -> local(ip.source(), p, w, at, limited);
            case "--dst-type" -> local(ip.destination(), p, w, at, limited);
            default -> throw new IllegalStateException(option);
        };
    }

    /** TestHost has one address, on eth0. */
    private static boolean local(int address, Seen p, String[] w, int at, boolean limited) {
        String device = limited ? w[at + 1].endsWith("in") ? p.in : p.out : null;
        return address == TestHost.OUTSIDE && (!limited || "eth0".equals(device));
    }

    /** Whether the same match asks for a state, which decides alone where there is no connection. */
    private static boolean stated(String[] w, int at) {
        return w[at - 3].equals("--ctstate") || w[at - 4].equals("--ctstate");
    }

    private static String state(int state) {
        return switch (state) {
            case Packet.NEW -> "NEW";
            case Packet.ESTABLISHED -> "ESTABLISHED";
            case Packet.RELATED -> "RELATED";
            case Packet.UNTRACKED -> "UNTRACKED";
            default -> "INVALID";
        };
    }

    private static Prefix prefix(String text) {
        return Prefix.parse(text.contains("/") ? text : text + "/32");
    }

    private static boolean named(String pattern, String name) {
        String own = name == null ? "" : name;
        return pattern.endsWith("+") ? own.startsWith(pattern.substring(0, pattern.length() - 1)) : own.equals(pattern);
    }

    private static boolean within(int port, String range) {
        String[] ends = range.split(":");
        return port >= Integer.parseInt(ends[0]) && port <= Integer.parseInt(ends[ends.length - 1]);
    }

    private static boolean marked(int mark, String valueAndMask) {
        String[] both = valueAndMask.split("/");
        return (mark & Integer.decode(both[1])) == Integer.decode(both[0]);
    }
}
