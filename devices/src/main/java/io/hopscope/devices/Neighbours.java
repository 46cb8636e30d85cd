package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.View;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.NeighbourTable;
import io.hopscope.protocols.Route;
import java.util.ArrayDeque;

/** A stack's way to its neighbours: ARP (RFC 826) and the packets that wait for an answer. */
final class Neighbours implements NeighbourTable.Solicitor {
    /** unres_qlen: packets kept for one neighbour. */
    private static final int QUEUE = 101;

    /** A packet that waits; the port is null for one of this host's own. */
    private record Waiting(Frame frame, Port ingress, Route route) {}

    /** The packets that wait for one neighbour. */
    private static final class Queue extends ArrayDeque<Waiting> {
        private static final long serialVersionUID = 1;

        Queue() {
            super(4);
        }
    }

    private final IpStack stack;
    final NeighbourTable table;
    private Views views;
    private int held;
    /** Source of the packet of this host's own that the table is being asked about; 0 for another. */
    private int own;

    Neighbours(IpStack stack) {
        this.stack = stack;
        table = new NeighbourTable(this);
    }

    void look(Views through) {
        views = through;
    }

    /**
     * Whether an ARP packet asks for no address of this host and comes from nobody whom it knows: nothing comes of it then.
     * That is what nearly every host finds of nearly every broadcast, so it is found from the interface alone, by a bit
     * for each address; where two addresses share a bit, {@link #receive} finds it.
     */
    static boolean unheeded(NetInterface in, Frame frame) {
        byte[] bytes = frame.bytes();
        int at = frame.start() + Ethernet.LENGTH;
        if (in.heeds == -1 || !Arp.fits(frame, at) || View.get16(bytes, at - 2) != Ethernet.ARP || frame.traced()) {
            return false;
        }
        int op = Arp.op(bytes, at);
        return (op == Arp.REQUEST || op == Arp.REPLY)
                && (in.heeds & (asked(Arp.targetIp(bytes, at)) | asking(Arp.senderIp(bytes, at)))) == 0;
    }

    /** The bit of an address of this host's. */
    static long asked(int address) {
        return 1L << (address * 0x9e3779b1 >>> 27);
    }

    /** The bit of a neighbour's address. */
    private static long asking(int address) {
        return asked(address) << 32;
    }

    @Override
    public void added(Neighbour neighbour) {
        stack.heed(asking(neighbour.address()));
    }

    /** base_reachable_time / 2 to 3 / 2 of it. */
    @Override
    public long reachableTime() {
        return NeighbourTable.BASE_REACHABLE / 2 + (long) (stack.random().nextDouble() * NeighbourTable.BASE_REACHABLE);
    }

    /** Puts the Ethernet header on, now or when the next hop has answered. */
    void send(Route route, NetInterface via, Port ingress, Frame frame, long now) {
        int destination =
                views.waitingIp.wrap(frame, frame.start() + Ethernet.LENGTH).destination();
        own = ingress == null ? views.waitingIp.source() : 0;
        stack.transmitted(frame.length() - Ethernet.LENGTH);
        if (ingress == null && frame.traced()) {
            // The request that this may cause is another frame.
            stack.node().setAside(frame);
        }
        Neighbour next = table.use(via.index(), route.nextHop(destination), now);
        own = 0;
        if (next == null) {
            lose(via, new Waiting(frame, ingress, route), IpStack.Drop.NEIGHBOUR_TABLE_FULL);
        } else if (next.ready(now)) {
            if (frame.confirms) {
                next.confirm(now);
            }
            if (frame.traced()) {
                explain(route, via, ingress, next, frame);
            }
            views.neighbourEth
                    .wrap(frame)
                    .destination(next.mac())
                    .source(via.mac())
                    .type(Ethernet.IPV4);
            via.egress.send(via, frame);
        } else {
            keep(next, new Waiting(frame, ingress, route), via);
        }
    }

    private void keep(Neighbour next, Waiting packet, NetInterface via) {
        if (!(next.waiting instanceof Queue)) {
            next.waiting = new Queue();
        }
        Queue queue = (Queue) next.waiting;
        if (queue.size() >= QUEUE) {
            // As in __neigh_event_send: the oldest gives way.
            Waiting oldest = queue.poll();
            held--;
            lose(via, oldest, IpStack.Drop.NEIGHBOUR_QUEUE_FULL);
        }
        if (packet.frame.traced() && packet.ingress != null) {
            packet.ingress.because(
                    routeText(packet.route, via) + "; waits for ARP of " + Ipv4Address.text(next.address()));
        }
        queue.add(packet);
        held++;
    }

    private String routeText(Route route, NetInterface via) {
        return "route " + route.text(via.name());
    }

