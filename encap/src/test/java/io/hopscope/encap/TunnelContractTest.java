package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every tunnel that registers. */
class TunnelContractTest {
    private static final Outer OUTER = Outer.between(1, 2, Corpus.ROUTER, Corpus.IP_B);
    private final SplittableRandom random = new SplittableRandom(2784);
    private final Ethernet eth = new Ethernet();
    private final Ipv4 ip = new Ipv4();

    static List<Tunnel> tunnels() {
        List<Tunnel> all = new ArrayList<>();
        ServiceLoader.load(Tunnel.class).forEach(all::add);
        return all;
    }

    @Test
    void theTunnelsOfTheIssueAreRegistered() {
        assertThat(tunnels())
                .extracting(Tunnel::name)
                .contains("vxlan", "ipip", "gre")
                .doesNotHaveDuplicates();
        assertThat(tunnels())
                .filteredOn(t -> t.name().equals("vxlan"))
                .extracting(Tunnel::overhead)
                .containsExactly(50);
        assertThat(tunnels())
                .filteredOn(t -> t.name().equals("ipip"))
                .extracting(Tunnel::overhead)
                .containsExactly(20);
        assertThat(tunnels())
                .filteredOn(t -> t.name().equals("gre"))
                .extracting(Tunnel::overhead)
                .containsExactly(24);
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void whatGoesInComesOutAndTheFrameGrowsByTheOverhead(Tunnel tunnel) {
        for (int i = 0; i < 2_000; i++) {
            Frame frame = inner(tunnel);
            byte[] before = Corpus.bytes(frame);
            int key = random.nextInt(1 << 24);
            Outer outer = OUTER.key(key).udpChecksum(random.nextBoolean()).df(random.nextBoolean());
            tunnel.encapsulate(frame, outer);
            assertThat(frame.length()).isEqualTo(before.length + tunnel.overhead());
            if (random.nextBoolean()) frame.length(frame.length() + random.nextInt(20)); // Ethernet padding
            assertThat(tunnel.decapsulate(frame)).isIn((long) key, 0L);
            int from = tunnel.carriesEthernet() ? 0 : Ethernet.LENGTH;
            byte[] after = Corpus.bytes(frame);
            assertThat(after).hasSameSizeAs(before);
            assertThat(Arrays.copyOfRange(after, from, after.length))
                    .isEqualTo(Arrays.copyOfRange(before, from, before.length));
            assertThat(eth.wrap(frame).type()).isEqualTo(View.get16(before, 12));
        }
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void theOuterPacketIsCompleteAndCorrect(Tunnel tunnel) {
        for (int i = 0; i < 500; i++) {
            Frame frame = inner(tunnel);
            tunnel.encapsulate(frame, OUTER.ttl(9).df(true).udpChecksum(i % 2 == 0));
            assertThat(Ethernet.fits(frame)).isTrue();
            assertThat(eth.wrap(frame).source()).isEqualTo(1);
            assertThat(eth.destination()).isEqualTo(2);
            assertThat(Ipv4.fits(frame, eth.end())).isTrue();
            ip.wrap(frame, eth.end());
            assertThat(ip.checksumOk()).isTrue();
            assertThat(ip.limit()).isEqualTo(frame.end());
            assertThat(ip.ttl()).isEqualTo(9);
            assertThat(ip.df()).isTrue();
            assertThat(ip.source()).isEqualTo(Corpus.ROUTER);
            assertThat(ip.destination()).isEqualTo(Corpus.IP_B);
            if (ip.protocol() == Ipv4.UDP) {
                assertThat(Udp.fits(frame, ip.end())).isTrue();
                Udp udp = new Udp().wrap(frame, ip.end());
                assertThat(udp.checksumOk(ip.source(), ip.destination())).isTrue();
                assertThat(udp.checksum() != 0).isEqualTo(i % 2 == 0);
                assertThat(udp.sourcePort()).isBetween(32768, 60998);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void ttlZeroAndDfAreInheritedFromAnInnerPacket(Tunnel tunnel) {
        Frame frame = Corpus.udp(1, 2, 20);
        new Ipv4().wrap(frame, frame.start() + 14).ttl(17).df(false).seal();
        tunnel.encapsulate(frame, OUTER.ttl(0));
        ip.wrap(frame, frame.start() + 14);
        assertThat(ip.ttl()).isEqualTo(tunnel.carriesEthernet() ? 64 : 17);
        assertThat(ip.df()).isFalse();
        Frame whole = Corpus.udp(1, 2, 20);
        tunnel.encapsulate(whole, OUTER);
        assertThat(ip.wrap(whole, whole.start() + 14).df()).as("DF copied").isEqualTo(!tunnel.carriesEthernet());
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void aFrameThatIsNotOfThisTunnelOrIsDamagedStaysAsItWas(Tunnel tunnel) {
        for (int i = 0; i < 20_000; i++) {
            Frame frame = inner(tunnel);
            if (i % 4 != 0) tunnel.encapsulate(frame, OUTER.udpChecksum(i % 2 == 0));
            if (i % 4 == 1) frame.length(random.nextInt(frame.length()));
            for (int n = i % 4 == 2 ? 1 + random.nextInt(4) : 0; n > 0; n--) {
                frame.bytes()[frame.start() + random.nextInt(frame.length())] = (byte) random.nextInt();
            }
            byte[] before = Corpus.bytes(frame);
            long key = tunnel.decapsulate(frame);
            if (i % 4 < 2) assertThat(key).isEqualTo(Tunnel.NOT_MINE);
            if (key == Tunnel.NOT_MINE) assertThat(Corpus.bytes(frame)).isEqualTo(before);
        }
    }

    /** A random frame a tunnel may be given: anything for an Ethernet tunnel, an IPv4 packet for the others. */
    private Frame inner(Tunnel tunnel) {
        int size = random.nextInt(400);
        if (!tunnel.carriesEthernet() || random.nextBoolean()) return Corpus.udp(random.nextInt(65536), 9, size);
        return Corpus.frame(Corpus.random(random, Ethernet.LENGTH + size));
    }
}
