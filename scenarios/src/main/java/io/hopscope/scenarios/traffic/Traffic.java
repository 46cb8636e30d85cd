package io.hopscope.scenarios.traffic;

import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.RandomStream;
import io.hopscope.core.ScenarioError;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Traffic between the endpoints of a network: UDP packets through the hosts' own stacks, so that ARP and routes are theirs.
 * Each node that sends has one timer for all its endpoints, each that receives one set of counters; nodes share nothing.
 * A flow is what one endpoint sends by one matrix. No congestion control: what is sent does not depend on what arrives.
 */
public final class Traffic {
    private static final double SECOND = 1e12;

    private final Network network;
    private final TrafficSpec spec;
    private final Categories categories;
    private final List<Endpoint> endpoints;
    private final List<Part> parts = new ArrayList<>();
    private Part first;
    private final IpStack[] stacks;
    private final int[] addresses;
    private final byte[] kinds;
    private final Flows flows;
    private final Sender[] senders;
    private final Receiver[] receivers;

    private Traffic(Network network, TrafficSpec spec, List<Endpoint> from, List<Endpoint> to, Categories categories) {
        this.network = network;
        this.spec = spec;
        this.categories = categories;
        Map<Endpoint, Integer> places = new LinkedHashMap<>();
        int[] sources = places(from, places);
        int[] targets = to.isEmpty() ? sources : places(to, places);
        endpoints = List.copyOf(places.keySet());
        stacks = new IpStack[endpoints.size()];
        addresses = new int[stacks.length];
        kinds = new byte[categories.names().size() == 1 ? 0 : stacks.length];
        for (int i = 0; i < stacks.length; i++) {
            Endpoint each = endpoints.get(i);
            stacks[i] = each.host().stack();
            addresses[i] = each.address();
            if (kinds.length > 0) {
                kinds[i] = (byte) categories.of().applyAsInt(each);
            }
        }
        mix(sources, targets);
        flows = new Flows(count(), spec.replies() != null, parts.stream().anyMatch(Part::steady), spec.flows() != null);
        senders = new Sender[network.nodes().size()];
        receivers = new Receiver[senders.length];
    }

    /** Traffic among endpoints. */
    public static Traffic install(Network network, TrafficSpec spec, List<Endpoint> among) {
        return install(network, spec, among, List.of(), Categories.NONE);
    }

    /**
     * Makes the traffic part of a network, before a run or between two stretches of one; the network must have all its
     * nodes by then.
     *
     * @param from clients or senders
     * @param to servers or receivers; empty where all do both
     */
    public static Traffic install(
            Network network, TrafficSpec spec, List<Endpoint> from, List<Endpoint> to, Categories categories) {
        Traffic made = new Traffic(network, spec, from, to, categories);
        made.bind();
        made.schedule();
        return made;
    }

    private static int[] places(List<Endpoint> list, Map<Endpoint, Integer> known) {
        int[] places = new int[list.size()];
        for (int i = 0; i < places.length; i++) {
            Integer place = known.putIfAbsent(list.get(i), known.size());
            places[i] = place == null ? known.size() - 1 : place;
        }
        return places;
    }

