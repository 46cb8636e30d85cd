package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.DropReason;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.Udp;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import io.hopscope.protocols.firewall.Policy;
import io.hopscope.protocols.firewall.SessionTable;
import java.util.ArrayList;
import java.util.List;

/**
 * A stateful firewall in routed mode: a router between segments that lets begin what its access lists permit, and lets pass
 * what belongs to it: answers, ICMP errors about it, later fragments. Packets to the firewall itself are the stack's. No
 * NAT, no TCP window checks, no inspection of what is inside.
 */
public final class Firewall extends Device implements StackOwner, IpStack.ForwardFilter {
    enum Drop implements DropReason {
        DENIED("a rule of the access list denies it"),
        NO_RULE("no rule of the access list permits it"),
        NO_SESSION("belongs to no session, and begins none"),
        SESSION_TABLE_FULL("the session table is full"),
        FRAGMENT("fragment of a packet that did not pass"),
        TRUNCATED("transport header cut short");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /**
     * How long a session goes on without a packet, in picoseconds.
     *
     * @param embryonic a TCP session that has not been answered yet
     * @param closed one that both ends are through with
     */
    public record Timeouts(long tcp, long embryonic, long closed, long udp, long icmp, long fragments) {
        private static final long SECOND = 1_000_000_000_000L;

        /** Those of Cisco's ASA: 1 h, 30 s, 2 min and 2 s; fragments as long as Linux waits for one. */
        public static final Timeouts DEFAULT =
                new Timeouts(3600 * SECOND, 30 * SECOND, SECOND, 120 * SECOND, 2 * SECOND, 30 * SECOND);
    }

    /** Most sessions at a time where nothing else is said. */
    public static final int SESSIONS = 65_536;

    private static final int NO_PORT = -1;

    private final IpStack stack = new IpStack(this);
    private final Policy policy;
    private final SessionTable sessions;
    /** Packets whose first fragment has passed, under their identification in place of ports. */
    private final SessionTable fragmented = new SessionTable(SESSIONS);

    private final Timeouts timeouts;
    /** The segment of each interface, by its index. */
    private final List<Integer> segments = new ArrayList<>(List.of(-1, -1));
    /** The VLAN of each interface, 0 for the port itself. */
    private final List<Integer> vlans = new ArrayList<>(List.of(0, 0));

    private final Ethernet eth = new Ethernet();
    private final Tcp tcp = new Tcp();

    /** Of the packet being looked at. */
    private int sourcePort;

    private int destinationPort;
    private boolean begins;

    public Firewall(Node node, String name, Policy policy, int sessions, Timeouts timeouts) {
        super(node, name, "firewall");
        this.policy = policy;
        this.sessions = new SessionTable(sessions);
        this.timeouts = timeouts;
        stack.forwarding(true).filter(this);
    }

    /**
     * A routed interface.
     *
     * @param name of the port, or {@code PORT.VLAN} for a VLAN on it
     * @param segment position of its segment in the policy; -1 for none: nothing passes
     */
    public NetInterface addInterface(String name, long mac, int segment) {
        int dot = name.lastIndexOf('.');
        int vlan = dot < 0 ? 0 : Integer.parseInt(name.substring(dot + 1));
        String portName = dot < 0 ? name : name.substring(0, dot);
        Port port = port(portName) == null ? addPort(portName) : port(portName);
        segments.add(segment);
        vlans.add(vlan);
        return stack.add(name, mac, port, vlan == 0 ? Firewall::untagged : (via, frame) -> tagged(via, frame, vlan));
    }

    private static void untagged(NetInterface via, Frame frame) {
        via.port().transmit(frame);
    }

    private static void tagged(NetInterface via, Frame frame, int vlan) {
        Vlan.push(frame, vlan);
        via.port().transmit(frame);
    }

    public Policy policy() {
        return policy;
    }

    public SessionTable sessions() {
        return sessions;
    }

    @Override
    public IpStack stack() {
        return stack;
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        if (!Ethernet.fits(frame)) {
            ingress.drop(frame, IpStack.Drop.MALFORMED);
            return;
        }
        eth.wrap(frame);
        NetInterface in = interfaceOf(ingress, eth.vid());
        if (in == null) {
            ingress.drop(frame, IpStack.Drop.TAGGED);
        } else if (Host.foreign(in, eth.destination())) {
            ingress.drop(frame, IpStack.Drop.OTHER_HOST);
        } else {
            if (eth.vid() != 0) {
                Vlan.pop(frame);
            }
            stack.receive(in, ingress, frame, now);
        }
        rearm();
    }

