package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Prefix;
import io.hopscope.encap.View;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Flow;
import io.hopscope.protocols.NextHops;
import io.hopscope.protocols.Route;

/**
 * Which way packets go: by longest prefix; where there are rules, several next hops or exceptions, by those too. One for
 * all stacks of a node.
 */
final class RouteLookup {
    /** 127.0.0.0/8 is this host in every stack, and takes no room in its table. */
    static final Route LOOPBACK = Route.local(new Prefix(0x7f000000, 8), Route.LOOPBACK, 0x7f000001);

    private final Flow flow = new Flow();
    private final Ipv4 quoted = new Ipv4();

    /** For one packet's sake: a flow that is anybody's until the next packet. */
    Flow flow() {
        return flow;
    }

    /** The route of a packet of this host's own; null without one. */
    Route output(IpStack stack, Flow of) {
        if (of.destination >>> 24 == 127) {
            return LOOPBACK;
        }
        Route route = stack.policy() != null
                ? stack.policy().lookup(of)
                : of.out != 0
                        ? stack.fib().lookup(of.destination, Fib.Part.BOTH, of.out)
                        : stack.fib().lookup(of.destination);
        if (route != null && route.type() == Route.Type.THROW) {
            return null;
        }
        if (route == null) {
            // ip_route_output_key_hash_rcu: who insists on an interface finds everybody there.
            return of.out == 0 ? null : Route.link(new Prefix(of.destination, 32), of.out);
        }
        Route picked = route.device() == Route.SEVERAL ? own(stack, route, of) : route;
        if (of.destination == -1 && picked.type() == Route.Type.UNICAST) {
            // __mkroute_output: everybody on the link that the route leads to, and none of its routers.
            return Route.broadcast(-1, picked.device(), stack.source(picked));
        }
        return excepted(stack, picked, of.destination);
    }

    /** The same of one that rules have changed on its way out. */
    Route again(IpStack stack, Frame frame, int bound, int mark) {
        Flow of = read(frame, quoted.wrap(frame, frame.start() + Ethernet.LENGTH), Route.LOOPBACK);
        of.out = bound;
        of.mark = mark;
        return output(stack, of);
    }

    /** Of several next hops that whose own address the packet comes from, if there is one (fib_select_multipath). */
    private Route own(IpStack stack, Route route, Flow of) {
        NextHops hops = route.traits().hops();
        Route picked = hops.pick(of.hash(stack.hashSeed(), stack.hashPolicy()));
        if (of.source == 0 || SourceAddress.of(stack, picked) == of.source) {
            return picked;
        }
        for (int i = 0; i < hops.size(); i++) {
            if (SourceAddress.of(stack, hops.get(i)) == of.source) {
                return hops.get(i);
            }
        }
        return picked;
    }

    private static Route excepted(IpStack stack, Route route, int destination) {
        if (!stack.exceptions || route.type() != Route.Type.UNICAST) {
            return route;
        }
        PathCache.Entry entry =
                stack.paths().find(destination, route, stack.node().now());
        return entry == null || entry.gateway() == 0 ? route : route.redirected(entry.gateway());
    }

    /** The route of a packet that came in; null without one. */
    Route input(IpStack stack, NetInterface in, Frame frame, Ipv4 ip) {
        if (stack.policy() != null) {
            Flow of = read(frame, ip, in.index());
            of.mark = stack.hooked ? stack.netfilter().mark(frame) : 0;
            return passed(stack, stack.policy().lookup(of), frame, ip);
        }
        Route route = stack.fib().lookup(ip.destination());
        if (route != null && route.device() == Route.SEVERAL) {
            read(frame, ip, in.index());
        }
        return passed(stack, route, frame, ip);
    }

    /** The same of a packet that might come in. */
    Route input(IpStack stack, Flow of) {
        Route route =
                stack.policy() != null ? stack.policy().lookup(of) : stack.fib().lookup(of.destination);
        if (route == null || route.type() == Route.Type.THROW) {
            return null;
        }
        return route.device() == Route.SEVERAL
                ? route.traits().hops().pick(of.hash(stack.hashSeed(), stack.hashPolicy()))
                : route;
    }

