package io.hopscope.scenarios.eras;

import io.hopscope.core.Engine;
import io.hopscope.devices.GratuitousArp;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.protocols.asic.CoppProfile;
import io.hopscope.protocols.asic.PuntClass;
import io.hopscope.scenarios.eras.EraResult.Latency;
import io.hopscope.scenarios.eras.EraResult.LinkUse;
import io.hopscope.scenarios.eras.EraResult.Load;
import io.hopscope.scenarios.eras.EraResult.Point;
import io.hopscope.scenarios.traffic.Categories;
import io.hopscope.scenarios.traffic.Endpoint;
import io.hopscope.scenarios.traffic.LinkUtilisation;
import io.hopscope.scenarios.traffic.Traffic;
import io.hopscope.scenarios.traffic.TrafficReport;
import io.hopscope.scenarios.traffic.TrafficSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** One era from the first frame to the last: everybody comes, everybody sends, and the cores are read. */
final class Experiment {
    private static final long MILLI = 1_000_000_000L;
    private static final long SECOND = 1000 * MILLI;
    /** A tree is found, and masters are, after three advertisements that nobody sent. */
    static final long READY = 8 * SECOND;

    /** Enough packets for a per cent of a per mille. */
    private static final double PACKETS = 2_000_000;
    /** Of those that are answered, among machines that move. */
    private static final double PACKETS_WITH_ANSWERS = 300_000;

    private static final List<String> KINDS = List.of("covered", "uncovered");
    private static final int LINKS = 10;

    private final EraSpec spec;
    private final Progress progress;
    private final LongSupplier clock;
    private final Heap heap = new Heap();
    private Site site;
    private Engine engine;
    private List<Endpoint> endpoints;
    private Announcements announcements;
    private LinkUtilisation links;

    /**
     * @param clock nanoseconds of real time
     */
    Experiment(EraSpec spec, Progress progress, LongSupplier clock) {
        this.spec = spec;
        this.progress = progress;
        this.clock = clock;
    }

    EraResult run() {
        // Whoever ran before has left nothing that counts.
        System.gc();
        progress.at("building", 0, 1);
        long begun = clock.getAsLong();
        site = Eras.build(spec);
        long built = clock.getAsLong();
        heap.look();
        engine = new Engine(site.network, new Engine.Options().workers(spec.workers()));
        come();
        endpoints = site.endpoints();
        CoreReading full = new CoreReading(site.core(), engine.now());
        List<Point> curve = announcements == null
                ? List.of()
                : full.curve(site.limiting + (site.limiting.equals("lpm") ? ".used" : ".entries"), instant ->
                        (int) ((long) announcements.come(instant) * endpoints.size() / site.arrivals.size()));
        int firstFailure = (int) full.value("host.firstFailure");
        List<Load> loads = new ArrayList<>();
        for (double each : spec.loads()) {
            loads.add(load(each));
        }
        long arp = arpFrames();
        CoreReading end = new CoreReading(site.core(), engine.now());
        heap.collect();
        engine.finish();
        notes(end);
        return new EraResult(
                spec.name(),
                Eras.title(spec.name()),
                spec.servers(),
                endpoints.size() + site.movers.size(),
                site.limiting,
                end.tables(missing()),
                end.value("cpu.punts"),
                end.value("cpu.coppDrops"),
                loads.isEmpty() ? 0 : loads.get(loads.size() - 1).cpuPercent(),
                loads,
                curve,
                firstFailure,
                links(),
                arp,
                (built - begun) / 1_000_000,
                (clock.getAsLong() - built) / 1_000_000,
                heap.peak(),
                site.notes);
    }

    /** Endpoints whose packets the CPU has to forward: it may have refused them an entry, or lost all in a crash. */
    private int missing() {
        if (!site.limiting.equals("host")) {
            return 0;
        }
        AsicSwitch core = site.core();
        return (int) endpoints.stream()
                .filter(each -> each.address() != 0 && !core.covered(each.address()))
                .count();
    }

    private void notes(CoreReading end) {
        if (end.value("crashes") > 0) {
            boolean once = end.value("crashes") == 1;
            site.notes.add("core1 rebooted " + (once ? "once, with" : end.value("crashes") + " times, each time with")
                    + " empty tables");
        }
        if (end.value("cpu.queueDrops") > 0) {
            site.notes.add(end.value("cpu.queueDrops") + " packets found the queues of core1's CPU full");
        }
    }

    /** Announcements, or entries written at once. */
    private void come() {
        run("switches find one another", READY);
        if (spec.warm()) {
            new Preload(site, engine.now()).all();
            run("preloaded", SECOND);
            return;
        }
        announcements = new Announcements(site, engine.now() + MILLI, site.network.seed().stream("announcements"));
        run("endpoints come", announcements.end() - engine.now());
        site.come.run();
        heap.look();
    }

