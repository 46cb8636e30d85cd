package io.hopscope.devices;

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
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.NeighbourTable;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Linux's IPv4: longest-prefix routing (RFC 1812), neighbours, ICMP (RFC 792), UDP sockets (RFC 768), fragments. No TCP,
 * no netfilter, no policy routing.
 */
public final class IpStack {
    /** Less than any link may have (RFC 791). */
    private static final int LEAST_MTU = 68;

    /** Why a stack lets a packet go no further. */
    public enum Drop implements DropReason {
        OTHER_HOST("not addressed to this interface's MAC"),
        TAGGED("VLAN tag, and no VLAN interface"),
        UNKNOWN_ETHERTYPE("no handler for this EtherType"),
        MALFORMED("malformed IPv4 packet"),
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
        void receive(Port ingress, Frame frame, Ipv4 ip, Udp udp, long now);
    }

    /** Hears echo replies and ICMP errors; the frame stays the stack's. */
    public interface IcmpSocket {
        void receive(Frame frame, Ipv4 ip, Icmp icmp, long now);
    }

    /** Hears what becomes known of neighbours: a switch puts them into its tables. */
    public interface NeighbourWatch {
        /** The MAC has become known, or is another one. */
        void known(Neighbour neighbour, long now);

        /** Nobody answered. */
        void lost(Neighbour neighbour, long now);
    }

    private final Device owner;
    private List<NetInterface> interfaces = List.of();
    private final Fib fib = new Fib();
    final Neighbours neighbours;
    private IcmpReplies icmpReplies;
    private Fragments fragments;
    private List<IcmpSocket> icmpSockets = List.of();
    private int[] udpPorts = {};
    private UdpSocket[] udpSockets = {};
    /** What ICMP said about paths (route exceptions). */
    private Map<Integer, Integer> pathMtu = Map.of();

    private boolean forwarding;
    private boolean acceptsGratuitous;
    private NeighbourWatch watch;
    private int identification;
    private RandomStream random;

    private final Ethernet eth;
    private final Ipv4 ip;
    private final Udp udp;

    public IpStack(Device owner) {
        this.owner = owner;
        Views views = Views.of(owner.node());
        eth = views.eth;
        ip = views.ip;
        udp = views.udp;
        neighbours = new Neighbours(this, views);
    }

    /** Made when first needed: most stacks of a large network never do. */
    IcmpReplies icmpReplies() {
        if (icmpReplies == null) {
            icmpReplies = new IcmpReplies(this, Views.of(node()));
        }
        return icmpReplies;
    }

    private Fragments fragments() {
        if (fragments == null) {
            fragments = new Fragments(this);
        }
        return fragments;
    }

    public Node node() {
        return owner.node();
    }

    Device owner() {
        return owner;
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
        var added = new NetInterface(this, name, interfaces.size() + 2, mac, port, egress);
        if (port != null) {
            port.mac(mac);
            added.mtu(port.mtu());
        }
        if (interfaces.isEmpty()) {
            interfaces = List.of(added);
        } else {
            interfaces = interfaces instanceof ArrayList ? interfaces : new ArrayList<>(interfaces);
            interfaces.add(added);
        }
        return added;
    }

    public List<NetInterface> interfaces() {
        return interfaces;
    }

    /** Null if there is none of that name. */
    public NetInterface find(String name) {
        for (NetInterface each : interfaces) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        return null;
    }

    NetInterface device(int index) {
        return interfaces.get(index - 2);
    }

    void connected(NetInterface via, InterfaceAddress address) {
        fib.insert(Route.local(address.address(), via.index()));
        Prefix prefix = address.prefix();
        if (prefix.length() < 32) {
            fib.insert(Route.connected(prefix, via.index(), address.address()));
        }
        if (prefix.length() < 31) {
            fib.insert(Route.broadcast(prefix.broadcast(), via.index(), address.address()));
        }
    }

    public IpStack route(Route route) {
        fib.insert(route);
        return this;
    }

    public Fib fib() {
        return fib;
    }

    public NeighbourTable neighbourTable() {
        return neighbours.table;
    }

    public boolean forwarding() {
        return forwarding;
    }

    /** net.ipv4.ip_forward. */
    public IpStack forwarding(boolean on) {
        forwarding = on;
        return this;
    }

    public boolean acceptsGratuitous() {
        return acceptsGratuitous;
    }

    /** net.ipv4.conf.all.arp_accept: who announces itself becomes a neighbour, though nobody asked. */
    public IpStack acceptGratuitous(boolean on) {
        acceptsGratuitous = on;
        return this;
    }

    /** There is one watch at most. */
    public void watch(NeighbourWatch by) {
        watch = by;
    }

    NeighbourWatch watch() {
        return watch;
    }

    public void bind(int port, UdpSocket socket) {
        int n = udpPorts.length;
        udpPorts = Arrays.copyOf(udpPorts, n + 1);
        udpSockets = Arrays.copyOf(udpSockets, n + 1);
        udpPorts[n] = port;
        udpSockets[n] = socket;
    }

    public void listen(IcmpSocket socket) {
        if (icmpSockets.isEmpty()) {
            icmpSockets = new ArrayList<>(1);
        }
        icmpSockets.add(socket);
    }

    public void ignore(IcmpSocket socket) {
        if (!icmpSockets.isEmpty()) {
            icmpSockets.remove(socket);
        }
    }

