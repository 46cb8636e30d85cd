package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.encap.View;
import io.hopscope.protocols.Route;

/** A stack's ICMP (RFC 792, RFC 1122 section 3.2.2, RFC 1812 section 4.3): replies, errors and redirects, as Linux's icmp.c. */
final class IcmpReplies {
    /** icmp_send quotes as much as fits into 576 bytes (RFC 1812, section 4.3.2.3). */
    private static final int LARGEST = 576;

    private static final int TIMESTAMP = 13;
    private static final int TIMESTAMP_REPLY = 14;
    private static final int TIMESTAMP_LENGTH = 20;
    /** NR_ICMP_TYPES: what is above may be an error. */
    private static final int TYPES = 18;

    /** A packet filter or a rule forbids it. */
    private static final int FILTERED = 13;

    /** The source where there is no address at all (RFC 7600). */
    private static final int DUMMY = 0xc0000008;

    private static final long SECOND = 1_000_000_000_000L;
    /** icmp_ratemask: unreachable, source quench, time exceeded, parameter problem. */
    private static final int MASK = 0x1818;

    private final IpStack stack;
    private final Ethernet eth;
    private final Ipv4 ip;
    private final Ipv4 out;
    private final Icmp icmp;
    private final Icmp made;
    /** Null while everything is as from the start. */
    private Sysctls settings;

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

    void settings(Sysctls changed) {
        settings = changed;
    }

