package io.hopscope.devices;

import io.hopscope.core.DropReason;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.protocols.Flow;
import io.hopscope.protocols.Route;

/** The way out of a host: packets of its own, and what is passed on, to the next hop. One for all stacks of a node. */
final class IpOutput {
    private final Ethernet eth;
    private final Ipv4 ip;
    private final RouteLookup routes;
    private final Splitter splitter;

    IpOutput(Views views) {
        eth = views.eth;
        ip = views.ip;
        routes = views.routes;
        splitter = views.splitter;
    }

    /**
     * Sends a packet of this host's own: room for an Ethernet header, then a complete IPv4 header.
     *
     * @param flow what its socket is bound to and marks it with; null where only the header says anything
     * @return whether there was a route; without one the frame is still the caller's
     */
    boolean send(IpStack stack, Frame frame, Flow flow, long now) {
        // Whoever looks before the neighbour is known, or if it never is, must not see what was in the pool.
        ip.wrap(
                frame,
                eth.wrap(frame).destination(0).source(0).type(Ethernet.IPV4).end());
        Route route;
        int bound = flow == null ? 0 : flow.out;
        if (flow != null) {
            route = stack.lookup(flow);
        } else if (stack.intricate) {
            route = stack.lookup(routes.read(frame, ip, Route.LOOPBACK));
        } else {
            route = stack.lookup(ip.destination());
        }
        if (route != null && (route.type() == Route.Type.UNICAST || route.ofLocalTable())) {
            requested(stack, frame);
        }
        if (route != null && stack.hooked) {
            route = stack.netfilter().sends(route, bound, frame, now);
            if (route == null) {
                return true;
            }
        }
        if (route == null || route.type() != Route.Type.UNICAST) {
            return route != null && local(stack, route, frame, now);
        }
        transmit(stack, route, null, frame, flow != null && flow.probes, now);
        return true;
    }

    /** The packet that {@link #ip} looks at has a route (__ip_local_out). */
    private void requested(IpStack stack, Frame frame) {
        stack.outRequests++;
        if (ip.protocol() == Ipv4.ICMP && frame.end() > ip.payload()) {
            stack.count(IpCounter.ICMP_OUT_MSGS);
            stack.tally().icmp(frame.bytes()[ip.payload()] & 0xff, false);
        }
    }

    private boolean local(IpStack stack, Route route, Frame frame, long now) {
        if (route.type() == Route.Type.LOCAL) {
            loopback(stack, frame, now);
        } else if (route.type() == Route.Type.BROADCAST) {
            NetInterface via = stack.device(route.device());
            if (stack.hooked && !stack.netfilter().leaves(via, null, frame, now)) {
                return true;
            }
            eth.wrap(frame).destination(Ethernet.BROADCAST).source(via.mac());
            int length = frame.length() - Ethernet.LENGTH;
            stack.transmitted(length);
            stack.count(IpCounter.OUT_BCAST_PKTS);
            stack.count(IpCounter.OUT_BCAST_OCTETS, length);
            via.egress.send(via, frame);
        }
        return route.ofLocalTable();
    }

    /** To an address of this host: over {@code lo}, or, where nobody has one, answered a moment later. */
    private void loopback(IpStack stack, Frame frame, long now) {
        if (stack.hooked && !stack.netfilter().leaves(null, null, frame, now)) {
            return;
        }
        stack.transmitted(frame.length() - Ethernet.LENGTH);
        if (stack.hooked) {
            stack.netfilter().loops(frame, now);
        }
        // As on lo: what an earlier frame left there must not be taken for this one's addresses.
        eth.wrap(frame).destination(0).source(0).type(Ethernet.IPV4);
        if (stack.owner() instanceof Host host) {
            host.loop(frame);
            return;
        }
        NetInterface self = stack.interfaces().get(0);
        Port port = self.port() != null ? self.port() : stack.owner().port(0);
        stack.at(stack.node().now(), later -> {
            Port where = self.port() != null ? self.port() : port;
            if (stack.node().powered()) {
                if (!stack.hooked || stack.netfilter().arrives(null, where, frame, later)) {
                    stack.upper(self, where, frame, later);
                }
            } else {
                where.drop(frame, IpStack.Drop.NO_ROUTE);
            }
        });
    }

    /** A packet of this host's own that cannot be sent: seen where it would have gone out, addressed to nobody yet. */
    void lose(IpStack stack, NetInterface via, Frame frame, DropReason reason) {
        NetInterface self = via != null || stack.interfaces().isEmpty() ? via : stack.device(2);
        eth.wrap(frame).destination(0).source(self == null ? 0 : self.mac()).type(Ethernet.IPV4);
        Port port = self != null && self.port() != null
                ? self.port()
                : stack.owner().port(0);
        port.withhold(frame, reason);
    }

    /** To the next hop of the route; {@code ingress} is null for a packet of this host's own. */
    void transmit(IpStack stack, Route route, Port ingress, Frame frame, long now) {
        transmit(stack, route, ingress, frame, false, now);
    }

    private void transmit(IpStack stack, Route route, Port ingress, Frame frame, boolean probe, long now) {
        NetInterface via = stack.device(route.device());
        if (stack.hooked && !stack.netfilter().leaves(via, ingress, frame, now)) {
            return;
        }
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        int size = frame.length() - Ethernet.LENGTH;
        // Only a packet of this host's own minds what ICMP said of the path.
        int most = !stack.intricate || probe
                ? via.mtu()
                : ingress == null ? stack.mtu(ip.destination(), route) : stack.forwardMtu(ip.destination(), route);
        Cuts cuts = stack.hooked ? stack.netfilter().cuts(frame) : null;
        if (cuts != null) {
            most = Math.min(most, cuts.largest());
        }
        if (size > most && ip.totalLength() > most && ingress == null && ip.df()) {
            // Whoever forbids routers to split it is not split here either, and is told (ip_fragment).
            stack.count(IpCounter.FRAG_FAILS);
            stack.icmpReplies().error(null, frame, Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, most, now);
            lose(stack, via, frame, IpStack.Drop.TOO_BIG);
        } else if (size > most && ip.totalLength() > most) {
            splitter.split(stack, route, via, most, cuts, ingress, frame, now);
        } else {
            stack.neighbours.send(route, via, ingress, frame, now);
        }
    }
}
