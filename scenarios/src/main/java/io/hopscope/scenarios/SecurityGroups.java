package io.hopscope.scenarios;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules that neutron-openvswitch-agent's iptables_hybrid driver installs for the ports of one compute node
 * (iptables_firewall.py), with the remarks it makes.
 */
final class SecurityGroups {
    /** The group that everybody is in who is in none: its members may reach one another. */
    static final String DEFAULT = "default";

    private static final String AGENT = "neutron-openvswi-";
    private static final List<String> PROTOCOLS = List.of("icmp", "tcp", "udp", "any");

    /** A rule of a group, as {@code openstack security group rule create} has it. */
    private record GroupRule(boolean ingress, String protocol, String ports, Prefix remote, String group) {
        /** The matches of iptables, with a blank in front. */
        String matches(String setOf) {
            StringBuilder text = new StringBuilder();
            if (remote != null && remote.length() > 0) {
                text.append(ingress ? " -s " : " -d ").append(remote);
            }
            if (!protocol.equals("any")) {
                text.append(" -p ").append(protocol);
            }
            if (setOf != null) {
                text.append(" -m set --match-set ").append(setOf).append(ingress ? " src" : " dst");
            }
            if (ports != null) {
                text.append(" -m ").append(protocol).append(" --dport ").append(ports);
            }
            return text.toString();
        }
    }

    /** A port of an instance. */
    private record Member(String instance, String mac, String cidr, int zone, List<String> groups) {}

    private final Map<String, List<GroupRule>> groups = new LinkedHashMap<>();
    private final List<Member> members = new ArrayList<>();

    /**
     * @param specs rules by group; what is wrong with them is said
     */
    SecurityGroups(Map<String, Value> specs, Problems problems) {
        groups.put(
                DEFAULT,
                List.of(
                        new GroupRule(false, "any", null, null, null),
                        new GroupRule(true, "any", null, null, DEFAULT)));
        specs.forEach((name, rules) -> {
            List<GroupRule> read = new ArrayList<>();
            for (Value each : rules.items()) {
                GroupRule rule = read(each, specs, problems);
                if (rule != null) {
                    read.add(rule);
                }
            }
            groups.put(name, read);
        });
    }

    List<String> names() {
        return List.copyOf(groups.keySet());
    }

    /** {@code ingress tcp 80:90 from 10.0.0.0/8}, {@code ingress any from group web}, {@code egress any}. */
    private static GroupRule read(Value value, Map<String, Value> known, Problems problems) {
        String text = String.valueOf(value.text());
        String[] words = text.strip().split("\\s+");
        int at = 2;
        String expected = "ingress or egress, icmp, tcp, udp or any, a port, and from or to a network or a group";
        boolean named = words.length >= 2 && words[0].matches("ingress|egress");
        if (!named || !PROTOCOLS.contains(words[1])) {
            problems.add(value.where(), value.kind(), expected);
            return null;
        }
        String ports = null;
        if (at < words.length && words[at].matches("[0-9]{1,5}(:[0-9]{1,5})?") && words[1].matches("tcp|udp")) {
            ports = words[at++];
        }
        Prefix remote = null;
        String group = null;
        if (at < words.length && words[at].equals(words[0].equals("ingress") ? "from" : "to")) {
            at++;
            boolean ofGroup = at + 1 < words.length && words[at].equals("group");
            group = ofGroup ? words[++at] : null;
            try {
                remote = ofGroup || at >= words.length ? null : Prefix.parse(words[at]);
            } catch (IllegalArgumentException e) {
                problems.add(
                        value.where(), "'" + words[at] + "'", "a network such as 10.0.0.0/8, or 'group' and a name");
                return null;
            }
            at++;
        }
        if (at != words.length) {
            problems.add(value.where(), value.kind(), expected);
            return null;
        } else if (group != null && !group.equals(DEFAULT) && !known.containsKey(group)) {
            problems.unknown(value.where(), "group", group, known.keySet());
            return null;
        }
        return new GroupRule(words[0].equals("ingress"), words[1], ports, remote, group);
    }

    /** An instance's port is to be filtered. */
    void add(String instance, String mac, String cidr, int zone, List<String> of) {
        members.add(new Member(instance, mac, cidr, zone, of.isEmpty() ? List.of(DEFAULT) : of));
    }

    private static String set(String group) {
        return "NIPv4" + group;
    }

    /** The sets that the rules refer to. */
    String sets() {
        StringBuilder text = new StringBuilder();
        for (String group : groups.keySet()) {
            if (groups.values().stream().flatMap(List::stream).noneMatch(rule -> group.equals(rule.group))) {
                continue;
            }
            text.append("create ").append(set(group)).append(" hash:net family inet hashsize 1024 maxelem 65536\n");
            members.stream().filter(each -> each.groups.contains(group)).forEach(each -> text.append("add ")
                    .append(set(group))
                    .append(' ')
                    .append(address(each))
                    .append('\n'));
        }
        return text.toString();
    }

    private static String address(Member member) {
        return Ipv4Address.text(InterfaceAddress.parse(member.cidr).address());
    }

