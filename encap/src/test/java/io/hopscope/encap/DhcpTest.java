package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DhcpTest {
    private static byte[] offer() {
        var writer = new DhcpOption.Writer();
        writer.start(Dhcp.REPLY).xid(7).yiaddr(Ipv4Address.bits("10.7.0.106")).chaddr(0x02d000000002L);
        writer.put(DhcpOption.MESSAGE_TYPE, (byte) DhcpOption.OFFER)
                .word(DhcpOption.LEASE_TIME, 120)
                .put(DhcpOption.DOMAIN_NAME, "example.test");
        return writer.seal();
    }

    @Test
    void optionsAreFoundByTheirNumber() {
        Dhcp dhcp = new Dhcp().wrap(offer(), 0);
        assertThat(dhcp.messageType()).isEqualTo(DhcpOption.OFFER);
        assertThat(dhcp.word(DhcpOption.LEASE_TIME)).isEqualTo(120);
        assertThat(new String(dhcp.value(DhcpOption.DOMAIN_NAME))).isEqualTo("example.test");
        assertThat(dhcp.find(DhcpOption.ROUTER)).isEqualTo(-1);
        assertThat(dhcp.word(DhcpOption.MESSAGE_TYPE)).isZero();
    }

    @Test
    void aMessageIsPaddedToWhatBootpRelaysExpect() {
        assertThat(offer()).hasSize(300);
    }

    @Test
    void optionsWithoutTheirEndDoNotFit() {
        byte[] message = offer();
        int end = Dhcp.LENGTH + 3 + 6 + 14;
        assertThat(Dhcp.fits(message, 0, end + 1)).isTrue();
        assertThat(Dhcp.fits(message, 0, end)).isFalse();
        message[Dhcp.LENGTH + 1] = (byte) 200;
        assertThat(Dhcp.fits(message, 0, message.length)).isFalse();
    }

    @Test
    void anOptionWithoutRoomIsLeftOut() {
        var writer = new DhcpOption.Writer();
        writer.start(Dhcp.REPLY);
        for (int i = 0; i < 10; i++) writer.put(200 + i, new byte[100]);
        byte[] message = writer.seal();
        assertThat(Dhcp.fits(message, 0, message.length)).isTrue();
        assertThat(message.length).isLessThanOrEqualTo(548);
    }

    @Test
    void titlesNameTheMessageAndTheAddress() {
        Frame frame = Corpus.dhcp(Dhcp.REQUEST, DhcpOption.DISCOVER);
        assertThat(Printer.summary(frame)).isEqualTo("DHCP Discover 10.1.102.12");
        byte[] cut = Arrays.copyOf(Corpus.bytes(frame), 100);
        assertThat(Printer.line(cut, 0, cut.length)).contains("[|bootp]");
    }
}
