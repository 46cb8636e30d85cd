package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.Fdb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code ovs-appctl}: the stations that Open vSwitch bridges have learned, and the state of their bonds. */
public final class OvsAppctl implements Program {
    private static final List<String> VERBS = List.of("fdb/show", "fdb/flush", "bond/show");
    private static final long SECOND = 1_000_000_000_000L;

    @Override
    public String name() {
        return "ovs-appctl";
    }

    @Override
    public String summary() {
        return "ovs-appctl fdb/show|fdb/flush BRIDGE, bond/show [BOND]: stations and bonds of Open vSwitch";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Step.attempt(() -> parse(node, task), task, now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Step.fault(() -> parse(node, task));
    }

    private static Step parse(Node node, Task task) {
        List<String> words = task.arguments();
        String verb = words.isEmpty() ? "" : words.get(0);
        if (verb.isEmpty()) {
            throw new Misuse(1, "ovs-appctl: at least one non-option argument is required (use --help for help)");
        } else if (!VERBS.contains(verb)) {
            throw refused(
                    "\"" + verb + "\" is not a valid command (use \"list-commands\" to see a list of valid commands)",
                    verb,
                    VERBS);
        } else if (verb.equals("bond/show")) {
            return bonds(node, words.subList(1, words.size()));
        } else if (words.size() != 2) {
            String bound = words.size() < 2 ? "requires at least" : "takes at most";
            throw refused("\"" + verb + "\" command " + bound + " 1 arguments", null, List.of());
        }
        String name = words.get(1);
        if (!(node.device(name) instanceof OvsBridge bridge)) {
            throw refused("no such bridge", name, OvsOfctl.bridges(node));
        }
        return verb.equals("fdb/show") ? (run, now) -> show(bridge, run, now) : (run, now) -> flush(bridge, run, now);
    }

    private static Misuse refused(String line, String word, List<String> valid) {
        return new Misuse(2, line + "\novs-appctl: ovs-vswitchd: server returned an error", word, valid);
    }

    private static Step bonds(Node node, List<String> names) {
        List<String> known = new ArrayList<>();
        for (String name : OvsOfctl.bridges(node)) {
            known.addAll(((OvsBridge) node.device(name)).bonds());
        }
        if (names.size() > 1) {
            throw refused("\"bond/show\" command takes at most 1 arguments", null, List.of());
        } else if (!names.isEmpty() && !known.contains(names.get(0))) {
            throw refused("no such bond", names.get(0), known);
        }
        return (task, now) -> {
            for (String bridge : OvsOfctl.bridges(node)) {
                OvsBridge of = (OvsBridge) node.device(bridge);
                of.bonds().stream()
                        .filter(each -> names.isEmpty() || names.contains(each))
                        .forEach(each -> bond(of, each, task));
            }
        };
    }

    /** bond_print_details of bond.c. */
    private static void bond(OvsBridge bridge, String name, Task task) {
        Port active = bridge.active(name);
        int prefix = name.length() + 1;
        String mac = MacAddress.text(active == null ? 0 : active.mac());
        List.of(
                        "---- " + name + " ----",
                        "bond_mode: active-backup",
                        "bond may use recirculation: no, Recirc-ID : -1",
                        "bond-hash-basis: 0",
                        "lb_output action: disabled, bond-id: -1",
                        "updelay: 0 ms",
                        "downdelay: 0 ms",
                        "lacp_status: off",
                        "lacp_fallback_ab: false",
                        "active-backup primary: <none>",
                        "active member mac: " + mac + "("
                                + (active == null ? "none" : active.name().substring(prefix)) + ")",
                        "")
                .forEach(task::line);
        for (Port each : bridge.members(name)) {
            task.line("member " + each.name().substring(prefix) + ": " + (each.up() ? "enabled" : "disabled"));
            if (each == active) {
                task.line("  active member");
            }
            task.line("  may_enable: " + each.up());
            task.line("");
        }
    }

    private static void flush(OvsBridge bridge, Task task, long now) {
        for (Fdb.Entry entry : bridge.fdb().entries(now)) {
            bridge.fdb().remove(entry.vlan(), entry.mac());
        }
        task.line("table successfully flushed");
    }

    private static void show(OvsBridge bridge, Task task, long now) {
        task.line(" port  VLAN  MAC                Age");
        for (Fdb.Entry entry : bridge.fdb().entries(now)) {
            int number = bridge.numberOf(bridge.portAt(entry.port()));
            task.line(String.format(
                    Locale.ROOT,
                    "%5s  %4d  %s  %3d",
                    number == OvsBridge.LOCAL ? "LOCAL" : Integer.toString(number),
                    entry.vlan(),
                    MacAddress.text(entry.mac()),
                    entry.age() / SECOND));
        }
    }
}
