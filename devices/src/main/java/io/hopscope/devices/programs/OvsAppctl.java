package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Host;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Nearest;
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
        List<String> words = task.arguments();
        String verb = words.isEmpty() ? "" : words.get(0);
        if (!VERBS.contains(verb)) {
            task.line("\"" + verb + "\" is not a valid command" + Nearest.hint(verb, VERBS));
            task.line("ovs-appctl: ovs-vswitchd: server returned an error");
            task.exit(2);
            return;
        }
        OvsBridge bridge = words.size() < 2 ? null : OvsOfctl.find(node, words.get(1));
        if (bridge == null) {
            task.line(OvsOfctl.missing(node, words.size() < 2 ? "" : words.get(1), "ovs-appctl"));
            task.exit(2);
        } else if (verb.equals("fdb/flush")) {
            for (Fdb.Entry entry : bridge.fdb().entries(now)) {
                bridge.fdb().remove(entry.vlan(), entry.mac());
            }
            task.line("table successfully flushed");
            task.exit(0);
        } else {
            show(bridge, task, now);
        }
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
        task.exit(0);
    }
}
