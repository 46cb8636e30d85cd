package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Udp;
import io.hopscope.encap.Vlan;
import io.hopscope.encap.Vrrp;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.RoutingRule;
import io.hopscope.protocols.RuleText;

/** The way into a host: what comes in is for it, to be passed on, or nobody's. One for all stacks of a node. */
final class IpInput {
    /** By the two bits of RFC 3168; most packets have none of them. */
    private static final IpCounter[] MARKS = {
        IpCounter.IN_NO_ECT_PKTS, IpCounter.IN_ECT1_PKTS, IpCounter.IN_ECT0_PKTS, IpCounter.IN_CE_PKTS
    };

    private final Ethernet eth;
    private final Ipv4 ip;
    private final Udp udp;
    private final IpOutput output;
    private final RouteLookup routes;

    IpInput(Views views) {
        eth = views.eth;
        ip = views.ip;
        udp = views.udp;
        output = views.output;
        routes = views.routes;
    }

    /** An untagged or tagged frame addressed to the interface or to all; it is the stack's from here on. */
    void receive(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        if (!Ethernet.fits(frame)) {
            ingress.drop(frame, IpStack.Drop.MALFORMED);
            return;
        }
        if (stack.overheard && stack.listeners.taken(in, frame, now)) {
            ingress.consume(frame);
            return;
        }
        int type = eth.wrap(frame).type();
        if (type == Ethernet.VLAN && eth.vid() == 0) {
            // A priority tag is no VLAN's (__netif_receive_skb_core).
            Vlan.pop(frame);
            type = eth.wrap(frame).type();
        }
        if (type == Ethernet.IPV4) {
            packet(stack, in, ingress, frame, now);
        } else if (type == Ethernet.ARP) {
            stack.neighbours.receive(in, ingress, frame, now);
        } else {
            ingress.drop(frame, eth.tagged() ? IpStack.Drop.TAGGED : stranger(eth.destination()));
        }
    }

    /** BPDUs, and what announces itself to bridges, reach every host; only what is addressed to it is lost on it. */
    private static IpStack.Drop stranger(long destination) {
        return MacAddress.isGroup(destination) ? IpStack.Drop.NO_LISTENER : IpStack.Drop.UNKNOWN_ETHERTYPE;
    }

    private void packet(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        // In another stack, or on the loopback, it waits in no queue of its sender any more (skb_orphan).
        frame.depart();
        int at = frame.start() + Ethernet.LENGTH;
        stack.inReceives++;
        stack.inOctets += frame.length() - Ethernet.LENGTH;
        if (!Ipv4.fits(frame, at)) {
            stack.count(IpCounter.IN_HDR_ERRORS);
            stack.tally().unreadable++;
            ingress.drop(frame, IpStack.Drop.MALFORMED);
        } else if (!ip.wrap(frame, at).checksumOk()) {
            stack.count(IpCounter.IN_CSUM_ERRORS);
            stack.count(IpCounter.IN_HDR_ERRORS);
            ingress.drop(frame, IpStack.Drop.BAD_CHECKSUM);
        } else {
            if ((ip.tos() & 3) != 0) {
                stack.count(MARKS[ip.tos() & 3]);
            }
            // What Ethernet padded ends here (ip_rcv_core).
            frame.length(ip.limit() - frame.start());
            if (in.loopback()) {
                // It keeps the route by which it went out.
                if (!stack.hooked || stack.netfilter().arrives(in, ingress, frame, now)) {
                    deliver(stack, in, ingress, frame, now);
                }
            } else if (!stack.hooked || stack.netfilter().arrives(in, ingress, frame, now)) {
                routed(stack, in, ingress, frame, now);
            }
        }
    }