    /** On with it, by parts, so that progress is seen. */
    private void run(String phase, long picoseconds) {
        long from = engine.now();
        for (int part = 1; part <= 100; part++) {
            progress.at(phase, part - 1, 100);
            engine.run(from + picoseconds / 100 * part);
        }
    }

    private List<Endpoint> senders() {
        return site.clients.isEmpty() ? endpoints : site.clients;
    }

    /** Seconds in which enough packets are sent, and no longer: an entry that is used is confirmed after five. */
    private double seconds(double perEndpoint) {
        double packets = site.movers.isEmpty() ? PACKETS : PACKETS_WITH_ANSWERS;
        return Math.max(
                0.2,
                Math.min(
                        perEndpoint < 0.01 ? 30 : 3,
                        packets / perEndpoint / senders().size()));
    }

    private Load load(double perEndpoint) {
        double seconds = seconds(perEndpoint);
        long window = (long) (seconds * 1e12);
        long warming = window / 5;
        String phase = perEndpoint + " packets/s";
        // What comes before fills queues and empties token buckets: it is not counted.
        Traffic before = install("before " + phase, perEndpoint, engine.now() + MILLI, warming, TrafficSpec.PORT + 1);
        long start = engine.now() + warming + 2 * MILLI;
        Traffic traffic = install(phase, perEndpoint, start, window, TrafficSpec.PORT);
        boolean last = spec.loads().indexOf(perEndpoint) == spec.loads().size() - 1;
        Moves moves = last ? new Moves(site, start, window) : null;
        links = LinkUtilisation.between(site.network, start, start + window);
        run(phase, start - engine.now());
        long busy = site.core().cpuBusy();
        run(phase, window);
        double cpu = 100.0 * (site.core().cpuBusy() - busy) / window;
        run(phase, SECOND);
        heap.look();
        if (moves != null && moves.note() != null) {
            site.notes.add(moves.note());
        }
        TrafficReport report = traffic.report(engine.now());
        before.stop();
        traffic.stop();
        return load(perEndpoint, report, seconds, Math.min(100, cpu));
    }

    private Load load(double perEndpoint, TrafficReport report, double seconds, double cpu) {
        TrafficReport.Count covered = report.categories().get(0);
        TrafficReport.Count uncovered = report.categories().get(1);
        boolean some = uncovered.sent() > 0;
        return new Load(
                perEndpoint,
                report.total().sent(),
                report.total().received(),
                report.total().lossPercent(),
                covered.lossPercent(),
                uncovered.sent(),
                some ? uncovered.lossPercent() : Double.NaN,
                // The formula is that of a switch that works.
                some && site.acrossCore && site.core().crashes() == 0
                        ? expected(uncovered.sent(), seconds)
                        : Double.NaN,
                cpu,
                nanos(report.total().latency()));
    }

    private Traffic install(String name, double perEndpoint, long start, long window, int port) {
        AsicSwitch core = site.core();
        Categories kinds =
                new Categories(KINDS, each -> site.limiting.equals("host") && !core.covered(each.address()) ? 1 : 0);
        return Traffic.install(
                site.network,
                site.talk.spec(name, perEndpoint).during(start, window).port(port),
                senders(),
                site.clients.isEmpty() ? List.of() : endpoints,
                kinds);
    }

    /** Loss of what the CPU has to forward: it takes in what policing admits, or what it can serve. */
    private double expected(long offered, double seconds) {
        AsicSwitch core = site.core();
        CoppProfile copp = core.spec().cpu().copp();
        double rate = copp.polices()
                ? Math.min(core.spec().cpu().rate(), copp.rates().get(PuntClass.NEIGHBOUR.ordinal()))
                : core.spec().cpu().rate();
        return 100 * (1 - Math.min(1, rate * seconds / offered));
    }

    private static Latency nanos(TrafficReport.Latency delays) {
        return new Latency(
                delays.p50() / 1000,
                delays.p90() / 1000,
                delays.p99() / 1000,
                delays.p999() / 1000,
                delays.max() / 1000);
    }

    private List<LinkUse> links() {
        return links == null
                ? List.of()
                : links.busiest(LINKS).stream()
                        .map(each ->
                                new LinkUse(each.from().toString(), each.to().toString(), each.percent()))
                        .toList();
    }

    /** Hand-overs that one ARP request brings about, beside those of an equally long quiet time. */
    private long arpFrames() {
        long quiet = engine.deliveries();
        run("one ARP request", 20 * MILLI);
        quiet = engine.deliveries() - quiet;
        Host asking = endpoints.get(0).host();
        NetInterface eth0 = asking.stack().interfaces().get(0);
        asking.node().at(engine.now() + MILLI, now -> GratuitousArp.announce(eth0, eth0.mac()));
        long asked = engine.deliveries();
        run("one ARP request", 20 * MILLI);
        return Math.max(0, engine.deliveries() - asked - quiet);
    }
}
