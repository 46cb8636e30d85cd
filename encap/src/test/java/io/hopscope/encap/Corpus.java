package io.hopscope.encap;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Frames made here: one of each kind the emulator sends, and the odd ones the golden captures do not have. */
final class Corpus {
    static final long MAC_A = 0xfa163e000011L;
    static final long MAC_B = 0x00005e000165L;
    static final int IP_A = Ipv4Address.bits("10.1.101.11");
    static final int IP_B = Ipv4Address.bits("10.1.102.12");
    static final int ROUTER = Ipv4Address.bits("10.1.101.1");

    private Corpus() {}

    static Frame ethernet(int type, int payload) {
        Frame frame = new Frame(Frame.classFor(payload + 14)).reset(payload + 14);
        for (int i = 0; i < payload; i++) frame.bytes()[frame.start() + 14 + i] = (byte) i;
        new Ethernet().wrap(frame).destination(MAC_B).source(MAC_A).type(type);
        return frame;
    }

    static Frame arp(int op, int senderIp, long targetMac, int targetIp) {
        Frame frame = ethernet(Ethernet.ARP, Arp.LENGTH);
        new Arp()
                .wrap(frame, frame.start() + 14)
                .start(op)
                .senderMac(MAC_A)
                .senderIp(senderIp)
                .targetMac(targetMac)
                .targetIp(targetIp);
        return frame;
    }

    static Frame rarp() {
        return Rarp.announce(new Frame(Frame.classFor(Rarp.LENGTH)).reset(Rarp.LENGTH), MAC_A);
    }

    static Frame ipv4(int protocol, int payload) {
        Frame frame = ethernet(Ethernet.IPV4, Ipv4.LENGTH + payload);
        new Ipv4()
                .wrap(frame, frame.start() + 14)
                .start(Ipv4.LENGTH + payload)
                .protocol(protocol)
                .source(IP_A)
                .destination(IP_B)
                .seal();
        return frame;
    }

    static Frame echo(int type, int id, int seq, int data) {
        Frame frame = ipv4(Ipv4.ICMP, Icmp.LENGTH + data);
        new Icmp()
                .wrap(frame, frame.start() + 34)
                .start(type, 0)
                .id(id)
                .seq(seq)
                .seal(Icmp.LENGTH + data);
        return frame;
    }

    static Frame udp(int from, int to, int data) {
        Frame frame = ipv4(Ipv4.UDP, Udp.LENGTH + data);
        new Udp()
                .wrap(frame, frame.start() + 34)
                .set(from, to, Udp.LENGTH + data)
                .seal(IP_A, IP_B);
        return frame;
    }

    static Frame tcp(int flags, int data) {
        Frame frame = ipv4(Ipv4.TCP, Tcp.LENGTH + data);
        View.put32(frame.bytes(), frame.start() + 34 + 12, 5 << 28);
        new Tcp()
                .wrap(frame, frame.start() + 34)
                .sourcePort(40000)
                .destinationPort(5001)
                .seq(0xfffffff0)
                .ack(7)
                .flags(flags)
                .window(64240)
                .urgent(3)
                .seal(IP_A, IP_B, Tcp.LENGTH + data);
        return frame;
    }

    /** An ICMP error quoting a packet of this protocol. */
    static Frame error(int type, int code, int mtu, int quotedProtocol) {
        Frame frame = ipv4(Ipv4.ICMP, Icmp.LENGTH + 28);
        int icmp = frame.start() + 34;
        Frame quoted = quotedProtocol == Ipv4.UDP ? udp(40000, 33434, 12) : ipv4(quotedProtocol, 12);
        System.arraycopy(quoted.bytes(), quoted.start() + 14, frame.bytes(), icmp + 8, 28);
        Icmp error = new Icmp().wrap(frame, icmp).start(type, code);
        if (type == Icmp.REDIRECT) error.gateway(ROUTER);
        else error.mtu(mtu);
        error.seal(Icmp.LENGTH + 28);
        return frame;
    }

    /** IEEE 802.1D-2004 clause 9.3.3: a rapid spanning tree BPDU of 36 bytes. */
    static Frame bpdu(int flags) {
        Frame frame = ethernet(39, 46);
        int at = frame.start() + 14;
        View.put32(frame.bytes(), at, 0x4242_0300);
        View.put32(frame.bytes(), at + 4, 0x00020200 | flags);
        return frame;
    }