    /** Past the first hook: it may have another destination by now. */
    void routed(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        // What came by the loopback has its route already.
        boolean doubtful = stack.doubts(ip.source(), ip.destination()) && in != null && !in.loopback();
        if (doubtful && !routes.valid(stack, in, ingress, frame, ip)) {
            return;
        }
        Route route = stack.intricate
                ? routes.input(stack, in, frame, ip)
                : stack.fib().lookup(ip.destination());
        if (route != null && route.ofLocalTable() || ip.destination() == -1) {
            if (route == null || route.type() == Route.Type.BROADCAST) {
                stack.count(IpCounter.IN_BCAST_PKTS);
                stack.count(IpCounter.IN_BCAST_OCTETS, frame.length() - Ethernet.LENGTH);
            }
            deliver(stack, in, ingress, frame, now);
        } else if (MacAddress.isGroup(eth.wrap(frame).destination())) {
            group(stack, in, ingress, frame, now);
        } else if (!stack.forwards(in)) {
            stack.count(IpCounter.IN_ADDR_ERRORS);
            ingress.drop(frame, IpStack.Drop.NOT_FORWARDING);
        } else {
            forward(stack, in, ingress, frame, route, now);
        }
    }

    private void group(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        if (ip.destination() == Vrrp.GROUP && ip.protocol() == Vrrp.PROTOCOL && in.vrrp() != null) {
            stack.count(IpCounter.IN_MCAST_PKTS);
            stack.count(IpCounter.IN_MCAST_OCTETS, frame.length() - Ethernet.LENGTH);
            stack.inDelivers++;
            in.vrrp().receive(ingress, frame, ip, now);
        } else {
            ingress.drop(frame, IpStack.Drop.OTHER_HOST);
        }
    }

    private void forward(IpStack stack, NetInterface in, Port ingress, Frame frame, Route route, long now) {
        if (route == null) {
            stack.count(IpCounter.IN_NO_ROUTES);
            stack.icmpReplies().refuse(in, frame, null, now);
            ingress.drop(frame, IpStack.Drop.NO_ROUTE);
        } else if (route.type() != Route.Type.UNICAST) {
            refuse(stack, in, ingress, frame, route, now);
        } else if (ip.ttl() <= 1) {
            stack.count(IpCounter.IN_HDR_ERRORS);
            stack.icmpReplies().error(in, frame, Icmp.TIME_EXCEEDED, 0, 0, now);
            ingress.drop(frame, IpStack.Drop.TTL_EXPIRED);
        } else if (ip.df() && size(stack, frame) > stack.forwardMtu(ip.destination(), route)) {
            tooBig(stack, in, ingress, frame, route, now);
        } else {
            NetInterface out = stack.device(route.device());
            if (!stack.filtered || stack.seldom().filter.passes(in, out, ingress, frame, ip, now)) {
                // Also what netfilter drops after this (ip_forward).
                stack.count(IpCounter.FORW_DATAGRAMS);
                ip.decrementTtl();
                if (in == out && stack.redirects(in, ip.source(), route)) {
                    stack.icmpReplies().redirect(in, frame, route.nextHop(ip.destination()), now);
                    // The redirect looked at other headers through the same views.
                    ip.wrap(frame, frame.start() + Ethernet.LENGTH);
                }
                if (stack.hooked && !stack.netfilter().passes(in, out, ingress, frame, now)) {
                    return;
                }
                output.transmit(stack, route, ingress, frame, now);
            }
        }
    }

