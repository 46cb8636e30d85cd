package io.hopscope.scenarios;

import io.hopscope.core.ScenarioError;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.scenarios.traffic.Arrivals;
import io.hopscope.scenarios.traffic.Categories;
import io.hopscope.scenarios.traffic.Endpoint;
import io.hopscope.scenarios.traffic.FlowSizes;
import io.hopscope.scenarios.traffic.FrameSizes;
import io.hopscope.scenarios.traffic.LinkUtilisation;
import io.hopscope.scenarios.traffic.Matrix;
import io.hopscope.scenarios.traffic.Traffic;
import io.hopscope.scenarios.traffic.TrafficSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario says of traffic: who sends, to whom, how much. Each host takes part with its first address. */
final class TrafficReader {
    private static final List<String> MATRICES =
            Arrays.stream(Matrix.values()).map(Matrix::text).toList();
    private static final List<String> ARRIVALS =
            Arrays.stream(Arrivals.values()).map(Arrivals::text).toList();
    private static final List<String> SIZES = List.of(FrameSizes.IMIX.toString(), FrameSizes.DATA_CENTRE.toString());

    private static final Type SIZE = Type.parsed(
            "imix, data-centre, or bytes of a frame from " + FrameSizes.LEAST + " to " + FrameSizes.MOST,
            null,
            TrafficReader::sizes);
    private static final Type PACKETS = Type.number(1, 1_000_000_000, "a number of packets from 1");

    private static final Keys FLOWS = new Keys("flows")
            .key("packets", PACKETS, "of each flow")
            .key("least", PACKETS, "of a flow, where sizes follow a bounded Pareto distribution; 1")
            .key("most", PACKETS, "of a flow, where sizes follow a bounded Pareto distribution")
            .key("shape", positive("a shape such as 1.2"), "of that distribution; 1.2")
            .key("pace", Language.RATE, "at which a flow sends; 1Gbps");

    static final Keys KEYS = new Keys("traffic")
            .required("name", Language.NAME, "names it in reports, expectations and random streams")
            .key("matrix", Type.choice("matrix", MATRICES), "who talks to whom: " + MATRICES)
            .key("mix", mixKeys(), "shares by matrix, in place of 'matrix'")
            .required("from", Type.list(Type.text("a node or device, * for anything")), "clients, or senders")
            .key("to", Type.list(Type.text("a node or device, * for anything")), "servers, or receivers; as 'from'")
            .required("rate", positive("packets a second, such as 100"), "packets a second of a sender, or flows")
            .key(
                    "flows",
                    Type.either(PACKETS, Type.named("flows", FLOWS)),
                    "packets of a flow: 'rate' is of flows then")
            .key("sizes", SIZE, "frames without FCS: imix, data-centre, or bytes; 60")
            .key("replies", SIZE, "whoever receives a packet answers with one of this size")
            .key("arrivals", Type.choice("arrivals", ARRIVALS), "how packets follow each other; exponential")
            .key("local", Type.parsed("a share from 0 to 1", null, TrafficReader::share), "east-west: inside subnets")
            .key("start", Language.TIME, "when sending begins; with the run")
            .key("duration", Language.TIME, "how long it goes on; 1s")
            .key("port", Type.number(1, 65535, "a UDP port"), "where it is received; 9000 and on, one a traffic");

    private final Lab lab;
    private final Problems problems;
    private final Map<String, TrafficRun> runs = new LinkedHashMap<>();
    private int count;

    TrafficReader(Lab lab, Problems problems) {
        this.lab = lab;
        this.problems = problems;
    }

    private static Keys mixKeys() {
        Keys keys = new Keys("a mix");
        MATRICES.forEach(each -> keys.key(each, positive("a share such as 80"), "its share of what is sent"));
        return keys;
    }

    private static Type positive(String expected) {
        return Type.parsed(expected, null, TrafficReader::number);
    }

