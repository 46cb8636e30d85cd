package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;
import io.hopscope.protocols.netfilter.Packet;

/** What REJECT answers with: an ICMP error, or a reset (nf_reject_ipv4). */
final class Rejection {
    private static final int TTL = 64;

    private final Netfilter netfilter;
    private final Ethernet eth = new Ethernet();
    private final Ipv4 ip = new Ipv4();
    private final Ipv4 out = new Ipv4();
    private final Tcp tcp = new Tcp();
    private final Tcp made = new Tcp();
    /** The packet being answered, while it is. */
    private Packet cause;

    Rejection(Netfilter netfilter) {
        this.netfilter = netfilter;
    }

    /** An answer belongs to the connection of what it answers; so does an error about what is just passing. */
    void attach(Packet answer, Packet passing) {
        if (cause != null) {
            netfilter.hooks().attach(answer, cause);
        } else if (netfilter.hooks().quotes(answer, passing)) {
            netfilter.hooks().attach(answer, passing);
        }
    }

    boolean answering() {
        return cause != null;
    }

    void answer(Packet p, NetInterface in, Port ingress, Frame frame, long now) {
        Packet before = cause;
        cause = p;
        int code = p.decided().rejection();
        if (code < 0) {
            reset(ingress, frame, now);
        } else if (netfilter.stack() != null && (in != null || ingress == null)) {
            netfilter.stack().icmpReplies().error(ingress == null ? null : in, frame, Icmp.UNREACHABLE, code, 0, now);
        }
        cause = before;
    }

    private void reset(Port ingress, Frame frame, long now) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        if (ip.fragmentOffset() != 0 || !Tcp.fits(frame.bytes(), ip.payload(), ip.limit())) {
            return;
        }
        tcp.wrap(frame, ip.payload());
        int length = ip.limit() - ip.payload();
        if ((tcp.flags() & Tcp.RST) != 0 || !tcp.checksumOk(ip.source(), ip.destination(), length)) {
            return;
        }
        Frame answer = netfilter.node().originate(Ethernet.LENGTH + Ipv4.LENGTH + Tcp.LENGTH, frame);
        int at = answer.start() + Ethernet.LENGTH;
        out.wrap(answer, at)
                .start(Ipv4.LENGTH + Tcp.LENGTH)
                .ttl(TTL)
                .protocol(Ipv4.TCP)
                .source(ip.destination())
                .destination(ip.source())
                .seal();
        segment(answer, at + Ipv4.LENGTH, length);
        send(answer, ingress, frame, now);
    }

    private void segment(Frame answer, int at, int length) {
        boolean acked = (tcp.flags() & Tcp.ACK) != 0;
        int end = tcp.seq() + ((tcp.flags() & Tcp.SYN) >> 1) + (tcp.flags() & Tcp.FIN) + length - tcp.headerLength();
        View.put32(answer.bytes(), at + 12, 0x5000_0000);
        View.put32(answer.bytes(), at + 16, 0);
        made.wrap(answer, at)
                .sourcePort(tcp.destinationPort())
                .destinationPort(tcp.sourcePort())
                .seq(acked ? tcp.ack() : 0)
                .ack(acked ? 0 : end)
                .flags(acked ? Tcp.RST : Tcp.RST | Tcp.ACK)
                .seal(ip.destination(), ip.source(), Tcp.LENGTH);
    }

    /** What came by a bridge is answered by its port, with the addresses turned round: the sender knows no other. */
    private void send(Frame answer, Port ingress, Frame frame, long now) {
        Port back = ingress == null ? null : bridge(ingress);
        if (back != null) {
            long from = eth.wrap(frame).destination();
            long to = eth.source();
            eth.wrap(answer).destination(to).source(from).type(Ethernet.IPV4);
            back.transmit(answer);
        } else if (netfilter.stack() == null || !netfilter.stack().send(answer, now)) {
            netfilter.node().unmake(answer);
        }
    }

    /** The port of the bridge that the packet came in by, on its way over the bridge or up from it; null for none. */
    private Port bridge(Port ingress) {
        if (!cause.bridged()) {
            return null;
        } else if (ingress.device() instanceof LinuxBridge) {
            return ingress;
        }
        Port below = ingress.peer();
        return below != null && below.device() instanceof LinuxBridge bridge ? bridge.port(cause.bridgeIn()) : null;
    }
}
