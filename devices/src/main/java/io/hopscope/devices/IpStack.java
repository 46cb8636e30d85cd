package io.hopscope.devices;

import io.hopscope.core.Action;
import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.encap.Udp;
import io.hopscope.encap.Vlan;
import io.hopscope.encap.Vrrp;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.NeighbourTable;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.dhcp.DhcpRelay;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Linux's IPv4: longest-prefix routing (RFC 1812), neighbours, ICMP (RFC 792), UDP sockets (RFC 768), fragments. No TCP,
 * no netfilter, no policy routing.
 */
public final class IpStack {
    /** 127.0.0.0/8 is this host in every stack, and takes no room in its table. */
    private static final Route LOOPBACK = Route.local(0x7f000001, 2);

    /** Less than any link may have (RFC 791). */
    private static final int LEAST_MTU = 68;

    /** Why a stack lets a packet go no further. */
    public enum Drop implements DropReason {
        OTHER_HOST("not addressed to this interface's MAC"),
        TAGGED("VLAN tag, and no VLAN interface"),
        UNKNOWN_ETHERTYPE("no handler for this EtherType"),
        MALFORMED("malformed IPv4 or ARP packet"),
        BAD_CHECKSUM("IPv4 header checksum wrong"),
        BAD_PAYLOAD("ICMP or UDP checksum or length wrong"),
        NOT_FORWARDING("not for this host, and forwarding is off"),
        NO_ROUTE("no route to host"),
        REFUSED_BY_ROUTE("the route says blackhole, unreachable or prohibit"),
        TTL_EXPIRED("TTL expired"),
        TOO_BIG("larger than the MTU, and DF is set"),
        NEIGHBOUR_FAILED("no answer to ARP for the next hop"),
        NEIGHBOUR_QUEUE_FULL("too many packets wait for the neighbour"),
        NEIGHBOUR_TABLE_FULL("neighbour table overflow"),
        NO_PROTOCOL("no handler for this IP protocol"),
        NO_SOCKET("no socket on this UDP port"),
        REASSEMBLY_FAILED("fragments do not make a packet");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** Takes datagrams of a port; the frame is the socket's: consume it or drop it. */
    public interface UdpSocket {
        /**
         * @param in the interface it came in through
         */
        void receive(NetInterface in, Port ingress, Frame frame, Ipv4 ip, Udp udp, long now);
    }

    /** Looks at every frame before the stack does, as a packet socket of Linux. */
    public interface PacketSocket {
        /** Whether the frame was meant for nobody but this socket; it ends here then. */
        boolean receive(NetInterface in, Frame frame, long now);
    }

    /** A port in use; a stack has few. */
    private record Binding(int port, UdpSocket socket, Binding next) {}

    /** Hears echo replies and ICMP errors; the frame stays the stack's. */
    public interface IcmpSocket {
        void receive(Frame frame, Ipv4 ip, Icmp icmp, long now);
    }

    /** Decides on packets that are to be routed through, as netfilter's forward hook. */
    public interface ForwardFilter {
        /** Whether a packet may pass; where not, the filter has dropped it. Its TTL is still what it came in with. */
        boolean passes(NetInterface in, NetInterface out, Port ingress, Frame frame, Ipv4 ip, long now);
    }

    /** Hears what becomes known of neighbours: a switch puts them into its tables. */
    public interface NeighbourWatch {
        /** The MAC has become known, or is another one. */
        void known(Neighbour neighbour, long now);

        /** Nobody answered, or the entry is gone. */
        void lost(Neighbour neighbour, long now);
    }

    private Device owner;
    /** Most stacks of a large network have one interface, and no list for it. */
    private NetInterface first;

    private List<NetInterface> interfaces = List.of();
    private final Fib fib = new Fib();
    final Neighbours neighbours;
    private Seldom seldom;
    private RandomStream random;
    private int identification;
    private Binding bindings;
    private boolean forwarding;
    /** Whether ICMP ever said that a path takes less than the interface. */
    private boolean narrowPaths;
    /** Whether there are packet sockets. */
    private boolean overheard;
    /** Whether there is a forward filter. */
    private boolean filtered;
    /** Bits of the addresses that are or once were this host's, and of those of neighbours. */
    private long heeded;

