package io.hopscope.protocols.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.Udp;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What actions make of the bytes: compared with frames put together with the new values from the start. */
class RewriteTest {
    private static final String A = "00:00:00:00:00:0a";
    private static final String B = "00:00:00:00:00:0b";

    private static Journal apply(String actions, byte[] frame) {
        Pipeline pipeline = new Pipeline(PortNames.NUMBERS);
        pipeline.add(FlowParser.parse("actions=" + actions, PortNames.NUMBERS), 0);
        return new Journal(pipeline).run(frame, 1);
    }

    private static byte[] udp(String from, String to, int source, int destination, int ttl) {
        byte[] packet = Packets.ipv4(from, to, 17, ttl, Packets.udp(from, to, source, destination));
        return Packets.ethernet(B, A, -1, 0x0800, packet);
    }

    private static byte[] tcp(String from, String to, int source, int destination, int ttl) {
        byte[] packet = Packets.ipv4(from, to, 6, ttl, Packets.tcp(from, to, source, destination));
        return Packets.ethernet(B, A, 5, 0x0800, packet);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mod_nw_src:192.0.2.1,mod_nw_dst:198.51.100.2,dec_ttl,mod_tp_src:1000,mod_tp_dst:2000,output:2",
                "set_field:192.0.2.1->ip_src,set_field:198.51.100.2->nw_dst,mod_nw_ttl:63,load:1000->NXM_OF_UDP_SRC[],"
                        + "load:1000->NXM_OF_TCP_SRC[],set_field:2000->udp_dst,set_field:2000->tcp_dst,output:2"
            })
    void rewritesAddressesAndPortsWithTheirChecksums(String actions) {
        assertThat(apply(actions, udp("10.0.0.1", "10.0.0.2", 53, 4000, 64)).bytes)
                .isEqualTo(udp("192.0.2.1", "198.51.100.2", 1000, 2000, 63));
        assertThat(apply(actions, tcp("10.0.0.1", "10.0.0.2", 53, 4000, 64)).bytes)
                .isEqualTo(tcp("192.0.2.1", "198.51.100.2", 1000, 2000, 63));
    }

    @Test
    void leavesAnAbsentUdpChecksumAbsent() {
        byte[] frame = udp("10.0.0.1", "10.0.0.2", 53, 4000, 64);
        frame[40] = 0;
        frame[41] = 0;
        byte[] out = apply("mod_nw_src:1.1.1.1,output:2", frame).bytes;
        assertThat(out[40] | out[41]).isZero();
    }

    @Test
    void keepsChecksumsRightThroughRandomRewrites() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            String address = random.nextInt(256) + ".0.255." + random.nextInt(256);
            String actions = "mod_nw_src:" + address + ",mod_tp_dst:" + random.nextInt(65536) + ",output:2";
            byte[] u = apply(actions, udp("255.255.0.0", "10.0.0.2", 0, 65535, 1)).bytes;
            Ipv4 ip = new Ipv4().wrap(u, 14);
            assertThat(ip.checksumOk()).isTrue();
            assertThat(new Udp().wrap(u, 34).checksumOk(ip.source(), ip.destination()))
                    .isTrue();
            byte[] t = apply(actions, tcp("255.255.0.0", "10.0.0.2", 0, 65535, 1)).bytes;
            ip.wrap(t, 18);
            assertThat(new Tcp().wrap(t, 38).checksumOk(ip.source(), ip.destination(), 24))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void dropsWhatHasNoHopsLeft(int ttl) {
        Journal journal = apply("dec_ttl,output:2", udp("10.0.0.1", "10.0.0.2", 53, 4000, ttl));
        assertThat(journal.events).containsExactly("dropped TTL_EXPIRED!");
        assertThat(journal.explanation).endsWith("; TTL expired");
    }

    @Test
    void answersArpAsNeutronsResponderDoes() {
        byte[] request = Packets.ethernet(
                Packets.BROADCAST, A, 3, 0x0806, Packets.arp(1, A, "10.0.0.1", "00:00:00:00:00:00", "10.0.0.2"));
        byte[] reply = Packets.ethernet(A, B, 3, 0x0806, Packets.arp(2, B, "10.0.0.2", A, "10.0.0.1"));
        Journal journal = apply(
                "move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],mod_dl_src:" + B + ",load:0x2->NXM_OF_ARP_OP[],"
                        + "move:NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[],move:NXM_OF_ARP_SPA[]->NXM_OF_ARP_TPA[],"
                        + "load:0xb->NXM_NX_ARP_SHA[],load:0x0a000002->NXM_OF_ARP_SPA[],in_port",
                request);
        assertThat(journal.events).containsExactly("in_port@3!");
        assertThat(journal.bytes).isEqualTo(reply);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1|set_field:4100->vlan_vid,output:2|output 2!",
                "-1|push_vlan:0x8100,set_field:4100->vlan_vid,output:2|output 2@4!",
                "-1|mod_vlan_pcp:3,output:2|output 2@0!",
                "9|set_field:4100->vlan_vid,output:2|output 2@4!",
                "9|load:0->NXM_OF_VLAN_TCI[],output:2|output 2!",
                "9|load:4->NXM_OF_VLAN_TCI[0..11],output:2|output 2@4!",
                "9|pop_vlan,pop_vlan,output:2|output 2!",
                "9|push_vlan:0x8100,pop_vlan,output:2|output 2@9!",
                "9|move:NXM_OF_VLAN_TCI[0..11]->NXM_NX_REG0[0..11],mod_vlan_vid:1,"
                        + "move:NXM_NX_REG0[0..11]->NXM_OF_VLAN_TCI[0..11],output:2|output 2@9!"
            })
    void tagsAndUntags(int tci, String actions, String event) {
        byte[] payload = Packets.ipv4("10.0.0.1", "10.0.0.2", 1, 64, Packets.echo());
        byte[] frame = Packets.ethernet(B, A, tci, 0x0800, payload);
        Journal journal = apply(actions, frame);
        assertThat(journal.events).containsExactly(event);
        assertThat(journal.hex()).endsWith("0800" + java.util.HexFormat.of().formatHex(payload));
    }

    @Test
    void matchesTheChangedFrameInLaterTables() {
        Pipeline pipeline = new Pipeline(PortNames.NUMBERS);
        for (String flow : new String[] {
            "ip,actions=mod_vlan_vid:4,mod_nw_dst:1.2.3.4,load:5->NXM_NX_REG3[],resubmit(,1)",
            "table=1,ip,dl_vlan=4,reg3=5,nw_dst=1.2.3.4,actions=strip_vlan,resubmit(,2)",
            "table=2,udp,vlan_tci=0,reg3=5,nw_dst=1.2.3.4,tp_dst=4000,actions=output:3"
        }) {
            pipeline.add(FlowParser.parse(flow, PortNames.NUMBERS), 0);
        }
        Journal journal = new Journal(pipeline).run(udp("10.0.0.1", "10.0.0.2", 53, 4000, 64), 1);
        assertThat(journal.events).containsExactly("output 3!");
        assertThat(journal.bytes).isEqualTo(udp("10.0.0.1", "1.2.3.4", 53, 4000, 64));
    }

    @Test
    void survivesAnyBytesWithAnyAction() {
        Random random = new Random(3);
        byte[][] seeds = {
            udp("10.0.0.1", "10.0.0.2", 53, 4000, 64),
            tcp("10.0.0.1", "10.0.0.2", 53, 4000, 64),
            Packets.ethernet(B, A, 3, 0x0806, Packets.arp(1, A, "10.0.0.1", B, "10.0.0.2")),
            Packets.ethernet(B, A, 3, 0x8100, Packets.ipv4("10.0.0.1", "10.0.0.2", 1, 64, Packets.echo()))
        };
        String[] actions = {
            "mod_vlan_vid:5",
            "strip_vlan",
            "push_vlan:0x8100",
            "mod_nw_src:1.2.3.4",
            "mod_tp_dst:7",
            "dec_ttl",
            "load:2->NXM_OF_ARP_OP[]",
            "load:7->NXM_NX_ARP_THA[]",
            "mod_dl_dst:" + A,
            "mod_nw_tos:4",
            "mod_vlan_pcp:1"
        };
        for (int i = 0; i < 20_000; i++) {
            byte[] seed = seeds[random.nextInt(seeds.length)];
            byte[] frame = java.util.Arrays.copyOf(seed, random.nextInt(seed.length + 20));
            for (int n = random.nextInt(4); n > 0 && frame.length > 0; n--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            StringBuilder list = new StringBuilder();
            for (int n = 0; n < 5; n++)
                list.append(actions[random.nextInt(actions.length)]).append(',');
            assertThat(apply(list + "output:2", frame).ends).isEqualTo(1);
        }
    }
}
