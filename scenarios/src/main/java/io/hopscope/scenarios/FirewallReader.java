package io.hopscope.scenarios;

import io.hopscope.core.Node;
import io.hopscope.devices.Firewall;
import io.hopscope.protocols.asic.AclRule;
import io.hopscope.protocols.firewall.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario says of a firewall: its segments, its access lists, and how long sessions go on. */
final class FirewallReader {
    static final Type SEGMENTS = Type.map("segments by name", Type.list(Language.NAME));

    private static final Keys LIST = new Keys("an access list")
            .required("from", Language.NAME, "the segment where it begins, or any")
            .required("to", Language.NAME, "the segment where it goes, or any")
            .required(
                    "rules",
                    Type.list(Type.parsed(
                            "permit|deny ip|icmp|tcp|udp SOURCE DESTINATION [eq PORT]", null, AclRule::parse)),
                    "the first that matches decides; what none matches is denied");

    static final Type LISTS = Type.list(Type.named("access-list", LIST));

    static final Keys SESSIONS = new Keys("sessions of a firewall")
            .key("limit", Type.number(1, 10_000_000, "a number of sessions from 1"), "most at a time: 65536")
            .key("tcp", Language.TIME, "how long one goes on without a packet: 1h")
            .key("udp", Language.TIME, "2m, and for every protocol that has no line of its own")
            .key("icmp", Language.TIME, "2s");

    private final Problems problems;
    /** The segment of each interface, by its position. */
    private final Map<String, Integer> segments = new LinkedHashMap<>();

    FirewallReader(Problems problems) {
        this.problems = problems;
    }

    Firewall make(Node node, Value value) {
        List<String> names = new ArrayList<>(value.entries("segments").keySet());
        value.entries("segments").forEach((name, members) -> {
            if (name.equals(Policy.ANY)) {
                problems.add(value.get("segments").where(name), "a segment called any", "another name");
            }
            members.items().forEach(each -> member(names.indexOf(name), each, value));
        });
        Policy policy = new Policy(names);
        value.items("acl").forEach(list -> read(policy, list));
        Value sessions = value.get("sessions");
        int limit = sessions == null ? Firewall.SESSIONS : (int) sessions.number("limit", Firewall.SESSIONS);
        return new Firewall(node, "", policy, Math.max(1, limit), timeouts(sessions));
    }

    private void member(int segment, Value name, Value value) {
        if (name.text() == null) {
            return;
        } else if (!value.entries("interfaces").containsKey(name.text())) {
            problems.unknown(
                    name.where(),
                    "interface",
                    name.text(),
                    value.entries("interfaces").keySet());
        } else if (segments.putIfAbsent(name.text(), segment) != null) {
            problems.add(name.where(), "interface '" + name.text() + "' in a second segment", "it in one");
        }
    }

    private void read(Policy policy, Value list) {
        List<String> valid = new ArrayList<>(policy.segments());
        valid.add(Policy.ANY);
        for (String end : List.of("from", "to")) {
            if (list.text(end) != null && !valid.contains(list.text(end))) {
                problems.unknown(list.get(end).where(), "segment", list.text(end), valid);
            }
        }
        for (Value each : list.items("rules")) {
            try {
                policy.add(list.text("from", ""), list.text("to", ""), AclRule.parse(String.valueOf(each.text())));
            } catch (IllegalArgumentException e) {
                // The shape was checked: it has been complained about.
                continue;
            }
        }
    }

    private static Firewall.Timeouts timeouts(Value sessions) {
        Firewall.Timeouts base = Firewall.Timeouts.DEFAULT;
        return new Firewall.Timeouts(
                time(sessions, "tcp", base.tcp()),
                base.embryonic(),
                base.closed(),
                time(sessions, "udp", base.udp()),
                time(sessions, "icmp", base.icmp()),
                base.fragments());
    }

    private static long time(Value sessions, String key, long otherwise) {
        return sessions != null && sessions.has(key) ? Units.time(sessions.text(key)) : otherwise;
    }

    /**
     * The position of the segment of an interface.
     *
     * @param interfaces all of them, for the place
     */
    int segment(String name, Value interfaces) {
        int dot = name.lastIndexOf('.');
        if (dot >= 0 && !name.substring(dot + 1).matches("[1-9][0-9]{0,2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-4]")) {
            problems.add(interfaces.where(name), "'" + name + "'", "a port, or a port and a VLAN such as eth1.900");
        } else if (!segments.containsKey(name)) {
            problems.add(interfaces.where(name), "interface '" + name + "' of no segment", "it in one of 'segments'");
        }
        return segments.getOrDefault(name, -1);
    }
}
