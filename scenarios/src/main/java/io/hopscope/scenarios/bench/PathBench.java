package io.hopscope.scenarios.bench;

import io.hopscope.core.CableSpec;
import io.hopscope.core.CaptureSink;
import io.hopscope.core.Costs;
import io.hopscope.core.Engine;
import io.hopscope.core.Network;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.scenarios.eras.Progress;
import io.hopscope.traces.CaptureFile;
import io.hopscope.traces.CaptureOutput;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Seventeen Linux bridges and one IPv4 router between two hosts, 19 cables, one UDP flow of 64-byte frames: the shape that
 * the Linux kernel and ns-3 were measured with.
 */
public final class PathBench {
    /** Forwarding elements on the way. */
    public static final int ELEMENTS = 18;

    /** Ports on the way, both ends of 19 cables. */
    public static final int PORTS = 38;

    private static final long ROUTER = 0x0200_0000_aa01L;
    private static final long ROUTER_OUT = 0x0200_0000_aa02L;
    private static final long SOURCE = 0x0200_0000_0001L;
    private static final long SINK = 0x0200_0000_0002L;

    private final Generator source;
    private final Generator sink;
    private final Engine engine;
    private final long pace;
    private long sent;

    /**
     * @param costs whether devices' work costs virtual time; frames come slower then
     * @param capture takes every port, or null
     */
    public PathBench(boolean costs, int workers, CaptureSink capture) {
        Network network = new Network(1, costs ? Costs.defaults() : Costs.NONE);
        source = new Generator(network.node("h1"));
        Port previous = source.port();
        for (int i = 0; i < ELEMENTS; i++) {
            previous = i == ELEMENTS / 2 ? router(network, previous) : bridge(network, i, previous);
        }
        sink = new Generator(network.node("h2"));
        network.cable(previous, sink.port(), CableSpec.DEFAULT);
        source.flow(ROUTER, SOURCE, Ipv4Address.bits("10.0.1.1"), Ipv4Address.bits("10.0.2.1"));
        Engine.Options options = new Engine.Options().workers(workers);
        engine = new Engine(network, capture == null ? options : options.capture(capture));
        pace = costs ? 350_000 : 70_000;
    }

    private static Port bridge(Network network, int number, Port previous) {
        LinuxBridge bridge = new LinuxBridge(network.node("br" + number), "");
        Port in = bridge.attach("eth0");
        Port out = bridge.attach("eth1");
        bridge.fdb().addStatic(0, number < ELEMENTS / 2 ? ROUTER : SINK, out.tag);
        network.cable(previous, in, CableSpec.DEFAULT);
        return out;
    }

    private static Port router(Network network, Port previous) {
        Host router = new Host(network.node("router"), "");
        router.addInterface("eth0", ROUTER).address(InterfaceAddress.parse("10.0.1.254/24"));
        router.addInterface("eth1", ROUTER_OUT).address(InterfaceAddress.parse("10.0.2.254/24"));
        router.stack().forwarding(true);
        router.stack().neighbourTable().permanent(3, Ipv4Address.bits("10.0.2.1"), SINK);
        network.cable(previous, router.port("eth0"), CableSpec.DEFAULT);
        return router.port("eth1");
    }

    /** Sends frames and runs until they have arrived; each must. */
    public void run(long frames) {
        source.send(frames, pace);
        engine.run(Long.MAX_VALUE);
        sent += frames;
        if (sink.received() != sent) {
            throw new IllegalStateException(sink.received() + " of " + sent + " frames arrived");
        }
    }

    /** Hands over to devices so far. */
    public long deliveries() {
        return engine.deliveries();
    }

    /** Ends the run: every frame is accounted for. */
    public void finish() {
        engine.finish();
    }

    /**
     * The whole measurement.
     *
     * @param frames after warm-up, in five rounds
     * @param progress told between rounds, which are not disturbed
     * @param clock nanoseconds of real time
     */
    public static Map<String, Object> measure(long frames, int workers, Progress progress, LongSupplier clock) {
        Map<String, Object> all = new LinkedHashMap<>();
        double[] plain = rounds("forwarding", new PathBench(false, workers, null), frames, progress, clock);
        double[] costly = rounds("with virtual costs", new PathBench(true, workers, null), frames, progress, clock);
        all.put("nsPerElement", Measured.rounded(Measured.median(plain)));
        all.put("nsPerElementSpread", Measured.spread(plain));
        all.put("nsPerElementWithCosts", Measured.rounded(Measured.median(costly)));
        all.put("nsPerHop", Measured.rounded(Measured.median(plain) * ELEMENTS / (ELEMENTS + 1)));
        all.put("hopsPerSecond", Math.round(1e9 * (ELEMENTS + 1) / (Measured.median(plain) * ELEMENTS)));
        double[] captured = captured(frames, workers, progress, clock);
        all.put("capturedNsPerPort", Measured.rounded(Measured.median(captured)));
        all.put("capturedNsPerPortSpread", Measured.spread(captured));
        all.putAll(ProviderBench.measure(frames, progress, clock));
        all.put("frames", frames);
        all.put("elements", ELEMENTS);
        Measured.machine(all, workers);
        return all;
    }

    private static double[] rounds(String phase, PathBench bench, long frames, Progress progress, LongSupplier clock) {
        double[] rounds = new double[5];
        progress.at(phase, 0, 7);
        bench.run(frames / 5);
        progress.at(phase, 1, 7);
        bench.run(frames / 5);
        for (int i = 0; i < rounds.length; i++) {
            progress.at(phase, 2 + i, 7);
            long begun = clock.getAsLong();
            bench.run(frames / 5);
            rounds[i] = (clock.getAsLong() - begun) / (double) (frames / 5) / ELEMENTS;
        }
        bench.finish();
        return rounds;
    }

    /** At all 38 ports, hash included, to storage in memory that is written over again and again. */
    private static double[] captured(long frames, int workers, Progress progress, LongSupplier clock) {
        long each = Math.max(1000, Math.min(frames, 2_700_000) / 5);
        double[] rounds = new double[5];
        for (int i = -1; i < rounds.length; i++) {
            progress.at("capturing", i + 1, 6);
            CaptureFile file =
                    new CaptureFile(CaptureOutput.stream(new Memory()).hashed().inBackground(), "bench", 1, Map.of());
            PathBench bench = new PathBench(false, workers, file);
            long begun = clock.getAsLong();
            bench.run(each);
            bench.finish();
            long took = clock.getAsLong() - begun;
            if (file.packets() != each * PORTS) {
                throw new IllegalStateException(file.packets() + " of " + each * PORTS + " packets captured");
            }
            if (i >= 0) {
                rounds[i] = took / (double) (each * PORTS);
            }
        }
        return rounds;
    }

    /** Memory as a tape that begins anew when it is full. */
    private static final class Memory extends OutputStream {
        private final byte[] tape = new byte[64 << 20];
        private int at;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (int done = 0; done < length; ) {
                int part = Math.min(length - done, tape.length - at);
                System.arraycopy(bytes, offset + done, tape, at, part);
                done += part;
                at = (at + part) % tape.length;
            }
        }

        @Override
        public String toString() {
            return "memory " + Arrays.hashCode(new int[] {at});
        }
    }
}