    private void explain(Route route, NetInterface via, Port ingress, Neighbour next, Frame frame) {
        String why = routeText(route, via) + "; neighbour " + next;
        if (ingress != null) {
            int ttl =
                    views.waitingIp.wrap(frame, frame.start() + Ethernet.LENGTH).ttl();
            ingress.because(why + "; TTL " + (ttl + 1) + " -> " + ttl);
        } else {
            stack.node().takeUp(frame);
            stack.node().remark(why);
        }
    }

    private void lose(NetInterface via, Waiting packet, IpStack.Drop reason) {
        if (packet.ingress != null) {
            packet.ingress.drop(packet.frame, reason);
            return;
        }
        if (packet.frame.traced()) {
            stack.node().takeUp(packet.frame);
            stack.node().remark(routeText(packet.route, via));
        }
        stack.lose(via, packet.frame, reason);
    }

    @Override
    public void solicit(Neighbour neighbour, boolean unicast, long now) {
        NetInterface via = stack.device(neighbour.device());
        Frame frame = stack.node().originate(Ethernet.LENGTH + Arp.LENGTH);
        views.neighbourEth
                .wrap(frame)
                .destination(unicast ? neighbour.mac() : Ethernet.BROADCAST)
                .source(via.mac())
                .type(Ethernet.ARP);
        int sender = asker(neighbour, via);
        views.arp
                .wrap(frame, views.neighbourEth.end())
                .start(Arp.REQUEST)
                .senderMac(via.askingMac(sender))
                .senderIp(sender)
                .targetMac(0)
                .targetIp(neighbour.address());
        if (frame.traced()) {
            stack.node().remark("neighbour " + neighbour + ": asks " + (unicast ? "it" : "all"));
        }
        via.egress.send(via, frame);
    }

    /** The source of the packet that waits if it is ours and arp_announce lets it be said; otherwise that nearest to the target. */
    private int asker(Neighbour neighbour, NetInterface via) {
        int wanted = waitingSource(neighbour);
        int announce = stack.sysctls() == null ? 0 : stack.sysctls().effective(Sysctls.Conf.ARP_ANNOUNCE, via);
        boolean said = announce == 0 || announce == 1 && onLink(via, wanted, neighbour.address());
        if (wanted != 0 && said) {
            return wanted;
        }
        return SourceAddress.select(stack, via, neighbour.address(), Route.Scope.LINK);
    }

    private static boolean onLink(NetInterface via, int address, int target) {
        for (InterfaceAddress each : via.addresses()) {
            if (each.prefix().contains(address) && each.prefix().contains(target)) {
                return true;
            }
        }
        return false;
    }

    private int waitingSource(Neighbour neighbour) {
        if (own != 0) {
            return own;
        }
        if (neighbour.waiting instanceof Queue queue && !queue.isEmpty()) {
            Frame last = queue.peekLast().frame;
            if (queue.peekLast().ingress == null) {
                return views.waitingIp
                        .wrap(last, last.start() + Ethernet.LENGTH)
                        .source();
            }
        }
        return 0;
    }

    /** Whether an address is known to be there; if it isn't, it is asked for. */
    boolean known(NetInterface via, int address, long now) {
        Neighbour entry = table.use(via.index(), address, now);
        return entry != null && entry.ready(now);
    }

    @Override
    public void resolved(Neighbour neighbour, long now) {
        if (stack.watch() != null) {
            stack.watch().known(neighbour, now);
        }
        if (!(neighbour.waiting instanceof Queue queue)) {
            return;
        }
        neighbour.waiting = null;
        NetInterface via = stack.device(neighbour.device());
        held -= queue.size();
        for (Waiting packet : queue) {
            Frame frame = packet.frame;
            if (frame.traced()) {
                stack.node().takeUp(frame);
                stack.node().remark(routeText(packet.route, via) + "; neighbour " + neighbour + learnt(neighbour));
            }
            views.neighbourEth
                    .wrap(frame)
                    .destination(neighbour.mac())
                    .source(via.mac())
                    .type(Ethernet.IPV4);
            via.egress.send(via, frame);
        }
    }

    /** A reply makes it REACHABLE; what it asks or says unasked makes its address known, and no more (STALE). */
    private static String learnt(Neighbour neighbour) {
        return neighbour.state() == Neighbour.State.REACHABLE
                ? " has answered"
                : " is known by what it sent, not by an answer";
    }

