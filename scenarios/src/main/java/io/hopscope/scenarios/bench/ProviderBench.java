package io.hopscope.scenarios.bench;

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

/** The real path of {@code openstack-provider}, tables warm: one UDP flow from inst1 to inst2, work costs virtual time. */
final class ProviderBench {
    /** Ports that a frame crosses. */
    private static final int PORTS = 18;

    /** br-int, br-bond, tor1, core1, tor1, br-bond, br-int. */
    private static final int ELEMENTS = 7;

    private static final int LENGTH = 60;
    private static final int DISCARD = 9;
    private static final long PACE = 1_000_000L;

    private final Host from;
    private final Engine engine;
    private final int source = Ipv4Address.bits("10.1.101.11");
    private final int destination = Ipv4Address.bits("10.1.102.12");
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();
    private long left;
    private long sent;
    private long received;

    private ProviderBench() {
        Lab lab = Runner.check(BuiltIn.find("openstack-provider", Map.of()));
        from = lab.place("inst1").host();
        lab.place("inst2").host().stack().bind(DISCARD, (in, ingress, frame, packet, datagram, now) -> {
            received++;
            ingress.consume(frame);
        });
        engine = new Engine(lab.network(), new Engine.Options());
        // The scenario's own pings fill the tables.
        engine.run(3_000_000_000_000L);
    }

    private void send(long now) {
        Frame frame = from.node().originate(LENGTH);
        int at = frame.start() + Ethernet.LENGTH;
        ip.wrap(frame, at)
                .start(LENGTH - Ethernet.LENGTH)
                .protocol(Ipv4.UDP)
                .source(source)
                .destination(destination)
                .seal();
        udp.wrap(frame, at + Ipv4.LENGTH)
                .set(40_000, DISCARD, LENGTH - Ethernet.LENGTH - Ipv4.LENGTH)
                .seal(source, destination);
        from.stack().transmit(frame, now);
        if (--left > 0) {
            from.node().at(now + PACE, this::send);
        }
    }

    private void run(long frames) {
        left = frames;
        sent += frames;
        from.node().at(engine.now(), this::send);
        engine.run(engine.now() + (frames + 1000) * PACE);
        if (received != sent) {
            throw new IllegalStateException(received + " of " + sent + " frames arrived");
        }
    }

    static Map<String, Object> measure(long frames, Progress progress, LongSupplier clock) {
        ProviderBench bench = new ProviderBench();
        long each = Math.max(100, frames / 25);
        bench.run(each);
        bench.run(each);
        double[] rounds = new double[5];
        for (int i = 0; i < rounds.length; i++) {
            progress.at("openstack-provider", i, 5);
            long begun = clock.getAsLong();
            bench.run(each);
            rounds[i] = (clock.getAsLong() - begun) / (double) each;
        }
        bench.engine.finish();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("openstackNsPerElement", Measured.rounded(Measured.median(rounds) / ELEMENTS));
        all.put("openstackNsPerPort", Measured.rounded(Measured.median(rounds) / PORTS));
        return all;
    }
}
