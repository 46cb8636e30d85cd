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

/** The way into a host: what comes in is for it, to be passed on, or nobody's. One for all stacks of a node. */
final class IpInput {
    private final Ethernet eth;
    private final Ipv4 ip;
    private final Udp udp;
    private final IpOutput output;

    IpInput(Views views) {
        eth = views.eth;
        ip = views.ip;
        udp = views.udp;
        output = views.output;
    }

    /** An untagged or tagged frame addressed to the interface or to all; it is the stack's from here on. */
    void receive(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        if (!Ethernet.fits(frame)) {
            ingress.drop(frame, IpStack.Drop.MALFORMED);
            return;
        }
        if (stack.overheard && stack.sockets.taken(in, frame, now)) {
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
        int at = frame.start() + Ethernet.LENGTH;
        if (!Ipv4.fits(frame, at)) {
            ingress.drop(frame, IpStack.Drop.MALFORMED);
        } else if (!ip.wrap(frame, at).checksumOk()) {
            ingress.drop(frame, IpStack.Drop.BAD_CHECKSUM);
        } else {
            // What Ethernet padded ends here (ip_rcv_core).
            frame.length(ip.limit() - frame.start());
            Route route = stack.fib().lookup(ip.destination());
            if (route != null && route.ofLocalTable() || ip.destination() == -1) {
                deliver(stack, in, ingress, frame, now);
            } else if (MacAddress.isGroup(eth.destination())) {
                group(in, ingress, frame, now);
            } else if (!stack.forwarding()) {
                ingress.drop(frame, IpStack.Drop.NOT_FORWARDING);
            } else {
                forward(stack, in, ingress, frame, route, now);
            }
        }
    }

    private void group(NetInterface in, Port ingress, Frame frame, long now) {
        if (ip.destination() == Vrrp.GROUP && ip.protocol() == Vrrp.PROTOCOL && in.vrrp() != null) {
            in.vrrp().receive(ingress, frame, ip, now);
        } else {
            ingress.drop(frame, IpStack.Drop.OTHER_HOST);
        }
    }

    private void forward(IpStack stack, NetInterface in, Port ingress, Frame frame, Route route, long now) {
        if (route == null) {
            stack.icmpReplies().refuse(in, frame, Icmp.NET, now);
            ingress.drop(frame, IpStack.Drop.NO_ROUTE);
        } else if (route.type() != Route.Type.UNICAST) {
            refuse(stack, in, ingress, frame, route, now);
        } else if (ip.ttl() <= 1) {
            stack.icmpReplies().error(in, frame, Icmp.TIME_EXCEEDED, 0, 0, now);
            ingress.drop(frame, IpStack.Drop.TTL_EXPIRED);
        } else if (ip.totalLength() > stack.device(route.device()).mtu() && ip.df()) {
            stack.icmpReplies()
                    .error(
                            in,
                            frame,
                            Icmp.UNREACHABLE,
                            Icmp.FRAGMENTATION_NEEDED,
                            stack.device(route.device()).mtu(),
                            now);
            ingress.drop(frame, IpStack.Drop.TOO_BIG);
        } else if (!stack.filtered
                || stack.seldom().filter.passes(in, stack.device(route.device()), ingress, frame, ip, now)) {
            ip.decrementTtl();
            output.transmit(stack, route, ingress, frame, now);
        }
    }

    private void refuse(IpStack stack, NetInterface in, Port ingress, Frame frame, Route route, long now) {
        if (route.type() == Route.Type.UNREACHABLE) {
            stack.icmpReplies().refuse(in, frame, Icmp.HOST, now);
        } else if (route.type() == Route.Type.PROHIBIT) {
            stack.icmpReplies().refuse(in, frame, 13, now);
        }
        ingress.drop(frame, IpStack.Drop.REFUSED_BY_ROUTE);
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
            stack.fragments().receive(in, ingress, frame, now);
        } else {
            upper(stack, in, ingress, frame, now);
        }
    }

    /** A whole packet for this host. */
    void upper(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        if (ip.protocol() == Ipv4.ICMP) {
            stack.icmpReplies().receive(in, ingress, frame, now);
        } else if (ip.protocol() == Ipv4.UDP) {
            datagram(stack, in, ingress, frame, now);
        } else if (ip.protocol() == Ipv4.TCP) {
            stack.tcp().receive(ingress, frame, ip, now);
        } else {
            stack.icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.PROTOCOL, 0, now);
            ingress.drop(frame, IpStack.Drop.NO_PROTOCOL);
        }
    }

    private void datagram(IpStack stack, NetInterface in, Port ingress, Frame frame, long now) {
        if (!Udp.fits(frame.bytes(), ip.payload(), ip.limit())
                || !udp.wrap(frame, ip.payload()).checksumOk(ip.source(), ip.destination())) {
            ingress.drop(frame, IpStack.Drop.BAD_PAYLOAD);
            return;
        }
        IpStack.UdpSocket socket = stack.sockets == null ? null : stack.sockets.find(udp.destinationPort());
        if (socket != null) {
            socket.receive(in, ingress, frame, ip, udp, now);
            return;
        }
        stack.icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.PORT, 0, now);
        ingress.drop(frame, IpStack.Drop.NO_SOCKET);
    }
}
