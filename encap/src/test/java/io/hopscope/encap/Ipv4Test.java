package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Ipv4Test {
    private final Ipv4 ip = new Ipv4();

    /** RFC 1624 equation 3 against the slow way; the popular "+0x0100" fails here about once in 70,000 headers. */
    @Test
    void decrementingTheTtlGivesTheChecksumThatRecomputingGives() {
        var random = new SplittableRandom(3);
        byte[] header = new byte[20];
        for (int i = 0; i < 5_000_000; i++) {
            View.put64(header, 0, random.nextLong());
            View.put64(header, 8, random.nextLong());
            View.put32(header, 16, random.nextInt());
            header[0] = 0x45;
            ip.wrap(header, 0).ttl(1 + random.nextInt(255)).seal();
            int ttl = ip.ttl();
            int quick = ip.decrementTtl().checksum();
            int slow = ip.seal().checksum();
            if (quick != slow || ip.ttl() != ttl - 1) {
                assertThat(quick)
                        .as("header %s", java.util.HexFormat.of().formatHex(header))
                        .isEqualTo(slow);
                assertThat(ip.ttl()).isEqualTo(ttl - 1);
            }
        }
    }

    @Test
    void startsWithDfSetAndTtl64() {
        byte[] header = new byte[20];
        java.util.Arrays.fill(header, (byte) 0xee);
        ip.wrap(header, 0)
                .start(84)
                .protocol(Ipv4.ICMP)
                .source(Corpus.IP_A)
                .destination(Corpus.IP_B)
                .seal();
        assertThat(header).isEqualTo(VlanTest.hex("4500 0054 0000 4000 4001 5b90 0a01650b 0a01660c"));
        assertThat(ip.df()).isTrue();
        assertThat(ip.df(false).df()).isFalse();
        assertThat(ip.checksumOk()).isFalse();
        assertThat(ip.seal().checksumOk()).isTrue();
    }

    @Test
    void keepsFragmentFieldsApart() {
        ip.wrap(new byte[20], 0).start(20).df(false).mf(true).fragmentOffset(1480);
        assertThat(ip.fragmentOffset()).isEqualTo(1480);
        assertThat(ip.mf()).isTrue();
        assertThat(ip.df()).isFalse();
        assertThat(ip.mf(false).fragment()).isTrue();
        assertThat(ip.fragmentOffset(0).fragment()).isFalse();
        assertThat(ip.fragmentOffset(65528).fragmentOffset()).isEqualTo(65528);
        assertThat(ip.mf() || ip.df()).isFalse();
    }

    @Test
    void fitsOnlyWhatIsConsistent() {
        byte[] packet = Corpus.bytes(Corpus.udp(1, 2, 10));
        assertThat(Ipv4.fits(packet, 14, packet.length)).isTrue();
        assertThat(Ipv4.fits(packet, 14, packet.length - 1)).as("cut").isFalse();
        assertThat(Ipv4.fits(java.util.Arrays.copyOf(packet, 60), 14, 60))
                .as("padded")
                .isTrue();
        assertThat(Ipv4.fits(with(packet, 14, 0x65), 14, packet.length))
                .as("version")
                .isFalse();
        assertThat(Ipv4.fits(with(packet, 14, 0x44), 14, packet.length))
                .as("short header")
                .isFalse();
        assertThat(Ipv4.fits(with(packet, 14, 0x4f), 14, packet.length))
                .as("header longer than packet")
                .isFalse();
        assertThat(Ipv4.fits(with(packet, 17, 19), 14, packet.length))
                .as("total shorter than header")
                .isFalse();
    }

    @Test
    void udpChecksumZeroIsSentAsFfff() {
        Frame frame = Corpus.udp(1, 2, 2);
        Udp udp = new Udp().wrap(frame, frame.start() + 34);
        int data = udp.end();
        View.put16(frame.bytes(), data, 0);
        udp.seal(Corpus.IP_A, Corpus.IP_B);
        // adding the checksum to the sum makes it ffff, whose complement is 0
        View.put16(frame.bytes(), data, udp.checksum());
        assertThat(udp.seal(Corpus.IP_A, Corpus.IP_B).checksum()).isEqualTo(0xffff);
        assertThat(udp.checksumOk(Corpus.IP_A, Corpus.IP_B)).isTrue();
        assertThat(udp.checksum(0xfffe).checksumOk(Corpus.IP_A, Corpus.IP_B)).isFalse();
        assertThat(udp.checksum(0).checksumOk(Corpus.IP_A, Corpus.IP_B))
                .as("none sent")
                .isTrue();
    }

    @Test
    void udpFitsOnlyWithAllItsData() {
        byte[] packet = Corpus.bytes(Corpus.udp(1, 2, 10));
        assertThat(Udp.fits(packet, 34, packet.length)).isTrue();
        assertThat(Udp.fits(packet, 34, packet.length - 1)).isFalse();
        assertThat(Udp.fits(with(packet, 39, 7), 34, packet.length)).isFalse();
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }
}