    private static double number(String text) {
        double value = Double.parseDouble(text);
        if (!(value > 0 && value <= 1e9)) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static double share(String text) {
        double value = Double.parseDouble(text);
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static FrameSizes sizes(String text) {
        return switch (SIZES.indexOf(text)) {
            case 0 -> FrameSizes.IMIX;
            case 1 -> FrameSizes.DATA_CENTRE;
            default -> FrameSizes.fixed(Integer.parseInt(text));
        };
    }

    /** In the order of the scenario. */
    List<TrafficRun> runs() {
        return List.copyOf(runs.values());
    }

    /** Makes the traffic part of the network, if nothing is wrong with it. */
    void read(Value value) {
        int number = count++;
        String name = value.text("name", "");
        if (runs.containsKey(name)) {
            problems.add(value.where("name"), "traffic '" + name + "' a second time", "another name");
            return;
        }
        if (value.has("matrix") == value.has("mix")) {
            problems.add(value.where(), "traffic with " + (value.has("mix") ? "both" : "neither"), "'matrix' or 'mix'");
            return;
        }
        List<Endpoint> from = endpoints(value.items("from"));
        List<Endpoint> to = endpoints(value.items("to"));
        TrafficSpec spec = spec(name, value, number);
        if (from == null || to == null || !fits(value, spec, from, to)) {
            return;
        }
        try {
            Traffic traffic = Traffic.install(lab.network(), spec, from, to, Categories.NONE);
            runs.put(name, new TrafficRun(traffic, LinkUtilisation.between(lab.network(), spec.start(), spec.end())));
        } catch (ScenarioError e) {
            problems.add(value.where(), e.getMessage(), "somebody else to send to");
        }
    }

    private TrafficSpec spec(String name, Value value, int number) {
        List<TrafficSpec.Share> mix = new ArrayList<>();
        if (value.has("matrix")) {
            mix.add(new TrafficSpec.Share(matrix(value.text("matrix")), 1));
        }
        value.entries("mix")
                .forEach((matrix, share) -> mix.add(new TrafficSpec.Share(matrix(matrix), number(share.text()))));
        TrafficSpec spec = TrafficSpec.of(name, Matrix.PAIRS, number(value.text("rate")))
                .mix(mix.toArray(new TrafficSpec.Share[0]))
                .sizes(sizes(value.text("sizes", "60")))
                .during(Units.time(value.text("start", "0")), Math.max(1, Units.time(value.text("duration", "1s"))))
                .port((int) value.number("port", TrafficSpec.PORT + number));
        if (value.has("replies")) {
            spec = spec.replies(sizes(value.text("replies")));
        }
        if (value.has("arrivals")) {
            boolean constant = value.text("arrivals").equals(Arrivals.CONSTANT.text());
            spec = spec.arrivals(constant ? Arrivals.CONSTANT : Arrivals.EXPONENTIAL);
        }
        if (value.has("local")) {
            spec = spec.local(share(value.text("local")));
        }
        return value.has("flows") ? flows(spec, value.get("flows")) : spec;
    }

    private TrafficSpec flows(TrafficSpec spec, Value flows) {
        if (flows.isText()) {
            return spec.flows(FlowSizes.fixed(Integer.parseInt(flows.text())), TrafficSpec.PACE);
        }
        long pace = flows.has("pace") ? Math.max(1, Units.rate(flows.text("pace"))) : TrafficSpec.PACE;
        if (flows.has("packets") == flows.has("most")) {
            problems.add(flows.where(), "flows of no certain size", "'packets', or 'most' with 'least' and 'shape'");
            return spec;
        }
        if (flows.has("packets")) {
            return spec.flows(FlowSizes.fixed((int) flows.number("packets", 1)), pace);
        }
        int least = (int) flows.number("least", 1);
        int most = (int) flows.number("most", 1);
        if (least > most) {
            problems.add(flows.where("most"), "'" + most + "'", least + " or more, as 'least' says");
            return spec;
        }
        return spec.flows(FlowSizes.pareto(least, most, number(flows.text("shape", "1.2"))), pace);
    }

    private static Matrix matrix(String text) {
        return Arrays.stream(Matrix.values())
                .filter(each -> each.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private boolean fits(Value value, TrafficSpec spec, List<Endpoint> from, List<Endpoint> to) {
        for (TrafficSpec.Share share : spec.mix()) {
            boolean twoSides = share.matrix() == Matrix.NORTH_SOUTH || share.matrix() == Matrix.INCAST;
            if (twoSides && !value.has("to")) {
                problems.add(value.where(), share.matrix().text() + " without 'to'", "'to': who receives");
                return false;
            }
        }
        if (!free(value, spec, from) || !free(value, spec, to)) {
            return false;
        }
        for (String key : List.of("sizes", "replies")) {
            FrameSizes frames = key.equals("sizes") ? spec.sizes() : spec.replies();
            if (frames != null && !(room(value, key, frames, from) && room(value, key, frames, to))) {
                return false;
            }
        }
        return true;
    }

    private boolean free(Value value, TrafficSpec spec, List<Endpoint> ends) {
        for (Endpoint each : ends) {
            if (each.host().stack().bound(spec.port())) {
                problems.add(
                        value.where("port"), "UDP port " + spec.port() + ", in use on " + each.host(), "a free one");
                return false;
            }
        }
        return true;
    }

    private boolean room(Value value, String key, FrameSizes frames, List<Endpoint> senders) {
        for (Endpoint each : senders) {
            NetInterface via = via(each.host());
            if (frames.longest() > via.mtu() + Ethernet.LENGTH) {
                problems.add(
                        value.where(key),
                        "frames of " + frames.longest() + " bytes",
                        "at most " + (via.mtu() + Ethernet.LENGTH) + ", by the MTU of " + each.host());
                return false;
            }
        }
        return true;
    }

    /** Null after a complaint. */
    private List<Endpoint> endpoints(List<Value> names) {
        Map<Host, Endpoint> found = new LinkedHashMap<>();
        boolean known = true;
        for (Value each : names) {
            String text = String.valueOf(each.text());
            boolean glob = text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
            known &= glob ? matching(each, text, found) : named(each, text, found);
        }
        return known ? List.copyOf(found.values()) : null;
    }

    private boolean matching(Value at, String glob, Map<Host, Endpoint> into) {
        boolean any = false;
        for (String name : lab.names()) {
            Lab.Place place = Glob.whole(glob, name) ? lab.place(name) : null;
            if (place != null && migrates(at, name, place)) {
                return false;
            } else if (place != null && place.host() != null && via(place.host()) != null) {
                into.computeIfAbsent(place.host(), TrafficReader::endpoint);
                any = true;
            }
        }
        if (!any) {
            problems.add(at.where(), "'" + glob + "', which no host with an address is called", "names of hosts");
        }
        return any;
    }

    private boolean named(Value at, String name, Map<Host, Endpoint> into) {
        Lab.Place place = lab.place(name);
        if (place == null) {
            problems.unknown(at.where(), "node or device", name, lab.names());
            return false;
        }
        if (place.host() == null || via(place.host()) == null) {
            problems.add(at.where(), "'" + name + "', which has no address", "a host with an address");
            return false;
        }
        if (migrates(at, name, place)) {
            return false;
        }
        into.computeIfAbsent(place.host(), TrafficReader::endpoint);
        return true;
    }

    /** Senders and receivers are told their node when the network is built. */
    private boolean migrates(Value at, String name, Lab.Place place) {
        boolean migrates = !lab.stays(place.host()).isEmpty();
        if (migrates) {
            problems.add(at.where(), "'" + at.text() + "': " + name + " migrates", "hosts that stay on their node");
        }
        return migrates;
    }

    /** The interface of the host's first address; null without one. */
    private static NetInterface via(Host host) {
        for (NetInterface each : host.stack().interfaces()) {
            if (!each.addresses().isEmpty()) {
                return each;
            }
        }
        return null;
    }

    /** Hosts of one subnet are a group. */
    private static Endpoint endpoint(Host host) {
        InterfaceAddress address = via(host).addresses().get(0);
        return new Endpoint(host, address.address(), address.prefix().address());
    }
}