    private void tooBig(IpStack stack, NetInterface in, Port ingress, Frame frame, Route route, long now) {
        int most = stack.forwardMtu(ip.destination(), route);
        stack.count(IpCounter.FORW_DATAGRAMS);
        stack.count(IpCounter.FRAG_FAILS);
        if (frame.traced()) {
            String out = stack.device(route.device()).name();
            ingress.because(size(stack, frame) + " bytes, where the MTU is " + most + ": route " + route.text(out));
        }
        stack.icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, most, now);
        ingress.drop(frame, IpStack.Drop.TOO_BIG);
    }

    private void refuse(IpStack stack, NetInterface in, Port ingress, Frame frame, Route route, long now) {
        if (frame.traced()) {
            ingress.because(refusal(stack, in, frame, route));
        }
        stack.icmpReplies().refuse(in, frame, route.type(), now);
        ingress.drop(
                frame,
                switch (route.type()) {
                    case BLACKHOLE -> IpStack.Drop.BLACKHOLE;
                    case PROHIBIT -> IpStack.Drop.PROHIBITED;
                    default -> IpStack.Drop.UNREACHABLE;
                });
    }

    /** The rule that refuses by itself, else the route; with the rule that asked its table, where it is none of the usual. */
    private String refusal(IpStack stack, NetInterface in, Frame frame, Route route) {
        RoutingRule rule = null;
        if (stack.policy() != null) {
            stack.policy().lookup(routes.read(frame, ip, in.index()));
            rule = stack.policy().decided();
        }
        if (rule != null && rule.action() != RoutingRule.Action.LOOKUP) {
            return "rule " + RuleText.of(rule).replace("\t", " ");
        }
        String by = rule == null ? "" : ", by rule " + RuleText.of(rule).replace("\t", " ");
        return "route " + route.text("lo") + by;
    }

    /** A packet that was put together goes on in pieces as large as it came in. */
    private int size(IpStack stack, Frame frame) {
        int whole = ip.totalLength();
        Cuts cuts = stack.hooked ? stack.netfilter().cuts(frame) : null;
        return cuts == null ? whole : Math.min(whole, cuts.largest());
    }

    /** As a device foresees; whoever gets a packet is likely to answer. */
    Port foresee(IpStack stack, NetInterface in, Frame frame, int pass) {
        if (pass == 0) {
            stack.node().looked(in.mac() + stack.fib().touch() + stack.neighbours.table.touch());
            return null;
        }
        int at = frame.start() + Ethernet.LENGTH;
        if (frame.length() < Ethernet.LENGTH + Ipv4.LENGTH || eth.wrap(frame).type() != Ethernet.IPV4) {
            return null;
        }
        int destination = ip.wrap(frame, at).destination();
        Route route = stack.fib().lookup(destination);
        boolean here = route == null || route.ofLocalTable();
        Route onward = here ? stack.fib().lookup(ip.source()) : route;
        if (onward == null || onward.type() != Route.Type.UNICAST) {
            return null;
        }
        int hop = onward.nextHop(here ? ip.source() : destination);
        if (pass == 1) {
            stack.node().looked(stack.neighbours.table.touch(onward.device(), hop));
            return null;
        }
        Neighbour next = stack.neighbours.table.find(onward.device(), hop);
        frame.stamp = next == null ? 0 : next.mac();
        return here || next == null ? null : stack.device(onward.device()).port();
    }

    private void deliver(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        if (frame.traced()) {
            ingress.because("local address " + Ipv4Address.text(ip.destination()) + ": delivered");
        }
        if (ip.fragment()) {
            Frame whole = stack.reassembly().take(in, ingress, frame, now);
            if (whole != null) {
                upper(stack, in, ingress, whole, now);
            }
        } else {
            upper(stack, in, ingress, frame, now);
        }
    }

    /** A whole packet for this host. */
    void upper(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        if (stack.hooked && !stack.netfilter().enters(in, ingress, frame, now)) {
            return;
        }
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        stack.inDelivers++;
        if (ip.protocol() == Ipv4.ICMP) {
            stack.icmpReplies().receive(in, ingress, frame, now);
        } else if (ip.protocol() == Ipv4.UDP) {
            datagram(stack, in, ingress, frame, now);
        } else if (ip.protocol() == Ipv4.TCP) {
            stack.tcp().receive(ingress, frame, ip, now);
        } else {
            stack.inDelivers--;
            stack.count(IpCounter.IN_UNKNOWN_PROTOS);
            stack.icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.PROTOCOL, 0, now);
            ingress.drop(frame, IpStack.Drop.NO_PROTOCOL);
        }
    }

    private void datagram(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        boolean fits = Udp.fits(frame.bytes(), ip.payload(), ip.limit());
        if (!fits || !udp.wrap(frame, ip.payload()).checksumOk(ip.source(), ip.destination())) {
            stack.count(IpCounter.UDP_IN_ERRORS);
            if (fits) {
                stack.count(IpCounter.UDP_IN_CSUM_ERRORS);
            }
            ingress.drop(frame, IpStack.Drop.BAD_PAYLOAD);
            return;
        }
        IpStack.UdpSocket socket = stack.listeners == null ? null : stack.listeners.find(udp.destinationPort());
        if (socket != null) {
            stack.inDatagrams++;
            socket.receive(in, ingress, frame, ip, udp, now);
            return;
        }
        stack.count(IpCounter.UDP_NO_PORTS);
        stack.icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.PORT, 0, now);
        ingress.drop(frame, IpStack.Drop.NO_SOCKET);
    }
}
