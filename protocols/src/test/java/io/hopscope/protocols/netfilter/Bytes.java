package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.Udp;
import io.hopscope.encap.View;
import java.util.Arrays;

/** Packets for tests: an Ethernet header's room, then IPv4. */
final class Bytes {
    static final int AT = Ethernet.LENGTH;

    private Bytes() {}

    private static byte[] ip(int source, int destination, int protocol, int payload) {
        byte[] bytes = new byte[AT + Ipv4.LENGTH + payload];
        new Ipv4()
                .wrap(bytes, AT)
                .start(Ipv4.LENGTH + payload)
                .protocol(protocol)
                .source(source)
                .destination(destination)
                .seal();
        return bytes;
    }

    static byte[] udp(int source, int destination, int from, int to) {
        byte[] bytes = ip(source, destination, Ipv4.UDP, 16);
        new Udp().wrap(bytes, AT + Ipv4.LENGTH).set(from, to, 16).seal(source, destination);
        return bytes;
    }

    static byte[] tcp(int source, int destination, int from, int to, int flags, int seq, int ack, int data) {
        byte[] bytes = ip(source, destination, Ipv4.TCP, Tcp.LENGTH + data);
        View.put32(bytes, AT + Ipv4.LENGTH + 12, 0x5000_ffff);
        new Tcp()
                .wrap(bytes, AT + Ipv4.LENGTH)
                .sourcePort(from)
                .destinationPort(to)
                .seq(seq)
                .ack(ack)
                .flags(flags)
                .seal(source, destination, Tcp.LENGTH + data);
        return bytes;
    }

    static byte[] echo(int source, int destination, boolean request, int id) {
        byte[] bytes = ip(source, destination, Ipv4.ICMP, 16);
        Icmp icmp = new Icmp().wrap(bytes, AT + Ipv4.LENGTH);
        icmp.start(request ? Icmp.ECHO : Icmp.ECHO_REPLY, 0);
        View.put16(bytes, AT + Ipv4.LENGTH + 4, id);
        // Of zeros alone a checksum can be 0 and ffff, and RFC 1624 finds the wrong one.
        View.put32(bytes, AT + Ipv4.LENGTH + 8, 0x6162_6364);
        icmp.seal(16);
        return bytes;
    }

    /** An ICMP error from somebody about a packet, back to its source. */
    static byte[] unreachable(int from, byte[] about) {
        int quote = about.length - AT;
        byte[] bytes = ip(from, new Ipv4().wrap(about, AT).source(), Ipv4.ICMP, Icmp.LENGTH + quote);
        System.arraycopy(about, AT, bytes, AT + Ipv4.LENGTH + Icmp.LENGTH, quote);
        new Icmp()
                .wrap(bytes, AT + Ipv4.LENGTH)
                .start(Icmp.UNREACHABLE, Icmp.PORT)
                .seal(Icmp.LENGTH + quote);
        return bytes;
    }

    /** Whether header and payload have right checksums. */
    static boolean sound(byte[] bytes) {
        Ipv4 ip = new Ipv4().wrap(bytes, AT);
        int length = ip.limit() - ip.payload();
        return ip.checksumOk()
                && switch (ip.protocol()) {
                    case Ipv4.UDP -> new Udp().wrap(bytes, ip.payload()).checksumOk(ip.source(), ip.destination());
                    case Ipv4.TCP ->
                        new Tcp().wrap(bytes, ip.payload()).checksumOk(ip.source(), ip.destination(), length);
                    default -> new Icmp().wrap(bytes, ip.payload()).checksumOk(length);
                };
    }

    static byte[] copy(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length);
    }

    /** Another window in a TCP segment, and its checksum. */
    static void window(byte[] bytes, int window) {
        Ipv4 ip = new Ipv4().wrap(bytes, AT);
        View.put16(bytes, AT + Ipv4.LENGTH + 14, window);
        new Tcp().wrap(bytes, AT + Ipv4.LENGTH).seal(ip.source(), ip.destination(), bytes.length - AT - Ipv4.LENGTH);
    }
}
