package io.hopscope.scenarios.bench;

import io.hopscope.core.Costs;
import io.hopscope.core.Engine;
import io.hopscope.core.Network;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import io.hopscope.scenarios.eras.Progress;
import io.hopscope.scenarios.traffic.Endpoint;
import io.hopscope.scenarios.traffic.Matrix;
import io.hopscope.scenarios.traffic.Traffic;
import io.hopscope.scenarios.traffic.TrafficSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a packet of traffic costs before it is on its way: drawn, written, routed, and dropped at a port that leads nowhere.
 * A server's endpoints share a stack with one address: what is measured is the generator, and not how cold so many stacks
 * are.
 */
public final class TrafficBench {
    private static final double RATE = 100;
    private static final int GATEWAY = 0x0afffffe;
    private static final long ROUND = 100_000_000_000L;

    private final Network network = new Network(1, Costs.NONE);
    private final List<Endpoint> endpoints = new ArrayList<>();

    private TrafficBench(int servers, int perServer) {
        for (int s = 0; s < servers; s++) {
            Host host = new Host(network.node("server" + s), "");
            NetInterface eth0 = host.addInterface("eth0", 0x0200_0000_0000L + s);
            host.stack().neighbourTable().permanent(eth0.index(), GATEWAY, 0x0300_0000_0000L);
            eth0.address(new InterfaceAddress(0x0a000001 + s * perServer, 32));
            for (int e = 0; e < perServer; e++) {
                int address = 0x0a000001 + s * perServer + e;
                endpoints.add(new Endpoint(host, address, s));
            }
            host.stack().route(Route.via(Prefix.ALL, GATEWAY, eth0.index()).onlink(true));
        }
    }

    /**
     * The whole measurement.
     *
     * @param progress told between rounds, which are not disturbed
     * @param clock nanoseconds of real time
     */
    public static Map<String, Object> measure(
            int servers, int perServer, int workers, Progress progress, LongSupplier clock) {
        progress.at("building", 0, 1);
        TrafficBench bench = new TrafficBench(servers, perServer);
        TrafficSpec spec = TrafficSpec.of("bench", Matrix.ALL_TO_ALL, RATE).during(0, Long.MAX_VALUE / 2);
        long before = FabricBench.used();
        Traffic traffic = Traffic.install(bench.network, spec, bench.endpoints);
        long bytes = FabricBench.used() - before;
        Engine engine = new Engine(bench.network, new Engine.Options().workers(workers));
        for (int i = 0; i < 4; i++) {
            progress.at("warming up", i, 4);
            engine.run((i + 1) * ROUND);
        }
        double[] rounds = new double[5];
        for (int i = 0; i < rounds.length; i++) {
            progress.at("measuring", i, rounds.length);
            long sent = traffic.report(engine.now()).total().sent();
            long begun = clock.getAsLong();
            engine.run(engine.now() + ROUND);
            long nanos = clock.getAsLong() - begun;
            rounds[i] = nanos / (double) (traffic.report(engine.now()).total().sent() - sent);
        }
        engine.finish();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("nsPerPacket", Measured.rounded(Measured.median(rounds)));
        result.put("nsPerPacketSpread", Measured.spread(rounds));
        result.put("bytesPerEndpoint", bytes / bench.endpoints.size());
        result.put("endpoints", bench.endpoints.size());
        result.put("packets", traffic.report(engine.now()).total().sent());
        Measured.machine(result, workers);
        return result;
    }
}
