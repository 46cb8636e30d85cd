package io.hopscope.devices.programs;

import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.Udp;
import io.hopscope.encap.View;
import io.hopscope.protocols.Flow;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.List;

/** The packets of a traceroute, by its method, and what is heard of them. */
final class TracerouteProbes implements IpStack.IcmpSocket, IpStack.PacketSocket, IpStack.UdpSocket {
    /** A SYN with the options that Linux's has. */
    static final int TCP_LENGTH = Ipv4.LENGTH + Tcp.LENGTH + 20;

    /** Hears what becomes of probes. */
    interface Listener {
        /**
         * @param from 0 where this host itself says so
         * @param mark what is printed behind the time
         * @param last whether the way ends there
         */
        void heard(Probe probe, int from, String mark, boolean last, long now);

        /** A rule of this host lets no probe out. */
        void denied(long now);
    }

    /** One packet under way. */
    static final class Probe {
        long sent = -1;
        long rtt = -1;
        int from;
        String mark = "";
        /** What is remembered of a larger one that this one is instead of. */
        String size = "";

        boolean done;
        boolean last;
        private int sourcePort;
        private int number;
    }

    private final IpStack stack;
    private final RandomStream random;
    private final TraceroutePlan plan;
    private final Listener listener;
    private final List<Probe> waiting = new ArrayList<>();
    private final Flow flow = new Flow();
    private final int id;
    private final int clock;
    private int address;
    private int number;
    private int length;

    private final Ipv4 ip = new Ipv4();
    private final Ipv4 quoted = new Ipv4();
    private final Udp udp = new Udp();
    private final Tcp tcp = new Tcp();
    private final Icmp icmp = new Icmp();
    private final Ethernet eth = new Ethernet();

    TracerouteProbes(IpStack stack, RandomStream random, TraceroutePlan plan, Listener listener) {
        this.stack = stack;
        this.random = random;
        this.plan = plan;
        this.listener = listener;
        number = plan.port;
        length = plan.length;
        id = random.nextInt(0xffff) + 1;
        clock = random.nextInt(Integer.MAX_VALUE);
    }

    /** Returns what is wrong with the way there, or null. */
    String open(int to) {
        address = to;
        flow.to(to);
        flow.mark = plan.mark;
        flow.probes = plan.whole;
        flow.tos = plan.tos & 0xfc;
        flow.source = plan.source;
        flow.protocol = switch (plan.method) {
            case ICMP -> Ipv4.ICMP;
            case TCP -> Ipv4.TCP;
            default -> Ipv4.UDP;
        };
        if (plan.device != null) {
            NetInterface via = stack.find(plan.device);
            if (via == null) {
                return "SO_BINDTODEVICE " + plan.device + ": No such device";
            }
            flow.out = via.index();
        }
        Route route = stack.lookup(flow);
        if (route == null) {
            stack.foundNoRoute();
        }
        Route own = plan.source == 0 ? null : stack.lookup(plan.source);
        if (plan.source != 0 && (own == null || own.type() != Route.Type.LOCAL)) {
            return "bind: Cannot assign requested address";
        }
        String refusal = refusal(route);
        if (refusal == null) {
            stack.listen((IpStack.IcmpSocket) this);
            if (plan.method == TraceroutePlan.Method.TCP) {
                stack.listen((IpStack.PacketSocket) this);
            }
        }
        return refusal;
    }

    private static String refusal(Route route) {
        if (route == null) {
            return "connect: Network is unreachable";
        }
        return switch (route.type()) {
            case BROADCAST, PROHIBIT -> "connect: Permission denied";
            case UNREACHABLE -> "connect: No route to host";
            case THROW -> "connect: Network is unreachable";
            case BLACKHOLE -> "connect: Invalid argument";
            case UNICAST, LOCAL -> null;
        };
    }

    void close() {
        List.copyOf(waiting).forEach(this::forget);
        stack.ignore((IpStack.IcmpSocket) this);
        if (plan.method == TraceroutePlan.Method.TCP) {
            stack.ignore((IpStack.PacketSocket) this);
        }
    }

