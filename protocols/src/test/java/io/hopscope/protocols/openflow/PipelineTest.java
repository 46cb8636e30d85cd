package io.hopscope.protocols.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Neutron's tables, their tracing, counters, timeouts and deletion. */
class PipelineTest {
    private static final String VM = "fa:16:3e:00:00:11";
    private static final String OTHER = "fa:16:3e:00:00:66";
    private static final TestPorts BR_INT = TestPorts.of("int-br-bond", "tap-inst1", "tap-inst2");

    private final Pipeline pipeline = new Pipeline(BR_INT);
    private final Journal journal = new Journal(pipeline);

    private void add(String... flows) {
        for (String flow : flows) pipeline.add(FlowParser.parse(flow, pipeline.ports()), 0);
    }

    private void neutron() {
        add(
                "table=0,priority=0,actions=NORMAL",
                "table=0,priority=2,in_port=int-br-bond,actions=drop",
                "table=0,priority=3,in_port=int-br-bond,dl_vlan=101,actions=mod_vlan_vid:1,NORMAL",
                "table=0,priority=3,in_port=int-br-bond,dl_vlan=0xffff,actions=mod_vlan_vid:7,NORMAL",
                "table=0,priority=10,arp,in_port=tap-inst1,actions=resubmit(,24)",
                "table=0,priority=10,icmp6,icmp_type=136,in_port=tap-inst1,actions=resubmit(,24)",
                "table=0,priority=9,in_port=tap-inst1,actions=resubmit(,25)",
                "table=23,priority=0,actions=drop",
                "table=24,priority=2,arp,in_port=tap-inst1,arp_spa=10.1.101.11,actions=resubmit(,25)",
                "table=24,priority=0,actions=drop",
                "table=25,priority=2,in_port=tap-inst1,dl_src=" + VM + ",actions=NORMAL");
    }

    private static byte[] arp(String senderIp) {
        byte[] arp = Packets.arp(1, VM, senderIp, "00:00:00:00:00:00", "10.1.101.1");
        return Packets.ethernet(Packets.BROADCAST, VM, -1, 0x0806, arp);
    }

    private static byte[] ping(String source, int tci) {
        byte[] packet = Packets.ipv4("10.1.101.11", "10.1.102.12", 1, 64, Packets.echo());
        return Packets.ethernet(OTHER, source, tci, 0x0800, packet);
    }

    @Test
    void forwardsWhatAnInstanceMaySend() {
        neutron();
        assertThat(journal.run(ping(VM, -1), 2).events).containsExactly("normal!");
        assertThat(journal.explanation)
                .isEqualTo("table 0: priority 9 in_port=tap-inst1 -> resubmit(,25); "
                        + "table 25: priority 2 in_port=tap-inst1,dl_src=fa:16:3e:00:00:11 -> NORMAL");
        assertThat(journal.run(arp("10.1.101.11"), 2).events).containsExactly("normal!");
    }

    @Test
    void dropsSpoofedArpInTable24() {
        neutron();
        assertThat(journal.run(arp("10.1.101.99"), 2).events).containsExactly("dropped DROP_ACTION!");
        assertThat(journal.explanation)
                .isEqualTo("table 0: priority 10 arp,in_port=tap-inst1 -> resubmit(,24); table 24: priority 0 -> drop");
    }

    @Test
    void dropsAnUnknownSourceMacInTable25() {
        neutron();
        assertThat(journal.run(ping(OTHER, -1), 2).events).containsExactly("dropped TABLE_MISS!");
        assertThat(journal.explanation).endsWith("; table 25: no flow matches (table miss: drop)");
        assertThat(pipeline.misses(25)).isEqualTo(1);
    }

    @Test
    void sendsNeighbourAdvertisementsToTheSpoofingTable() {
        neutron();
        byte[] ipv6 = new byte[48];
        ipv6[0] = 0x60;
        ipv6[5] = 8;
        ipv6[6] = 58;
        ipv6[40] = (byte) 136;
        journal.run(Packets.ethernet(OTHER, VM, -1, 0x86dd, ipv6), 2);
        assertThat(journal.explanation).endsWith("table 24: priority 0 -> drop");
        ipv6[40] = (byte) 135;
        assertThat(journal.run(Packets.ethernet(OTHER, VM, -1, 0x86dd, ipv6), 2).events)
                .containsExactly("normal!");
    }

    @Test
    void translatesProviderVlansToLocalOnes() {
        neutron();
        assertThat(journal.run(ping(OTHER, 0xa065), 1).events).containsExactly("normal@1!");
        assertThat(journal.hex().substring(24, 32)).as("priority 5 stays").isEqualTo("8100a001");
        assertThat(journal.run(ping(OTHER, -1), 1).events).containsExactly("normal@7!");
        assertThat(journal.bytes).hasSize(ping(OTHER, -1).length + 4);
        assertThat(journal.run(ping(OTHER, 999), 1).events).containsExactly("dropped DROP_ACTION!");
        assertThat(journal.run(ping(OTHER, -1), 3).events).containsExactly("normal!");
    }