    private Route passed(IpStack stack, Route found, Frame frame, Ipv4 ip) {
        Route route = found;
        if (route == null || route.type() == Route.Type.THROW) {
            return null;
        }
        if (route.device() == Route.SEVERAL) {
            if (stack.hashPolicy() == 0 && ip.protocol() == Ipv4.ICMP) {
                quoted(frame, ip);
            }
            route = route.traits().hops().pick(flow.hash(stack.hashSeed(), stack.hashPolicy()));
        }
        return excepted(stack, route, ip.destination());
    }

    /** What a packet looks like to rules and hashes. */
    Flow read(Frame frame, Ipv4 ip, int in) {
        flow.to(ip.destination()).from(ip.source());
        flow.in = in;
        flow.tos = ip.tos() & 0xfc;
        flow.protocol = ip.protocol();
        int at = ip.payload();
        boolean ports = flow.protocol == Ipv4.TCP || flow.protocol == Ipv4.UDP;
        if (ports && ip.fragmentOffset() == 0 && ip.limit() - at >= 4) {
            flow.sourcePort = View.get16(frame.bytes(), at);
            flow.destinationPort = View.get16(frame.bytes(), at + 2);
        }
        return flow;
    }

    /** An ICMP error goes the way of what it is about (ip_multipath_l3_keys). */
    private void quoted(Frame frame, Ipv4 ip) {
        int at = ip.payload() + Icmp.LENGTH;
        int type = frame.bytes()[ip.payload()] & 0xff;
        boolean error = type == Icmp.UNREACHABLE
                || type == Icmp.REDIRECT
                || type == Icmp.TIME_EXCEEDED
                || type == Icmp.PARAMETER_PROBLEM;
        if (error && ip.fragmentOffset() == 0 && ip.limit() - at >= Ipv4.LENGTH) {
            quoted.wrap(frame, at);
            flow.source = quoted.source();
            flow.destination = quoted.destination();
        }
    }

    /**
     * Whether a source address may come in here (fib_validate_source, rp_filter); where not, the packet has been dropped.
     */
    boolean valid(IpStack stack, NetInterface in, Port ingress, Frame frame, Ipv4 ip) {
        int source = ip.source();
        int top = source >>> 24;
        Sysctls settings = stack.sysctls();
        boolean loopback = top == 127 || ip.destination() >>> 24 == 127;
        boolean near = settings != null && settings.effective(Sysctls.Conf.ROUTE_LOCALNET, in) != 0;
        if (top >= 224 || top == 0 && ip.destination() != -1 || loopback && !near) {
            ingress.drop(frame, IpStack.Drop.MARTIAN);
            return false;
        }
        int filter = settings == null ? 0 : settings.reversePath(in);
        Route back = source == 0 ? null : back(stack, ip, filter == 0 ? 0 : in.index());
        boolean self = back != null && back.ofLocalTable();
        if (self && (settings == null || settings.effective(Sysctls.Conf.ACCEPT_LOCAL, in) == 0)) {
            ingress.drop(frame, IpStack.Drop.MARTIAN);
            return false;
        }
        boolean known = back != null && (back.type() == Route.Type.UNICAST || self);
        if (filter == 0 || source == 0 || known && (filter == 2 || self || leads(back, in))) {
            return true;
        }
        stack.count(IpCounter.REVERSE_PATH_FILTER);
        ingress.drop(frame, IpStack.Drop.REVERSE_PATH);
        return false;
    }

    /** Whether ARP is answered to this address, as far as that depends on the way back to it. */
    boolean answers(IpStack stack, NetInterface in, int sender, int target) {
        Sysctls settings = stack.sysctls();
        Route back = stack.lookup(flow.to(sender).from(target));
        if (settings.reversePath(in) == 1 && (back == null || !leads(back, in))) {
            return false;
        }
        return settings.effective(Sysctls.Conf.ARP_FILTER, in) == 0 || back != null && leads(back, in);
    }

    /** The route to where a packet came from. */
    private Route back(IpStack stack, Ipv4 ip, int in) {
        if (stack.policy() == null) {
            return stack.fib().lookup(ip.source());
        }
        flow.to(ip.source()).from(ip.destination());
        flow.in = in == 0 ? Route.LOOPBACK : in;
        flow.tos = ip.tos() & 0xfc;
        return stack.policy().lookup(flow);
    }

    static boolean leads(Route route, NetInterface via) {
        if (route.device() != Route.SEVERAL) {
            return route.device() == via.index();
        }
        NextHops hops = route.traits().hops();
        for (int i = 0; i < hops.size(); i++) {
            if (hops.get(i).device() == via.index()) {
                return true;
            }
        }
        return false;
    }
}
