package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.Fdb;
import java.util.List;
import java.util.Locale;

/** {@code ovs-appctl}: the stations that Open vSwitch bridges have learned. */
public final class OvsAppctl implements Program {
    private static final List<String> VERBS = List.of("fdb/show", "fdb/flush");
    private static final long SECOND = 1_000_000_000_000L;

    @Override
    public String name() {
        return "ovs-appctl";
    }

    @Override
    public String summary() {
        return "ovs-appctl fdb/show|fdb/flush BRIDGE: stations that Open vSwitch has learned";
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
