package io.hopscope.scenarios.bench;

import io.hopscope.core.Engine;
import io.hopscope.devices.Host;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.tcp.ByteSource;
import io.hopscope.protocols.tcp.TcpError;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpUser;
import io.hopscope.scenarios.BuiltIn;
import io.hopscope.scenarios.Lab;
import io.hopscope.scenarios.Runner;
import io.hopscope.scenarios.Scenario;
import io.hopscope.scenarios.eras.Progress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One TCP flow that fills 10 Gb/s along the 18 ports of {@code openstack-provider}, work costing no virtual time: data one way,
 * acknowledgments the other, over the same cables.
 */
public final class TcpBench implements TcpUser {
    private static final int PORT = 5001;
    private static final int WRITE = 131_072;
    private static final int ROUNDS = 5;
    /** Where the scenario's own pings have filled the tables. */
    private static final long BEGIN = 3_000_000_000_000L;

    private static final long SECOND = 1_000_000_000_000L;
    private static final ByteSource ZEROS = (offset, to, at, length) -> Arrays.fill(to, at, at + length, (byte) 0);

    private final Engine engine;
    private final TcpSocket sender;
    private long written;
    private long received;

    private TcpBench() {
        String source = BuiltIn.source("openstack-provider") + "\ncost: none\n";
        Lab lab = Runner.check(Scenario.parse("openstack-provider.yaml", source, Map.of()));
        Host from = lab.place("inst1").host();
        lab.place("inst2").host().stack().tcp().listen(0, PORT, 1, (socket, now) -> socket.sink(true)
                .handler(new TcpUser() {
                    @Override
                    public void readable(TcpSocket at, long instant) {
                        received = at.bytesReceived();
                    }
                }));
        engine = new Engine(lab.network(), new Engine.Options());
        engine.run(BEGIN);
        sender = from.stack().tcp().socket().handler(this);
        from.node().at(BEGIN, now -> {
            TcpError error = from.stack().tcp().connect(sender, Ipv4Address.bits("10.1.102.12"), PORT, now);
            if (error != null) {
                throw new IllegalStateException(error.toString());
            }
        });
    }

    @Override
    public void connected(TcpSocket socket, long now) {
        writable(socket, now);
    }

    @Override
    public void writable(TcpSocket socket, long now) {
        int taken;
        do {
            taken = socket.write(ZEROS, written, WRITE, now);
            written += taken;
        } while (taken == WRITE);
    }

    /**
     * The whole measurement.
     *
     * @param millis of virtual time in each of five rounds
     * @param progress told between rounds, which are not disturbed
     * @param clock nanoseconds of real time
     */
    public static Map<String, Object> measure(long millis, Progress progress, LongSupplier clock) {
        TcpBench bench = new TcpBench();
        long span = millis * SECOND / 1000;
        for (int i = 0; i < 3; i++) {
            progress.at("warming up", i, 3);
            bench.engine.run(bench.engine.now() + span);
        }
        double[] speeds = new double[ROUNDS];
        double[] hops = new double[ROUNDS];
        long before = bench.received;
        for (int i = 0; i < ROUNDS; i++) {
            progress.at("measuring", i, ROUNDS);
            long deliveries = bench.engine.deliveries();
            long begun = clock.getAsLong();
            bench.engine.run(bench.engine.now() + span);
            double took = clock.getAsLong() - begun;
            speeds[i] = millis * 1e6 / took;
            hops[i] = took / (bench.engine.deliveries() - deliveries);
        }
        double bits = (bench.received - before) * 8.0 / (ROUNDS * millis / 1000.0);
        int again = bench.sender.info(bench.engine.now()).retransmitsTotal();
        bench.engine.finish();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("virtualPerWall", Math.round(Measured.median(speeds) * 100) / 100.0);
        all.put("virtualPerWallSpread", Measured.spread(speeds, 2));
        all.put("nsPerHop", Measured.rounded(Measured.median(hops)));
        all.put("nsPerHopSpread", Measured.spread(hops));
        all.put("gbps", Math.round(bits / 1e7) / 100.0);
        all.put("retransmissions", again);
        all.put("millis", millis);
        Measured.machine(all, 1);
        return all;
    }
}
