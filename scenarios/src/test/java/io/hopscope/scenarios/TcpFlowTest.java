package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.hopscope.core.Cost;
import io.hopscope.core.Costs;
import io.hopscope.core.Engine;
import io.hopscope.devices.TcpLayer;
import io.hopscope.protocols.tcp.ByteSource;
import io.hopscope.protocols.tcp.TcpCounter;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpUser;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Flows of TCP through devices: how fast they are, how fair, and that nothing is allocated for a segment. */
class TcpFlowTest {
    private static final long MILLI = 1_000_000_000L;
    private static final double SECOND = 1e12;
    private static final int SEGMENT = 1448;
    /** With all headers; on a cable FCS, preamble and gap come to it. */
    private static final int FRAME = 1514;

    private static final int ACK = 66;
    private static final int ON_CABLE = FRAME + 24;

    private static final String PAIR = """
            name: pair
            %s
            topology:
              nodes: {a: {address: 10.0.0.1/24}, b: {address: 10.0.0.2/24}}
              links: [{endpoints: ["a:eth0", "b:eth0"], rate: %s, delay: 50us}]
            """;

    /** A lab in which somebody sends without end. */
    private static final class Flows {
        private static final ByteSource ZEROS = (offset, to, at, length) -> Arrays.fill(to, at, at + length, (byte) 0);

        final Lab lab;
        final Engine engine;
        final List<TcpSocket> sinks = new ArrayList<>();

        Flows(String text, String from, String to, int count, long begin) {
            lab = Runner.check(Scenario.parse("flows.yaml", text, Map.of()));
            tcp(to).listen(0, 5001, 10, (socket, now) -> sinks.add(socket.sink(true)));
            engine = new Engine(lab.network(), new Engine.Options());
            engine.run(begin);
            int address = lab.address(to);
            for (int i = 0; i < count; i++) {
                lab.place(from).node().at(begin + i * MILLI, now -> {
                    TcpSocket socket = tcp(from).socket().handler(new Source());
                    assertThat(tcp(from).connect(socket, address, 5001, now)).isNull();
                });
            }
        }

        TcpLayer tcp(String name) {
            return lab.place(name).host().stack().tcp();
        }

        long count(String name, TcpCounter what) {
            return tcp(name).table().counter(what);
        }

        void run(long millis) {
            engine.run(engine.now() + millis * MILLI);
        }

        private static final class Source implements TcpUser {
            private long written;

            @Override
            public void connected(TcpSocket socket, long now) {
                writable(socket, now);
            }

            @Override
            public void writable(TcpSocket socket, long now) {
                int taken;
                do {
                    taken = socket.write(ZEROS, written, 131_072, now);
                    written += taken;
                } while (taken == 131_072);
            }
        }
    }

    @Test
    void oneFlowFillsTenGigabit() {
        Flows flows = new Flows(PAIR.formatted("cost: none", "10Gbps"), "a", "b", 1, 0);
        flows.run(20);
        long before = flows.sinks.get(0).bytesReceived();
        flows.run(100);
        double goodput = (flows.sinks.get(0).bytesReceived() - before) * 8 / 0.1;
        // Of 1538 bytes on the cable 1448 are data: 94.15 %; the link itself is full.
        assertThat(goodput).isCloseTo(10e9 * SEGMENT / ON_CABLE, within(0.001 * 10e9));
        assertThat(goodput * ON_CABLE / SEGMENT).isGreaterThan(0.95 * 10e9);
        assertThat(flows.count("a", TcpCounter.RETRANS_SEGS)).isZero();
        flows.engine.finish();
    }

    private static long of(Cost cost, int length) {
        return cost.frame() + cost.octet() * length;
    }

    /** Over a cable that is faster than the receiver: its stack takes as long for each frame as the costs say. */
    @Test
    void withCostsOneFlowIsAsFastAsTheReceiversLane() {
        Flows flows = new Flows(PAIR.formatted("", "100Gbps"), "a", "b", 1, 0);
        flows.run(50);
        long before = flows.sinks.get(0).bytesReceived();
        flows.run(100);
        double rate = (flows.sinks.get(0).bytesReceived() - before) * 8 / 0.1;
        double expected = SEGMENT * 8 * SECOND / of(Costs.defaults().of("host"), FRAME);
        assertThat(expected).isBetween(25e9, 26e9);
        assertThat(rate).isCloseTo(expected, within(0.01 * expected));
        flows.engine.finish();
    }

