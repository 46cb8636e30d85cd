package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code tc qdisc} of iproute2: queue disciplines at the ports of a node. No classes, filters or actions. */
public final class Tc implements Program {
    private static final String USAGE = "Usage:\ttc [ OPTIONS ] OBJECT { COMMAND | help }";
    private static final List<String> OBJECTS = List.of("qdisc");

    @Override
    public String name() {
        return "tc";
    }

    @Override
    public String summary() {
        return "tc [-s] qdisc show|add|replace|change|del dev PORT root|parent ID [handle ID] pfifo|bfifo|prio|tbf|fq_codel|netem OPTIONS";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Step.attempt(() -> parse(node, host, task), task, now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Step.fault(() -> parse(node, host, task));
    }

    private static Step parse(Node node, Host host, Task task) {
        Deque<String> words = new ArrayDeque<>(task.arguments());
        boolean statistics = false;
        while (!words.isEmpty() && words.peek().startsWith("-")) {
            String option = words.poll();
            switch (option) {
                case "-s", "-st", "-stat", "-stats", "-statistics" -> statistics = true;
                case "-d", "-details", "-p", "-pretty" -> {}
                default -> throw new Misuse(255, "Option \"" + option + "\" is unknown, try \"tc -help\".");
            }
        }
        if (words.isEmpty() || words.peek().equals("help")) {
            return (run, now) -> run.line(USAGE);
        }
        String object = words.poll();
        if (!"qdisc".startsWith(object)) {
            throw new Misuse(255, "Object \"" + object + "\" is unknown, try \"tc help\".", object, OBJECTS);
        }
        return new TcQdisc(ports(node, host), host != null, statistics).parse(words);
    }

    /** By name; of a virtual machine or container its own, of a node those of all that is the node's. */
    private static Map<String, Port> ports(Node node, Host host) {
        Map<String, Port> all = new LinkedHashMap<>();
        if (host != null && !host.name().isEmpty()) {
            add(host, all);
            return all;
        }
        for (Device device : node.devices()) {
            if (!(device instanceof Host guest) || guest.name().isEmpty()) {
                add(device, all);
            }
        }
        return all;
    }

    private static void add(Device device, Map<String, Port> all) {
        device.ports().stream().filter(port -> !port.hidden()).forEach(port -> all.putIfAbsent(port.name(), port));
    }
}