    @Override
    public void failed(Neighbour neighbour, long now) {
        if (stack.watch() != null) {
            stack.watch().lost(neighbour, now);
        }
        if (!(neighbour.waiting instanceof Queue queue)) {
            return;
        }
        neighbour.waiting = null;
        NetInterface via = stack.device(neighbour.device());
        held -= queue.size();
        for (Waiting packet : queue) {
            stack.icmpReplies()
                    .error(packet.ingress == null ? null : via, packet.frame, Icmp.UNREACHABLE, Icmp.HOST, 0, now);
            lose(via, packet, IpStack.Drop.NEIGHBOUR_FAILED);
        }
    }

    @Override
    public void forgotten(Neighbour neighbour) {
        if (stack.watch() != null) {
            stack.watch().lost(neighbour, stack.node().now());
        }
    }

    /** arp_process of net/ipv4/arp.c. */
    void receive(NetInterface in, Port ingress, Frame frame, long now) {
        int at = frame.start() + Ethernet.LENGTH;
        if (!Arp.fits(frame, at)) {
            ingress.drop(frame, IpStack.Drop.MALFORMED);
            return;
        }
        Arp arp = views.arp;
        int op = arp.wrap(frame, at).op();
        if (op != Arp.REQUEST && op != Arp.REPLY) {
            ingress.drop(frame, IpStack.Drop.MALFORMED);
            return;
        }
        int sender = arp.senderIp();
        int target = arp.targetIp();
        long mac = arp.senderMac();
        boolean request = op == Arp.REQUEST;
        boolean toUs = !MacAddress.isGroup(views.neighbourEth.wrap(frame).destination());
        boolean mine = request && answers(in, sender, target);
        if (sender != 0) {
            boolean gratuitous = sender == target;
            boolean create = mine || gratuitous && stack.acceptsGratuitous();
            table.heard(in.index(), sender, mac, create, !request && toUs, gratuitous, now);
        }
        if (frame.traced()) {
            ingress.because(
                    mine
                            ? "answers for " + Ipv4Address.text(target)
                            : request
                                    ? "not asked for"
                                    : "neighbour " + Ipv4Address.text(sender) + " is at " + MacAddress.text(mac));
        }
        ingress.consume(frame);
        if (mine) {
            reply(in, sender, target, mac);
        }
    }

    /** Any address of this host is answered for, unless arp_ignore says otherwise; with proxy_arp, what is routed out elsewhere as well. */
    private boolean answers(NetInterface in, int sender, int target) {
        if (sender == target) {
            return false;
        }
        Route route = stack.fib().lookup(target);
        if (route == null) {
            return false;
        }
        if (route.type() == Route.Type.LOCAL) {
            Sysctls settings = stack.sysctls();
            return settings == null
                    || confirmed(in, sender, target, settings.effective(Sysctls.Conf.ARP_IGNORE, in))
                            && (sender == 0 || views.routes.answers(stack, in, sender, target));
        }
        return in.proxyArp()
                && stack.forwarding()
                && route.type() == Route.Type.UNICAST
                && route.device() != in.index();
    }

    /** Whether arp_ignore leaves an own address to be answered for. */
    private boolean confirmed(NetInterface in, int sender, int target, int ignore) {
        return switch (ignore) {
            case 1 -> in.owns(target);
            case 2 -> in.owns(target) && (sender == 0 || onLink(in, target, sender));
            case 3 ->
                stack.links().stream()
                        .flatMap(each ->
                                each.addresses().stream().filter(address -> each.scope(address) != Route.Scope.HOST))
                        .anyMatch(address -> address.address() == target);
            default -> ignore != 8;
        };
    }

    private void reply(NetInterface in, int asker, int address, long to) {
        Frame frame = stack.node().originate(Ethernet.LENGTH + Arp.LENGTH);
        long mac = in.virtualMac(address);
        views.neighbourEth.wrap(frame).destination(to).source(in.mac()).type(Ethernet.ARP);
        views.arp
                .wrap(frame, views.neighbourEth.end())
                .start(Arp.REPLY)
                .senderMac(mac)
                .senderIp(address)
                .targetMac(to)
                .targetIp(asker);
        in.egress.send(in, frame);
    }

    int held() {
        return held;
    }

    /** What came in through a port of this node and waits stays behind. */
    void leave() {
        for (Neighbour each : table.entries(0)) {
            if (each.waiting instanceof Queue queue) {
                for (Waiting packet : queue) {
                    if (packet.ingress != null) {
                        packet.ingress.drop(packet.frame, Host.Drop.AWAY);
                        held--;
                    }
                }
                queue.removeIf(packet -> packet.ingress != null);
            }
        }
    }

    void release() {
        for (Neighbour each : table.entries(0)) {
            if (each.waiting instanceof Queue queue) {
                queue.forEach(packet -> stack.node().discard(packet.frame));
                each.waiting = null;
            }
        }
        held = 0;
    }
}
