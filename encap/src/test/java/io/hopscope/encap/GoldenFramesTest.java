package io.hopscope.encap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Frames of real Linux networks, seen through our views. */
@Tag("oracle")
class GoldenFramesTest {
    private final Ethernet eth = new Ethernet();
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();
    private final Map<String, Integer> seen = new LinkedHashMap<>();

    @BeforeEach
    void goldenCapturesAreHere() {
        // They lie beside the checkout, not in it: a clone elsewhere has none, and no package brings them.
        assumeFalse(Pcap.golden().isEmpty(), "no golden captures: set -Dhopscope.golden=FOLDER");
    }

    @Test
    void everyFrameFitsAndEveryChecksumIsRight() {
        for (Path file : Pcap.golden()) {
            int number = 0;
            for (byte[] bytes : Pcap.read(file)) {
                number++;
                ethernet(bytes, 0, bytes.length, file.getFileName() + " frame " + number);
            }
        }
        assertThat(seen).containsKeys("arp", "ipv4", "icmp", "udp", "tcp", "vxlan", "tagged", "fragment", "dhcp");
        assertThat(seen.get("ipv4")).isGreaterThan(3000);
    }

    private void ethernet(byte[] b, int at, int end, String where) {
        assertThat(Ethernet.fits(b, at, end)).as(where).isTrue();
        Ethernet here = new Ethernet().wrap(b, at);
        if (here.tagged()) count("tagged");
        if (here.payloadType() == Ethernet.ARP) {
            assertThat(Arp.fits(b, here.payload(), end)).as(where).isTrue();
            Arp arp = new Arp().wrap(b, here.payload());
            assertThat(arp.senderMac()).as(where).isEqualTo(here.source());
            count("arp");
        } else if (here.payloadType() == Ethernet.IPV4) {
            ipv4(b, here.payload(), end, where);
        } else {
            assertThat(here.payloadType()).as(where).isLessThan(1501);
        }
    }

    private void ipv4(byte[] b, int at, int end, String where) {
        assertThat(Ipv4.fits(b, at, end)).as(where).isTrue();
        Ipv4 here = new Ipv4().wrap(b, at);
        assertThat(here.checksumOk()).as(where).isTrue();
        count("ipv4");
        if (here.fragment()) {
            count("fragment");
            return;
        }
        int from = here.payload();
        switch (here.protocol()) {
            case Ipv4.ICMP -> {
                assertThat(Icmp.fits(b, from, here.limit())).as(where).isTrue();
                assertThat(new Icmp().wrap(b, from).checksumOk(here.payloadLength()))
                        .as(where)
                        .isTrue();
                count("icmp");
            }
            case Ipv4.TCP -> {
                assertThat(Tcp.fits(b, from, here.limit())).as(where).isTrue();
                Tcp tcp = new Tcp().wrap(b, from);
                assertThat(tcp.checksumOk(here.source(), here.destination(), here.payloadLength()))
                        .as(where)
                        .isTrue();
                count("tcp");
            }
            case Ipv4.UDP -> udp(b, here, where);
            default -> throw new AssertionError(where + ": protocol " + here.protocol());
        }
    }

    private void udp(byte[] b, Ipv4 here, String where) {
        assertThat(Udp.fits(b, here.payload(), here.limit())).as(where).isTrue();
        Udp datagram = new Udp().wrap(b, here.payload());
        assertThat(datagram.checksumOk(here.source(), here.destination()))
                .as(where)
                .isTrue();
        count("udp");
        if (datagram.destinationPort() == Dhcp.SERVER_PORT || datagram.destinationPort() == Dhcp.CLIENT_PORT) {
            dhcp(b, datagram.end(), here.limit(), where);
        }
        if (datagram.destinationPort() != Vxlan.LINUX_PORT) return;
        assertThat(Vxlan.fits(b, datagram.end(), here.limit())).as(where).isTrue();
        count("vxlan");
        ethernet(b, datagram.end() + Vxlan.LENGTH, here.limit(), where);
    }

    /** Fields and options, read and written again, are the same bytes: those of udhcpc, dnsmasq and a relay. */
    private void dhcp(byte[] b, int at, int end, String where) {
        assertThat(Dhcp.fits(b, at, end)).as(where).isTrue();
        Dhcp read = new Dhcp().wrap(b, at);
        var writer = new DhcpOption.Writer();
        writer.start(read.op())
                .hops(read.hops())
                .xid(read.xid())
                .secs(read.secs())
                .broadcast(read.broadcast())
                .ciaddr(read.ciaddr())
                .yiaddr(read.yiaddr())
                .siaddr(read.siaddr())
                .giaddr(read.giaddr())
                .chaddr(read.chaddr());
        for (int option = at + Dhcp.LENGTH;
                (b[option] & 0xff) != DhcpOption.END;
                option += 2 + (b[option + 1] & 0xff)) {
            writer.put(b[option] & 0xff, read.value(b[option] & 0xff));
        }
        assertThat(writer.seal()).as(where).isEqualTo(Arrays.copyOfRange(b, at, end));
        count("dhcp");
    }

    /** What Linux put around a frame, we put around it as well; the id is random, the source port a secret hash. */
    @Test
    void vxlanTunnelWritesWhatLinuxWrote() {
        Tunnel tunnel = new VxlanTunnel();
        var ports = new TreeSet<Integer>();
        int compared = 0;
        for (Path file : Pcap.golden()) {
            for (byte[] bytes : Pcap.read(file)) {
                Frame frame = Corpus.frame(bytes);
                long vni = tunnel.decapsulate(frame);
                if (vni == Tunnel.NOT_MINE) continue;
                eth.wrap(bytes, 0);
                ip.wrap(bytes, 14);
                udp.wrap(bytes, 34);
                ports.add(udp.sourcePort());
                Outer outer = Outer.between(eth.source(), eth.destination(), ip.source(), ip.destination())
                        .ttl(ip.ttl())
                        .df(ip.df())
                        .key((int) vni)
                        .port(udp.destinationPort())
                        .udpChecksum(udp.checksum() != 0);
                int id = ip.id();
                tunnel.encapsulate(frame, outer);
                ip.wrap(frame, frame.start() + 14).id(id).seal();
                new Udp().wrap(frame, ip.end()).sourcePort(udp.sourcePort()).checksum(udp.checksum());
                assertThat(Corpus.bytes(frame)).as(file.toString()).isEqualTo(bytes);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(50);
        assertThat(ports.first()).isGreaterThanOrEqualTo(32768);
        assertThat(ports.last()).isLessThan(60999);
    }

    private void count(String kind) {
        seen.merge(kind, 1, Integer::sum);
    }
}
