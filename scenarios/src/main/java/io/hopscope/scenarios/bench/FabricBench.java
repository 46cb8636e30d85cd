package io.hopscope.scenarios.bench;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Costs;
import io.hopscope.core.Engine;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Prefix;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.Route;
import io.hopscope.scenarios.eras.Progress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Servers with containers in a routed leaf-spine, random pairs that answer each other without end: where cache misses show,
 * since hardly anything is touched twice in a row.
 */
public final class FabricBench {
    private static final int PER_LEAF = 40;
    private static final int SPINES = 8;
    private static final int ECHO = 7;
    /** 40 servers of 10 Gb/s share 8 of these: a fabric that does not hold its servers back. */
    private static final CableSpec UPLINK = CableSpec.DEFAULT.rate(100_000_000_000L);

    private static final long WARM_UP = 800_000_000L;
    private static final long ROUND = 80_000_000L;
    private static final int LENGTH = 60;
    private static final long MICROSECOND = 1_000_000L;

    private final Network network = new Network(1, Costs.NONE);
    private final Host[] spines = new Host[SPINES];
    private final Host[] leaves;
    private final Host[] endpoints;
    private final int perServer;
    private final IpStack.UdpSocket echo = (in, ingress, frame, packet, datagram, now) -> answer(ingress, frame, now);
    /** By node, since each is run by one worker at a time. */
    private final Ipv4[] packets;

    private Engine engine;
    private boolean answering = true;

    /**
     * @param servers nodes with containers
     * @param perServer containers a node, at most 120
     */
    public FabricBench(int servers, int perServer) {
        this.perServer = perServer;
        leaves = new Host[(servers + PER_LEAF - 1) / PER_LEAF];
        endpoints = new Host[servers * perServer];
        for (int s = 0; s < SPINES; s++) {
            spines[s] = router("spine" + s);
        }
        for (int l = 0; l < leaves.length; l++) {
            leaf(l);
        }
        for (int s = 0; s < servers; s++) {
            server(s);
        }
        packets = new Ipv4[network.nodes().size()];
        Arrays.setAll(packets, i -> new Ipv4());
    }

    private Host router(String name) {
        Host host = new Host(network.node(name), "");
        host.stack().forwarding(true);
        return host;
    }

    private static long mac(int kind, int number) {
        return 0x0200_0000_0000L | (long) kind << 24 | number;
    }

    /** Pods of a server: 128 addresses; of a leaf: 64 servers. */
    private static int pods(int leaf, int server) {
        return 0x0a000000 + leaf * 8192 + server * 128;
    }

    /** A route to a neighbour that is known for good: address and MAC by the interface. */
    private static void route(Host host, String device, Prefix prefix, int gateway, long mac) {
        NetInterface via = host.stack().find(device);
        host.stack().neighbourTable().permanent(via.index(), gateway, mac);
        host.stack().route(Route.via(prefix, gateway, via.index()).onlink(true));
    }

    private void leaf(int l) {
        Host leaf = router("leaf" + l);
        leaves[l] = leaf;
        for (int s = 0; s < SPINES; s++) {
            int link = l * SPINES + s;
            Port up = leaf.addInterface("spine" + s, mac(1, link)).port();
            Port down = spines[s].addInterface("leaf" + l, mac(2, link)).port();
            network.cable(up, down, UPLINK);
            route(spines[s], "leaf" + l, new Prefix(pods(l, 0), 19), 0x0b000000 + l, mac(1, link));
        }
        for (int other = 0; other < leaves.length; other++) {
            if (other != l) {
                int s = (l + other) % SPINES;
                route(leaf, "spine" + s, new Prefix(pods(other, 0), 19), 0x0c000000 + s, mac(2, l * SPINES + s));
            }
        }
    }

    private void server(int number) {
        int l = number / PER_LEAF;
        int n = number % PER_LEAF;
        Node node = network.node("server" + number);
        Host host = new Host(node, "");
        host.stack().forwarding(true);
        Port down = leaves[l].addInterface("server" + n, mac(3, number)).port();
        network.cable(down, host.addInterface("eth0", mac(4, number)).port(), CableSpec.DEFAULT);
        int pods = pods(l, n);
        route(leaves[l], "server" + n, new Prefix(pods, 25), 0x0d000000 + number, mac(4, number));
        route(host, "eth0", Prefix.ALL, 0x0e000000 + l, mac(3, number));
        LinuxBridge bridge = new LinuxBridge(node, "cni0");
        NetInterface cni0 = host.addInterface("cni0", mac(5, number));
        cni0.address(new InterfaceAddress(pods + 1, 25));
        network.wire(cni0.port(), bridge.self(mac(5, number)));
        for (int e = 0; e < perServer; e++) {
            int index = number * perServer + e;
            Host pod = new Host(node, ("p" + e).intern());
            NetInterface eth0 = pod.addInterface("eth0", mac(6, index));
            eth0.address(new InterfaceAddress(pods + 2 + e, 25));
            pod.stack().route(Route.via(Prefix.ALL, pods + 1, eth0.index()));
            network.wire(eth0.port(), bridge.attach(("veth" + e).intern()));
            pod.stack().bind(ECHO, echo);
            endpoints[index] = pod;
        }
    }

