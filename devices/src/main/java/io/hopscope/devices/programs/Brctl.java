package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.devices.Tree;
import io.hopscope.devices.TreeOwner;
import io.hopscope.encap.Bpdu;
import io.hopscope.protocols.stp.SpanningTree.BridgeView;
import io.hopscope.protocols.stp.SpanningTree.PortView;
import java.util.List;
import java.util.Locale;

/** {@code brctl} of bridge-utils, as far as the spanning tree goes; the timers that run are not shown. */
public final class Brctl implements Program {
    private static final List<String> COMMANDS = List.of("showstp", "stp");
    private static final List<String> ON = List.of("on", "yes", "1");
    private static final List<String> OFF = List.of("off", "no", "0");

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
        Step.attempt(() -> parse(node, task), task, now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Step.fault(() -> parse(node, task));
    }

    private static Step parse(Node node, Task task) {
        List<String> words = task.arguments();
        if (words.isEmpty()) {
            throw new Misuse(1, "Usage: brctl [commands]");
        }
        String command = words.get(0);
        if (!COMMANDS.contains(command)) {
            throw new Misuse(1, "never heard of command [" + command + "]", command, COMMANDS);
        } else if (words.size() != (command.equals("stp") ? 3 : 2)) {
            String usage = command.equals("stp") ? "stp <bridge> {on|off}" : "showstp <bridge>";
            throw new Misuse(1, "Incorrect number of arguments for command\nUsage: brctl " + usage);
        }
        Device bridge = bridge(node, words.get(1));
        if (command.equals("stp")) {
            boolean on = on(words.get(2));
            LinuxBridge linux = planned(bridge);
            return (run, now) -> linux.stp(on, now);
        } else if (bridge instanceof LinuxBridge) {
            planned(bridge);
        }
        return (run, now) -> show(words.get(1), Trees.of(bridge), run);
    }

    private static String name(Device device) {
        return device.name().isEmpty() ? device.node().name() : device.name();
    }

    private static boolean known(Device device) {
        return device instanceof LinuxBridge || device instanceof TreeOwner owner && owner.tree() != null;
    }

    private static Device bridge(Node node, String name) {
        List<Device> all = node.devices().stream().filter(Brctl::known).toList();
        return all.stream().filter(each -> name(each).equals(name)).findFirst().orElseThrow(() -> {
            List<String> names = all.stream().map(Brctl::name).toList();
            return new Misuse(1, "bridge " + name + " does not exist!", name, names);
        });
    }

    private static LinuxBridge planned(Device device) {
        if (device instanceof LinuxBridge bridge && bridge.hasTree()) {
            return bridge;
        }
        throw new Misuse(1, "the scenario gives " + name(device) + " no 'stp' that could be turned on");
    }

    private static boolean on(String state) {
        boolean on = ON.contains(state);
        if (!on && !OFF.contains(state)) {
            throw new Misuse(1, "expect on/off for argument");
        }
        return on;
    }

    private static String seconds(long picoseconds) {
        return String.format(Locale.ROOT, "%.2f", picoseconds / 1e12);
    }

    private static void show(String name, Tree tree, Task task) {
        if (tree == null) {
            throw new Misuse(1, name + ": STP is off");
        }
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