    /** Nothing is to be heard of it any more. */
    void forget(Probe probe) {
        if (waiting.remove(probe) && flow.protocol == Ipv4.UDP) {
            stack.unbind(probe.sourcePort);
        }
    }

    /** Sends a probe; what is too large for this host's own link never leaves it. */
    void send(Probe probe, int ttl, long now) {
        Route route = stack.lookup(flow);
        probe.sent = now;
        probe.number = number;
        if (plan.method == TraceroutePlan.Method.DEFAULT || plan.method == TraceroutePlan.Method.ICMP) {
            number++;
        }
        if (refusal(route) != null) {
            return;
        }
        // IP_PMTUDISC_PROBE: only the link counts, not what is known of the way.
        int most = route.ofLocalTable()
                ? 65_535
                : Math.min(65_535, stack.device(route.device()).mtu());
        if (plan.whole && length > most) {
            tooBig(probe, 0, most, now);
            return;
        }
        Frame frame = stack.node().originate(Ethernet.LENGTH + length());
        int at = frame.start() + Ethernet.LENGTH;
        int source = plan.source != 0 ? plan.source : stack.source(route);
        ip.wrap(frame, at)
                .start(length())
                .df(plan.whole)
                .id(stack.nextIdentification())
                .tos(plan.tos)
                .ttl(ttl)
                .protocol(flow.protocol)
                .source(source)
                .destination(address)
                .seal();
        waiting.add(probe);
        switch (flow.protocol) {
            case Ipv4.ICMP -> echo(frame, at + Ipv4.LENGTH, probe);
            case Ipv4.TCP -> syn(frame, at + Ipv4.LENGTH, probe, source, most);
            default -> datagram(frame, at + Ipv4.LENGTH, probe, source);
        }
        if (flow.protocol == Ipv4.UDP) {
            stack.sentDatagram();
        }
        if (!stack.transmit(frame, flow, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
        } else if (stack.netfilter() != null && stack.netfilter().denied()) {
            listener.denied(now);
        }
    }

    private int length() {
        return flow.protocol == Ipv4.TCP ? Math.max(TCP_LENGTH, length) : length;
    }

    private void fill(Frame frame, int from) {
        for (int i = from; i < frame.end(); i++) {
            frame.bytes()[i] = (byte) ('@' + (i - from & 0x3f));
        }
    }

    /** Of the ephemeral ports those above what probes go to and what scenarios give their own traffic. */
    private int port() {
        return plan.sourcePort != 0 ? plan.sourcePort : 41_000 + random.nextInt(20_000);
    }

    private void echo(Frame frame, int at, Probe probe) {
        fill(frame, at + Icmp.LENGTH);
        icmp.wrap(frame, at).start(Icmp.ECHO, 0).id(id).seq(probe.number).seal(frame.end() - at);
    }

    private void datagram(Frame frame, int at, Probe probe, int source) {
        do {
            probe.sourcePort = port();
        } while (plan.sourcePort == 0 && stack.bound(probe.sourcePort));
        stack.bind(probe.sourcePort, this);
        fill(frame, at + Udp.LENGTH);
        udp.wrap(frame, at)
                .set(probe.sourcePort, probe.number, frame.end() - at)
                .seal(source, address);
    }

    /** The options of Linux's SYN, the window of its four segments. */
    private void syn(Frame frame, int at, Probe probe, int source, int mtu) {
        probe.sourcePort = port();
        int mss = Math.max(536, mtu - Ipv4.LENGTH - Tcp.LENGTH);
        byte[] bytes = frame.bytes();
        java.util.Arrays.fill(bytes, at, frame.end(), (byte) 0);
        int options = at + Tcp.LENGTH;
        View.put32(bytes, options, 0x0204_0000 | mss);
        View.put32(bytes, options + 4, 0x0402_080a);
        View.put32(bytes, options + 8, clock);
        View.put32(bytes, options + 16, 0x0103_0302);
        tcp.wrap(frame, at)
                .sourcePort(probe.sourcePort)
                .destinationPort(probe.number)
                .seq(random.nextInt(Integer.MAX_VALUE))
                .headerLength(TCP_LENGTH - Ipv4.LENGTH)
                .flags(Tcp.SYN)
                .window(Math.min(0xffff, 4 * mss))
                .seal(source, address, frame.end() - at);
    }

    /** Of ICMP's errors about probes, and echo replies. */
    @Override
    public void receive(Frame frame, Ipv4 packet, Icmp message, long now) {
        if (message.type() == Icmp.ECHO_REPLY) {
            if (flow.protocol == Ipv4.ICMP && message.id() == id) {
                tell(find(message.seq(), 0), packet.source(), "", true, now);
            }
            return;
        }
        int at = message.at() + Icmp.LENGTH;
        if (!message.error() || packet.limit() - at < Ipv4.LENGTH + 8) {
            return;
        }
        quoted.wrap(frame, at);
        if (quoted.destination() != address
                || quoted.protocol() != flow.protocol
                || quoted.payload() + 8 > packet.limit()) {
            return;
        }
        int which = quoted.payload();
        Probe probe = flow.protocol == Ipv4.ICMP
                ? View.get16(frame.bytes(), which + 4) == id ? find(View.get16(frame.bytes(), which + 6), 0) : null
                : find(View.get16(frame.bytes(), which + 2), View.get16(frame.bytes(), which));
        boolean last = message.type() == Icmp.UNREACHABLE;
        if (probe == null) {
            return;
        } else if (last && message.code() == Icmp.FRAGMENTATION_NEEDED) {
            tooBig(probe, packet.source(), message.mtu(), now);
        } else {
            tell(probe, packet.source(), last ? mark(message) : "", last, now);
        }
    }

    /** With --mtu the next one is no larger than that, and stands in its place. */
    private void tooBig(Probe probe, int from, int mtu, long now) {
        if (plan.measures && mtu >= Ipv4.LENGTH + Udp.LENGTH && mtu < length) {
            forget(probe);
            length = mtu;
            probe.sent = -1;
            probe.size = " F=" + mtu;
            tell(probe, from, "", false, now);
        } else {
            tell(probe, from, " !F-" + mtu, true, now);
        }
    }

    private void tell(Probe probe, int from, String mark, boolean last, long now) {
        if (probe != null) {
            forget(probe);
            listener.heard(probe, from, mark, last, now);
        }
    }

    private Probe find(int which, int sourcePort) {
        for (Probe each : waiting) {
            if (each.number == which && each.sourcePort == sourcePort) {
                return each;
            }
        }
        return null;
    }

    private static String mark(Icmp message) {
        return switch (message.code()) {
            case Icmp.NET, 6, 8, 11 -> " !N";
            case Icmp.HOST, 7, 12 -> " !H";
            case Icmp.PROTOCOL -> " !P";
            case Icmp.PORT -> "";
            case 5 -> " !S";
            case 9, 10, 13 -> " !X";
            case 14 -> " !V";
            case 15 -> " !C";
            default -> " !<" + message.code() + ">";
        };
    }

    /** What a port of a probe's own is answered by. */
    @Override
    public void receive(NetInterface in, Port ingress, Frame frame, Ipv4 packet, Udp datagram, long now) {
        if (packet.source() == address) {
            tell(find(datagram.sourcePort(), datagram.destinationPort()), address, "", true, now);
        }
        ingress.consume(frame);
    }

    /** TCP's answers, which the kernel sees as well: it knows nothing of such a connection, and says so. */
    @Override
    public boolean receive(NetInterface in, Frame frame, long now) {
        if (!Ethernet.fits(frame) || eth.wrap(frame).type() != Ethernet.IPV4 || !Ipv4.fits(frame, eth.end())) {
            return false;
        }
        ip.wrap(frame, eth.end());
        if (ip.source() != address
                || ip.protocol() != Ipv4.TCP
                || ip.fragmentOffset() != 0
                || !Tcp.fits(frame.bytes(), ip.payload(), ip.limit())) {
            return false;
        }
        tcp.wrap(frame, ip.payload());
        tell(find(tcp.sourcePort(), tcp.destinationPort()), address, "", true, now);
        return false;
    }
}
