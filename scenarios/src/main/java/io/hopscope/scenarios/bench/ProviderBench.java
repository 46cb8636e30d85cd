package io.hopscope.scenarios.bench;

import io.hopscope.core.Action;
import io.hopscope.core.Engine;
import io.hopscope.devices.Host;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Udp;
import io.hopscope.scenarios.BuiltIn;
import io.hopscope.scenarios.Lab;
import io.hopscope.scenarios.Runner;
import io.hopscope.scenarios.eras.Progress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The real path of {@code openstack-provider}, and that with security groups, tables warm: one UDP flow from inst1 to
 * inst2, answered once, so that it is established where connections are tracked. Work costs virtual time.
 */
public final class ProviderBench {
    /** Ports that a frame crosses. */
    private static final int PORTS = 18;

    /** br-int, br-bond, tor1, core1, tor1, br-bond, br-int. */
    private static final int ELEMENTS = 7;

    /** With security groups: what the figure numbers, of which all but the bridges' own interfaces are ports. */
    private static final int HYBRID_ELEMENTS = 24;

    /** The devices above, and a bridge with netfilter on each side. */
    private static final int HYBRID_DEVICES = 9;

    private static final int LENGTH = 60;
    /** Of traceroute's: security groups let it in. */
    private static final int DISCARD = 33_434;

    private static final int PORT = 40_000;
    /** Between two frames, by what the compute node's lane can take. */
    private static final long PACE = 1_000_000L;

    private static final long HYBRID_PACE = 2_000_000L;

    private final Host from;
    private final Engine engine;
    private final long pace;
    private final int source = Ipv4Address.bits("10.1.101.11");
    private final int destination = Ipv4Address.bits("10.1.102.12");
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();
    private final Action next = this::send;
    private long left;
    private long sent;
    private long received;

    /** The path with security groups, for whoever wants to look at it round by round. */
    public static ProviderBench hybrid() {
        return new ProviderBench("openstack-provider-hybrid", HYBRID_PACE);
    }

    private ProviderBench(String scenario, long pace) {
        this.pace = pace;
        Lab lab = Runner.check(BuiltIn.find(scenario, Map.of()));
        from = lab.place("inst1").host();
        Host to = lab.place("inst2").host();
        to.stack().bind(DISCARD, (in, ingress, frame, packet, datagram, now) -> {
            if (received++ == 0) {
                send(to, destination, source, DISCARD, PORT, now);
            }
            ingress.consume(frame);
        });
        from.stack().bind(PORT, (in, ingress, frame, packet, datagram, now) -> ingress.consume(frame));
        engine = new Engine(lab.network(), new Engine.Options());
        // The scenario's own pings fill the tables.
        engine.run(5_000_000_000_000L);
    }

    private void send(long now) {
        send(from, source, destination, PORT, DISCARD, now);
        if (--left > 0) {
            from.node().at(now + pace, next);
        }
    }

    private void send(Host sender, int of, int to, int ofPort, int toPort, long now) {
        Frame frame = sender.node().originate(LENGTH);
        int at = frame.start() + Ethernet.LENGTH;
        ip.wrap(frame, at)
                .start(LENGTH - Ethernet.LENGTH)
                .protocol(Ipv4.UDP)
                .source(of)
                .destination(to)
                .seal();
        udp.wrap(frame, at + Ipv4.LENGTH)
                .set(ofPort, toPort, LENGTH - Ethernet.LENGTH - Ipv4.LENGTH)
                .seal(of, to);
        sender.stack().transmit(frame, now);
    }

    /** So many frames, all of which have to arrive. */
    public void run(long frames) {
        left = frames;
        sent += frames;
        from.node().at(engine.now(), next);
        engine.run(engine.now() + (frames + 1000) * pace);
        if (received != sent) {
            throw new IllegalStateException(received + " of " + sent + " frames arrived");
        }
    }

    public void finish() {
        engine.finish();
    }

    static Map<String, Object> measure(long frames, Progress progress, LongSupplier clock) {
        double[] rounds = rounds("openstack-provider", PACE, Math.max(100, frames / 25), progress, clock);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("openstackNsPerElement", Measured.rounded(Measured.median(rounds) / ELEMENTS));
        all.put("openstackNsPerPort", Measured.rounded(Measured.median(rounds) / PORTS));
        return all;
    }

    /**
     * The path with security groups, whole.
     *
     * @param frames after warm-up, in five rounds
     * @param progress told between rounds, which are not disturbed
     * @param clock nanoseconds of real time
     */
    public static Map<String, Object> hybrid(long frames, Progress progress, LongSupplier clock) {
        double[] rounds = rounds("openstack-provider-hybrid", HYBRID_PACE, Math.max(100, frames / 5), progress, clock);
        double[] each = new double[rounds.length];
        for (int i = 0; i < each.length; i++) {
            each[i] = rounds[i] / HYBRID_ELEMENTS;
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("nsPerElement", Measured.rounded(Measured.median(each)));
        all.put("nsPerElementSpread", Measured.spread(each));
        all.put("nsPerDevice", Measured.rounded(Measured.median(rounds) / HYBRID_DEVICES));
        all.put("nsPerFrame", Measured.rounded(Measured.median(rounds)));
        all.put("frames", frames);
        all.put("elements", HYBRID_ELEMENTS);
        all.put("devices", HYBRID_DEVICES);
        progress.at("tracking a million connections", 4, 5);
        TrackedBench.measure(all, TrackedBench.CONNECTIONS);
        Measured.machine(all, 1);
        return all;
    }

    private static double[] rounds(String scenario, long pace, long each, Progress progress, LongSupplier clock) {
        ProviderBench bench = new ProviderBench(scenario, pace);
        bench.run(each);
        bench.run(each);
        double[] rounds = new double[5];
        for (int i = 0; i < rounds.length; i++) {
            progress.at(scenario, i, 5);
            long begun = clock.getAsLong();
            bench.run(each);
            rounds[i] = (clock.getAsLong() - begun) / (double) each;
        }
        bench.engine.finish();
        return rounds;
    }
}
