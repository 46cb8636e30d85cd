package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;

/** A stack's ICMP (RFC 792, RFC 1122 section 3.2.2, RFC 1812 section 4.3): echo replies and errors. */
final class IcmpReplies {
    /** icmp_send quotes as much as fits into 576 bytes (RFC 1812, section 4.3.2.3). */
    private static final int LARGEST = 576;

    private final IpStack stack;
    private final Ethernet eth;
    private final Ipv4 ip;
    private final Ipv4 out;
    private final Icmp icmp;
    private final Icmp made;
    /** Made with the first error: most stacks never send one. */
    private ErrorLimit limit;

    IcmpReplies(IpStack stack, Views views) {
        this.stack = stack;
        eth = views.errorEth;
        ip = views.causeIp;
        out = views.madeIp;
        icmp = views.icmp;
        made = views.madeIcmp;
    }

    void receive(NetInterface in, Port ingress, Frame frame, long now) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        int length = ip.limit() - ip.payload();
        if (length < Icmp.LENGTH || !icmp.wrap(frame, ip.payload()).checksumOk(length)) {
            ingress.drop(frame, IpStack.Drop.BAD_PAYLOAD);
            return;
        }
        if (icmp.type() == Icmp.ECHO && icmp.code() == 0) {
            echo(frame, length, now);
        } else {
            if (icmp.type() == Icmp.UNREACHABLE && icmp.code() == Icmp.FRAGMENTATION_NEEDED) {
                learnMtu(frame);
            }
            stack.tell(frame, ip, icmp, now);
        }
        ingress.consume(frame);
    }

    private void learnMtu(Frame frame) {
        int at = icmp.at() + Icmp.LENGTH;
        if (ip.limit() - at >= Ipv4.LENGTH) {
            stack.learnMtu(out.wrap(frame, at).destination(), icmp.mtu());
        }
    }

    private void echo(Frame request, int length, long now) {
        if (broadcast(request)) {
            // icmp_echo_ignore_broadcasts is on by default.
            return;
        }
        Frame reply = stack.node().originate(Ethernet.LENGTH + Ipv4.LENGTH + length);
        int at = reply.start() + Ethernet.LENGTH;
        out.wrap(reply, at)
                .start(Ipv4.LENGTH + length)
                .df(false)
                .id(stack.nextIdentification())
                .tos(ip.tos())
                .protocol(Ipv4.ICMP)
                .source(ip.destination())
                .destination(ip.source())
                .seal();
        System.arraycopy(request.bytes(), ip.payload(), reply.bytes(), at + Ipv4.LENGTH, length);
        made.wrap(reply, at + Ipv4.LENGTH).type(Icmp.ECHO_REPLY).seal(length);
        if (!stack.send(reply, now)) {
            stack.lose(null, reply, IpStack.Drop.NO_ROUTE);
        }
    }

    private ErrorLimit limit() {
        if (limit == null) {
            limit = new ErrorLimit();
        }
        return limit;
    }

    /** Says that no route takes a packet (ip_error). */
    void refuse(NetInterface in, Frame cause, int code, long now) {
        ip.wrap(cause, cause.start() + Ethernet.LENGTH);
        if (limit().allowsRefusal(ip.source(), now)) {
            error(in, cause, Icmp.UNREACHABLE, code, 0, now);
        }
    }

    /**
     * Tells the sender of a packet what became of it, as far as the rate limit lets; never about an error, a fragment but
     * the first, a broadcast.
     *
     * @param in where the packet came in; null for one of this host's own
     * @param mtu of the next link, for {@link Icmp#FRAGMENTATION_NEEDED}
     */
    void error(NetInterface in, Frame cause, int type, int code, int mtu, long now) {
        ip.wrap(cause, cause.start() + Ethernet.LENGTH);
        boolean limited = in != null && !(type == Icmp.UNREACHABLE && code == Icmp.FRAGMENTATION_NEEDED);
        if (!deserves(in, cause) || limited && !limit().allows(ip.source(), now)) {
            return;
        }
        int quote = Math.min(ip.limit() - ip.at(), LARGEST - Ipv4.LENGTH - Icmp.LENGTH);
        int total = Ipv4.LENGTH + Icmp.LENGTH + quote;
        // What only this host hears is seen nowhere: it must not leave its cause to the next frame that is.
        Frame frame = in == null
                ? stack.node().originate(Ethernet.LENGTH + total)
                : stack.node().originate(Ethernet.LENGTH + total, cause);
        int at = frame.start() + Ethernet.LENGTH;
        int source = in == null ? ip.source() : errorSource(ip.destination());
        out.wrap(frame, at)
                .start(total)
                .df(false)
                .id(stack.nextIdentification())
                .tos(0xc0)
                .protocol(Ipv4.ICMP)
                .source(source)
                .destination(ip.source())
                .seal();
        System.arraycopy(cause.bytes(), ip.at(), frame.bytes(), at + Ipv4.LENGTH + Icmp.LENGTH, quote);
        made.wrap(frame, at + Ipv4.LENGTH).start(type, code);
        if (mtu != 0) {
            made.mtu(mtu);
        }
        made.seal(Icmp.LENGTH + quote);
        if (in == null) {
            stack.tell(frame, out, made, now);
            stack.owner().ports().get(0).consume(frame);
        } else if (!stack.send(frame, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
        }
    }

    private boolean deserves(NetInterface in, Frame cause) {
        if (ip.fragmentOffset() != 0 || ip.source() == 0 || ip.source() == -1 || Ipv4Address.isMulticast(ip.source())) {
            return false;
        }
        if (in != null && broadcast(cause)) {
            return false;
        }
        Route back = stack.lookup(ip.source());
        if (back != null && back.type() == Route.Type.BROADCAST) {
            return false;
        }
        return ip.protocol() != Ipv4.ICMP
                || ip.limit() - ip.payload() < Icmp.LENGTH
                || !icmp.wrap(cause, ip.payload()).error();
    }

    /** Whether the packet {@link #ip} looks at came to all, by its MAC or by its address. */
    private boolean broadcast(Frame frame) {
        int destination = ip.destination();
        if (MacAddress.isGroup(eth.wrap(frame).destination())
                || destination == -1
                || Ipv4Address.isMulticast(destination)) {
            return true;
        }
        Route route = stack.lookup(destination);
        return route != null && route.type() == Route.Type.BROADCAST;
    }

    /** As icmp_send chooses: the address that was asked, or else the one this host has on the way back to the sender. */
    private int errorSource(int asked) {
        Route local = stack.lookup(asked);
        if (local != null && local.type() == Route.Type.LOCAL) {
            return asked;
        }
        Route back = stack.lookup(ip.source());
        return stack.source(
                back != null && back.type() == Route.Type.UNICAST
                        ? back
                        : Route.link(Prefix.ALL, stack.interfaces().get(0).index()));
    }
}
