package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Nearest;
import io.hopscope.protocols.openflow.FlowParser;
import java.util.List;
import java.util.Locale;

/** {@code ovs-ofctl}: the flows and ports of Open vSwitch bridges. */
public final class OvsOfctl implements Program {
    private static final List<String> VERBS = List.of("dump-flows", "show", "add-flow", "del-flows");

    @Override
    public String name() {
        return "ovs-ofctl";
    }

    @Override
    public String summary() {
        return "ovs-ofctl dump-flows|show|add-flow|del-flows BRIDGE: flow tables of Open vSwitch";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        List<String> words =
                task.arguments().stream().filter(word -> !word.startsWith("-")).toList();
        String verb = words.isEmpty() ? "" : words.get(0);
        if (!VERBS.contains(verb)) {
            task.line("ovs-ofctl: unknown command '" + verb + "'; use --help for help" + Nearest.hint(verb, VERBS));
            task.exit(1);
            return;
        }
        OvsBridge bridge = words.size() < 2 ? null : find(node, words.get(1));
        if (bridge == null) {
            task.line(missing(node, words.size() < 2 ? "" : words.get(1), "ovs-ofctl"));
            task.exit(1);
            return;
        }
        String rest = String.join(" ", words.subList(2, words.size()));
        try {
            switch (verb) {
                case "add-flow" -> bridge.addFlow(rest, now);
                case "del-flows" -> bridge.pipeline().delete(FlowParser.filter(rest, bridge));
                case "show" -> show(bridge, task);
                default -> dump(bridge, rest, task, now);
            }
            task.exit(0);
        } catch (IllegalArgumentException e) {
            task.line("ovs-ofctl: " + e.getMessage());
            task.exit(1);
        }
    }

    private static void dump(OvsBridge bridge, String filter, Task task, long now) {
        String table = filter.startsWith("table=") ? " " + filter.split(",")[0] + "," : "";
        bridge.pipeline().dump(now).stream()
                .filter(line -> line.contains(table))
                .forEach(task::line);
    }

    static OvsBridge find(Node node, String name) {
        return node.device(name) instanceof OvsBridge bridge ? bridge : null;
    }

    static String missing(Node node, String name, String program) {
        List<String> there = node.devices().stream()
                .filter(OvsBridge.class::isInstance)
                .map(device -> device.name())
                .toList();
        return program + ": " + name + " is not a bridge" + Nearest.hint(name, there)
                + (there.isEmpty() ? "" : "; there are " + String.join(", ", there));
    }

    private static void show(OvsBridge bridge, Task task) {
        task.line("n_tables:254, n_buffers:0");
        for (Port port : bridge.ports()) {
            int number = bridge.numberOf(port);
            if (!bridge.isMember(port)) {
                String shown = number == OvsBridge.LOCAL ? "LOCAL" : String.format(Locale.ROOT, "%2d", number);
                task.line(String.format(
                        Locale.ROOT, " %s(%s): addr:%s", shown, port.name(), MacAddress.text(port.mac())));
                task.line("     config:     0");
                task.line("     state:      0");
            }
        }
    }
}
