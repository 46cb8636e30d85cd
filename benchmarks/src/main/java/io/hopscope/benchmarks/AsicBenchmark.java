package io.hopscope.benchmarks;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Costs;
import io.hopscope.core.Device;
import io.hopscope.core.Engine;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.devices.asic.AsicSpec;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Vlan;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time a hop (the counter {@code hops}) where 300 racks of random hosts answer one another without end through a switch ASIC
 * that routes between them: every other hop is the switch, and nothing that it looks up was looked up lately.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AsicBenchmark {
    private static final int RACKS = 300;
    /** Hosts a VLAN. */
    private static final int PER_VLAN = 1000;

    private static final long MICROSECOND = 1_000_000L;
    private static final long GATEWAY = 0x0200_0100_0000L;

    /** Deliveries to a device. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Count {
        public long hops;
    }

    @Param({"1000", "60000", "150000"})
    public int hosts;

    @Param("100000")
    public int flows;

    private Rack[] racks;
    private AsicSwitch core;
    private Engine engine;

    /** Stands for all hosts of a rack, and answers for them. */
    private static final class Rack extends Device {
        private final Port port = addPort("eth0");
        private final Ethernet eth = new Ethernet();
        private final Ipv4 ip = new Ipv4();

        Rack(Node node) {
            super(node, "", "rack");
        }

        void send(int from, int to) {
            Frame frame = node().originate(60);
            int at = eth.wrap(frame).type(Ethernet.IPV4).end();
            ip.wrap(frame, at)
                    .start(60 - Ethernet.LENGTH)
                    .protocol(Ipv4.UDP)
                    .source(address(from))
                    .destination(address(to))
                    .ttl(64)
                    .seal();
            eth.destination(GATEWAY).source(mac(from));
            Vlan.push(frame, vlan(from));
            port.transmit(frame);
        }

        @Override
        public void receive(Port ingress, Frame frame, long now) {
            ip.wrap(frame, eth.wrap(frame).payload());
            int host = ip.destination();
            ip.destination(ip.source()).source(host).ttl(64).seal();
            eth.destination(GATEWAY).source(mac(number(host)));
            ingress.transmit(frame);
        }
    }

    private static int vlan(int host) {
        return 100 + host / PER_VLAN;
    }

    private static int address(int host) {
        return 0x0a00_0000 + host / PER_VLAN * 1024 + 10 + host % PER_VLAN;
    }

    private static int number(int address) {
        int offset = address - 0x0a00_0000;
        return offset / 1024 * PER_VLAN + offset % 1024 - 10;
    }

    private static long mac(int host) {
        return 0x0200_0200_0000L + host;
    }

    @Setup(Level.Trial)
    public void build() {
        Network network = new Network(1, Costs.NONE);
        core = new AsicSwitch(network.node("core"), "", "router", AsicSpec.of("64k"));
        racks = new Rack[RACKS];
        CableSpec cable = CableSpec.DEFAULT.rate(400_000_000_000L);
        for (int i = 0; i < RACKS; i++) {
            racks[i] = new Rack(network.node("rack" + i));
            network.cable(racks[i].port, core.attach("eth" + i, VlanRules.trunk(null, -1)), cable);
        }
        NetInterface[] gateways = new NetInterface[hosts / PER_VLAN];
        for (int i = 0; i < gateways.length; i++) {
            gateways[i] = core.svi(100 + i, GATEWAY);
            gateways[i].address(new InterfaceAddress(0x0a00_0001 + i * 1024, 22));
        }
        SplittableRandom random = new SplittableRandom(1);
        int[] rackOf = random.ints(hosts, 0, RACKS).toArray();
        // Only those that have an entry, so that no frame is the CPU's.
        int[] covered = IntStream.range(0, hosts)
                .filter(i -> core.warm(
                        gateways[i / PER_VLAN], address(i), mac(i), core.ports().get(rackOf[i])))
                .toArray();
        engine = new Engine(network, new Engine.Options());
        for (int i = 0; i < flows; i++) {
            int from = covered[random.nextInt(covered.length)];
            int to = covered[random.nextInt(covered.length)];
            Rack rack = racks[rackOf[from]];
            rack.node().at(random.nextInt(50) * MICROSECOND, now -> rack.send(from, to));
        }
        engine.run(60 * MICROSECOND);
    }

    @TearDown(Level.Trial)
    public void finish() {
        if (core.punts() > 0) {
            throw new IllegalStateException(core.punts() + " punts");
        }
        engine.finish();
    }

    @Benchmark
    public void run(Count count) {
        long before = engine.deliveries();
        engine.run(engine.now() + 10 * MICROSECOND);
        count.hops += engine.deliveries() - before;
    }
}