    @Test
    void translatesLocalVlansToProviderOnesOnThePhysicalBridge() {
        add(
                "priority=0,actions=NORMAL",
                "priority=2,in_port=1,actions=drop",
                "priority=4,in_port=1,dl_vlan=1,actions=mod_vlan_vid:101,NORMAL",
                "priority=4,in_port=1,dl_vlan=2,actions=strip_vlan,NORMAL");
        assertThat(journal.run(ping(VM, 1), 1).events).containsExactly("normal@101!");
        assertThat(journal.run(ping(VM, 2), 1).events).containsExactly("normal!");
        assertThat(journal.bytes).isEqualTo(ping(VM, -1));
        assertThat(journal.run(ping(VM, 3), 1).events).containsExactly("dropped DROP_ACTION!");
        assertThat(journal.run(ping(VM, 3), 2).events).containsExactly("normal@3!");
    }

    @Test
    void floodsIntoTunnelsWithTheFrameOfEachMoment() {
        add(
                "priority=1,in_port=1,actions=resubmit(,2)",
                "table=2,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00,actions=resubmit(,22)",
                "table=22,dl_vlan=3,actions=output:9,strip_vlan,set_tunnel:100,output:2,output:1,output:3");
        byte[] frame = arp("10.1.101.11");
        frame = Packets.ethernet(Packets.BROADCAST, VM, 3, 0x0806, java.util.Arrays.copyOfRange(frame, 14, 42));
        assertThat(journal.run(frame, 1).events).containsExactly("output 9@3", "output 2", "output 3!");
        assertThat(journal.tunnel).isEqualTo(100);
    }

    @Test
    void matchesTheTunnelAFrameCameFrom() {
        add("tun_id=0x64,actions=mod_vlan_vid:3,resubmit(,10)", "table=10,actions=output:1");
        assertThat(journal.run(ping(VM, -1), 2, 100, 0).events).containsExactly("output 1@3!");
        assertThat(journal.run(ping(VM, -1), 2, 101, 0).events).containsExactly("dropped TABLE_MISS!");
    }

    @Test
    void neverOutputsToTheIngressPortButByItsName() {
        add("in_port=1,actions=output:1", "in_port=2,actions=IN_PORT", "in_port=3,actions=output:1,output:3");
        assertThat(journal.run(ping(VM, -1), 1).events).containsExactly("dropped INPUT_PORT!");
        assertThat(journal.run(ping(VM, -1), 2).events).containsExactly("in_port!");
        assertThat(journal.run(ping(VM, -1), 3).events).containsExactly("output 1", "spent!");
    }

    @Test
    void goesOnAfterAResubmitWhateverBecameOfIt() {
        add(
                "in_port=1,actions=resubmit(,5),output:2",
                "in_port=2,actions=output:1,resubmit(,6)",
                "in_port=3,actions=resubmit(1,7),output:1",
                "table=5,actions=mod_vlan_vid:9",
                "table=7,in_port=1,actions=IN_PORT");
        assertThat(journal.run(ping(VM, -1), 1).events).containsExactly("output 2@9!");
        assertThat(journal.run(ping(VM, -1), 2).events).containsExactly("output 1", "spent!");
        assertThat(journal.run(ping(VM, -1), 3).events).containsExactly("in_port", "output 1!");
    }

    @Test
    void leavesHeadersAloneThatNobodySeesAnyMore() {
        add("actions=output:2,mod_vlan_vid:9");
        assertThat(journal.run(ping(VM, -1), 1).events).containsExactly("output 2!");
    }

    @Test
    void stopsEndlessResubmits() {
        add("actions=resubmit(,0)");
        assertThat(journal.run(ping(VM, -1), 1).events).containsExactly("dropped TOO_DEEP!");
        Pipeline wide = new Pipeline(BR_INT);
        wide.add(FlowParser.parse("actions=resubmit(,0),resubmit(,0),output:2", BR_INT), 0);
        assertThat(new Journal(wide).run(ping(VM, -1), 1).events).containsExactly("dropped TOO_DEEP!");
        Pipeline deep = new Pipeline(BR_INT);
        for (int table = 0; table < 64; table++) {
            deep.add(FlowParser.parse("table=" + table + ",actions=resubmit(," + (table + 1) + ")", BR_INT), 0);
        }
        deep.add(FlowParser.parse("table=64,actions=output:2", BR_INT), 0);
        assertThat(new Journal(deep).run(ping(VM, -1), 1).events).containsExactly("output 2!");
    }

    @Test
    void saysThatNoControllerListens() {
        add("actions=CONTROLLER");
        assertThat(journal.run(ping(VM, -1), 1).events).containsExactly("dropped CONTROLLER!");
    }

