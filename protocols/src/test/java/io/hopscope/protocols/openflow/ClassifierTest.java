package io.hopscope.protocols.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hopscope.encap.Frame;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The classifier against a search flow by flow, and what it costs. */
class ClassifierTest {
    private static final String[] MACS = {"00:00:00:00:00:01", "00:00:00:00:00:02", "01:00:5e:00:00:01"};
    private static final String[] IPS = {"10.0.0.1", "10.0.0.2", "10.0.1.1", "192.168.0.1"};

    private static <T> T pick(Random random, T[] from) {
        return from[random.nextInt(from.length)];
    }

    private static String flow(Random random) {
        List<String> parts = new ArrayList<>(List.of("priority=" + random.nextInt(6)));
        if (random.nextBoolean()) parts.add("in_port=" + (1 + random.nextInt(3)));
        switch (random.nextInt(6)) {
            case 0 -> parts.add("dl_vlan=" + random.nextInt(3));
            case 1 -> parts.add("dl_vlan=0xffff");
            case 2 -> parts.add("vlan_tci=0x1000/0x1000");
            default -> {}
        }
        if (random.nextInt(3) == 0) parts.add("dl_src=" + pick(random, MACS));
        if (random.nextInt(3) == 0) parts.add("dl_dst=01:00:00:00:00:00/01:00:00:00:00:00");
        String[] types = {"arp", "ip", "udp", "tcp", "icmp", "ipv6", ""};
        String type = pick(random, types);
        if (!type.isEmpty()) parts.add(type);
        boolean addresses = !type.isEmpty() && !type.equals("ipv6");
        if (addresses && random.nextBoolean()) parts.add("nw_src=" + pick(random, IPS) + "/" + (random.nextInt(5) * 8));
        if (addresses && random.nextBoolean()) parts.add("nw_dst=" + pick(random, IPS));
        if ((type.equals("udp") || type.equals("tcp")) && random.nextBoolean()) {
            parts.add("tp_dst=" + (random.nextBoolean() ? "0x50/0xfff0" : "80"));
        }
        return String.join(",", parts) + ",actions=output:" + (100 + random.nextInt(1000));
    }

    private static byte[] frame(Random random) {
        int tci = random.nextInt(4) - 1;
        String from = pick(random, IPS);
        String to = pick(random, IPS);
        String mac = pick(random, MACS);
        int port = 80 + random.nextInt(3);
        int ttl = 1 + random.nextInt(64);
        return switch (random.nextInt(5)) {
            case 0 ->
                Packets.ethernet(
                        pick(random, MACS), mac, tci, 0x0806, Packets.arp(1, mac, from, pick(random, MACS), to));
            case 1 ->
                Packets.ethernet(
                        pick(random, MACS),
                        mac,
                        tci,
                        0x0800,
                        Packets.ipv4(from, to, 17, ttl, Packets.udp(from, to, 9, port)));
            case 2 ->
                Packets.ethernet(
                        pick(random, MACS),
                        mac,
                        tci,
                        0x0800,
                        Packets.ipv4(from, to, 6, ttl, Packets.tcp(from, to, 9, port)));
            case 3 ->
                Packets.ethernet(pick(random, MACS), mac, tci, 0x0800, Packets.ipv4(from, to, 1, ttl, Packets.echo()));
            default -> Packets.ethernet(pick(random, MACS), mac, tci, 0x88cc, new byte[46]);
        };
    }

