package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.openflow.FlowParser;
import java.util.ArrayList;
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
        return "ovs-ofctl dump-flows|show|add-flow|del-flows BRIDGE [FLOW]: flow tables of Open vSwitch";
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
        List<String> words = operands(task.arguments());
        String verb = words.isEmpty() ? "" : words.get(0);
        if (verb.isEmpty()) {
            throw new Misuse(1, "ovs-ofctl: missing command name; use --help for help");
        } else if (!VERBS.contains(verb)) {
            throw new Misuse(1, "ovs-ofctl: unknown command '" + verb + "'; use --help for help", verb, VERBS);
        }
        int least = verb.equals("add-flow") ? 2 : 1;
        if (words.size() <= least) {
            throw new Misuse(1, "ovs-ofctl: '" + verb + "' command requires at least " + least + " arguments");
        }
        String name = words.get(1);
        if (!(node.device(name) instanceof OvsBridge bridge)) {
            throw new Misuse(1, "ovs-ofctl: " + name + " is not a bridge or a socket", name, bridges(node));
        }
        return step(verb, bridge, String.join(" ", words.subList(2, words.size())));
    }

    private static Step step(String verb, OvsBridge bridge, String rest) {
        try {
            switch (verb) {
                case "add-flow" -> {
                    FlowParser.parse(rest, bridge);
                    return (task, now) -> bridge.addFlow(rest, now);
                }
                case "del-flows" -> {
                    var filter = FlowParser.filter(rest, bridge);
                    return (task, now) -> bridge.pipeline().delete(filter);
                }
                case "show" -> {
                    return (task, now) -> show(bridge, task);
                }
                default -> {
                    return dump(bridge, rest);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new Misuse(1, "ovs-ofctl: " + e.getMessage());
        }
    }

    /** Without options; that of {@code -O} is a word of its own. */
    private static List<String> operands(List<String> words) {
        List<String> left = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-O")) {
                i++;
            } else if (!word.startsWith("-")) {
                left.add(word);
            }
        }
        return left;
    }

    private static Step dump(OvsBridge bridge, String filter) {
        if (!filter.isEmpty() && !filter.matches("table=\\d+")) {
            throw new Misuse(1, "ovs-ofctl: " + filter + ": flows are dumped by table=NUMBER, or all");
        }
        String table = filter.isEmpty() ? "" : " " + filter + ",";
        return (task, now) -> bridge.pipeline().dump(now).stream()
                .filter(line -> line.contains(table))
                .forEach(task::line);
    }

    /** Names of the bridges of a node. */
    static List<String> bridges(Node node) {
        return node.devices().stream()
                .filter(OvsBridge.class::isInstance)
                .map(device -> device.name())
                .toList();
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
