package io.hopscope.scenarios;

import io.hopscope.core.Impairment;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.scenarios.faults.Fault;
import io.hopscope.scenarios.faults.FaultSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario says of links and nodes that fail: step by step, or at random. */
final class FaultReader {
    static final List<String> STATES = List.of("up", "down");

    static final Keys FAULTS = new Keys("faults at random")
            .key("links", Type.list(Language.PATTERN), "which cables: a port or node at either end, * for anything")
            .key("nodes", Type.list(Language.PATTERN), "which nodes")
            .required(
                    "mean-time-between",
                    Language.TIME,
                    "from one fault to the next of all of them together, exponentially distributed")
            .required("mean-repair", Language.TIME, "how long one lasts, exponentially distributed")
            .key("from", Language.TIME, "no fault before; the beginning")
            .required("to", Language.TIME, "no fault after, and nothing broken; always needed");

    /** A change of state, by a step, an event or a fault: of a link, a node, or a port of its own. */
    private record Change(Port link, Node node, Port port, boolean up, long at) {
        /** The same for whatever changes the same: both ends of a cable are one. */
        Object what() {
            return node != null ? node : port != null ? List.of("port", port) : end(link);
        }

        Fault fault(long until) {
            return port != null ? new Fault(null, null, "port " + port, at, until) : new Fault(link, node, at, until);
        }
    }

    /**
     * Another impairment of one direction of a cable.
     *
     * @param words what it is told as; empty where that is nothing
     */
    private record Impaired(Port from, Impairment by, String words, long at) {
        Fault fault(long until) {
            return new Fault(null, null, from + " -> " + from.peer() + " " + words, at, until);
        }
    }

    private final Lab lab;
    private final Problems problems;
    private final List<Change> changes = new ArrayList<>();
    private final List<Impaired> impairments = new ArrayList<>();

    FaultReader(Lab lab, Problems problems) {
        this.lab = lab;
        this.problems = problems;
    }

    /** A step with {@code link}, or one of a node with {@code state}. */
    void step(Value step) {
        boolean link = step.has("link");
        if (link == step.has("node") || step.has("exec") || !step.has("state")) {
            String key = link ? "link" : "state";
            problems.add(
                    step.where(),
                    "a step with '" + key + "' and not just " + (link ? "'state' and 'at'" : "'node' and 'at'"),
                    link ? "link and state: up or down" : "node and state: up or down");
        }
        if (link) {
            link(step);
        } else {
            node(step);
        }
    }

    private void node(Value step) {
        Node node = lab.nodes().get(String.valueOf(step.text("node")));
        if (node == null) {
            problems.unknown(
                    step.where("node"), "node", step.text("node"), lab.nodes().keySet());
        } else if (steady(node, step.where("node"))) {
            power(node, "up".equals(step.text("state")), Runner.at(step));
        }
    }

    void power(Node node, boolean up, long at) {
        changes.add(new Change(null, node, null, up, at));
    }

    /** A link is cut or joined again. */
    void cut(Port end, boolean up, long at) {
        changes.add(new Change(end, null, null, up, at));
    }

    /** A port is taken down by its owner, or up again. */
    void shut(Port port, boolean down, long at) {
        changes.add(new Change(null, null, port, !down, at));
    }

    /** One direction of a cable is impaired from then on; without words, as it should be, or as the link itself says. */
    void impair(Port from, Impairment by, String words, long at) {
        impairments.add(new Impaired(from, by, words, at));
    }

    /** A virtual machine is on one node or on the other: which, is nobody's to say when one of them dies. */
    boolean steady(Node node, Where where) {
        boolean migrates = lab.migrates(node);
        if (migrates) {
            problems.add(
                    where,
                    "loss of power of node '" + node + "', from or to which a virtual machine migrates",
                    "another node");
        }
        return !migrates;
    }

    private void link(Value step) {
        String[] ends = String.valueOf(step.text("link")).split("\\s*--\\s*");
        if (ends.length != 2) {
            problems.add(step.where("link"), step.get("link").kind(), "two ends, such as \"a:eth1 -- b:eth1\"");
            return;
        }
        Port a = end(step, ends[0].strip());
        Port b = end(step, ends[1].strip());
        if (a == null || b == null) {
            return;
        }
        if (a.peer() != b && (lab.doubtful(ends[0].strip()) || lab.doubtful(ends[1].strip()))) {
            // Their link has a mistake of its own.
            return;
        }
        if (a.peer() != b) {
            problems.add(step.where("link"), a + " and " + b + ", which no link joins", "the two ends of a link");
            return;
        }
        cut(a, "up".equals(step.text("state")), Runner.at(step));
    }

    private Port end(Value step, String text) {
        Port port = lab.port(text);
        if (port == null && !lab.doubtful(text)) {
            problems.unknown(step.where("link"), "port", text, lab.ports());
        }
        return port;
    }