    /** All flows, those of equal priority in the order they came; no cleverness. */
    private static Flow linear(List<Flow> flows, long[] key) {
        Flow best = null;
        for (Flow flow : flows) {
            if (flow.match().accepts(key) && (best == null || flow.priority() > best.priority())) best = flow;
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesWithASearchFlowByFlow(long seed) {
        Random random = new Random(seed);
        int found = 0;
        for (int round = 0; round < 60; round++) {
            FlowTable table = new FlowTable();
            List<Flow> reference = new ArrayList<>();
            for (int step = 0; step < 120; step++) {
                change(random, table, reference);
                // the second round is answered from the cache
                long frames = random.nextLong();
                for (int again = 0; again < 2; again++) found += compare(new Random(frames), table, reference);
            }
            assertThat(table.rules()).hasSameSizeAs(reference);
        }
        assertThat(found).isGreaterThan(30_000);
    }

    private static int compare(Random random, FlowTable table, List<Flow> reference) {
        int found = 0;
        for (int i = 0; i < 6; i++) {
            FlowKey key = new FlowKey();
            key.extract(Journal.frame(frame(random)), 1 + random.nextInt(3), 0);
            Rule rule = table.lookup(key.words);
            assertThat(rule == null ? null : rule.flow).isEqualTo(linear(reference, key.words));
            if (rule != null) found++;
        }
        return found;
    }

    private static void change(Random random, FlowTable table, List<Flow> reference) {
        if (random.nextInt(4) > 0 || reference.isEmpty()) {
            Flow flow = FlowParser.parse(flow(random), PortNames.NUMBERS);
            table.add(flow, 0);
            for (int i = 0; i < reference.size(); i++) {
                Flow old = reference.get(i);
                if (old.priority() == flow.priority() && old.match().equals(flow.match())) {
                    reference.set(i, flow);
                    return;
                }
            }
            reference.add(flow);
        } else {
            Flow gone = reference.remove(random.nextInt(reference.size()));
            for (Rule rule : table.rules()) {
                if (rule.flow == gone) table.remove(rule);
            }
        }
    }

    static Pipeline neutron() {
        Pipeline pipeline = new Pipeline(PortNames.NUMBERS);
        List<String> flows = new ArrayList<>(List.of(
                "priority=0,actions=resubmit(,60)",
                "priority=2,in_port=1,actions=drop",
                "priority=3,in_port=1,dl_vlan=101,actions=mod_vlan_vid:1,resubmit(,60)",
                "priority=3,in_port=1,dl_vlan=102,actions=mod_vlan_vid:2,resubmit(,60)",
                "table=23,priority=0,actions=drop",
                "table=24,priority=0,actions=drop",
                "table=60,priority=3,actions=NORMAL"));
        for (int port = 2; port < 8; port++) {
            flows.add("priority=10,arp,in_port=" + port + ",actions=resubmit(,24)");
            flows.add("priority=9,in_port=" + port + ",actions=resubmit(,25)");
            flows.add("table=24,priority=2,arp,in_port=" + port + ",arp_spa=10.0.0." + port + ",actions=resubmit(,25)");
            flows.add("table=25,priority=2,in_port=" + port + ",dl_src=fa:16:3e:00:00:0" + port
                    + ",actions=resubmit(,60)");
        }
        for (String flow : flows) pipeline.add(FlowParser.parse(flow, PortNames.NUMBERS), 0);
        return pipeline;
    }

    /** Counts and keeps nothing. */
    private static final class Counter implements Sink {
        private long outputs;

        @Override
        public void output(int port, Frame frame, boolean last) {
            outputs++;
        }

        @Override
        public void normal(Frame frame, boolean last) {
            outputs++;
        }

        @Override
        public void flood(Frame frame, boolean last) {
            outputs++;
        }

        @Override
        public void all(Frame frame, boolean last) {
            outputs++;
        }

        @Override
        public void inPort(Frame frame, boolean last) {
            outputs++;
        }

        @Override
        public void local(Frame frame, boolean last) {
            outputs++;
        }

        @Override
        public void dropped(Frame frame, DropCause cause) {}

        @Override
        public void spent(Frame frame) {}
    }

    private static void run(Pipeline pipeline, Frame up, Frame down, Counter counter, int times) {
        for (int i = 0; i < times; i++) {
            pipeline.execute(up, 3, 0, i, counter, false);
            // back to the provider VLAN, so that the next round translates again
            down.bytes()[down.start() + 15] = 101;
            pipeline.execute(down, 1, 0, i, counter, false);
        }
    }

    @Test
    void allocatesNothingForAFrame() {
        Pipeline pipeline = neutron();
        byte[] packet = Packets.ipv4("10.0.0.3", "10.0.0.4", 1, 64, Packets.echo());
        Frame up = Journal.frame(Packets.ethernet("fa:16:3e:00:00:04", "fa:16:3e:00:00:03", -1, 0x0800, packet));
        Frame down = Journal.frame(Packets.ethernet("fa:16:3e:00:00:04", "fa:16:3e:00:00:03", 101, 0x0800, packet));
        Counter counter = new Counter();
        run(pipeline, up, down, counter, 100_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        run(pipeline, up, down, counter, 100_000);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        assertThat(allocated).as("bytes for 200 000 frames").isLessThan(10_000);
        assertThat(counter.outputs).isEqualTo(400_000);
    }
}