    private void mix(int[] from, int[] to) {
        RandomStream random = network.seed().stream("traffic " + spec.name() + " pairs");
        double shares = spec.mix().stream().mapToDouble(TrafficSpec.Share::part).sum();
        boolean[] sends = new boolean[stacks.length];
        List<Double> weights = new ArrayList<>();
        for (TrafficSpec.Share share : spec.mix()) {
            List<Part> of = parts(share.matrix(), from, to, random);
            int all = of.stream().mapToInt(part -> part.senders.length).sum();
            for (Part part : of) {
                parts.add(part);
                weights.add(share.part() / shares / all);
                Arrays.stream(part.senders).forEach(sender -> sends[sender] = true);
            }
        }
        int sending = 0;
        for (boolean each : sends) {
            sending += each ? 1 : 0;
        }
        int base = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            part.base = base;
            part.interval = SECOND / (spec.rate() * sending * weights.get(i));
            base += part.senders.length;
        }
        first = parts.get(0);
    }

    private List<Part> parts(Matrix matrix, int[] from, int[] to, RandomStream random) {
        List<Part> made =
                switch (matrix) {
                    case NORTH_SOUTH ->
                        spec.replies() == null && from != to
                                ? List.of(
                                        Part.random(matrix, from, to, endpoints, -1),
                                        Part.random(matrix, to, from, endpoints, -1))
                                : List.of(Part.random(matrix, from, to, endpoints, -1));
                    case EAST_WEST -> List.of(Part.random(matrix, to, to, endpoints, spec.local()));
                    case ALL_TO_ALL -> List.of(Part.random(matrix, from, to, endpoints, -1));
                    case INCAST -> List.of(Part.incast(from, to));
                    case PAIRS -> List.of(Part.pairs(from, to, random));
                };
        for (Part part : made) {
            if (part.senders.length == 0 || part.alone()) {
                throw new ScenarioError(
                        "traffic " + spec.name() + ": " + matrix.text()
                                + " has nobody to send, or nobody else to send to",
                        "two endpoints or more in it");
            }
        }
        return made;
    }

    private int count() {
        return parts.stream().mapToInt(part -> part.senders.length).sum();
    }

    private void bind() {
        for (IpStack stack : stacks) {
            if (stack.bound(spec.port())) {
                throw new ScenarioError(
                        "traffic " + spec.name() + ": UDP port " + spec.port() + " of " + stack.node() + " is in use",
                        "a port of its own");
            }
        }
        for (IpStack stack : stacks) {
            if (!stack.bound(spec.port())) {
                stack.bind(spec.port(), receiver(stack.node()));
            }
        }
    }

    private Receiver receiver(Node node) {
        int n = node.ordinal();
        if (receivers[n] == null) {
            receivers[n] = new Receiver(this, node, new Datagram(), stream("answers", node));
        }
        return receivers[n];
    }

    private RandomStream stream(String what, Node node) {
        return network.seed().stream("traffic " + spec.name() + " " + what + " " + node.name());
    }

    private void schedule() {
        int[] counts = new int[senders.length];
        for (Part part : parts) {
            for (int sender : part.senders) {
                counts[node(sender).ordinal()]++;
            }
        }
        for (Part part : parts) {
            for (int i = 0; i < part.senders.length; i++) {
                Node node = node(part.senders[i]);
                int n = node.ordinal();
                if (senders[n] == null) {
                    senders[n] = new Sender(this, node, new Datagram(), stream("sends", node), counts[n]);
                }
                senders[n].add(part.base + i);
            }
        }
        for (Sender each : senders) {
            if (each != null) {
                each.begin();
            }
        }
    }

    /** Sends nothing more and gives the UDP port back: what is under way finds no socket. */
    public void stop() {
        for (Sender each : senders) {
            if (each != null) {
                each.stop();
            }
        }
        for (IpStack stack : stacks) {
            stack.unbind(spec.port());
        }
    }

    public TrafficSpec spec() {
        return spec;
    }

    /**
     * What became of it so far; what is under way counts as lost.
     *
     * @param now where the run stands, in picoseconds
     */
    public TrafficReport report(long now) {
        return new Tally(this, senders, receivers).report(now);
    }

    /** Each flow, in order: what became of it so far. */
    public List<TrafficReport.FlowLoss> flowLosses() {
        Tally tally = new Tally(this, senders, receivers);
        List<TrafficReport.FlowLoss> all = new ArrayList<>();
        for (int flow = 0; flow < flows.sent.length; flow++) {
            all.add(tally.flow(flow));
        }
        return all;
    }

    Categories categories() {
        return categories;
    }

    Flows flows() {
        return flows;
    }

    List<Part> parts() {
        return parts;
    }

    Part part(int flow) {
        if (flow < first.base + first.senders.length) {
            return first;
        }
        int i = parts.size() - 1;
        while (parts.get(i).base > flow) {
            i--;
        }
        return parts.get(i);
    }

    IpStack stack(int endpoint) {
        return stacks[endpoint];
    }

    int address(int endpoint) {
        return addresses[endpoint];
    }

    int category(int endpoint) {
        return kinds.length == 0 ? 0 : kinds[endpoint] & 0xff;
    }

    private Node node(int endpoint) {
        return stacks[endpoint].node();
    }

    Host host(int endpoint) {
        return endpoints.get(endpoint).host();
    }
}