    private Views views;

    public IpStack(Device owner) {
        this.owner = owner;
        neighbours = new Neighbours(this);
        look(Views.of(owner.node()));
    }

    private void look(Views through) {
        views = through;
        neighbours.look(through);
    }

    /** What most stacks of a large network never need: made at first use, so that the rest lies close together. */
    private static final class Seldom {
        private IcmpReplies icmpReplies;
        private Fragments fragments;
        private List<IcmpSocket> icmpSockets = List.of();
        private List<VrrpGroup> groups = List.of();
        private List<PacketSocket> packetSockets = List.of();
        private List<Service> services = List.of();
        private DhcpRelay relay;
        private boolean acceptsGratuitous;
        private NeighbourWatch watch;
        private ForwardFilter filter;
        private StackMemory memory;
        private NameService names;
        private List<UdpEndpoint> sockets = List.of();
        /** What ICMP said about paths (route exceptions). */
        private Map<Integer, Integer> pathMtu = Map.of();

        /** What a stack needs that may go to another node. */
        private Luggage luggage;
        /** The stack that was here before this empty one, and may still be on its way. */
        private IpStack gone;
    }

    private Seldom seldom() {
        if (seldom == null) {
            seldom = new Seldom();
        }
        return seldom;
    }

    IcmpReplies icmpReplies() {
        Seldom own = seldom();
        if (own.icmpReplies == null) {
            own.icmpReplies = new IcmpReplies(this, views);
        }
        return own.icmpReplies;
    }

    /** How names are found here. */
    public NameService names() {
        Seldom own = seldom();
        if (own.names == null) {
            own.names = new NameService(this);
        }
        return own.names;
    }

    private Fragments fragments() {
        Seldom own = seldom();
        if (own.fragments == null) {
            own.fragments = new Fragments(this);
        }
        return own.fragments;
    }

    public Node node() {
        return owner.node();
    }

    Device owner() {
        return owner;
    }

    /** What whose stack it is was called when the network was built: the name stays when the stack moves. */
    public String title() {
        return seldom == null || seldom.luggage == null ? owner.toString() : seldom.luggage.title;
    }

    /** Does something later on this stack's node, whichever that is by then. */
    public void at(long instant, Action action) {
        if (seldom == null || seldom.luggage == null) {
            node().at(instant, action);
        } else {
            seldom.luggage.at(node(), instant, action);
        }
    }

    /** To be called after something was sent from outside a device's own events: ARP may have to be asked again. */
    public void rearm() {
        if (owner instanceof StackOwner self) {
            self.rearm();
        }
    }

    /** The stack may go to another node: to be called before anything runs. */
    void mobile() {
        if (seldom().luggage == null) {
            seldom.luggage = new Luggage(owner.toString());
            look(seldom.luggage.views);
        }
    }

    /**
     * Nothing happens here any more until {@link #settle}. What came in and waits does so at ports of this node: it ends
     * here.
     *
     * @param left what its owner has instead
     */
    void leave(IpStack left) {
        left.seldom().gone = this;
        neighbours.leave();
        if (kept() != null) {
            kept().leave();
        }
        seldom.luggage.pack();
    }

    /** Goes on as another device's stack, whose ports have the names of its interfaces. */
    void settle(Device at) {
        owner = at;
        for (NetInterface each : interfaces()) {
            each.attach(at.port(each.name()));
        }
        seldom.luggage.unpack(node());
    }

    /** The stack that has left, if it has arrived nowhere yet. */
    private IpStack underWay() {
        IpStack gone = seldom == null ? null : seldom.gone;
        return gone != null && gone.owner == owner ? gone : null;
    }

    RandomStream random() {
        if (random == null) {
            random = node().network().seed().stream(owner + " stack");
            identification = random.nextInt(0x10000);
        }
        return random;
    }

    /** A number for a packet that may be fragmented. */
    public int nextIdentification() {
        random();
        return identification++ & 0xffff;
    }

