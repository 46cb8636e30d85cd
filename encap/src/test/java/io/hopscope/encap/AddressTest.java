package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    private final SplittableRandom random = new SplittableRandom(826);

    @Test
    void printsAnAddressAsTheJdkDoesAndReadsItBack() throws UnknownHostException {
        for (int i = 0; i < 100_000; i++) {
            int bits = random.nextInt();
            byte[] four = {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
            String text = Ipv4Address.text(bits);
            assertThat(text).isEqualTo(InetAddress.getByAddress(four).getHostAddress());
            assertThat(Ipv4Address.bits(text)).isEqualTo(bits);
        }
    }

    @Test
    void printsAMacInSixPairsAndReadsItBack() {
        for (int i = 0; i < 100_000; i++) {
            long bits = random.nextLong() >>> 16;
            String text = MacAddress.text(bits);
            assertThat(text).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
            assertThat(Long.parseLong(text.replace(":", ""), 16)).isEqualTo(bits);
            assertThat(MacAddress.bits(text)).isEqualTo(bits);
        }
        assertThat(MacAddress.bits("FA-16-3e-0-0-1")).isEqualTo(0xfa163e000001L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "256.0.0.1",
                "1..2.3",
                "01.2.3.4",
                "1.2.3.4 ",
                "a.b.c.d",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.99999999999",
                "-1.2.3.4",
                "1.2.3.00",
                "1.2.3.٣"
            })
    void refusesWhatIsNoAddressAndSaysWhatItFound(String text) {
        assertThatThrownBy(() -> Ipv4Address.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found '" + text + "', expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fa:16:3e:00:00",
                "fa:16:3e:00:00:11:22",
                "fa:16:3e:00:00:1g",
                "fa:16:3e:00:00:111",
                "fa16.3e00.0011",
                "fa:16-3e:00:00:11",
                ":fa:16:3e:00:00",
                "fa:16:3e:00:00:",
                "fa::16:3e:00:00"
            })
    void refusesWhatIsNoMac(String text) {
        assertThatThrownBy(() -> MacAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0.0/024",
                "10.0.0.0/2 ",
                "/24",
                "10.0.0/24",
                "10.0.0.0/08"
            })
    void refusesWhatIsNoPrefix(String text) {
        assertThatThrownBy(() -> Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InterfaceAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPrefixHasNoHostBitsAndAnInterfaceKeepsThem() {
        assertThatThrownBy(() -> Prefix.parse("10.0.0.1/24")).hasMessageContaining("expected 10.0.0.0/24");
        var address = InterfaceAddress.parse("10.1.101.11/24");
        assertThat(address).hasToString("10.1.101.11/24");
        assertThat(address.prefix()).hasToString("10.1.101.0/24");
        assertThat(address.prefix().mask()).isEqualTo(0xffffff00);
        assertThat(Ipv4Address.text(address.prefix().broadcast())).isEqualTo("10.1.101.255");
        assertThatThrownBy(() -> InterfaceAddress.parse("10.1.101.11")).hasMessageContaining("prefix length");
        assertThat(Prefix.parse("10.1.1.1")).hasToString("10.1.1.1/32");
    }

    @Test
    void containsExactlyTheAddressesThatShareItsFirstBits() {
        for (int i = 0; i < 100_000; i++) {
            int length = random.nextInt(33);
            int base = random.nextInt();
            int other = base ^ (random.nextBoolean() ? random.nextInt() : random.nextInt() >>> random.nextInt(32));
            int common = Integer.numberOfLeadingZeros(base ^ other);
            assertThat(new Prefix(base, length).contains(other)).isEqualTo(common >= length);
        }
        assertThat(Prefix.ALL.contains(-1)).isTrue();
    }

    @Test
    void knowsGroupsFromStations() {
        assertThat(MacAddress.isGroup(Ethernet.BROADCAST)).isTrue();
        assertThat(MacAddress.isGroup(0x0180c2000000L)).isTrue();
        assertThat(MacAddress.isGroup(0xfa163e000011L)).isFalse();
        assertThat(Ipv4Address.isMulticast(Ipv4Address.bits("224.0.0.18"))).isTrue();
        assertThat(Ipv4Address.isMulticast(Ipv4Address.bits("240.0.0.1"))).isFalse();
    }

    @Test
    void sortsAddressesAsPeopleDo() {
        assertThat(Ipv4Address.parse("10.0.0.1")).isLessThan(Ipv4Address.parse("192.168.0.1"));
        assertThat(Prefix.parse("10.0.0.0/8")).isLessThan(Prefix.parse("10.0.0.0/9"));
    }
}
