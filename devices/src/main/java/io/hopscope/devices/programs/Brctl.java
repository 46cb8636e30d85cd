package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.Host;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.devices.Tree;
import io.hopscope.encap.Bpdu;
import io.hopscope.encap.Nearest;
import io.hopscope.protocols.stp.SpanningTree.BridgeView;
import io.hopscope.protocols.stp.SpanningTree.PortView;
import java.util.List;
import java.util.Locale;

/** {@code brctl} of bridge-utils, as far as the spanning tree goes; the timers that run are not shown. */
public final class Brctl implements Program {
    private static final List<String> COMMANDS = List.of("showstp", "stp");

    @Override
    public String name() {
        return "brctl";
    }

    @Override
    public String summary() {
        return "brctl showstp BRIDGE, brctl stp BRIDGE on|off: spanning tree of a Linux bridge or a switch";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        List<String> words = task.arguments();
        String command = words.isEmpty() ? "" : words.get(0);
        if (!COMMANDS.contains(command) || words.size() != (command.equals("stp") ? 3 : 2)) {
            fail(task, "never heard of command [" + command + "]" + Nearest.hint(command, COMMANDS));
            return;
        }
        Device bridge = bridge(node, words.get(1));
        if (bridge == null) {
            fail(task, "bridge " + words.get(1) + " does not exist!");
        } else if (command.equals("stp")) {
            turn(bridge, words.get(2), task, now);
        } else if (Trees.of(bridge) == null) {
            fail(task, words.get(1) + ": STP is off");
        } else {
            show(words.get(1), Trees.of(bridge), task);
            task.exit(0);
        }
    }

    private static void fail(Task task, String message) {
        task.line(message);
        task.exit(1);
    }

    private static Device bridge(Node node, String name) {
        for (Device each : node.devices()) {
            if ((each.name().isEmpty() ? node.name() : each.name()).equals(name)
                    && (each instanceof LinuxBridge || Trees.of(each) != null)) {
                return each;
            }
        }
        return null;
    }

    private static void turn(Device device, String state, Task task, long now) {
        boolean on = List.of("on", "yes", "1").contains(state);
        if (!on && !List.of("off", "no", "0").contains(state)) {
            fail(task, "expect on/off for argument");
        } else if (!(device instanceof LinuxBridge bridge) || !bridge.stp(on, now)) {
            fail(task, "the scenario gives the bridge no 'stp'");
        } else {
            task.exit(0);
        }
    }

    private static String seconds(long picoseconds) {
        return String.format(Locale.ROOT, "%.2f", picoseconds / 1e12);
    }

    private static void show(String name, Tree tree, Task task) {
        BridgeView bridge = tree.machine().bridge();
        task.line(name);
        task.line(" bridge id\t\t" + Bpdu.id(bridge.settings().bridge()));
        task.line(" designated root\t" + Bpdu.id(bridge.root()));
        int rootPort = bridge.rootPort() < 0
                ? 0
                : tree.machine().ports().get(bridge.rootPort()).id() & 0xff;
        task.line(String.format(Locale.ROOT, " root port\t\t%4d\t\t\tpath cost\t\t%4d", rootPort, bridge.rootCost()));
        times("max age", bridge.maxAge(), bridge.settings().maxAge(), task);
        times("hello time", bridge.hello(), bridge.settings().hello(), task);
        times("forward delay", bridge.forwardDelay(), bridge.settings().forwardDelay(), task);
        task.line(" flags\t\t\t" + (bridge.topologyChange() ? "TOPOLOGY_CHANGE " : "")
                + (bridge.detected() ? "TOPOLOGY_CHANGE_DETECTED " : ""));
        for (int i = 0; i < tree.ports().size(); i++) {
            port(tree.ports().get(i).name(), tree.machine().ports().get(i), task);
        }
    }

    private static void times(String what, long inForce, long own, Task task) {
        String tabs = what.length() < 8 ? "\t\t\t" : "\t\t";
        task.line(String.format(
                Locale.ROOT, " %s%s%7s\t\t\tbridge %s\t\t%7s", what, tabs, seconds(inForce), what, seconds(own)));
    }

    private static void port(String name, PortView port, Task task) {
        task.line("");
        task.line(name + " (" + (port.id() & 0xff) + ")");
        task.line(String.format(Locale.ROOT, " port id\t\t%04x\t\t\tstate\t\t%15s", port.id(), port.state()));
        task.line(String.format(
                Locale.ROOT, " designated root\t%s\tpath cost\t\t%4d", Bpdu.id(port.root()), port.cost()));
        task.line(String.format(
                Locale.ROOT, " designated bridge\t%s\trole\t\t%15s", Bpdu.id(port.bridge()), port.role()));
        task.line(String.format(
                Locale.ROOT,
                " designated port\t%04x\t\t\tdesignated cost\t\t%4d",
                port.designatedPort(),
                port.designatedCost()));
    }
}
