package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PrinterTest {
    @Test
    void printsAnEchoRequestInFullInBriefAndAsATitle() {
        Frame frame = Corpus.echo(Icmp.ECHO, 1, 2, 56);
        assertThat(Printer.line(frame))
                .isEqualTo("fa:16:3e:00:00:11 > 00:00:5e:00:01:65, ethertype IPv4 (0x0800), length 98: "
                        + "10.1.101.11 > 10.1.102.12: ICMP echo request, id 1, seq 2, length 64");
        assertThat(Printer.brief(frame))
                .isEqualTo("10.1.101.11 > 10.1.102.12: ICMP echo request, id 1, seq 2, length 64");
        assertThat(Printer.summary(frame)).isEqualTo("ICMP echo request seq 2");
        assertThat(frame).hasToString(Printer.line(frame));
    }

    /** The printer finds fields by itself and agrees with tcpdump: so this is where the views must have put them. */
    @Test
    void viewsWriteFieldsWhereThePrinterFindsThem() {
        Frame ask = Corpus.arp(Arp.REQUEST, Corpus.IP_A, 0xaabbccddeeffL, Corpus.ROUTER);
        assertThat(Printer.brief(ask))
                .isEqualTo("ARP, Request who-has 10.1.101.1 (aa:bb:cc:dd:ee:ff) tell 10.1.101.11, length 28");
        Frame answer = Corpus.arp(Arp.REPLY, Corpus.IP_A, 0, Corpus.ROUTER);
        assertThat(Printer.brief(answer)).isEqualTo("ARP, Reply 10.1.101.11 is-at fa:16:3e:00:00:11, length 28");
        assertThat(Printer.brief(Corpus.tcp(Tcp.SYN | Tcp.ACK | Tcp.URG, 32)))
                .isEqualTo("10.1.101.11.40000 > 10.1.102.12.5001: Flags [S.U], seq 4294967280:16, ack 7, win 64240,"
                        + " urg 3, length 32");
        assertThat(Printer.brief(Corpus.error(Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, 1450, Ipv4.UDP)))
                .isEqualTo(
                        "10.1.101.11 > 10.1.102.12: ICMP 10.1.102.12 unreachable - need to frag (mtu 1450), length 36");
        assertThat(Printer.brief(Corpus.error(Icmp.REDIRECT, 1, 0, Ipv4.UDP)))
                .isEqualTo("10.1.101.11 > 10.1.102.12: ICMP redirect 10.1.102.12 to host 10.1.101.1, length 36");
    }

    /** The bytes are those of announce_self_create in QEMU's net/announce.c. */
    @Test
    void announcesAVirtualMachineThatHasMovedAsQemuDoes() {
        Frame frame = Corpus.rarp();
        assertThat(Corpus.bytes(frame))
                .isEqualTo(HexFormat.of()
                        .parseHex("ffffffffffff" + "fa163e000011" + "8035" + "0001" + "0800" + "06" + "04" + "0003"
                                + "fa163e000011" + "00000000" + "fa163e000011" + "00000000" + "00".repeat(18)));
        assertThat(Printer.brief(frame))
                .isEqualTo("ARP, Reverse Request who-is fa:16:3e:00:00:11 tell fa:16:3e:00:00:11, length 46");
        assertThat(Printer.summary(frame)).isEqualTo("RARP announcement fa:16:3e:00:00:11");
    }

    @Test
    void leavesTagsOutOfBriefAndTitle() {
        Frame frame = Corpus.udp(40000, 9, 10);
        Vlan.push(frame, 0x2065);
        assertThat(Printer.line(frame))
                .contains("length 56: vlan 101, p 1, ethertype IPv4 (0x0800), 10.1.101.11.40000 >");
        assertThat(Printer.brief(frame)).isEqualTo("10.1.101.11.40000 > 10.1.102.12.9: UDP, length 10");
        assertThat(Printer.summary(frame)).isEqualTo("UDP 40000 > 9");
    }

    @Test
    void titlesSayWhatAPersonAsksFirst() {
        assertThat(Printer.summary(Corpus.arp(Arp.REQUEST, Corpus.IP_A, 0, Corpus.ROUTER)))
                .isEqualTo("ARP who-has 10.1.101.1");
        assertThat(Printer.summary(Corpus.arp(Arp.REPLY, Corpus.IP_A, 0, Corpus.ROUTER)))
                .isEqualTo("ARP reply 10.1.101.11");
        assertThat(Printer.summary(Corpus.arp(Arp.REQUEST, Corpus.IP_A, 0, Corpus.IP_A)))
                .isEqualTo("ARP announcement 10.1.101.11");
        assertThat(Printer.summary(Corpus.error(Icmp.TIME_EXCEEDED, 0, 0, Ipv4.UDP)))
                .isEqualTo("ICMP time exceeded");
        assertThat(Printer.summary(Corpus.error(Icmp.UNREACHABLE, 3, 0, Ipv4.UDP)))
                .isEqualTo("ICMP port unreachable");
        assertThat(Printer.summary(Corpus.error(Icmp.UNREACHABLE, 4, 1450, Ipv4.UDP)))
                .isEqualTo("ICMP fragmentation needed, mtu 1450");
        assertThat(Printer.summary(Corpus.tcp(Tcp.SYN | Tcp.ACK, 0))).isEqualTo("TCP 40000 > 5001 [S.]");
        assertThat(Printer.summary(Corpus.ethernet(0x86dd, 40))).isEqualTo("IPv6 length 40");
        assertThat(Printer.summary(Corpus.ethernet(0x1234, 5))).isEqualTo("type 0x1234 length 5");
        assertThat(Printer.summary(Corpus.frame(new byte[5]))).isEqualTo("cut frame of 5 bytes");
    }

    @Test
    void goesIntoTunnels() {
        Frame frame = Corpus.echo(Icmp.ECHO, 1, 2, 56);
        new VxlanTunnel().encapsulate(frame, Outer.between(1, 2, 3, 4).key(7).port(Vxlan.LINUX_PORT));
        assertThat(Printer.line(frame))
                .contains(
                        ".8472: VXLAN, flags [I] (0x08), vni 7: fa:16:3e:00:00:11 > 00:00:5e:00:01:65, ethertype IPv4")
                .endsWith("ICMP echo request, id 1, seq 2, length 64");
        assertThat(Printer.summary(frame)).isEqualTo("VXLAN 7: ICMP echo request seq 2");
        Frame ipip = Corpus.echo(Icmp.ECHO, 1, 2, 56);
        new IpipTunnel().encapsulate(ipip, Outer.between(1, 2, 3, 4));
        assertThat(Printer.summary(ipip)).isEqualTo("IPIP: ICMP echo request seq 2");
        Frame gre = Corpus.echo(Icmp.ECHO, 1, 2, 56);
        new GreTunnel().encapsulate(gre, Outer.between(1, 2, 3, 4));
        assertThat(Printer.summary(gre)).isEqualTo("GRE: ICMP echo request seq 2");
    }

    @Test
    void showsUnknownBytesInHex() {
        assertThat(Printer.line(Corpus.ethernet(0x1234, 20)))
                .endsWith("ethertype Unknown (0x1234), length 34: 20 bytes: 000102030405060708090a0b0c0d0e0f..");
        assertThat(Printer.line(new byte[3], 1, 2)).isEqualTo("[|ether] 2 bytes: 0000");
        assertThat(Printer.line(new byte[0], 0, 0)).isEqualTo("[|ether] 0 bytes");
    }

    @Test
    void aFrameFullOfFramesEnds() {
        Frame frame = Corpus.echo(Icmp.ECHO, 1, 2, 56);
        VxlanTunnel tunnel = new VxlanTunnel();
        for (int i = 0; i < 1000; i++)
            tunnel.encapsulate(frame, Outer.between(1, 2, 3, 4).key(i));
        assertThat(Printer.line(frame)).hasSizeLessThan(2000);
        assertThat(Printer.summary(frame)).hasSizeLessThan(200);
    }
}
