package io.hopscope.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Udp;
import io.hopscope.encap.Vlan;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PacketFilterTest {
    private static final int A = Ipv4Address.bits("10.0.0.1");
    private static final int B = Ipv4Address.bits("10.0.1.2");

    private static Frame packet(int protocol) {
        Frame frame = new Frame(0).reset(60);
        Arrays.fill(frame.bytes(), (byte) 0);
        new Ethernet().wrap(frame).destination(2).source(0x0200_0000_0001L).type(Ethernet.IPV4);
        new Ipv4()
                .wrap(frame, frame.start() + 14)
                .start(46)
                .protocol(protocol)
                .source(A)
                .destination(B)
                .seal();
        if (protocol == Ipv4.UDP) {
            new Udp().wrap(frame, frame.start() + 34).set(40000, 53, 26).seal(A, B);
        } else {
            new Icmp().wrap(frame, frame.start() + 34).start(Icmp.ECHO, 0).seal(26);
        }
        return frame;
    }

    private static boolean matches(String filter, Frame frame) {
        return PacketFilter.parse(filter).matches(frame.bytes(), frame.start(), frame.length());
    }

    @Test
    void selectsAsTcpdumpDoes() {
        Frame dns = packet(Ipv4.UDP);
        Frame ping = packet(Ipv4.ICMP);
        assertThat(matches("udp port 53 and src host 10.0.0.1", dns)).isTrue();
        assertThat(matches("src port 53", dns)).isFalse();
        assertThat(matches("dst net 10.0.1.0/24 and not icmp", dns)).isTrue();
        assertThat(matches("icmp[icmptype] == icmp-echo", ping)).isTrue();
        assertThat(matches("icmp[icmptype] != icmp-echo", ping)).isFalse();
        assertThat(matches("arp or (ip and dst 10.0.1.2)", ping)).isTrue();
        assertThat(matches("ether src 02:00:00:00:00:01", ping)).isTrue();
        assertThat(matches("vlan", ping)).isFalse();
        Vlan.push(ping, 101);
        assertThat(matches("vlan 101 and icmp", ping)).isTrue();
        assertThat(matches("vlan 102", ping)).isFalse();
    }

    private static boolean exactly(String filter, Frame frame) {
        return PacketFilter.exact(filter).matches(frame.bytes(), frame.start(), frame.length());
    }

    @Test
    void toTheLetterATaggedFrameIsNoIpPacketUntilVlanIsSaid() {
        Frame ping = packet(Ipv4.ICMP);
        assertThat(exactly("icmp and host 10.0.0.1", ping)).isTrue();
        Vlan.push(ping, 101);
        assertThat(exactly("icmp", ping)).isFalse();
        assertThat(exactly("not icmp", ping)).isTrue();
        assertThat(exactly("vlan and icmp", ping)).isTrue();
        assertThat(exactly("vlan 101 and icmp[icmptype] = icmp-echo", ping)).isTrue();
        assertThat(exactly("icmp or vlan 101", ping)).isTrue();
        assertThat(exactly("vlan and vlan", ping)).isFalse();
        Vlan.push(ping, 7);
        assertThat(exactly("vlan 7 and vlan 101 and src net 10.0.0.0/8", ping)).isTrue();
        assertThat(exactly("vlan 101", ping)).isFalse();
    }

    @Test
    void andBindsNoCloserThanOr() {
        Frame ping = packet(Ipv4.ICMP);
        assertThat(exactly("icmp or arp and arp", ping)).isFalse();
        assertThat(exactly("icmp or (arp and arp)", ping)).isTrue();
        assertThat(exactly("host 10.0.0.9 or 10.0.0.1 and not 10.0.0.7", ping)).isTrue();
    }

    @Test
    void numbersAreComparedWithoutSign() {
        Frame dns = packet(Ipv4.UDP);
        assertThat(exactly("udp[0:2] = 40000 and udp[2:2] < 54 and udp[4:2] = len - 34", dns))
                .isTrue();
        assertThat(exactly("ip[12:4] & 0xff000000 = 0x0a000000", dns)).isTrue();
        assertThat(exactly("0 - 1 > 5", dns)).isTrue();
        assertThat(exactly("ether[60] = 0 or ether[0] >= 0", dns)).isFalse();
        assertThat(exactly("less 60 and not greater 61", dns)).isTrue();
        assertThat(PacketFilter.exact("len = 1000").matches(dns.bytes(), dns.start(), 60, 1000, true))
                .isTrue();
    }

    @Test
    void saysWhereAFilterIsWrong() {
        assertThatThrownBy(() -> PacketFilter.parse("icmp and hots 10.0.0.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column 10")
                .hasMessageContaining("'hots'")
                .hasMessageContaining("did you mean host?");
        assertThatThrownBy(() -> PacketFilter.parse("host 10.0.0.300")).hasMessageContaining("an IPv4 address");
        assertThatThrownBy(() -> PacketFilter.parse("(arp")).hasMessageContaining("')'");
        assertThatThrownBy(() -> PacketFilter.parse("")).hasMessageContaining("the end");
        assertThatThrownBy(() -> PacketFilter.exact("tcp host 10.0.0.1")).hasMessageContaining("not 'tcp'");
        assertThatThrownBy(() -> PacketFilter.exact("net 10.0.0.1/8")).hasMessageContaining("behind its prefix");
        assertThatThrownBy(() -> PacketFilter.exact("ip[0:3] = 1")).hasMessageContaining("1, 2 or 4 bytes");
        assertThatThrownBy(() -> PacketFilter.exact("port http")).hasMessageContaining("names are not looked up");
    }

    @Test
    @Tag("fuzz")
    void anyTextIsAFilterOrAMistake() {
        SplittableRandom random = new SplittableRandom(3);
        String[] words = {
            "host",
            "10.0.0.1",
            "and",
            "or",
            "not",
            "(",
            ")",
            "port",
            "53",
            "icmp",
            "vlan",
            "ether",
            "src",
            "/",
            "!",
            "==",
            "icmp[icmptype]",
            "ip[",
            "]",
            ":2",
            "= 5",
            "&",
            "len",
            "less",
            "portrange"
        };
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(8); n >= 0; n--) {
                text.append(words[random.nextInt(words.length)]).append(random.nextInt(6) == 0 ? "" : " ");
            }
            try {
                matches(text.toString(), packet(Ipv4.UDP));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("expected");
            }
        }
    }
}
