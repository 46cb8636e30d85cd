package io.hopscope.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes and what joins them; built once, then run by an {@link Engine}. */
public final class Network {
    /** Nodes joined by less than this run as one cell. */
    private static final long CLOSE = 200_000;

    private final Seed seed;
    private final Costs costs;
    private final Map<String, Node> byName = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Cost> known = new LinkedHashMap<>();
    private final List<Port> cables = new ArrayList<>();
    private final List<CableSpec> specs = new ArrayList<>();
    boolean tracing;
    long traceLimit = Long.MAX_VALUE;

    public Network(long seed) {
        this(seed, Costs.defaults());
    }

    public Network(long seed, Costs costs) {
        this.seed = new Seed(seed);
        this.costs = costs;
    }

    public Seed seed() {
        return seed;
    }

    Cost cost(String kind) {
        return known.computeIfAbsent(kind, costs::of);
    }

    /** The node of that name, made if there is none. */
    public Node node(String name) {
        Node node = byName.get(name);
        if (node == null) {
            node = new Node(this, name, nodes.size());
            byName.put(name, node);
            nodes.add(node);
        }
        return node;
    }

    public List<Node> nodes() {
        return nodes;
    }

    /** Joins two devices of one node: a veth pair or a tap. */
    public void wire(Port a, Port b) {
        free(a);
        free(b);
        if (a.node() != b.node()) {
            throw new ScenarioError(
                    "a wire joins devices of one node: " + a + " and " + b + " need a cable", "a cable");
        }
        a.wire(b);
        b.wire(a);
    }

    /** Joins two devices of one node without lane time: a patch port pair, or the inner side of a NIC. */
    public void patch(Port a, Port b) {
        wire(a, b);
        a.direct = true;
        b.direct = true;
    }

    /** Joins two nodes. */
    public void cable(Port a, Port b, CableSpec spec) {
        free(a);
        free(b);
        if (a.node() == b.node()) {
            throw new ScenarioError("a cable joins two nodes: " + a + " and " + b + " need a wire", "a wire");
        }
        Transmitter ab = new Transmitter(a, b, spec);
        Transmitter ba = new Transmitter(b, a, spec);
        a.cable(b, ab);
        b.cable(a, ba);
        a.node().add(ba.medium.inlet);
        b.node().add(ab.medium.inlet);
        cables.add(a);
        specs.add(spec);
    }

    /** One end of every cable, in order of their making. */
    public List<Port> cables() {
        return List.copyOf(cables);
    }

    /**
     * A cable is cut, or joined again: both ends lose or get their carrier.
     *
     * @param end either one
     * @param at instant of virtual time, in picoseconds
     */
    public void link(Port end, boolean on, long at) {
        for (Port each : List.of(end, end.peer())) {
            each.node().at(at, now -> each.carrier(on, now));
        }
    }

    /**
     * A port is taken down by its owner, or up again: the far end has no carrier meanwhile.
     *
     * @param at instant of virtual time, in picoseconds
     */
    public void shut(Port port, boolean down, long at) {
        port.node().at(at, now -> port.shut(down, now));
        if (port.peer() != null) {
            port.peer().node().at(at, now -> port.peer().farShut(down, now));
        }
    }

    /**
     * One direction of a cable is impaired, or is as it should be again. To be said before the run.
     *
     * @param from the end that sends
     * @param at instant of virtual time, in picoseconds
     */
    public void impair(Port from, Impairment by, long at) {
        if (!from.cabled()) {
            throw new ScenarioError("only a cable is impaired: " + from + " is no end of one");
        }
        from.peer().beWary();
        if (at == 0) {
            from.outlet().impair(by, 0);
        } else {
            from.node().at(at, now -> from.outlet().impair(by, now));
        }
    }

    /**
     * A node loses its power, or gets it back: everything that is inside is lost, its cables have no carrier. To be said
     * before the run.
     *
     * @param at instant of virtual time, in picoseconds
     */
    public void power(Node node, boolean on, long at) {
        node.expectPowerLoss();
        node.at(at, now -> node.power(on, now));
        for (Device device : node.devices()) {
            for (Port port : device.ports()) {
                if (port.cabled()) {
                    Port far = port.peer();
                    far.node().at(at, now -> far.farPower(on, now));
                }
            }
        }
    }

    private static void free(Port port) {
        if (port.connected()) {
            throw new ScenarioError(
                    "port " + port + " is joined already, to " + port.peer(), "a port with nothing at it");
        }
    }

    /** Shares the nodes out to cells, by the cables shorter than {@link #CLOSE}. */
    Cell[] cells() {
        int[] root = new int[nodes.size()];
        for (int i = 0; i < root.length; i++) {
            root[i] = i;
        }
        for (int i = 0; i < cables.size(); i++) {
            if (specs.get(i).shortest() < CLOSE) {
                int a = find(root, cables.get(i).node().ordinal());
                int b = find(root, cables.get(i).peer().node().ordinal());
                root[Math.max(a, b)] = Math.min(a, b);
            }
        }
        Map<Integer, List<Node>> groups = new LinkedHashMap<>();
        for (Node node : nodes) {
            groups.computeIfAbsent(find(root, node.ordinal()), k -> new ArrayList<>())
                    .add(node);
        }
        List<Cell> cells = new ArrayList<>();
        for (List<Node> group : groups.values()) {
            cells.add(new Cell(cells.size(), group.toArray(new Node[0])));
        }
        for (int i = 0; i < cables.size(); i++) {
            Port port = cables.get(i);
            port.transmitter().medium.prepare();
            port.peer().transmitter().medium.prepare();
            Cell a = port.node().cell;
            Cell b = port.peer().node().cell;
            if (a != b) {
                a.near(b, specs.get(i).shortest());
                b.near(a, specs.get(i).shortest());
            }
        }
        Cell[] all = cells.toArray(new Cell[0]);
        cells.forEach(cell -> cell.survey(all));
        return all;
    }

    private static int find(int[] root, int i) {
        int r = i;
        while (root[r] != r) {
            root[r] = root[root[r]];
            r = root[r];
        }
        return r;
    }

    /** How far a cell may run ahead of the others, in picoseconds; call after {@link #cells}. */
    long lookahead() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < cables.size(); i++) {
            Port port = cables.get(i);
            if (port.node().cell != port.peer().node().cell) {
                least = Math.min(least, specs.get(i).shortest());
            }
        }
        return least;
    }
}