    /** The same bytes back: addresses changed over, which leaves every checksum but the header's as it is. */
    private void answer(Port ingress, Frame frame, long now) {
        if (!answering) {
            ingress.consume(frame);
            return;
        }
        int at = frame.start() + Ethernet.LENGTH;
        Ipv4 ip = packets[ingress.node().ordinal()].wrap(frame, at);
        int source = ip.source();
        ip.source(ip.destination()).destination(source).ttl(64).seal();
        if (!((Host) ingress.device()).stack().send(frame, now)) {
            ingress.drop(frame, IpStack.Drop.NO_ROUTE);
        }
    }

    private void send(int from, int to, long now) {
        Host host = endpoints[from];
        Frame frame = host.node().originate(LENGTH);
        int at = frame.start() + Ethernet.LENGTH;
        int source = host.stack().interfaces().get(0).addresses().get(0).address();
        int destination =
                endpoints[to].stack().interfaces().get(0).addresses().get(0).address();
        packets[host.node().ordinal()]
                .wrap(frame, at)
                .start(LENGTH - Ethernet.LENGTH)
                .protocol(Ipv4.UDP)
                .source(source)
                .destination(destination)
                .seal();
        new Udp()
                .wrap(frame, at + Ipv4.LENGTH)
                .set(ECHO, ECHO, LENGTH - Ethernet.LENGTH - Ipv4.LENGTH)
                .seal(source, destination);
        host.stack().transmit(frame, now);
    }

    /** Every endpoint sends one packet to a random other one, and gets it back. */
    private void greet(RandomStream random, int workers) {
        engine = new Engine(network, new Engine.Options().workers(workers));
        answering = false;
        schedule(random, endpoints.length, true);
        engine.run(2_000 * MICROSECOND);
    }

    private void schedule(RandomStream random, int flows, boolean everyone) {
        for (int f = 0; f < flows; f++) {
            int from = everyone ? f : random.nextInt(endpoints.length);
            int to = random.nextInt(endpoints.length);
            // Two of one server would answer each other for ever at one instant: work costs nothing here.
            to = to / perServer == from / perServer ? (to + perServer) % endpoints.length : to;
            int target = to;
            long at = engine.now() + random.nextInt(1000) * MICROSECOND;
            endpoints[from].node().at(at, now -> send(from, target, now));
        }
    }

    /**
     * The whole measurement.
     *
     * @param progress told between rounds, which are not disturbed
     * @param clock nanoseconds of real time
     */
    public static Map<String, Object> measure(
            int servers, int perServer, int flows, int workers, Progress progress, LongSupplier clock) {
        progress.at("building", 0, 1);
        long empty = used();
        long begun = clock.getAsLong();
        FabricBench bench = new FabricBench(servers, perServer);
        long setup = clock.getAsLong() - begun;
        int all = servers * perServer;
        long idle = used() - empty;
        RandomStream random = bench.network.seed().stream("pairs");
        progress.at("every endpoint once", 0, 1);
        bench.greet(random, workers);
        long active = used() - empty;
        bench.answering = true;
        bench.schedule(random, flows, false);
        long warm = bench.engine.now() + WARM_UP;
        for (long done = 0; done < WARM_UP; done += ROUND) {
            progress.at("warming up", done, WARM_UP);
            bench.engine.run(warm - WARM_UP + done + ROUND);
        }
        double[] rounds = new double[5];
        long perRound = 0;
        for (int i = 0; i < rounds.length; i++) {
            progress.at("measuring", i, rounds.length);
            long before = bench.engine.deliveries();
            long start = clock.getAsLong();
            bench.engine.run(bench.engine.now() + ROUND);
            perRound = bench.engine.deliveries() - before;
            rounds[i] = (clock.getAsLong() - start) / (double) Math.max(1, perRound);
        }
        bench.engine.finish();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("nsPerHop", Measured.rounded(Measured.median(rounds)));
        result.put("nsPerHopSpread", Measured.spread(rounds));
        result.put("hopsPerSecond", Math.round(1e9 / Measured.median(rounds)));
        result.put("setupMillis", setup / 1_000_000);
        result.put("bytesPerIdleEndpoint", idle / all);
        result.put("bytesPerActiveEndpoint", active / all);
        result.put("endpoints", all);
        result.put("flows", flows);
        result.put("hopsPerRound", perRound);
        Measured.machine(result, workers);
        return result;
    }

    static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
