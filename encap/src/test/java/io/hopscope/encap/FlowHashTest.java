package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FlowHashTest {
    @Test
    void computesTheSourcePortAsLinuxDoes() {
        var random = new SplittableRandom(4789);
        for (int i = 0; i < 100_000; i++) {
            int hash = random.nextInt();
            BigInteger h = BigInteger.valueOf((hash ^ (hash << 16)) & 0xffff_ffffL);
            int expected =
                    h.multiply(BigInteger.valueOf(60999 - 32768)).shiftRight(32).intValueExact() + 32768;
            assertThat(FlowHash.vxlanPort(hash)).isEqualTo(expected);
        }
        assertThat(FlowHash.vxlanPort(0)).isEqualTo(32768);
        assertThat(FlowHash.vxlanPort(0xffff0000)).isEqualTo(60998);
    }

    @Test
    void isTheSameForAllPacketsOfAFlowTaggedOrNotWhateverTheyCarry() {
        Frame first = Corpus.udp(40000, 9, 10);
        Frame second = Corpus.udp(40000, 9, 1000);
        Vlan.push(second, 101);
        new Ipv4().wrap(second, second.start() + 18).ttl(3).id(99).seal();
        assertThat(FlowHash.of(first, first.start())).isEqualTo(FlowHash.of(second, second.start()));
    }

    @Test
    void fragmentsOfOnePacketStayTogether() {
        Frame first = Corpus.udp(40000, 9, 64);
        Frame last = Corpus.udp(1, 2, 64);
        new Ipv4().wrap(first, first.start() + 14).mf(true).seal();
        new Ipv4().wrap(last, last.start() + 14).fragmentOffset(72).seal();
        assertThat(FlowHash.of(first, first.start())).isEqualTo(FlowHash.of(last, last.start()));
    }

    @Test
    void spreadsPortsAddressesAndMacsEvenly() {
        int[] buckets = new int[16];
        var ports = new TreeSet<Integer>();
        Frame frame = Corpus.udp(0, 9, 0);
        for (int port = 0; port < 16_000; port++) {
            View.put16(frame.bytes(), frame.start() + 34, port);
            int hash = FlowHash.of(frame, frame.start());
            buckets[hash >>> 28]++;
            ports.add(FlowHash.vxlanPort(hash));
        }
        for (int count : buckets) assertThat(count).isBetween(850, 1150);
        // 28,231 ports, 16,000 balls: 28,231 (1 - e^(-16,000/28,231)) = 12,213
        assertThat(ports.size()).isBetween(12_000, 12_400);
        Frame arp = Corpus.arp(Arp.REQUEST, 1, 0, 2);
        int before = FlowHash.of(arp, arp.start());
        new Ethernet().wrap(arp).source(Corpus.MAC_A + 1);
        assertThat(FlowHash.of(arp, arp.start())).isNotEqualTo(before);
    }

    @Test
    void theTwoDirectionsDiffer() {
        Frame there = Corpus.udp(40000, 9, 0);
        Frame back = Corpus.udp(9, 40000, 0);
        new Ipv4()
                .wrap(back, back.start() + 14)
                .source(Corpus.IP_B)
                .destination(Corpus.IP_A)
                .seal();
        assertThat(FlowHash.of(there, there.start())).isNotEqualTo(FlowHash.of(back, back.start()));
    }
}