    private NetInterface interfaceOf(Port ingress, int vlan) {
        List<NetInterface> all = stack.interfaces();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).port() == ingress && vlans.get(all.get(i).index()) == vlan) {
                return all.get(i);
            }
        }
        return null;
    }

    @Override
    public boolean passes(NetInterface in, NetInterface out, Port ingress, Frame frame, Ipv4 ip, long now) {
        DropReason refusal =
                ip.fragmentOffset() > 0 ? fragment(ingress, frame, ip, now) : judge(in, out, ingress, frame, ip, now);
        if (refusal != null) {
            ingress.drop(frame, refusal);
            return false;
        }
        if (ip.mf() && ip.fragmentOffset() == 0) {
            fragmented.find(ip.source(), ip.id(), ip.destination(), 0, ip.protocol(), now);
            fragmented.open(0, 0, 0, 0, now + timeouts.fragments, now);
        }
        return true;
    }

    /** It has no ports: it may go where the first one has gone. */
    private DropReason fragment(Port ingress, Frame frame, Ipv4 ip, long now) {
        int at = fragmented.find(ip.source(), ip.id(), ip.destination(), 0, ip.protocol(), now);
        if (at >= 0 && frame.traced()) {
            ingress.because("firewall: fragment of a packet that has passed");
        }
        return at >= 0 ? null : Drop.FRAGMENT;
    }

    private DropReason judge(NetInterface in, NetInterface out, Port ingress, Frame frame, Ipv4 ip, long now) {
        byte[] bytes = frame.bytes();
        int protocol = ip.protocol();
        if (!ports(bytes, ip.payload(), ip.limit(), protocol)) {
            return Drop.TRUNCATED;
        } else if (protocol == Ipv4.ICMP && sourcePort == NO_PORT) {
            return about(ingress, frame, ip, now);
        }
        int at = sessions.find(ip.source(), sourcePort, ip.destination(), destinationPort, protocol, now);
        // A session that is over is not begun again by whoever sends a SYN: the rules are asked.
        if (at < 0 || begins && protocol == Ipv4.TCP && sessions.over(at)) {
            return begins ? begin(in, out, ingress, frame, ip, now) : Drop.NO_SESSION;
        }
        if (frame.traced()) {
            ingress.because("firewall: " + (sessions.onward(at) ? "more of" : "answer in") + " a session by "
                    + policy.text(sessions.rule(at)));
        }
        sessions.use(at, ip.totalLength(), 0);
        long idle = protocol == Ipv4.TCP ? tcpIdle(at, bytes, ip) : idle(protocol);
        sessions.use(at, 0, now + idle);
        return null;
    }

    private long idle(int protocol) {
        return protocol == Ipv4.TCP ? timeouts.embryonic : protocol == Ipv4.ICMP ? timeouts.icmp : timeouts.udp;
    }

    private long tcpIdle(int at, byte[] bytes, Ipv4 ip) {
        int flags = tcp.wrap(bytes, ip.payload()).flags();
        if ((flags & Tcp.RST) != 0) {
            sessions.end(at);
        } else if ((flags & Tcp.FIN) != 0) {
            sessions.done(at);
        }
        if (sessions.over(at)) {
            return timeouts.closed;
        }
        return sessions.answered(at) ? timeouts.tcp : timeouts.embryonic;
    }

    private DropReason begin(NetInterface in, NetInterface out, Port ingress, Frame frame, Ipv4 ip, long now) {
        int from = segments.get(in.index());
        int to = segments.get(out.index());
        int protocol = ip.protocol();
        int port = protocol == Ipv4.TCP || protocol == Ipv4.UDP ? destinationPort : NO_PORT;
        int rule = from < 0 || to < 0
                ? Policy.NONE
                : policy.match(from, to, ip.source(), ip.destination(), protocol, port);
        if (frame.traced()) {
            String pair = in.name() + " to " + out.name();
            ingress.because(
                    "firewall: " + (rule == Policy.NONE ? pair + ": no rule matches" : "rule " + policy.text(rule)));
        }
        if (rule == Policy.NONE) {
            return Drop.NO_RULE;
        } else if (!policy.permits(rule)) {
            return Drop.DENIED;
        }
        boolean open = sessions.open(from, to, rule, ip.totalLength(), now + idle(protocol), now);
        return open ? null : Drop.SESSION_TABLE_FULL;
    }

    /** An ICMP error passes if the packet that it quotes is of a session. */
    private DropReason about(Port ingress, Frame frame, Ipv4 ip, long now) {
        byte[] bytes = frame.bytes();
        int quoted = ip.payload() + Icmp.LENGTH;
        int header = quoted < ip.limit() ? (bytes[quoted] & 0xf) * 4 : 0;
        if (header < Ipv4.LENGTH || quoted + header + 8 > ip.limit()) {
            return Drop.TRUNCATED;
        }
        int protocol = bytes[quoted + 9] & 0xff;
        int source = View.get32(bytes, quoted + 12);
        int destination = View.get32(bytes, quoted + 16);
        // Eight bytes of the transport header are quoted at least: that is enough for the ports.
        if (protocol == Ipv4.ICMP) {
            icmp(bytes, quoted + header);
        } else {
            pair(bytes, quoted + header, protocol);
        }
        int at = sessions.find(source, sourcePort, destination, destinationPort, protocol, now);
        if (at >= 0 && frame.traced()) {
            ingress.because("firewall: ICMP error about a session by " + policy.text(sessions.rule(at)));
        }
        return at >= 0 ? null : Drop.NO_SESSION;
    }

    /** Reads what tells sessions of one pair of hosts apart; false where the header is cut short. */
    private boolean ports(byte[] bytes, int at, int end, int protocol) {
        begins = true;
        switch (protocol) {
            case Ipv4.TCP -> {
                if (!Tcp.fits(bytes, at, end)) {
                    return false;
                }
                begins = (tcp.wrap(bytes, at).flags() & (Tcp.SYN | Tcp.ACK | Tcp.RST)) == Tcp.SYN;
                pair(bytes, at, protocol);
            }
            case Ipv4.UDP -> {
                if (end - at < Udp.LENGTH) {
                    return false;
                }
                pair(bytes, at, protocol);
            }
            case Ipv4.ICMP -> {
                if (end - at < Icmp.LENGTH) {
                    return false;
                }
                icmp(bytes, at);
            }
            default -> pair(bytes, at, protocol);
        }
        return true;
    }

    private void pair(byte[] bytes, int at, int protocol) {
        boolean known = protocol == Ipv4.TCP || protocol == Ipv4.UDP;
        sourcePort = known ? View.get16(bytes, at) : 0;
        destinationPort = known ? View.get16(bytes, at + 2) : 0;
    }

    /** Whoever asks has the identifier for port, and whoever answers the type of the question; an error has none. */
    private void icmp(byte[] bytes, int at) {
        int type = bytes[at] & 0xff;
        int id = View.get16(bytes, at + 4);
        begins = type == Icmp.ECHO || type == 13 || type == 15 || type == 17;
        boolean answer = type == Icmp.ECHO_REPLY || type == 14 || type == 16 || type == 18;
        int question = type == Icmp.ECHO_REPLY ? Icmp.ECHO : answer ? type - 1 : type;
        sourcePort = begins ? id : answer ? question : NO_PORT;
        destinationPort = begins ? question : answer ? id : NO_PORT;
    }

    @Override
    protected void start(long now) {
        for (NetInterface each : stack.interfaces()) {
            stack.up(each, each.port().up(), now);
        }
        rearm();
    }

    @Override
    protected void carrier(Port port, boolean on, long now) {
        for (NetInterface each : stack.interfaces()) {
            if (each.port() == port) {
                stack.up(each, on, now);
            }
        }
        rearm();
    }

    @Override
    public void rearm() {
        long deadline = stack.nextDeadline();
        if (deadline != Long.MAX_VALUE) {
            wakeAt(deadline);
        }
    }

    @Override
    protected void wake(long now) {
        stack.wake(now);
        rearm();
    }

    @Override
    protected void remember() {
        stack.remember();
    }

    @Override
    protected void forget() {
        stack.forget();
        sessions.clear();
        fragmented.clear();
    }

    @Override
    protected int held() {
        return stack.held();
    }

    @Override
    protected void release() {
        stack.release();
    }
}