    /** Whatever a client or server says, with as many options as there are. */
    static Frame dhcp(int op, int type) {
        var writer = new DhcpOption.Writer();
        writer.start(op)
                .xid(0xccf30d1b)
                .secs(2)
                .broadcast(type == DhcpOption.NAK)
                .chaddr(MAC_A);
        writer.put(DhcpOption.MESSAGE_TYPE, (byte) type).word(DhcpOption.REQUESTED_ADDRESS, IP_B);
        writer.put(DhcpOption.PAD).put(DhcpOption.HOST_NAME, "c1");
        byte[] message = writer.seal();
        Frame frame = ipv4(Ipv4.UDP, Udp.LENGTH + message.length);
        System.arraycopy(message, 0, frame.bytes(), frame.start() + 42, message.length);
        int from = op == Dhcp.REQUEST ? Dhcp.CLIENT_PORT : Dhcp.SERVER_PORT;
        new Udp()
                .wrap(frame, frame.start() + 34)
                .set(from, from ^ 7, Udp.LENGTH + message.length)
                .seal(IP_A, IP_B);
        return frame;
    }

    /** What dig and dnsmasq really said to one another. */
    static List<byte[]> dnsMessages() {
        try (var in = Corpus.class.getResourceAsStream("dns-messages.txt")) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(java.util.HexFormat.of()::parseHex)
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Frame dns(byte[] message) {
        Frame frame = ipv4(Ipv4.UDP, Udp.LENGTH + message.length);
        System.arraycopy(message, 0, frame.bytes(), frame.start() + 42, message.length);
        boolean response = message[2] < 0;
        new Udp()
                .wrap(frame, frame.start() + 34)
                .set(response ? Dns.PORT : 40001, response ? 40001 : Dns.PORT, Udp.LENGTH + message.length)
                .seal(IP_A, IP_B);
        return frame;
    }

    static List<Frame> frames() {
        List<Frame> all = new ArrayList<>();
        for (int ip : new int[] {IP_A, IP_B, 0}) {
            for (long mac : new long[] {0, Ethernet.BROADCAST, MAC_B}) {
                for (int op = 1; op <= 4; op++) all.add(arp(op, ip, mac, IP_B));
            }
        }
        all.add(rarp());
        for (int data : new int[] {0, 1, 56, 1472}) {
            all.add(echo(Icmp.ECHO, 1, 2, data));
            all.add(echo(Icmp.ECHO_REPLY, 65535, 0, data));
            all.add(udp(40000, 9, data));
        }
        for (int type = 3; type < 19; type++) {
            for (int code = 0; code < 16; code++) {
                if (type != 8 && type != 9 && type < 13) all.add(error(type, code, code == 4 ? 1450 : 0, Ipv4.UDP));
            }
        }
        all.add(error(Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, 0, Ipv4.UDP));
        all.add(error(Icmp.UNREACHABLE, Icmp.PORT, 0, Ipv4.TCP));
        all.add(error(Icmp.UNREACHABLE, Icmp.PORT, 0, 99));
        for (int flags = 0; flags < 256; flags += 3) all.add(tcp(flags, flags % 5));
        for (int flags = 0; flags < 256; flags += 5) all.add(bpdu(flags));
        for (int type = 0; type < 10; type++) {
            for (int op = 0; op < 3; op++) all.add(dhcp(op, type));
        }
        dnsMessages().forEach(message -> all.add(dns(message)));
        all.add(ipv4(99, 12));
        all.add(ipv4(253, 0));
        all.addAll(encapsulated());
        return all;
    }

    static List<Frame> encapsulated() {
        List<Frame> all = new ArrayList<>();
        Frame vlan = echo(Icmp.ECHO, 3, 4, 56);
        Vlan.push(vlan, 0xb065);
        all.add(vlan);
        Outer outer = Outer.between(MAC_B, MAC_A, ROUTER, IP_B).key(5001).df(true);
        for (Tunnel tunnel : java.util.ServiceLoader.load(Tunnel.class)) {
            for (boolean sum : new boolean[] {false, true}) {
                Frame frame = echo(Icmp.ECHO, 5, 6, 56);
                tunnel.encapsulate(frame, outer.udpChecksum(sum));
                all.add(frame);
            }
        }
        Frame keyed = ipv4(Ipv4.GRE, 36);
        View.put64(keyed.bytes(), keyed.start() + 34, 0x2000_0800_0000_beefL);
        System.arraycopy(udp(1, 2, 0).bytes(), Frame.HEADROOM + 14, keyed.bytes(), keyed.start() + 42, 28);
        all.add(keyed);
        for (int fragment : new int[] {0x2000, 0x2003, 0x0010}) {
            Frame frame = udp(1000, 2000, 24);
            View.put16(frame.bytes(), frame.start() + 14 + 6, fragment);
            new Ipv4().wrap(frame, frame.start() + 14).seal();
            all.add(frame);
        }
        Frame padded = udp(7, 9, 1);
        all.add(padded.length(60));
        return all;
    }

    static byte[] bytes(Frame frame) {
        return java.util.Arrays.copyOfRange(frame.bytes(), frame.start(), frame.end());
    }

    static Frame frame(byte[] bytes) {
        Frame frame = new Frame(Frame.classFor(bytes.length)).reset(bytes.length);
        System.arraycopy(bytes, 0, frame.bytes(), frame.start(), bytes.length);
        return frame;
    }

    static byte[] random(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
