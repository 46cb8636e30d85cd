package io.hopscope.scenarios;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Bond;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario says of Linux's bonds, in the words of netplan and ifupdown. */
final class BondReader {
    static final Keys BOND = new Keys("a bond")
            .required("interfaces", Type.list(Language.NAME), "its NICs: cables go to these")
            .key("mode", Type.choice("mode", List.of("active-backup")), "active-backup")
            .key("primary", Language.NAME, "the NIC that carries whenever its link is up; none")
            .key("miimon", Language.TIME, "how often carriers are looked at: 100ms; 0 for never")
            .key("gratuitous-arp", Type.number(0, 255, "a number from 0 to 255"), "announcements after a failover: 1")
            .instead("parameters", "its keys beside 'interfaces'")
            .instead("mii-monitor-interval", "'miimon'")
            .instead("slaves", "'interfaces'");

    private final Problems problems;
    private final MacBook macs;
    /** The members' ports by their whole names, {@code node:eth0}. */
    private final Map<String, Port> members = new LinkedHashMap<>();

    private final Map<String, Bond> bonds = new LinkedHashMap<>();

    BondReader(Problems problems, MacBook macs) {
        this.problems = problems;
        this.macs = macs;
    }

    /**
     * Makes a node's bonds; the host has an interface of the name of each, or will be given one where it is mentioned.
     *
     * @param value the node
     */
    void read(Node node, Value value) {
        value.entries("bonds").forEach((name, spec) -> {
            if (!spec.items("interfaces").isEmpty()) {
                bond(node, name, spec);
            } else if (spec.has("interfaces")) {
                problems.add(spec.where("interfaces"), "a bond of nothing", "its NICs");
            }
        });
    }

    private void bond(Node node, String name, Value spec) {
        Bond bond = new Bond(node, name);
        for (Value each : spec.items("interfaces")) {
            member(node, bond, each);
        }
        if (spec.has("primary") && bond.member(spec.text("primary")) == null) {
            List<String> valid =
                    spec.items("interfaces").stream().map(Value::text).toList();
            problems.unknown(spec.get("primary").where(), "interface", spec.text("primary"), valid);
        }
        bond.primary(spec.text("primary"))
                .miimon(spec.has("miimon") ? Units.time(spec.text("miimon")) : Bond.MIIMON)
                .announcements((int) spec.number("gratuitous-arp", 1));
        if (problems.none() || bond.member(spec.items("interfaces").get(0).text()) != null) {
            bonds.put(node.name() + ":" + name, bond);
        }
    }

    private void member(Node node, Bond bond, Value nic) {
        String name = node.name() + ":" + nic.text();
        if (nic.text() == null) {
            return;
        } else if (members.containsKey(name)) {
            problems.add(nic.where(), "interface '" + nic.text() + "' a second time", "once");
            return;
        }
        members.put(name, bond.enslave(nic.text(), macs.derive(name)));
    }

    /** The interface of a host that is a bond's; null where there is no bond of that name. */
    NetInterface under(Host host, String name, Long mac) {
        Bond bond = bonds.get(host.node().name() + ":" + name);
        if (bond == null || !host.name().isEmpty()) {
            return null;
        }
        return mac == null ? bond.under(host) : bond.under(host, macs.given(mac));
    }

    /** Whether a bond has taken the NIC: it is no interface any more. */
    boolean enslaved(Host host, String nic) {
        return host.name().isEmpty() && members.containsKey(host.node().name() + ":" + nic);
    }

    /** The port of a member, where its cable goes; null for another name. */
    Port member(Node node, String nic) {
        return members.get(node.name() + ":" + nic);
    }

    /** What a bridge is wired to; null where the name is no bond's, or a host has it. */
    Port free(Node node, String name) {
        Bond bond = bonds.get(node.name() + ":" + name);
        return bond == null || bond.inner().connected() ? null : bond.inner();
    }

    /** A host has an interface for each of its bonds, mentioned or not. */
    void complete(Host host) {
        bonds.forEach((name, bond) -> {
            if (bond.node() == host.node() && !bond.inner().connected()) {
                bond.under(host);
            }
        });
    }
}