    void receive(NetInterface in, Port ingress, Frame frame, long now) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        int length = ip.limit() - ip.payload();
        stack.count(IpCounter.ICMP_IN_MSGS);
        if (length < Icmp.LENGTH || !icmp.wrap(frame, ip.payload()).checksumOk(length)) {
            stack.count(IpCounter.ICMP_IN_ERRORS);
            if (length >= Icmp.LENGTH) {
                stack.count(IpCounter.ICMP_IN_CSUM_ERRORS);
            }
            ingress.drop(frame, IpStack.Drop.BAD_PAYLOAD);
            return;
        }
        stack.tally().icmp(icmp.type(), true);
        if (icmp.type() > TYPES) {
            stack.count(IpCounter.ICMP_IN_ERRORS);
        }
        if (icmp.type() == Icmp.ECHO && icmp.code() == 0) {
            echo(frame, length, now);
        } else if (icmp.type() == TIMESTAMP && icmp.code() == 0) {
            timestamp(frame, length, now);
        } else if (icmp.type() == Icmp.REDIRECT) {
            if (length >= Icmp.LENGTH + Ipv4.LENGTH) {
                redirected(in, frame, now);
                icmp.wrap(frame, ip.wrap(frame, frame.start() + Ethernet.LENGTH).payload());
                stack.tellRedirect(frame, ip, icmp, now);
            }
        } else {
            if (icmp.type() == Icmp.UNREACHABLE && icmp.code() == Icmp.FRAGMENTATION_NEEDED) {
                learnMtu(frame, now);
            }
            if (icmp.type() != Icmp.TIME_EXCEEDED || icmp.code() == 0) {
                // That fragments were missing elsewhere no socket hears (icmp_unreach).
                stack.tell(frame, ip, icmp, now);
            }
        }
        ingress.consume(frame);
    }

    /** What is quoted has to be an echo request of this host's, or a datagram of a socket; TCP looks closer by itself. */
    private void learnMtu(Frame frame, long now) {
        int at = icmp.at() + Icmp.LENGTH;
        if (ip.limit() - at < Ipv4.LENGTH + 8) {
            return;
        }
        out.wrap(frame, at);
        Route back = stack.lookup(out.source());
        if (back == null || back.type() != Route.Type.LOCAL || ip.limit() - at < out.headerLength() + 8) {
            return;
        }
        int protocol = out.protocol();
        boolean known = protocol == Ipv4.ICMP
                || protocol == Ipv4.UDP
                        && (stack.bound(View.get16(frame.bytes(), out.payload()))
                                // The other end of a tunnel has the port of this one.
                                || stack.bound(View.get16(frame.bytes(), out.payload() + 2)));
        if (known) {
            stack.learnMtu(out, icmp.mtu(), now);
        }
    }

    /** __ip_do_redirect: only the router in use is believed, and only about one that is on the link and answers. */
    private void redirected(NetInterface in, Frame frame, long now) {
        int router = ip.source();
        int better = icmp.gateway();
        out.wrap(frame, icmp.at() + Icmp.LENGTH);
        if (!accepts(in) || better == router || better >>> 28 >= 14 || better == 0) {
            return;
        }
        Route route = stack.lookup(out.destination());
        boolean used = route != null && route.type() == Route.Type.UNICAST && route.gateway() == router;
        if (used
                && trusts(in, better, router)
                && route.device() == in.index()
                && stack.neighbours.known(in, better, now)) {
            stack.redirect(out.destination(), route, better, now);
        }
    }

    /** Whether the router that is named may be one: on a link that one network has to itself, only a default gateway. */
    private boolean trusts(NetInterface in, int better, int router) {
        if (settings != null && settings.effective(Sysctls.Conf.SHARED_MEDIA, in) == 0) {
            return stack.onLink(in, better, router)
                    && (settings.effective(Sysctls.Conf.SECURE_REDIRECTS, in) == 0 || defaultGateway(in, better));
        }
        Route to = stack.fib().lookup(better);
        return to != null && to.type() == Route.Type.UNICAST && to.gateway() == 0 && to.device() == in.index();
    }

    /** ip_fib_check_default. */
    private boolean defaultGateway(NetInterface in, int router) {
        Route route = stack.fib().lookup(0);
        return route != null && route.gateway() == router && route.device() == in.index();
    }

    private boolean accepts(NetInterface in) {
        if (settings == null) {
            return !stack.forwarding();
        }
        return settings.forwards(in)
                ? settings.both(Sysctls.Conf.ACCEPT_REDIRECTS, in)
                : settings.effective(Sysctls.Conf.ACCEPT_REDIRECTS, in) != 0;
    }

    private void echo(Frame request, int length, long now) {
        if (settings != null && settings.ignoresEcho
                || broadcast(request) && (settings == null || settings.ignoresBroadcastEcho)) {
            stack.count(IpCounter.ICMP_IN_ERRORS);
            return;
        }
        reply(request, length, Icmp.ECHO_REPLY, now);
    }

    /** Milliseconds since midnight, which is when the run began. */
    private void timestamp(Frame request, int length, long now) {
        if (length < TIMESTAMP_LENGTH || broadcast(request)) {
            return;
        }
        int clock = (int) (now / 1_000_000_000L % 86_400_000);
        View.put32(request.bytes(), icmp.at() + 12, clock);
        View.put32(request.bytes(), icmp.at() + 16, clock);
        reply(request, TIMESTAMP_LENGTH, TIMESTAMP_REPLY, now);
    }

    private void reply(Frame request, int length, int type, long now) {
        boolean all = broadcast(request);
        Frame reply = stack.node().originate(Ethernet.LENGTH + Ipv4.LENGTH + length);
        int at = reply.start() + Ethernet.LENGTH;
        out.wrap(reply, at)
                .start(Ipv4.LENGTH + length)
                .df(false)
                .id(stack.nextIdentification())
                .tos(ip.tos())
                .ttl(stack.ttl())
                .protocol(Ipv4.ICMP)
                .source(all ? errorSource(null, ip.destination()) : ip.destination())
                .destination(ip.source())
                .seal();
        System.arraycopy(request.bytes(), ip.payload(), reply.bytes(), at + Ipv4.LENGTH, length);
        made.wrap(reply, at + Ipv4.LENGTH).type(type).code(0).seal(length);
        if (!stack.send(reply, now)) {
            stack.lose(null, reply, IpStack.Drop.NO_ROUTE);
        }
    }

    private ErrorLimit limit() {
        if (limit == null) {
            limit = new ErrorLimit(stack.node().network().seed().stream(stack.title() + " icmp"));
        }
        return limit;
    }

    /** Says that no route takes a packet (ip_error). */
    void refuse(NetInterface in, Frame cause, Route.Type type, long now) {
        int code = type == null ? Icmp.NET : type == Route.Type.UNREACHABLE ? Icmp.HOST : FILTERED;
        ip.wrap(cause, cause.start() + Ethernet.LENGTH);
        if (type != Route.Type.BLACKHOLE && limit().allowsRefusal(ip.source(), now)) {
            error(in, cause, Icmp.UNREACHABLE, code, 0, now);
        }
    }

    /** Tells a neighbour of another router on the same link, as long as it does not hear (ip_rt_send_redirect). */
    void redirect(NetInterface in, Frame cause, int router, long now) {
        ip.wrap(cause, cause.start() + Ethernet.LENGTH);
        if (limit().allowsRedirect(ip.source(), now)) {
            error(in, cause, Icmp.REDIRECT, 1, router, now);
        }
    }

    /**
     * Tells the sender of a packet what became of it, as far as the rate limits let; never about an error, a fragment but
     * the first, a broadcast (icmp_send).
     *
     * @param in where the packet came in; null for one of this host's own
     * @param info the second word: the MTU of the next link, the better router
     */
    void error(NetInterface in, Frame cause, int type, int code, int info, long now) {
        ip.wrap(cause, cause.start() + Ethernet.LENGTH);
        if (!deserves(in, cause) || in != null && !allowed(in, type, code, now)) {
            return;
        }
        int quote = Math.min(ip.limit() - ip.at(), room(in) - Ipv4.LENGTH - Icmp.LENGTH);
        int total = Ipv4.LENGTH + Icmp.LENGTH + quote;
        Frame frame = stack.node().originate(Ethernet.LENGTH + total, cause);
        int at = frame.start() + Ethernet.LENGTH;
        int source = in == null ? ip.source() : errorSource(in, ip.destination());
        out.wrap(frame, at)
                .start(total)
                .df(false)
                .id(stack.nextIdentification())
                // IPTOS_PREC_INTERNETCONTROL, and of the cause's type of service what RFC 1349 knew.
                .tos(ip.tos() & 0x1e | 0xc0)
                .ttl(stack.ttl())
                .protocol(Ipv4.ICMP)
                .source(source == 0 ? DUMMY : source)
                .destination(ip.source())
                .seal();
        System.arraycopy(cause.bytes(), ip.at(), frame.bytes(), at + Ipv4.LENGTH + Icmp.LENGTH, quote);
        made.wrap(frame, at + Ipv4.LENGTH).start(type, code).gateway(info).seal(Icmp.LENGTH + quote);
        if (in == null) {
            stack.told(now);
        }
        if (!stack.send(frame, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
        }
    }

    /** As much as fits what the way back takes, and no more than RFC 1812 wants. */
    private int room(NetInterface in) {
        Route back = in == null ? null : stack.lookup(ip.source());
        return back == null || back.type() != Route.Type.UNICAST
                ? LARGEST
                : Math.max(Ipv4.LENGTH + Icmp.LENGTH, Math.min(LARGEST, stack.mtu(ip.source(), back)));
    }

    /** What all addresses have in common first, then the one: nobody learns from the first what the second let through. */
    private boolean allowed(NetInterface in, int type, int code, long now) {
        int mask = settings == null ? MASK : settings.ratemask;
        boolean free = type == Icmp.UNREACHABLE && code == Icmp.FRAGMENTATION_NEEDED || (mask >> type & 1) == 0;
        if (free || in.loopback()) {
            return true;
        }
        int rate = settings == null ? 1000 : settings.messages;
        int burst = settings == null ? 50 : settings.burst;
        long cost = settings == null ? SECOND : settings.ratelimit;
        if (!limit().allowsAny(rate, burst, now)) {
            stack.count(IpCounter.ICMP_OUT_RATE_LIMIT_GLOBAL);
            return false;
        } else if (!limit().allows(ip.source(), cost, now)) {
            stack.count(IpCounter.ICMP_OUT_RATE_LIMIT_HOST);
            return false;
        }
        return true;
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
        if (ip.protocol() != Ipv4.ICMP) {
            return true;
        }
        // Of a type that nobody knows it is better to think that it is an error.
        return ip.limit() - ip.payload() >= Icmp.LENGTH
                && !icmp.wrap(cause, ip.payload()).error()
                && icmp.type() <= TYPES;
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
    private int errorSource(NetInterface in, int asked) {
        Route local = stack.lookup(asked);
        if (local != null && local.type() == Route.Type.LOCAL) {
            return asked;
        }
        if (in != null && settings != null && settings.errorsFromInbound) {
            return SourceAddress.select(stack, in, ip.source(), Route.Scope.LINK);
        }
        Route back = stack.lookup(ip.source());
        return stack.source(
                back != null && back.type() == Route.Type.UNICAST
                        ? back
                        : Route.link(Prefix.ALL, stack.interfaces().get(0).index()));
    }
}
