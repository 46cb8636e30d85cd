package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** BPDUs and VRRP advertisements against bytes of others. */
class ControlPlaneTest {
    /** What a Linux 6.18 bridge of priority 8192 sent behind a root of 4096, with hello 1 s, max age 6 s, delay 4 s. */
    private static final byte[] CONFIGURATION = HexFormat.of()
            .parseHex("4242030000000001" + "1000020b00000001" + "00000002" + "2000020b00000002" + "8002" + "0107"
                    + "0600" + "0100" + "0400");

    @Test
    void readsAndWritesTheConfigurationOfALinuxBridge() {
        assertThat(Bpdu.announced(CONFIGURATION, 0, CONFIGURATION.length)).isTrue();
        assertThat(Bpdu.fits(CONFIGURATION, 3, CONFIGURATION.length)).isTrue();
        Bpdu bpdu = new Bpdu().wrap(CONFIGURATION, 3);
        assertThat(Bpdu.id(bpdu.root())).isEqualTo("1000.020b00000001");
        assertThat(Bpdu.id(bpdu.bridge())).isEqualTo("2000.020b00000002");
        assertThat(bpdu.flag(Bpdu.TC)).isTrue();
        assertThat(bpdu.cost()).isEqualTo(2);
        assertThat(bpdu.port()).isEqualTo(0x8002);
        assertThat(bpdu.maxAge()).isEqualTo(6_000_000_000_000L);
        assertThat(bpdu.messageAge()).isEqualTo(1_027_343_750_000L);
        byte[] written = new byte[CONFIGURATION.length];
        Bpdu.announce(written, 0);
        Bpdu out = new Bpdu().wrap(written, 3);
        assertThat(out.start(Bpdu.CONFIGURATION)).isEqualTo(35);
        out.flags(Bpdu.TC).root(bpdu.root()).cost(2).bridge(bpdu.bridge()).port(0x8002);
        out.times(bpdu.messageAge(), bpdu.maxAge(), bpdu.hello(), bpdu.forwardDelay());
        assertThat(written).isEqualTo(CONFIGURATION);
    }

    @Test
    void nothingShortOrOfAnotherProtocolFits() {
        for (int length = 0; length < 35; length++) {
            assertThat(Bpdu.fits(CONFIGURATION, 3, 3 + length)).isFalse();
        }
        byte[] other = CONFIGURATION.clone();
        other[3] = 1;
        assertThat(Bpdu.fits(other, 3, other.length)).isFalse();
        byte[] advertisement = new byte[12];
        assertThat(Vrrp.fits(advertisement, 0, 12)).isFalse();
        new Vrrp().wrap(advertisement, 0).start(1, 2);
        assertThat(Vrrp.fits(advertisement, 0, 12)).as("one address of two").isFalse();
    }

    /** The checksum was checked by hand: the sum of 10.0.0.2, 224.0.0.18, 112, 12 and the words of the advertisement. */
    @Test
    void sealsAnAdvertisementWithThePseudoHeader() {
        byte[] bytes = new byte[12];
        Vrrp vrrp = new Vrrp().wrap(bytes, 0).start(101, 1).priority(200).interval(1_000_000_000_000L);
        vrrp.address(0, Ipv4Address.bits("10.1.101.1"));
        int source = Ipv4Address.bits("10.1.101.2");
        vrrp.seal(source, Vrrp.GROUP);
        assertThat(HexFormat.of().formatHex(bytes, 0, 6)).isEqualTo("3165c8010064");
        int sum = 0x0a01 + 0x6502 + 0xe000 + 0x0012 + 112 + 12 + 0x3165 + 0xc801 + 0x0064 + 0x0a01 + 0x6501;
        assertThat(View.get16(bytes, 6)).isEqualTo(~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
        assertThat(vrrp.checksumOk(source, Vrrp.GROUP)).isTrue();
        assertThat(vrrp.checksumOk(source + 1, Vrrp.GROUP)).isFalse();
        assertThat(MacAddress.text(Vrrp.mac(101))).isEqualTo("00:00:5e:00:01:65");
    }
}