    @Test
    void dumpsCountersWithTheLengthAtTheEntrance() {
        neutron();
        journal.run(ping(VM, -1), 2);
        journal.run(arp("10.1.101.11"), 2);
        journal.run(ping(OTHER, 101), 1);
        List<String> dump = pipeline.dump(62_973 * (Pipeline.SECOND / 1000));
        String head = " cookie=0x0, duration=62.973s, table=";
        assertThat(dump)
                .containsSubsequence(
                        head
                                + "0, n_packets=1, n_bytes=42, priority=10,arp,in_port=\"tap-inst1\""
                                + " actions=resubmit(,24)",
                        head + "0, n_packets=1, n_bytes=50, priority=9,in_port=\"tap-inst1\" actions=resubmit(,25)",
                        head + "0, n_packets=1, n_bytes=54, priority=3,in_port=\"int-br-bond\",dl_vlan=101"
                                + " actions=mod_vlan_vid:1,NORMAL",
                        head + "0, n_packets=0, n_bytes=0, priority=0 actions=NORMAL",
                        head + "25, n_packets=2, n_bytes=92, priority=2,in_port=\"tap-inst1\","
                                + "dl_src=fa:16:3e:00:00:11 actions=NORMAL");
    }

    @Test
    void replacesAFlowOfTheSameMatchAndPriority() {
        add("priority=5,in_port=1,actions=output:2");
        journal.run(ping(VM, -1), 1);
        add("cookie=7,priority=5,in_port=1,actions=output:3");
        assertThat(journal.run(ping(VM, -1), 1).events).containsExactly("output 3!");
        assertThat(pipeline.dump(0)).hasSize(1).first().asString().contains("cookie=0x7", "n_packets=1,");
    }

    @Test
    void deletesLooselyStrictlyAndByCookie() {
        neutron();
        add("cookie=0x5,table=60,actions=NORMAL");
        assertThat(delete("cookie=0x5/-1")).isEqualTo(1);
        assertThat(delete("table=0,in_port=int-br-bond")).isEqualTo(3);
        assertThat(delete("table=24,priority=2")).isEqualTo(1);
        assertThat(delete("dl_src=" + OTHER)).isZero();
        assertThat(delete("arp")).isEqualTo(1);
        assertThat(journal.run(arp("10.1.101.99"), 2).events).containsExactly("normal!");
        assertThat(delete("")).isEqualTo(pipeline.flows().size() + 6).isEqualTo(6);
        assertThat(journal.run(ping(VM, -1), 2).events).containsExactly("dropped TABLE_MISS!");
    }

    private int delete(String filter) {
        return pipeline.delete(FlowParser.filter(filter, BR_INT));
    }

    @Test
    void expiresIdleAndOldFlows() {
        add("idle_timeout=10,in_port=1,actions=NORMAL", "hard_timeout=15,in_port=2,actions=NORMAL", "actions=drop");
        assertThat(pipeline.nextExpiry()).isEqualTo(10 * Pipeline.SECOND);
        journal.run(ping(VM, -1), 1, 0, 6 * Pipeline.SECOND);
        journal.run(ping(VM, -1), 2, 0, 14 * Pipeline.SECOND);
        assertThat(pipeline.expire(10 * Pipeline.SECOND)).isEmpty();
        assertThat(pipeline.expire(15 * Pipeline.SECOND))
                .extracting(Flow::hardTimeout)
                .containsExactly(15);
        assertThat(pipeline.expire(16 * Pipeline.SECOND))
                .extracting(Flow::idleTimeout)
                .containsExactly(10);
        assertThat(pipeline.nextExpiry()).isEqualTo(Long.MAX_VALUE);
        assertThat(pipeline.flows()).hasSize(1);
    }

    @Test
    void keepsWalksApartThatAreNestedOverPatchPorts() {
        add(
                "in_port=1,actions=mod_vlan_vid:5,output:2,mod_vlan_vid:6,output:3",
                "in_port=2,actions=strip_vlan,output:1");
        Journal inner = new Journal(pipeline);
        Journal outer = new Journal(pipeline);
        Sink patched = (Sink) java.lang.reflect.Proxy.newProxyInstance(
                Sink.class.getClassLoader(), new Class<?>[] {Sink.class}, (proxy, method, arguments) -> {
                    if (inner.ends == 0) inner.run(ping(VM, 5), 2);
                    return method.invoke(outer, arguments);
                });
        pipeline.execute(Journal.frame(ping(VM, -1)), 1, 0, 0, patched, true);
        assertThat(inner.events).containsExactly("output 1!");
        assertThat(outer.events).containsExactly("output 2@5", "output 3@6!");
        assertThat(outer.explanation).startsWith("table 0: priority 32768 in_port=int-br-bond -> mod_vlan_vid:5");
        assertThat(pipeline.explanation()).isEmpty();
    }

    @Test
    void aTtlThatRunsOutEndsTheActionsOfItsTableOnly() {
        add("table=0,ip,actions=resubmit(,1),output:3", "table=1,ip,actions=dec_ttl,output:2");
        byte[] packet = Packets.ipv4("10.1.101.11", "10.1.102.12", 1, 1, Packets.echo());
        byte[] frame = Packets.ethernet(OTHER, VM, -1, 0x0800, packet);
        assertThat(journal.run(frame, 1).events).containsExactly("output 3!");
        assertThat(journal.hex()).isEqualTo(java.util.HexFormat.of().formatHex(frame));
    }
}