    /** An untagged or tagged frame addressed to the interface or to all; it is the stack's from here on. */
    public void receive(NetInterface in, Port ingress, Frame frame, long now) {
        if (!Ethernet.fits(frame)) {
            ingress.drop(frame, Drop.MALFORMED);
            return;
        }
        int type = eth.wrap(frame).type();
        if (type == Ethernet.IPV4) {
            packet(in, ingress, frame, now);
        } else if (type == Ethernet.ARP) {
            neighbours.receive(in, ingress, frame, now);
        } else {
            ingress.drop(frame, eth.tagged() ? Drop.TAGGED : Drop.UNKNOWN_ETHERTYPE);
        }
    }

    private void packet(NetInterface in, Port ingress, Frame frame, long now) {
        int at = frame.start() + Ethernet.LENGTH;
        if (!Ipv4.fits(frame, at)) {
            ingress.drop(frame, Drop.MALFORMED);
        } else if (!ip.wrap(frame, at).checksumOk()) {
            ingress.drop(frame, Drop.BAD_CHECKSUM);
        } else {
            Route route = fib.lookup(ip.destination());
            if (route != null && route.ofLocalTable() || ip.destination() == -1) {
                deliver(in, ingress, frame, now);
            } else if (MacAddress.isGroup(eth.destination())) {
                ingress.drop(frame, Drop.OTHER_HOST);
            } else if (!forwarding) {
                ingress.drop(frame, Drop.NOT_FORWARDING);
            } else {
                forward(in, ingress, frame, route, now);
            }
        }
    }

    private void forward(NetInterface in, Port ingress, Frame frame, Route route, long now) {
        if (route == null) {
            icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.NET, 0, now);
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
        } else {
            ip.decrementTtl();
            transmit(route, ingress, frame, now);
        }
    }

    private void refuse(NetInterface in, Port ingress, Frame frame, Route route, long now) {
        if (route.type() == Route.Type.UNREACHABLE) {
            icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.HOST, 0, now);
        } else if (route.type() == Route.Type.PROHIBIT) {
            icmpReplies().error(in, frame, Icmp.UNREACHABLE, 13, 0, now);
        }
        ingress.drop(frame, Drop.REFUSED_BY_ROUTE);
    }

    /** Where a packet of this host would go; null without a route. */
    public Route lookup(int destination) {
        return fib.lookup(destination);
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
        for (NetInterface each : interfaces) {
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
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        Route route = fib.lookup(ip.destination());
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
        node().at(node().now(), later -> upper(self, port, frame, later));
        return true;
    }

    /** As {@link #send}, and the owner's timer is set: for whoever calls from outside a device. */
    public boolean transmit(Frame frame, long now) {
        boolean sent = send(frame, now);
        if (owner instanceof StackOwner self) {
            self.rearm();
        }
        return sent;
    }

    /** The largest packet to a destination: the interface's MTU, or less where a router on the way said so (RFC 1191). */
    public int mtu(int destination, Route route) {
        int own = route.ofLocalTable() ? 65536 : device(route.device()).mtu();
        Integer learned = pathMtu.get(destination);
        return learned == null ? own : Math.min(own, learned);
    }

    void learnMtu(int destination, int mtu) {
        if (mtu >= LEAST_MTU && pathMtu.size() < 4096) {
            if (pathMtu.isEmpty()) {
                pathMtu = new LinkedHashMap<>();
            }
            pathMtu.put(destination, mtu);
        }
    }

    /** To the next hop of the route; {@code ingress} is null for a packet of this host's own. */
    private void transmit(Route route, Port ingress, Frame frame, long now) {
        NetInterface via = device(route.device());
        if (frame.length() - Ethernet.LENGTH > via.mtu() && ip.totalLength() > via.mtu()) {
            fragments().split(route, via, ingress, frame, now);
        } else {
            neighbours.send(route, via, ingress, frame, now);
        }
    }

    private void deliver(NetInterface in, Port ingress, Frame frame, long now) {
        if (frame.traced()) {
            ingress.because("local address " + Ipv4Address.text(ip.destination()) + ": delivered");
        }
        frame.length(ip.limit() - frame.start());
        if (ip.fragment()) {
            fragments().receive(in, ingress, frame, now);
        } else {
            upper(in, ingress, frame, now);
        }
    }

    /** A whole packet for this host. */
    void upper(NetInterface in, Port ingress, Frame frame, long now) {
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
        if (!Udp.fits(frame.bytes(), ip.payload(), ip.limit())
                || !udp.wrap(frame, ip.payload()).checksumOk(ip.source(), ip.destination())) {
            ingress.drop(frame, Drop.BAD_PAYLOAD);
            return;
        }
        int port = udp.destinationPort();
        for (int i = 0; i < udpPorts.length; i++) {
            if (udpPorts[i] == port) {
                udpSockets[i].receive(ingress, frame, ip, udp, now);
                return;
            }
        }
        icmpReplies().error(in, frame, Icmp.UNREACHABLE, Icmp.PORT, 0, now);
        ingress.drop(frame, Drop.NO_SOCKET);
    }

    void tell(Frame frame, Ipv4 packet, Icmp icmp, long now) {
        for (int i = icmpSockets.size() - 1; i >= 0; i--) {
            icmpSockets.get(i).receive(frame, packet, icmp, now);
        }
    }

    /** When {@link #wake} is to be called; {@link Long#MAX_VALUE} when nothing is under way. */
    public long nextDeadline() {
        long deadline = neighbours.table.nextDeadline();
        return fragments == null ? deadline : Math.min(deadline, fragments.nextDeadline());
    }

    public void wake(long now) {
        neighbours.table.expire(now);
        if (fragments != null) {
            fragments.expire(now);
        }
    }

    /** Packets kept inside. */
    public int held() {
        return neighbours.held() + (fragments == null ? 0 : fragments.held());
    }

    /** Gives every kept packet back at the end of a run. */
    public void release() {
        neighbours.release();
        if (fragments != null) {
            fragments.release();
        }
    }
}