    /** An interface that sends by way of {@code egress}; the port, where there is one, is where its drops are counted. */
    public NetInterface add(String name, long mac, Port port, Egress egress) {
        var added = new NetInterface(this, name, interfaces().size() + 2, mac, port, egress);
        if (port != null) {
            port.mac(mac);
            added.mtu(port.mtu());
        }
        if (first == null) {
            first = added;
        } else {
            if (interfaces.isEmpty()) {
                interfaces = new ArrayList<>(4);
                interfaces.add(first);
            }
            interfaces.add(added);
        }
        attend();
        return added;
    }

    /** ARP about an address with one of these bits is to be looked at from now on. */
    void heed(long bits) {
        if ((heeded & bits) != bits) {
            heeded |= bits;
            attend();
        }
    }

    /** Tells the interfaces what ARP they may leave aside. */
    void attend() {
        boolean nosy = overheard || acceptsGratuitous();
        for (NetInterface each : interfaces()) {
            each.heeds = nosy || each.proxyArp() ? -1 : heeded;
        }
    }

    public List<NetInterface> interfaces() {
        return interfaces.isEmpty() && first != null ? List.of(first) : interfaces;
    }

    /** Null if there is none of that name. */
    public NetInterface find(String name) {
        for (NetInterface each : interfaces()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        return null;
    }

    NetInterface device(int index) {
        return index == 2 ? first : interfaces.get(index - 2);
    }

    /** The first address in a network makes its routes; one after it is secondary there (inet_insert_ifa, fib_magic). */
    void connected(NetInterface via, InterfaceAddress address) {
        unlessKnown(Route.local(address.address(), via.index()));
        Prefix prefix = address.prefix();
        if (prefix.length() < 32) {
            unlessKnown(Route.connected(prefix, via.index(), address.address()));
        }
        if (prefix.length() < 31) {
            unlessKnown(Route.broadcast(prefix.broadcast(), via.index(), address.address()));
        }
    }

    private void unlessKnown(Route route) {
        if (fib.find(route) == null) {
            route(route);
        }
    }

    /** With an address go the routes that have it as their source (fib_del_ifaddr, fib_sync_down_addr). */
    void disconnected(NetInterface via, InterfaceAddress address) {
        if (via.addresses().isEmpty()) {
            disconnected(via);
            return;
        }
        for (Route route : fib.routes()) {
            if (route.device() == via.index() && route.source() == address.address()) {
                fib.remove(route);
            }
        }
        reconnect();
    }

    /** Without an address an interface has neither routes nor neighbours. */
    void disconnected(NetInterface via) {
        for (Route route : fib.routes()) {
            if (route.device() == via.index()) {
                fib.remove(route);
            }
        }
        neighbours.table.flush(via.index());
        reconnect();
    }

    /** What was secondary in its network is the first there now (net.ipv4.conf.all.promote_secondaries, as systemd sets it). */
    private void reconnect() {
        for (NetInterface each : interfaces()) {
            each.addresses().forEach(address -> connected(each, address));
        }
    }

    public IpStack route(Route route) {
        fib.insert(route);
        if (route.type() == Route.Type.LOCAL) {
            heed(route.length() == 32 ? Neighbours.asked(route.address()) : 0xffff_ffffL);
        }
        return this;
    }

    public Fib fib() {
        return fib;
    }

    public NeighbourTable neighbourTable() {
        return neighbours.table;
    }

    /** {@code ip neigh replace ADDRESS lladdr MAC nud permanent}; what waits for the address goes. */
    public void permanent(NetInterface via, int address, long mac) {
        neighbours.table.permanent(via.index(), address, mac);
        neighbours.resolved(neighbours.table.find(via.index(), address), node().now());
    }

    /** Null where there is but one route to a destination. */
    public Multipath multipath() {
        return owner instanceof Multipath self ? self : null;
    }

    /** What passes DHCP messages on; null for nothing. */
    DhcpRelay relay() {
        return seldom == null ? null : seldom.relay;
    }

    void relay(DhcpRelay agent) {
        seldom().relay = agent;
    }

    /** What runs here, in order of its start. */
    public List<Service> services() {
        return seldom == null ? List.of() : seldom.services;
    }

    public void begin(Service service) {
        Seldom own = seldom();
        own.services = own.services.isEmpty() ? new ArrayList<>(1) : own.services;
        own.services.add(service);
    }

    public void end(Service service) {
        if (!services().isEmpty()) {
            seldom.services.remove(service);
        }
    }

    public boolean forwarding() {
        return forwarding;
    }

    /** net.ipv4.ip_forward. */
    public IpStack forwarding(boolean on) {
        forwarding = on;
        return this;
    }

    void add(VrrpGroup group) {
        Seldom own = seldom();
        if (own.groups.isEmpty()) {
            own.groups = new ArrayList<>(1);
        }
        own.groups.add(group);
    }

    /** The part in virtual routers begins or ends with an interface's link. */
    public void up(NetInterface via, boolean up, long now) {
        if (via.vrrp() == null) {
            return;
        }
        if (up) {
            via.vrrp().machine().startup(now);
        } else {
            via.vrrp().machine().shutdown(now);
        }
    }

    public boolean acceptsGratuitous() {
        return seldom != null && seldom.acceptsGratuitous;
    }

    /** net.ipv4.conf.all.arp_accept: who announces itself becomes a neighbour, though nobody asked. */
    public IpStack acceptGratuitous(boolean on) {
        seldom().acceptsGratuitous = on;
        attend();
        return this;
    }

    /** There is one filter at most. */
    public IpStack filter(ForwardFilter by) {
        seldom().filter = by;
        filtered = true;
        return this;
    }

    /** There is one watch at most. */
    public void watch(NeighbourWatch by) {
        seldom().watch = by;
    }

    NeighbourWatch watch() {
        return seldom == null ? null : seldom.watch;
    }

    public void bind(int port, UdpSocket socket) {
        bindings = new Binding(port, socket, bindings);
    }

    /** Whether a socket has the port. */
    public boolean bound(int port) {
        for (Binding each = bindings; each != null; each = each.next) {
            if (each.port == port) {
                return true;
            }
        }
        return false;
    }

    public void unbind(int port) {
        Binding left = null;
        for (Binding each = bindings; each != null; each = each.next) {
            left = each.port == port ? left : new Binding(each.port, each.socket, left);
        }
        bindings = left;
    }

    /** UDP sockets of programs, in the order they were opened. */
    public List<UdpEndpoint> sockets() {
        return seldom == null ? List.of() : seldom.sockets;
    }

    void opened(UdpEndpoint socket) {
        Seldom own = seldom();
        own.sockets = own.sockets.isEmpty() ? new ArrayList<>(1) : own.sockets;
        own.sockets.add(socket);
    }

    void closed(UdpEndpoint socket) {
        if (!sockets().isEmpty()) {
            seldom.sockets.remove(socket);
        }
    }

    public void listen(PacketSocket socket) {
        Seldom own = seldom();
        if (own.packetSockets.isEmpty()) {
            own.packetSockets = new ArrayList<>(1);
        }
        own.packetSockets.add(socket);
        overheard = true;
        attend();
    }

    public void ignore(PacketSocket socket) {
        if (overheard) {
            seldom.packetSockets.remove(socket);
            overheard = !seldom.packetSockets.isEmpty();
            attend();
        }
    }

    /** Whether a packet socket was whom the frame was for. */
    private boolean taken(NetInterface in, Frame frame, long now) {
        List<PacketSocket> all = seldom.packetSockets;
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).receive(in, frame, now)) {
                return true;
            }
        }
        return false;
    }

    public void listen(IcmpSocket socket) {
        Seldom own = seldom();
        if (own.icmpSockets.isEmpty()) {
            own.icmpSockets = new ArrayList<>(1);
        }
        own.icmpSockets.add(socket);
    }

    public void ignore(IcmpSocket socket) {
        if (!seldom().icmpSockets.isEmpty()) {
            seldom.icmpSockets.remove(socket);
        }
    }

    /** An untagged or tagged frame addressed to the interface or to all; it is the stack's from here on. */
    public void receive(NetInterface in, Port ingress, Frame frame, long now) {
        Ethernet eth = views.eth;
        if (!Ethernet.fits(frame)) {
            ingress.drop(frame, Drop.MALFORMED);
            return;
        }
        if (overheard && taken(in, frame, now)) {
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
            packet(in, ingress, frame, now);
        } else if (type == Ethernet.ARP) {
            neighbours.receive(in, ingress, frame, now);
        } else {
            ingress.drop(frame, eth.tagged() ? Drop.TAGGED : Drop.UNKNOWN_ETHERTYPE);
        }
    }

    private void packet(NetInterface in, Port ingress, Frame frame, long now) {
        Ipv4 ip = views.ip;
        int at = frame.start() + Ethernet.LENGTH;
        if (!Ipv4.fits(frame, at)) {
            ingress.drop(frame, Drop.MALFORMED);
        } else if (!ip.wrap(frame, at).checksumOk()) {
            ingress.drop(frame, Drop.BAD_CHECKSUM);
        } else {
            // What Ethernet padded ends here (ip_rcv_core).
            frame.length(ip.limit() - frame.start());
            Route route = fib.lookup(ip.destination());
            if (route != null && route.ofLocalTable() || ip.destination() == -1) {
                deliver(in, ingress, frame, now);
            } else if (MacAddress.isGroup(views.eth.destination())) {
                group(in, ingress, frame, now);
            } else if (!forwarding) {
                ingress.drop(frame, Drop.NOT_FORWARDING);
            } else {
                forward(in, ingress, frame, route, now);
            }
        }
    }

    private void group(NetInterface in, Port ingress, Frame frame, long now) {
        if (views.ip.destination() == Vrrp.GROUP && views.ip.protocol() == Vrrp.PROTOCOL && in.vrrp() != null) {
            in.vrrp().receive(ingress, frame, views.ip, now);
        } else {
            ingress.drop(frame, Drop.OTHER_HOST);
        }
    }

    private void forward(NetInterface in, Port ingress, Frame frame, Route route, long now) {
        Ipv4 ip = views.ip;
        if (route == null) {
            icmpReplies().refuse(in, frame, Icmp.NET, now);
            ingress.drop(frame, Drop.NO_ROUTE);
        } else if (route.type() != Route.Type.UNICAST) {
            refuse(in, ingress, frame, route, now);
        } else if (ip.ttl() <= 1) {
            icmpReplies().error(in, frame, Icmp.TIME_EXCEEDED, 0, 0, now);
            ingress.drop(frame, Drop.TTL_EXPIRED);
        } else if (ip.totalLength() > device(route.device()).mtu() && ip.df()) {
            icmpReplies()
                    .error(
                            in,
                            frame,
                            Icmp.UNREACHABLE,
                            Icmp.FRAGMENTATION_NEEDED,
                            device(route.device()).mtu(),
                            now);
            ingress.drop(frame, Drop.TOO_BIG);
        } else if (!filtered || seldom.filter.passes(in, device(route.device()), ingress, frame, ip, now)) {
            ip.decrementTtl();
            transmit(route, ingress, frame, now);
        }
    }

    private void refuse(NetInterface in, Port ingress, Frame frame, Route route, long now) {
        if (route.type() == Route.Type.UNREACHABLE) {
            icmpReplies().refuse(in, frame, Icmp.HOST, now);
        } else if (route.type() == Route.Type.PROHIBIT) {
            icmpReplies().refuse(in, frame, 13, now);
        }
        ingress.drop(frame, Drop.REFUSED_BY_ROUTE);
    }

    /** As {@link Device#foresee}; whoever gets a packet is likely to answer. */
    Port foresee(NetInterface in, Frame frame, int pass) {
        Ipv4 ip = views.ip;
        if (pass == 0) {
            node().looked(in.mac() + fib.touch() + neighbours.table.touch());
            return null;
        }
        int at = frame.start() + Ethernet.LENGTH;
        if (frame.length() < Ethernet.LENGTH + Ipv4.LENGTH
                || views.eth.wrap(frame).type() != Ethernet.IPV4) {
            return null;
        }
        int destination = ip.wrap(frame, at).destination();
        Route route = fib.lookup(destination);
        boolean here = route == null || route.ofLocalTable();
        Route onward = here ? fib.lookup(ip.source()) : route;
        if (onward == null || onward.type() != Route.Type.UNICAST) {
            return null;
        }
        int hop = onward.nextHop(here ? ip.source() : destination);
        if (pass == 1) {
            node().looked(neighbours.table.touch(onward.device(), hop));
            return null;
        }
        Neighbour next = neighbours.table.find(onward.device(), hop);
        frame.stamp = next == null ? 0 : next.mac();
        return here || next == null ? null : device(onward.device()).port();
    }

    /** Where a packet of this host would go; null without a route. */
    public Route lookup(int destination) {
        return destination >>> 24 == 127 && first != null ? LOOPBACK : fib.lookup(destination);
    }

    /** The source address of a packet of this host. */
    public int source(Route route) {
        if (route.source() != 0) {
            return route.source();
        }
        NetInterface via = device(route.device());
        int toward = route.gateway();
        for (InterfaceAddress each : via.addresses()) {
            if (toward != 0 && each.prefix().contains(toward)) {
                return each.address();
            }
        }
        if (via.primary() != 0) {
            return via.primary();
        }
        for (NetInterface each : interfaces()) {
            if (each.primary() != 0) {
                return each.primary();
            }
        }
        return 0;
    }

    /**
     * Sends a packet of this host's own: room for an Ethernet header, then a complete IPv4 header.
     *
     * @return whether there was a route; without one the frame is still the caller's
     */
    public boolean send(Frame frame, long now) {
        // Whoever looks before the neighbour is known, or if it never is, must not see what was in the pool.
        views.ip.wrap(
                frame,
                views.eth
                        .wrap(frame)
                        .destination(0)
                        .source(0)
                        .type(Ethernet.IPV4)
                        .end());
        Route route = lookup(views.ip.destination());
        if (route == null || route.type() != Route.Type.UNICAST) {
            return route != null && route.type() == Route.Type.LOCAL && loopback(route, frame);
        }
        transmit(route, null, frame, now);
        return true;
    }

    /** To an address of this host: seen at no port, answered a moment later. */
    private boolean loopback(Route route, Frame frame) {
        NetInterface self = device(route.device());
        Port port = self.port() != null ? self.port() : owner.ports().get(0);
        // As on lo: what an earlier frame left there must not be taken for this one's addresses.
        views.eth.wrap(frame).destination(0).source(0).type(Ethernet.IPV4);
        at(node().now(), later -> {
            Port where = self.port() != null ? self.port() : port;
            if (node().powered()) {
                upper(self, where, frame, later);
            } else {
                where.drop(frame, Drop.NO_ROUTE);
            }
        });
        return true;
    }

    /** As {@link #send}, and the owner's timer is set: for whoever calls from outside a device. */
    public boolean transmit(Frame frame, long now) {
        boolean sent = send(frame, now);
        rearm();
        return sent;
    }

    /** A packet of this host's own that cannot be sent: seen where it would have gone out, addressed to nobody yet. */
    public void lose(NetInterface via, Frame frame, Drop reason) {
        NetInterface self = via != null || first == null ? via : device(2);
        views.eth
                .wrap(frame)
                .destination(0)
                .source(self == null ? 0 : self.mac())
                .type(Ethernet.IPV4);
        Port port = self != null && self.port() != null
                ? self.port()
                : owner.ports().get(0);
        port.withhold(frame, reason);
    }

    /** The largest packet to a destination: the interface's MTU, or less where a router on the way said so (RFC 1191). */
    public int mtu(int destination, Route route) {
        int own = route.ofLocalTable() ? 65536 : device(route.device()).mtu();
        Integer learned = narrowPaths ? seldom.pathMtu.get(destination) : null;
        return learned == null ? own : Math.min(own, learned);
    }

    void learnMtu(int destination, int mtu) {
        Seldom own = seldom();
        if (mtu >= LEAST_MTU && own.pathMtu.size() < 4096) {
            if (own.pathMtu.isEmpty()) {
                own.pathMtu = new LinkedHashMap<>();
            }
            own.pathMtu.put(destination, mtu);
            narrowPaths = true;
        }
    }

    /** To the next hop of the route; {@code ingress} is null for a packet of this host's own. */
    private void transmit(Route route, Port ingress, Frame frame, long now) {
        NetInterface via = device(route.device());
        // Only a packet of this host's own minds what ICMP said of the path.
        int most = ingress == null && narrowPaths ? mtu(views.ip.destination(), route) : via.mtu();
        if (frame.length() - Ethernet.LENGTH > most && views.ip.totalLength() > most) {
            fragments().split(route, via, most, ingress, frame, now);
        } else {
            neighbours.send(route, via, ingress, frame, now);
        }
    }

    private void deliver(NetInterface in, Port ingress, Frame frame, long now) {
        if (frame.traced()) {
            ingress.because("local address " + Ipv4Address.text(views.ip.destination()) + ": delivered");
        }
        if (views.ip.fragment()) {
            fragments().receive(in, ingress, frame, now);
        } else {
            upper(in, ingress, frame, now);
        }
    }

    /** A whole packet for this host. */
    void upper(NetInterface in, Port ingress, Frame frame, long now) {
        Ipv4 ip = views.ip;
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        if (ip.protocol() == Ipv4.ICMP) {
            icmpReplies().receive(in, ingress, frame, now);
        } else if (ip.protocol() == Ipv4.UDP) {
            datagram(in, ingress, frame, now);
        } else {
            icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.PROTOCOL, 0, now);
            ingress.drop(frame, Drop.NO_PROTOCOL);
        }
    }

    private void datagram(NetInterface in, Port ingress, Frame frame, long now) {
        Ipv4 ip = views.ip;
        Udp udp = views.udp;
        if (!Udp.fits(frame.bytes(), ip.payload(), ip.limit())
                || !udp.wrap(frame, ip.payload()).checksumOk(ip.source(), ip.destination())) {
            ingress.drop(frame, Drop.BAD_PAYLOAD);
            return;
        }
        int port = udp.destinationPort();
        for (Binding each = bindings; each != null; each = each.next) {
            if (each.port == port) {
                each.socket.receive(in, ingress, frame, ip, udp, now);
                return;
            }
        }
        icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.PORT, 0, now);
        ingress.drop(frame, Drop.NO_SOCKET);
    }

    void tell(Frame frame, Ipv4 packet, Icmp icmp, long now) {
        List<IcmpSocket> sockets = seldom().icmpSockets;
        for (int i = sockets.size() - 1; i >= 0; i--) {
            sockets.get(i).receive(frame, packet, icmp, now);
        }
    }

    /** The fragments kept, if any ever were. */
    private Fragments kept() {
        return seldom == null ? null : seldom.fragments;
    }

    /** When {@link #wake} is to be called; {@link Long#MAX_VALUE} when nothing is under way. */
    public long nextDeadline() {
        long deadline = neighbours.table.nextDeadline();
        if (seldom == null) {
            return deadline;
        }
        for (int i = 0; i < seldom.groups.size(); i++) {
            deadline = Math.min(deadline, seldom.groups.get(i).machine().nextDeadline());
        }
        return kept() == null ? deadline : Math.min(deadline, kept().nextDeadline());
    }

    public void wake(long now) {
        neighbours.table.expire(now);
        for (int i = 0; seldom != null && i < seldom.groups.size(); i++) {
            seldom.groups.get(i).machine().wake(now);
        }
        if (kept() != null) {
            kept().expire(now);
        }
    }

    /** Before the run: how it is configured now is what it boots with. */
    public void remember() {
        seldom().memory = new StackMemory(this);
    }

    /** Power is lost: neighbours, sockets, services, and what commands have changed. Kept packets are {@link #release}d. */
    public void forget() {
        neighbours.table.clear();
        if (seldom == null) {
            return;
        }
        List.copyOf(seldom.services).forEach(Service::lost);
        seldom.services = List.of();
        List.copyOf(seldom.sockets).forEach(UdpEndpoint::close);
        seldom.icmpSockets = List.of();
        seldom.packetSockets = List.of();
        overheard = false;
        attend();
        seldom.pathMtu = Map.of();
        narrowPaths = false;
        seldom.groups.forEach(VrrpGroup::forget);
        if (seldom.memory != null) {
            seldom.memory.restore(this);
        }
    }

    /** Packets kept inside. */
    public int held() {
        int own = neighbours.held() + (kept() == null ? 0 : kept().held());
        return underWay() == null ? own : own + underWay().held();
    }

    /** Gives every kept packet back at the end of a run. */
    public void release() {
        neighbours.release();
        if (kept() != null) {
            kept().release();
        }
        if (underWay() != null) {
            underWay().release();
        }
    }
}
