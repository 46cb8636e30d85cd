package io.hopscope.devices;

import io.hopscope.core.Node;
import io.hopscope.encap.Arp;
import io.hopscope.encap.Checksum;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Outer;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.Udp;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import io.hopscope.encap.VxlanTunnel;
import java.util.SplittableRandom;

/** Frames of any bytes, most of them nearly right: that is where faults hide. */
final class WildFrames {
    private static final long[] MACS = {
        0x0200_0000_0001L, 0x0200_0000_0002L, 0x0200_0000_0009L, 0xffff_ffff_ffffL, 0x0180_c200_0000L, 0x0100_5e00_0012L
    };
    private static final int[] HOSTS = {
        Lab.ip("10.0.0.1"), Lab.ip("10.0.1.9"), Lab.ip("10.0.1.77"), Lab.ip("10.0.0.9"), Lab.ip("8.8.8.8"), -1
    };
    private static final int[] PROTOCOLS = {Ipv4.ICMP, Ipv4.UDP, Ipv4.TCP, Ipv4.TCP, 99, 112};
    private static final int[] PORTS = {67, 68, 53, 9, 80, 4789, 9696, 33434, 40000, 40001};

    private final Node node;
    private final SplittableRandom random;

    WildFrames(Node node, SplittableRandom random) {
        this.node = node;
        this.random = random;
    }

    private int one(int[] of) {
        return of[random.nextInt(of.length)];
    }

    Frame next() {
        Frame frame = node.originate(random.nextInt(0, random.nextInt(20) == 0 ? 1600 : 200));
        byte[] bytes = frame.bytes();
        for (int i = frame.start(); i < frame.end(); i++) {
            bytes[i] = (byte) random.nextInt();
        }
        if (random.nextInt(10) == 0 || frame.length() < 60) {
            return frame;
        }
        seed(frame);
        if (random.nextInt(4) == 0) {
            Vlan.push(frame, random.nextInt(3) == 0 ? random.nextInt(0x10000) : 101);
        } else if (random.nextInt(6) == 0) {
            new VxlanTunnel()
                    .encapsulate(
                            frame,
                            Outer.between(MACS[2], MACS[0], Lab.ip("10.0.0.9"), Lab.ip("10.0.0.1"))
                                    .key(7));
        }
        for (int n = random.nextInt(4); n > 0; n--) {
            bytes = frame.bytes();
            bytes[frame.start() + random.nextInt(frame.length())] = (byte) random.nextInt();
        }
        if (random.nextInt(10) == 0) {
            frame.length(random.nextInt(frame.length()));
        }
        return frame;
    }

    private void seed(Frame frame) {
        Ethernet eth = new Ethernet().wrap(frame);
        eth.destination(MACS[random.nextInt(MACS.length)]).source(0x0200_0000_0010L + random.nextInt(3));
        int at = frame.start() + Ethernet.LENGTH;
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                eth.type(Ethernet.ARP);
                new Arp()
                        .wrap(frame, at)
                        .start(1 + random.nextInt(2))
                        .targetIp(one(HOSTS))
                        .senderIp(one(HOSTS));
            }
            // A length, as of what bridges say, and LLC.
            case 2 -> {
                eth.type(random.nextInt(60));
                frame.bytes()[at] = frame.bytes()[at + 1] = 0x42;
                frame.bytes()[at + 2] = 3;
                View.put32(frame.bytes(), at + 3, random.nextInt(4) << 8 | (random.nextBoolean() ? 2 : 0));
            }
            default -> packet(eth, frame, at);
        }
    }

    private void packet(Ethernet eth, Frame frame, int at) {
        eth.type(Ethernet.IPV4);
        Ipv4 ip = new Ipv4().wrap(frame, at);
        ip.start(frame.length() - Ethernet.LENGTH)
                .tos(random.nextInt(256))
                .id(random.nextInt(4))
                .ttl(random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(5) == 0 ? 255 : 64)
                .df(random.nextBoolean())
                .protocol(one(PROTOCOLS))
                .source(one(HOSTS))
                .destination(one(HOSTS));
        if (random.nextInt(6) == 0) {
            ip.mf(random.nextBoolean()).fragmentOffset(random.nextInt(20) * 8);
        }
        int length = frame.end() - ip.end();
        switch (ip.protocol()) {
            case Ipv4.TCP -> tcp(ip, frame, length);
            case Ipv4.UDP -> {
                Udp udp = new Udp().wrap(frame, ip.end()).set(one(PORTS), one(PORTS), length);
                udp.seal(ip.source(), ip.destination());
            }
            case Ipv4.ICMP -> icmp(frame, ip.end(), length);
            default -> {}
        }
        ip.seal();
    }

    private void tcp(Ipv4 ip, Frame frame, int length) {
        Tcp tcp = new Tcp().wrap(frame, ip.end());
        int header = Math.min(60, Math.min(length, Tcp.LENGTH + 4 * random.nextInt(11))) & ~3;
        tcp.headerLength(header)
                .sourcePort(one(PORTS))
                .destinationPort(one(PORTS))
                .seq(random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3000))
                .ack(random.nextInt(3000))
                .window(random.nextInt(0x10000))
                .flags(random.nextInt(3) == 0 ? Tcp.SYN : random.nextInt(256));
        for (int i = ip.end() + Tcp.LENGTH; i + 4 <= ip.end() + header; i += 4) {
            // Kinds that are known, with lengths that are often right.
            View.put32(
                    frame.bytes(),
                    i,
                    random.nextInt(9) << 24 | (2 + random.nextInt(10)) << 16 | random.nextInt(0x10000));
        }
        tcp.seal(ip.source(), ip.destination(), length);
    }

    private void icmp(Frame frame, int at, int length) {
        int[] types = {Icmp.ECHO, Icmp.ECHO_REPLY, Icmp.UNREACHABLE, Icmp.TIME_EXCEEDED, Icmp.REDIRECT, 12};
        byte[] b = frame.bytes();
        b[at] = (byte) one(types);
        b[at + 1] = (byte) random.nextInt(6);
        if (length > Icmp.LENGTH + Ipv4.LENGTH + 8) {
            Ipv4 quoted = new Ipv4().wrap(frame, at + Icmp.LENGTH);
            quoted.start(60 + random.nextInt(1500))
                    .protocol(one(PROTOCOLS))
                    .source(one(HOSTS))
                    .destination(one(HOSTS))
                    .seal();
            View.put16(b, quoted.end(), one(PORTS));
            View.put16(b, quoted.end() + 2, one(PORTS));
        }
        View.put16(b, at + 2, 0);
        View.put16(b, at + 2, Checksum.of(b, at, length));
    }
}
