package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import java.util.List;

/** {@code ovs-vsctl}: bridges and ports of Open vSwitch, and how long a bridge remembers stations. */
public final class OvsVsctl implements Program {
    private static final List<String> VERBS = List.of("list-br", "list-ports", "get", "set");
    private static final String AGEING = "other_config:mac-aging-time";
    private static final long SECOND = 1_000_000_000_000L;

    @Override
    public String name() {
        return "ovs-vsctl";
    }

    @Override
    public String summary() {
        return "ovs-vsctl list-br | list-ports BRIDGE | get|set bridge BRIDGE " + AGEING + "[=SECONDS]";
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
        if (!VERBS.contains(verb)) {
            throw new Misuse(1, "ovs-vsctl: unknown command '" + verb + "'; use --help for help", verb, VERBS);
        }
        int wanted = verb.equals("list-br") ? 1 : verb.equals("list-ports") ? 2 : 4;
        if (words.size() != wanted) {
            throw new Misuse(1, "ovs-vsctl: '" + verb + "' command requires " + (wanted - 1) + " arguments");
        } else if (wanted == 1) {
            return (run, now) -> OvsOfctl.bridges(node).forEach(run::line);
        }
        OvsBridge bridge = bridge(node, words.get(wanted == 2 ? 1 : 2));
        if (wanted == 2) {
            return (run, now) -> bridge.ports().stream()
                    .filter(each -> !bridge.isMember(each))
                    .filter(each -> bridge.numberOf(each) != OvsBridge.LOCAL)
                    .forEach(each -> run.line(each.name()));
        } else if (!words.get(1).equalsIgnoreCase("bridge")) {
            throw new Misuse(1, "ovs-vsctl: unknown table \"" + words.get(1) + "\"", words.get(1), List.of("bridge"));
        }
        return ageing(bridge, verb, words.get(3));
    }

    private static OvsBridge bridge(Node node, String name) {
        if (node.device(name) instanceof OvsBridge bridge) {
            return bridge;
        }
        throw new Misuse(1, "ovs-vsctl: no bridge named " + name, name, OvsOfctl.bridges(node));
    }

    private static Step ageing(OvsBridge bridge, String verb, String column) {
        String name = column.contains("=") ? column.substring(0, column.indexOf('=')) : column;
        if (!name.equals(AGEING)) {
            throw new Misuse(1, "ovs-vsctl: bridge does not contain a column " + name, name, List.of(AGEING));
        } else if (verb.equals("get")) {
            return (run, now) -> run.line("\"" + bridge.fdb().ageing() / SECOND + "\"");
        }
        String value = column.substring(Math.min(column.length(), name.length() + 1));
        if (!value.matches("[1-9][0-9]{0,5}")) {
            throw new Misuse(1, "ovs-vsctl: " + column + ": a number of seconds is expected behind '='");
        }
        return (run, now) -> bridge.fdb().ageing(Long.parseLong(value) * SECOND);
    }
}