    /** On the 18 ports data and acknowledgments cross the same lane: two passes of Open vSwitch out, two back. */
    @Test
    void withCostsOneFlowIsAsFastAsTheLaneOfItsServer() {
        String faster = BuiltIn.source("openstack-provider")
                .replace("[\"compute1:eth0\", \"tor1:eth1\"]", "[\"compute1:eth0\", \"tor1:eth1\"]\n      rate: 40Gbps")
                .replace("[\"tor1:eth48\", \"core1:eth1\"]", "[\"tor1:eth48\", \"core1:eth1\"]\n      rate: 40Gbps");
        Flows flows = new Flows(faster, "inst1", "inst2", 1, 3000 * MILLI);
        flows.run(100);
        long before = flows.sinks.get(0).bytesReceived();
        long acks = flows.count("inst2", TcpCounter.OUT_SEGS);
        flows.run(200);
        long bytes = flows.sinks.get(0).bytesReceived() - before;
        double each = (flows.count("inst2", TcpCounter.OUT_SEGS) - acks) * (double) SEGMENT / bytes;
        Cost pass = Costs.defaults().of("ovs-bridge");
        double expected = SEGMENT * 8 * SECOND / (2 * of(pass, FRAME) + 2 * each * of(pass, ACK));
        assertThat(expected).isBetween(8e9, 10e9);
        assertThat(bytes * 8 / 0.2).isCloseTo(expected, within(0.02 * expected));
        flows.engine.finish();
    }

    @Test
    void behindFqCodelTwoFlowsHaveHalfEach() {
        Flows flows = new Flows("""
                name: fair
                cost: none
                topology:
                  nodes:
                    a: {address: 10.0.0.1/24, gateway: 10.0.0.254}
                    r: {forwarding: true, interfaces: {eth0: 10.0.0.254/24, eth1: 10.0.1.254/24}}
                    b: {address: 10.0.1.1/24, gateway: 10.0.1.254}
                  links:
                    - {endpoints: ["a:eth0", "r:eth0"], rate: 1Gbps, delay: 5ms}
                    - {endpoints: ["r:eth1", "b:eth0"], rate: 100Mbps, delay: 5ms, qdisc: {"r:eth1": fq_codel}}
                """, "a", "b", 2, 0);
        flows.run(2000);
        long first = flows.sinks.get(0).bytesReceived();
        long second = flows.sinks.get(1).bytesReceived();
        flows.run(10_000);
        double a = flows.sinks.get(0).bytesReceived() - first;
        double b = flows.sinks.get(1).bytesReceived() - second;
        assertThat((a + b) * 8 / 10 * ON_CABLE / SEGMENT).isGreaterThan(0.95 * 100e6);
        assertThat(a / (a + b)).isCloseTo(0.5, within(0.02));
        flows.engine.finish();
    }

    /** Data and acknowledgments on all 18 ports, in both stacks and in everything between them. */
    @Test
    void aSegmentAllocatesNothingOnceWarm() {
        Flows flows =
                new Flows(BuiltIn.source("openstack-provider") + "\ncost: none\n", "inst1", "inst2", 1, 3000 * MILLI);
        flows.run(200);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // What a round allocates for itself, and now and then what the JVM links late, is not a segment's.
        for (int round = 0; round < 3; round++) {
            long sent = flows.count("inst1", TcpCounter.OUT_SEGS);
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            flows.run(50);
            least = Math.min(
                    least,
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
            // Acknowledgments leave by the same cable.
            assertThat(flows.count("inst1", TcpCounter.OUT_SEGS) - sent).isGreaterThan(39_000);
        }
        assertThat(least).isLessThan(10_000);
        flows.engine.finish();
    }
}
