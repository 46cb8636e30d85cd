package io.hopscope.devices;

import io.hopscope.core.Action;
import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Prefix;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Flow;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.NeighbourTable;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.RoutingPolicy;
import io.hopscope.protocols.dhcp.DhcpRelay;
import io.hopscope.protocols.tcp.TcpSettings;
import io.hopscope.protocols.tcp.TcpTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Linux's IPv4: longest-prefix routing (RFC 1812), policy routing, neighbours, ICMP (RFC 792), UDP sockets (RFC 768), TCP
 * ({@link TcpLayer}), netfilter ({@link Netfilter}), fragments.
 */
public final class IpStack {
    /** More than lo takes, less than anybody notices. */
    private static final long SOON = 10_000_000L;

    /** Those below are the system's own. */
    private static final int FIRST_PID = 101;

    /** The largest packet over {@code lo}. */
    private static final int LOOPBACK_MTU = 65_536;

    /** IPV4_MIN_MTU (RFC 791): what a route says of less is not heeded. */
    private static final int LEAST_MTU = 68;

    /** IP_MAX_MTU. */
    static final int MOST = 0xffff;

    /** net.ipv4.route.min_pmtu: of a smaller path only that it fragments is believed. */
    private static final int LEAST_PATH_MTU = 552;

    /** Why a stack lets a packet go no further. */
    public enum Drop implements DropReason {
        OTHER_HOST("not addressed to this interface's MAC"),
        TAGGED("VLAN tag, and no VLAN interface"),
        UNKNOWN_ETHERTYPE("no handler for this EtherType"),
        NO_LISTENER("to a group, and no handler for this EtherType"),
        MALFORMED("malformed IPv4 or ARP packet"),
        BAD_CHECKSUM("IPv4 header checksum wrong"),
        BAD_PAYLOAD("ICMP or UDP checksum or length wrong"),
        NOT_FORWARDING("not for this host, and forwarding is off"),
        NO_ROUTE("no route to host"),
        BLACKHOLE("a blackhole route or rule"),
        UNREACHABLE("an unreachable route or rule"),
        PROHIBITED("a prohibit route or rule"),
        TTL_EXPIRED("TTL expired"),
        TOO_BIG("larger than the MTU, and DF is set"),
        NEIGHBOUR_FAILED("no answer to ARP for the next hop"),
        NEIGHBOUR_QUEUE_FULL("too many packets wait for the neighbour"),
        NEIGHBOUR_TABLE_FULL("neighbour table overflow"),
        NO_PROTOCOL("no handler for this IP protocol"),
        NO_SOCKET("no socket on this UDP port"),
        REASSEMBLY_FAILED("fragments do not make a packet"),
        FRAGMENTS_OVERLAP("a fragment overlaps another: the whole packet goes"),
        DUPLICATE_FRAGMENT("a fragment that is there already"),
        REASSEMBLY_TIMEOUT("fragments are missing, and time is up"),
        TOO_MANY_FRAGMENTS("too much memory in fragments"),
        MARTIAN("an address that cannot come in here (martian)"),
        REVERSE_PATH("rp_filter: the way back leads elsewhere");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public boolean discard() {
            return this == OTHER_HOST || this == NO_LISTENER;
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

    /** Hears echo replies and ICMP errors; the frame stays the stack's. */
    public interface IcmpSocket {
        void receive(Frame frame, Ipv4 ip, Icmp icmp, long now);

        /** A router said that another is better; the stack has heeded it, or not. */
        default void redirected(Frame frame, Ipv4 ip, Icmp icmp, long now) {}
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
    /** Null where nobody ever listened. */
    Sockets listeners;

    private boolean forwarding;
    /** Whether a table alone does not say where a packet goes: there are rules, several next hops, exceptions, MTUs. */
    boolean intricate;
    /** Whether ICMP ever said anything of a path. */
    boolean exceptions;
    /** Whether more than the packet's addresses decides if it may come in. */
    private boolean doubtful;

    /** Whether there are packet sockets. */
    boolean overheard;
    /** Whether there is a forward filter. */
    boolean filtered;
    /** Whether there is netfilter. */
    boolean hooked;
    /** Bits of the addresses that are or once were this host's, and of those of neighbours. */
    private long heeded;

    // What every packet counts (IpCounter): here, where it is looked at anyway. Packets in 32 bits without a sign, for
    // room.
    int inReceives;
    long inOctets;
    int inDelivers;
    int outRequests;
    int outTransmits;
    long outOctets;
    int inDatagrams;
    int outDatagrams;

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

    Seldom seldom() {
        if (seldom == null) {
            seldom = new Seldom();
        }
        return seldom;
    }

    IcmpReplies icmpReplies() {
        Seldom own = seldom();
        if (own.icmpReplies == null) {
            own.icmpReplies = new IcmpReplies(this, views);
            own.icmpReplies.settings(own.sysctls);
        }
        return own.icmpReplies;
    }

    void count(IpCounter what) {
        tally().count(what, 1);
    }

    void count(IpCounter what, long by) {
        tally().count(what, by);
    }

    Tally tally() {
        Seldom own = seldom();
        if (own.tally == null) {
            own.tally = new Tally();
        }
        return own.tally;
    }

    /** Null where nothing of that kind ever happened. */
    Tally rare() {
        return seldom == null ? null : seldom.tally;
    }

    /** Null where TCP was never spoken. */
    public TcpTable table() {
        return spoken() == null ? null : spoken().table();
    }

    /** The number of the next process that opens sockets here: the same in every run. */
    int nextPid() {
        Seldom own = seldom();
        own.pid = own.pid == 0 ? FIRST_PID : own.pid + 1;
        return own.pid;
    }

    /** What {@code nstat} told here last; empty before. */
    public Map<String, Long> told() {
        return seldom == null ? Map.of() : seldom.told;
    }

    public void told(Map<String, Long> counters) {
        seldom().told = counters;
    }

    /** Ports that datagrams are taken at, in order. */
    public List<Integer> boundPorts() {
        return listeners == null ? List.of() : listeners.ports();
    }

    /** Packets whose pieces have not all come. */
    public int puzzles() {
        return kept() == null ? 0 : kept().size();
    }

    /** A datagram of this host's has gone to its route: programs that make their packets themselves say so. */
    public void sentDatagram() {
        outDatagrams++;
    }

    /** A program finds that there is no way at all. */
    public void foundNoRoute() {
        count(IpCounter.OUT_NO_ROUTES);
    }

    /** What has been counted here. */
    public Counters counters() {
        return new Counters(this);
    }

    /** A packet goes to its neighbour (ip_finish_output2). */
    void transmitted(int length) {
        outTransmits++;
        outOctets += length;
    }

    /** What programs here can read. */
    public HostFiles files() {
        Seldom own = seldom();
        if (own.files == null) {
            own.files = new HostFiles();
        }
        return own.files;
    }

    /** How names are found here. */
    public NameService names() {
        Seldom own = seldom();
        if (own.names == null) {
            own.names = new NameService(this);
        }
        return own.names;
    }

    Reassembly reassembly() {
        Seldom own = seldom();
        if (own.reassembly == null) {
            own.reassembly = new Reassembly(this);
        }
        return own.reassembly;
    }

    /** Made at first use: most stacks of a large network never speak TCP. */
    public TcpLayer tcp() {
        Seldom own = seldom();
        if (own.tcp == null) {
            own.tcp = new TcpLayer(this);
        }
        return own.tcp;
    }

    /** net.ipv4.tcp_*, which hold before anybody speaks TCP. */
    TcpSettings tcpSettings() {
        Seldom own = seldom();
        if (own.tcpSettings == null) {
            own.tcpSettings = new TcpSettings();
        }
        return own.tcpSettings;
    }

    private TcpLayer spoken() {
        return seldom == null ? null : seldom.tcp;
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
        endpoints().forEach(UdpEndpoint::leave);
        if (spoken() != null) {
            spoken().leave();
        }
        if (kept() != null) {
            kept().leave();
        }
        if (hooked) {
            seldom.netfilter.leave();
        }
        seldom.luggage.pack();
    }

    /** Goes on as another device's stack, whose ports have the names of its interfaces. */
    void settle(Device at) {
        owner = at;
        for (NetInterface each : interfaces()) {
            each.attach(at);
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
        return name.equals("lo") ? loopback() : null;
    }

    /** The interface of an index, as routes name it. */
    public NetInterface device(int index) {
        return index == 2 ? first : index == Route.LOOPBACK ? loopback() : interfaces.get(index - 2);
    }

    /** {@code lo}, with 127.0.0.1. */
    public NetInterface loopback() {
        Seldom own = seldom();
        if (own.loopback == null) {
            own.loopback = new NetInterface(this, "lo", Route.LOOPBACK, 0, null, (via, frame) -> {
                if (owner instanceof Host host) {
                    host.loop(frame);
                } else {
                    owner.port(0).drop(frame, Drop.NO_ROUTE);
                }
            });
            own.loopback.mtu(LOOPBACK_MTU).restore(List.of(new InterfaceAddress(0x7f000001, 8)));
        }
        return own.loopback;
    }

    /** Every interface, {@code lo} first if anybody ever asked for it. */
    public List<NetInterface> links() {
        if (seldom == null || seldom.loopback == null) {
            return interfaces();
        }
        List<NetInterface> all = new ArrayList<>(List.of(seldom.loopback));
        all.addAll(interfaces());
        return all;
    }

    /** A route of {@code main}, or an address's of {@code local}. */
    public IpStack route(Route route) {
        fib.insert(route);
        routed(route);
        return this;
    }

    /** A route has been put into a table. */
    public void routed(Route route) {
        forgetPaths(route.prefix());
        if (route.device() == Route.SEVERAL || route.traits().mtu() != 0 || route.type() == Route.Type.THROW) {
            intricate = true;
        }
        if (route.type() == Route.Type.LOCAL) {
            heed(route.length() == 32 ? Neighbours.asked(route.address()) : 0xffff_ffffL);
        }
    }

    /** Null where there are no rules, nor tables beside {@code local} and {@code main}. */
    public RoutingPolicy policy() {
        return seldom == null ? null : seldom.policy;
    }

    /** The rules, to be changed. */
    public RoutingPolicy makePolicy() {
        Seldom own = seldom();
        if (own.policy == null) {
            own.policy = new RoutingPolicy(fib, index -> device(index).name());
            intricate = true;
        }
        return own.policy;
    }

    /** Null while every setting is as from the start. */
    Sysctls sysctls() {
        return seldom == null ? null : seldom.sysctls;
    }

    /** The settings, to be read or changed. */
    public Sysctls makeSysctls() {
        Seldom own = seldom();
        if (own.sysctls == null) {
            own.sysctls = new Sysctls(this);
            icmpReplies().settings(own.sysctls);
        }
        return own.sysctls;
    }

    /** Everything as from the start again. */
    void resetSysctls() {
        if (sysctls() != null) {
            seldom.sysctls = null;
            seldom.tcpSettings = null;
            if (spoken() != null) {
                spoken().table().settings(tcpSettings());
            }
            doubtful = false;
            icmpReplies().settings(null);
        }
    }

    void resetPolicy() {
        if (seldom != null) {
            seldom.policy = null;
        }
    }

    int ttl() {
        return sysctls() == null ? 64 : sysctls().ttl;
    }

    int hashPolicy() {
        return sysctls() == null ? 0 : sysctls().hashPolicy;
    }

    /** Flows are spread otherwise by every host, and every seed. */
    long hashSeed() {
        Seldom own = seldom();
        if (own.hashSeed == 0) {
            own.hashSeed =
                    node().network().seed().stream(title() + " multipath").nextLong() | 1;
        }
        return own.hashSeed;
    }

    /** What ICMP said of paths. */
    public PathCache paths() {
        Seldom own = seldom();
        if (own.paths == null) {
            own.paths = new PathCache();
        }
        return own.paths;
    }

    /** Whether it takes a closer look to tell if a packet may come in: its addresses are nobody's, or this host's. */
    boolean doubts(int source, int destination) {
        int top = source >>> 24;
        return doubtful
                || top == 127
                || top == 0
                || top >= 224
                || destination >>> 24 == 127
                || (heeded & Neighbours.asked(source)) != 0;
    }

    /** A setting decides from now on which packets may come in, or no longer. */
    void doubtful(boolean on) {
        doubtful = on;
    }

    boolean forwards(NetInterface in) {
        return sysctls() == null ? forwarding : sysctls().forwards(in);
    }

    /** Whether a packet that goes back out where it came in makes its sender hear of the other router. */
    public boolean redirects(NetInterface in, int source, Route route) {
        if (!(owner instanceof Host)
                || sysctls() != null && sysctls().effective(Sysctls.Conf.SEND_REDIRECTS, in) == 0) {
            return false;
        }
        Route back = fib.lookup(source);
        return back != null
                && back.type() == Route.Type.UNICAST
                && back.gateway() == 0
                && back.device() == in.index()
                && back.device() == route.device()
                && (sysctls() == null
                        || sysctls().effective(Sysctls.Conf.SHARED_MEDIA, in) != 0
                        || onLink(in, source, route.gateway()));
    }

    /** Whether one network of the interface has both addresses, or the one where the other is 0 (inet_addr_onlink). */
    boolean onLink(NetInterface via, int one, int other) {
        for (InterfaceAddress each : via.addresses()) {
            if (!via.secondary(each)
                    && each.prefix().contains(one)
                    && (other == 0 || each.prefix().contains(other))) {
                return true;
            }
        }
        return false;
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
        boolean changed = on != forwarding;
        forwarding = on;
        // inet_forward_change: what else is set with it stays as it is where nothing changes.
        if (changed && sysctls() != null) {
            sysctls().forwarding(on);
        }
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

    /** Its hooks; null where nobody ever asked for them. */
    public Netfilter netfilter() {
        return hooked ? seldom.netfilter : null;
    }

    void netfilter(Netfilter own) {
        seldom().netfilter = own;
        hooked = true;
    }

    /** There is one watch at most. */
    public void watch(NeighbourWatch by) {
        seldom().watch = by;
    }

    NeighbourWatch watch() {
        return seldom == null ? null : seldom.watch;
    }

    private Sockets listeners() {
        if (listeners == null) {
            listeners = new Sockets();
        }
        return listeners;
    }

    public void bind(int port, UdpSocket socket) {
        listeners().bind(port, socket);
    }

    /** Whether a socket has the port. */
    public boolean bound(int port) {
        return listeners != null && listeners.find(port) != null;
    }

    public void unbind(int port) {
        listeners().unbind(port);
    }

    /** UDP sockets of programs, in the order they were opened. */
    public List<UdpEndpoint> endpoints() {
        return seldom == null ? List.of() : seldom.endpoints;
    }

    void opened(UdpEndpoint socket) {
        Seldom own = seldom();
        own.endpoints = own.endpoints.isEmpty() ? new ArrayList<>(1) : own.endpoints;
        own.endpoints.add(socket);
    }

    void closed(UdpEndpoint socket) {
        if (!endpoints().isEmpty()) {
            seldom.endpoints.remove(socket);
        }
    }

    public void listen(PacketSocket socket) {
        listeners().listen(socket);
        overheard = true;
        attend();
    }

    public void ignore(PacketSocket socket) {
        overheard = listeners().ignore(socket);
        attend();
    }

    public void listen(IcmpSocket socket) {
        listeners().listen(socket);
    }

    public void ignore(IcmpSocket socket) {
        listeners().ignore(socket);
    }

    void tell(Frame frame, Ipv4 packet, Icmp icmp, long now) {
        if (listeners != null) {
            listeners.tell(frame, packet, icmp, now);
        }
    }

    void tellRedirect(Frame frame, Ipv4 packet, Icmp icmp, long now) {
        if (listeners != null) {
            listeners.redirected(frame, packet, icmp, now);
        }
    }

    /** An untagged or tagged frame addressed to the interface or to all; it is the stack's from here on. */
    public void receive(NetInterface in, Port ingress, Frame frame, long now) {
        views.input.receive(this, in, ingress, frame, now);
    }

    /** A packet that netfilter has let in, on its way to a route. */
    void routed(NetInterface in, Port ingress, Frame frame, long now) {
        views.input.routed(this, in, ingress, frame, now);
    }

    /** A whole packet for this host. */
    void upper(NetInterface in, Port ingress, Frame frame, long now) {
        views.input.upper(this, in, ingress, frame, now);
    }

    /** As {@link Device#foresee}; whoever gets a packet is likely to answer. */
    Port foresee(NetInterface in, Frame frame, int pass) {
        return views.input.foresee(this, in, frame, pass);
    }

    /** Where a packet of this host would go; null without a route. */
    public Route lookup(int destination) {
        return intricate || destination >>> 24 == 127 || destination == -1
                ? views.routes.output(this, views.routes.flow().to(destination))
                : fib.lookup(destination);
    }

    /** The way of a packet of this host that rules have changed. */
    Route again(Frame frame, int bound, int mark) {
        return views.routes.again(this, frame, bound, mark);
    }

    /** The same of one of which more is known: whom its socket is bound to, a mark, ports. */
    public Route lookup(Flow flow) {
        return views.routes.output(this, flow);
    }

    /** Where a packet that came in would go; the flow says through which interface. */
    public Route lookup(Flow flow, NetInterface in) {
        flow.in = in.index();
        return views.routes.input(this, flow);
    }

    /** The source address of a packet of this host. */
    public int source(Route route) {
        return SourceAddress.of(this, route);
    }

    /**
     * Sends a packet of this host's own: room for an Ethernet header, then a complete IPv4 header.
     *
     * @return whether there was a route; without one the frame is still the caller's
     */
    public boolean send(Frame frame, long now) {
        return views.output.send(this, frame, null, now);
    }

    /** A packet of this host's own that cannot be sent: seen where it would have gone out, addressed to nobody yet. */
    public void lose(NetInterface via, Frame frame, DropReason reason) {
        views.output.lose(this, via, frame, reason);
    }

    /**
     * The largest packet to a destination: the interface's MTU, or the route's, or less where a router on the way said so
     * (RFC 1191).
     */
    public int mtu(int destination, Route route) {
        if (route.ofLocalTable()) {
            return MOST;
        }
        int own = routeMtu(route);
        PathCache.Entry entry = exceptions ? paths().find(destination, route, node().now()) : null;
        return entry == null || entry.mtu() == 0 ? own : Math.min(own, entry.mtu());
    }

    private int routeMtu(Route route) {
        int own = Math.min(device(route.device()).mtu(), MOST);
        return route.traits().mtu() == 0
                ? own
                : Math.max(LEAST_MTU, Math.min(MOST, route.traits().mtu()));
    }

    /** Whether packets that way do not ask not to be fragmented, though their sockets look for the path's MTU. */
    public boolean mtuLocked(int destination, Route route) {
        PathCache.Entry entry = exceptions ? paths().find(destination, route, node().now()) : null;
        return route.traits().locked() || entry != null && entry.locked();
    }

    /** Whether sockets that look for the path's MTU forbid routers to split what they send that way (ip_dont_fragment). */
    boolean unsplit(int destination, Route route) {
        return (sysctls() == null || sysctls().noPathMtu == 0) && !mtuLocked(destination, route);
    }

    /** The largest packet that is passed on that way (ip_dst_mtu_maybe_forward). */
    int forwardMtu(int destination, Route route) {
        return sysctls() != null && sysctls().forwardsByPathMtu ? mtu(destination, route) : routeMtu(route);
    }

    /** A router could not pass on a packet of this host's (__ip_rt_update_pmtu). */
    void learnMtu(Ipv4 packet, int said, long now) {
        int policy = sysctls() == null ? 0 : sysctls().noPathMtu;
        if (policy == 2 || policy == 3 && packet.protocol() != Ipv4.TCP) {
            // icmp_unreach: not at all, or only of protocols that check what is quoted.
            return;
        }
        Route route = lookup(packet.destination());
        if (route == null
                || route.type() != Route.Type.UNICAST
                || route.traits().locked()) {
            return;
        }
        int before = mtu(packet.destination(), route);
        int least = sysctls() == null ? LEAST_PATH_MTU : sysctls().leastPathMtu;
        boolean locked = said < least;
        int mtu = locked ? Math.min(before, least) : said;
        if (before >= said) {
            long expires = sysctls() == null ? PathCache.MTU_EXPIRES : sysctls().mtuExpires;
            paths().mtu(packet.destination(), route, mtu, locked, now + expires, now);
            learned();
        }
    }

    void redirect(int destination, Route route, int router, long now) {
        paths().redirect(destination, route, router, now);
        learned();
    }

    private void learned() {
        exceptions = true;
        intricate = true;
    }

    /** {@code ip route flush cache}. */
    public void forgetPaths() {
        forgetPaths(Prefix.ALL);
    }

    /** Routes to this prefix have changed: what was known of ways there is not true any more. */
    public void forgetPaths(Prefix prefix) {
        if (exceptions) {
            paths().forget(prefix);
        }
    }

    /** As {@link #send}, and the owner's timer is set: for whoever calls from outside a device. */
    public boolean transmit(Frame frame, long now) {
        boolean sent = send(frame, now);
        rearm();
        return sent;
    }

    /** As {@link #transmit(Frame, long)}, by what is known of the socket. */
    public boolean transmit(Frame frame, Flow flow, long now) {
        boolean sent = views.output.send(this, frame, flow, now);
        rearm();
        return sent;
    }

    /** The fragments kept, if any ever were. */
    private Reassembly kept() {
        return seldom == null ? null : seldom.reassembly;
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
        deadline = hooked ? Math.min(deadline, seldom.netfilter.nextDeadline()) : deadline;
        deadline =
                seldom.tcp == null ? deadline : Math.min(deadline, Math.max(seldom.tcp.nextDeadline(), seldom.hears));
        return kept() == null ? deadline : Math.min(deadline, kept().nextDeadline());
    }

    public void wake(long now) {
        neighbours.table.expire(now);
        for (int i = 0; seldom != null && i < seldom.groups.size(); i++) {
            seldom.groups.get(i).machine().wake(now);
        }
        if (hooked) {
            seldom.netfilter.wake(now);
        }
        if (kept() != null) {
            kept().expire(now);
        }
        if (spoken() != null && now >= seldom.hears) {
            spoken().wake(now);
        }
    }

    /** An error goes to this host itself by lo: TCP hears it before it sends again at the same instant. */
    void told(long now) {
        seldom().hears = now + SOON;
    }

    /** Before the run: how it is configured now is what it boots with. */
    public void remember() {
        seldom().memory = new StackMemory(this);
        if (hooked) {
            seldom.netfilter.remember();
        }
    }

    /** Power is lost: neighbours, sockets, services, and what commands have changed. Kept packets are {@link #release}d. */
    public void forget() {
        counters().clear();
        neighbours.table.clear();
        if (listeners != null) {
            listeners.forget();
        }
        if (spoken() != null) {
            spoken().forget();
        }
        if (seldom == null) {
            return;
        }
        List.copyOf(seldom.services).forEach(Service::lost);
        seldom.services = List.of();
        List.copyOf(seldom.endpoints).forEach(UdpEndpoint::close);
        overheard = false;
        attend();
        forgetPaths();
        seldom.groups.forEach(VrrpGroup::forget);
        if (hooked) {
            seldom.netfilter.forget();
        }
        if (seldom.memory != null) {
            seldom.memory.restore(this);
        }
    }

    /** Packets kept inside. */
    public int held() {
        int own = neighbours.held() + (kept() == null ? 0 : kept().held()) + (hooked ? seldom.netfilter.held() : 0);
        return underWay() == null ? own : own + underWay().held();
    }

    /** Gives every kept packet back at the end of a run. */
    public void release() {
        neighbours.release();
        if (hooked) {
            seldom.netfilter.release();
        }
        if (kept() != null) {
            kept().release();
        }
        if (underWay() != null) {
            underWay().release();
        }
    }
}