    /**
     * Faults at random.
     *
     * @param number from 1, among those of the scenario: each has a random stream of its own
     */
    void random(Value spec, int number) {
        List<Port> links = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (Value each : spec.items("links")) {
            lab.network().cables().stream()
                    .filter(port -> matches(each, port) && !links.contains(port))
                    .forEach(links::add);
            if (each.text() != null
                    && lab.network().cables().stream().noneMatch(port -> matches(each, port))
                    && !lab.doubtful(each.text())) {
                problems.unknown(each.where(), "cable", each.text(), lab.ports());
            }
        }
        for (Value each : spec.items("nodes")) {
            String glob = String.valueOf(each.text());
            lab.nodes().forEach((name, node) -> {
                if (Glob.matches(glob, name) && !nodes.contains(node) && steady(node, each.where())) {
                    nodes.add(node);
                }
            });
            if (each.text() != null && lab.nodes().keySet().stream().noneMatch(name -> Glob.matches(glob, name))) {
                problems.unknown(each.where(), "node", each.text(), lab.nodes().keySet());
            }
        }
        if (!spec.has("links") && !spec.has("nodes")) {
            problems.add(spec.where(), "faults of nothing", "'links' or 'nodes'");
        }
        draw(spec, number, links, nodes);
    }

    private static boolean matches(Value glob, Port port) {
        return glob.text() != null
                && (Glob.matches(glob.text(), port.toString())
                        || Glob.matches(glob.text(), port.peer().toString()));
    }

    private void draw(Value spec, int number, List<Port> links, List<Node> nodes) {
        if (!spec.has("to") || !spec.has("mean-time-between") || !spec.has("mean-repair")) {
            return;
        }
        long from = spec.has("from") ? Units.time(spec.text("from")) : 0;
        long to = Units.time(spec.text("to"));
        long between = Units.time(spec.text("mean-time-between"));
        long repair = Units.time(spec.text("mean-repair"));
        if (to <= from) {
            problems.add(spec.where("to"), spec.text("to"), "a time after 'from'");
        } else if (between < 1 || repair < 1) {
            String key = between < 1 ? "mean-time-between" : "mean-repair";
            problems.add(spec.where(key), spec.text(key), "a time above 0");
        } else {
            FaultSpec made = new FaultSpec(between, repair, from, to);
            String stream = "faults" + (number == 1 ? "" : " " + number);
            made.draw(lab.network().seed().stream(stream), links, nodes).forEach(each -> {
                changes.add(new Change(each.link(), each.node(), null, false, each.at()));
                changes.add(new Change(each.link(), each.node(), null, true, each.until()));
            });
        }
    }

    /**
     * Schedules everything that changes a state.
     *
     * @param booted is told of each node that boots again, and when
     * @return what failed, in order of time
     */
    List<Fault> schedule(Boots booted) {
        Network network = lab.network();
        List<Change> sorted = new ArrayList<>(changes);
        sorted.sort(Comparator.comparingLong(Change::at));
        Map<Object, Change> broken = new LinkedHashMap<>();
        List<Fault> faults = new ArrayList<>();
        for (Change each : sorted) {
            Object key = each.what();
            if (!each.up) {
                if (broken.putIfAbsent(key, each) == null) {
                    change(network, each);
                }
                continue;
            }
            Change was = broken.remove(key);
            if (was != null) {
                change(network, each);
                faults.add(was.fault(each.at));
                if (each.node != null) {
                    booted.boots(each.node, each.at);
                }
            }
        }
        broken.values().forEach(each -> faults.add(each.fault(Long.MAX_VALUE)));
        impair(network, faults);
        faults.sort(Comparator.comparingLong(Fault::at));
        return faults;
    }

    private void impair(Network network, List<Fault> faults) {
        impairments.sort(Comparator.comparingLong(Impaired::at));
        Map<Port, Impaired> impaired = new LinkedHashMap<>();
        for (Impaired each : impairments) {
            network.impair(each.from, each.by, each.at);
            Impaired was = each.words.isEmpty() ? impaired.remove(each.from) : impaired.put(each.from, each);
            if (was != null) {
                faults.add(was.fault(each.at));
            }
        }
        impaired.values().forEach(each -> faults.add(each.fault(Long.MAX_VALUE)));
    }

    /** The same for both ends of a cable. */
    private static Port end(Port port) {
        Port far = port.peer();
        return far.node().ordinal() < port.node().ordinal()
                        || far.node() == port.node() && far.ordinal() < port.ordinal()
                ? far
                : port;
    }

    private static void change(Network network, Change change) {
        if (change.node != null) {
            network.power(change.node, change.up, change.at);
        } else if (change.port != null) {
            network.shut(change.port, !change.up, change.at);
        } else {
            network.link(change.link, change.up, change.at);
        }
    }

    /** Hears of nodes that boot. */
    interface Boots {
        void boots(Node node, long at);
    }
}