    /** For iptables-restore. */
    String rules() {
        List<String> lines = new ArrayList<>(List.of("*raw", ":PREROUTING ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"));
        chains(lines, "PREROUTING", "OUTPUT");
        lines.add("-A PREROUTING -j " + AGENT + "PREROUTING");
        lines.add("-A OUTPUT -j " + AGENT + "OUTPUT");
        for (Member each : members) {
            for (String end : List.of("qvb-", "tap-")) {
                lines.add("-A " + AGENT + "PREROUTING -m physdev --physdev-in " + end + each.instance
                        + remark("Set zone for " + each.instance) + " -j CT --zone " + each.zone);
            }
        }
        lines.addAll(List.of("COMMIT", "*filter", ":INPUT ACCEPT [0:0]", ":FORWARD ACCEPT [0:0]"));
        lines.addAll(List.of(":OUTPUT ACCEPT [0:0]", ":neutron-filter-top - [0:0]"));
        chains(lines, "INPUT", "FORWARD", "OUTPUT", "local", "sg-chain", "sg-fallback");
        members.forEach(each -> chains(lines, "i" + each.instance, "o" + each.instance, "s" + each.instance));
        lines.add("-A INPUT -j " + AGENT + "INPUT");
        for (String hook : List.of("FORWARD", "OUTPUT")) {
            lines.add("-A " + hook + " -j neutron-filter-top");
            lines.add("-A " + hook + " -j " + AGENT + hook);
        }
        lines.add("-A neutron-filter-top -j " + AGENT + "local");
        members.forEach(each -> member(lines, each));
        lines.add("-A " + AGENT + "sg-chain -j ACCEPT");
        lines.add("-A " + AGENT + "sg-fallback" + remark("Default drop rule for unmatched traffic.") + " -j DROP");
        lines.add("COMMIT");
        return String.join("\n", lines) + "\n";
    }

    private static void chains(List<String> lines, String... names) {
        for (String each : names) {
            lines.add(":" + AGENT + each + " - [0:0]");
        }
    }

    private static String remark(String text) {
        return " -m comment --comment \"" + text + "\"";
    }

    private static void direct(List<String> lines, String from, String way, Member of, String remark, String to) {
        lines.add("-A " + AGENT + from + " -m physdev --physdev-" + way + " tap-" + of.instance
                + " --physdev-is-bridged" + remark(remark) + " -j " + AGENT + to);
    }

    private void member(List<String> lines, Member of) {
        String forward = "Direct traffic from the VM interface to the security group chain.";
        direct(lines, "FORWARD", "out", of, forward, "sg-chain");
        direct(lines, "FORWARD", "in", of, forward, "sg-chain");
        direct(lines, "sg-chain", "out", of, "Jump to the VM specific chain.", "i" + of.instance);
        direct(lines, "sg-chain", "in", of, "Jump to the VM specific chain.", "o" + of.instance);
        direct(
                lines,
                "INPUT",
                "in",
                of,
                "Direct incoming traffic from VM to the security group chain.",
                "o" + of.instance);
        String in = "-A " + AGENT + "i" + of.instance;
        String out = "-A " + AGENT + "o" + of.instance;
        String pairs = "-A " + AGENT + "s" + of.instance;
        lines.add(pairs + " -s " + address(of) + "/32 -m mac --mac-source " + of.mac
                + remark("Allow traffic from defined IP/MAC pairs.") + " -j RETURN");
        lines.add(pairs + remark("Drop traffic without an IP/MAC allow rule.") + " -j DROP");
        lines.add(out + " -s 0.0.0.0/32 -d 255.255.255.255/32 -p udp -m udp --sport 68 --dport 67"
                + remark("Allow DHCP client traffic.") + " -j RETURN");
        lines.add(out + " -j " + AGENT + "s" + of.instance);
        lines.add(out + " -p udp -m udp --sport 68 --dport 67" + remark("Allow DHCP client traffic.") + " -j RETURN");
        lines.add(out + " -p udp -m udp --sport 67 --dport 68" + remark("Prevent DHCP Spoofing by VM.") + " -j DROP");
        chain(lines, out, of, false);
        chain(lines, in, of, true);
    }

    private void chain(List<String> lines, String chain, Member of, boolean ingress) {
        lines.add(chain + " -m state --state RELATED,ESTABLISHED"
                + remark("Direct packets associated with a known session to the RETURN chain.") + " -j RETURN");
        for (String group : of.groups) {
            for (GroupRule each : groups.getOrDefault(group, List.of())) {
                if (each.ingress == ingress) {
                    lines.add(chain + each.matches(each.group == null ? null : set(each.group)) + " -j RETURN");
                }
            }
        }
        lines.add(chain + " -m state --state INVALID"
                + remark(
                        "Drop packets that appear related to an existing connection (e.g. TCP ACK/FIN) but do not have an"
                                + " entry in conntrack.")
                + " -j DROP");
        lines.add(chain + remark("Send unmatched traffic to the fallback chain.") + " -j " + AGENT + "sg-fallback");
    }
}
