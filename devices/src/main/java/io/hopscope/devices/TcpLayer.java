package io.hopscope.devices;

import io.hopscope.core.DropReason;
import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Tcp;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.tcp.Endpoint;
import io.hopscope.protocols.tcp.Segment;
import io.hopscope.protocols.tcp.TcpError;
import io.hopscope.protocols.tcp.TcpListener;
import io.hopscope.protocols.tcp.TcpOptions;
import io.hopscope.protocols.tcp.TcpSettings;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpTable;
import io.hopscope.protocols.tcp.Wire;
import java.util.ArrayList;
import java.util.List;

/**
 * TCP of a host: its sockets, with the stack below them. A segment becomes an IPv4 packet here, and a packet a segment.
 */
public final class TcpLayer implements Wire, IpStack.IcmpSocket {
    /** Why TCP takes a packet no further. */
    public enum Drop implements DropReason {
        BAD_SEGMENT("TCP header too short"),
        BAD_CHECKSUM("TCP checksum wrong"),
        NOT_TO_US("TCP to all: nobody answers");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    private final IpStack stack;
    private final TcpTable table;
    private final Ipv4 ip = new Ipv4();
    private final Tcp tcp = new Tcp();
    private final Segment segment = new Segment();
    private final List<HostQueue> spares = new ArrayList<>();

    TcpLayer(IpStack stack) {
        this.stack = stack;
        RandomStream random = stack.node().network().seed().stream(stack.title() + " tcp");
        table = new TcpTable(stack.tcpSettings(), this, random::nextLong);
        stack.listen(this);
    }

    public TcpTable table() {
        return table;
    }

    /** net.ipv4.tcp_*. */
    public TcpSettings settings() {
        return table.settings();
    }

    /** A socket without a connection: set its handler and options, then {@link #connect}. */
    public TcpSocket socket() {
        return table.socket();
    }

    /**
     * Begins a connection from this host's address towards another.
     *
     * @return why it cannot be begun, or null: the handler is told how it ends
     */
    public TcpError connect(TcpSocket socket, int remote, int port, long now) {
        return connect(socket, 0, 0, remote, port, now);
    }

    /**
     * @param local 0 for the address that the route says
     * @param localPort 0 for any
     */
    public TcpError connect(TcpSocket socket, int local, int localPort, int remote, int port, long now) {
        Route route = stack.lookup(remote);
        if (route == null) {
            return TcpError.NET_UNREACHABLE;
        }
        if (route.type() != Route.Type.UNICAST && route.type() != Route.Type.LOCAL) {
            return TcpError.HOST_UNREACHABLE;
        }
        int from = local != 0 ? local : route.type() == Route.Type.LOCAL ? remote : stack.source(route);
        return table.connect(socket, from, localPort, remote, port, now);
    }

    /**
     * Begins to listen; null if the port is taken.
     *
     * @param local 0 for every address
     */
    public TcpListener listen(int local, int port, int backlog, TcpListener.Accept accept) {
        return table.listen(local, port, backlog, accept);
    }

    /** A whole packet for this host; it ends here. */
    void receive(Port ingress, Frame frame, Ipv4 packet, long now) {
        int local = packet.destination();
        int remote = packet.source();
        int at = packet.payload();
        int end = packet.limit();
        if (!Tcp.fits(frame.bytes(), at, end)) {
            table.bad(false);
            ingress.drop(frame, Drop.BAD_SEGMENT);
        } else if (!tcp.wrap(frame, at).checksumOk(remote, local, end - at)) {
            table.bad(true);
            ingress.drop(frame, Drop.BAD_CHECKSUM);
        } else if (local == -1 || Ipv4Address.isMulticast(local) || broadcast(local)) {
            ingress.drop(frame, Drop.NOT_TO_US);
        } else {
            segment.read(tcp, frame.bytes(), end);
            table.receive(local, remote, segment, tcp.destinationPort(), tcp.sourcePort(), now);
            ingress.consume(frame);
        }
    }

    private boolean broadcast(int address) {
        Route route = stack.lookup(address);
        return route != null && route.type() == Route.Type.BROADCAST;
    }

    @Override
    public boolean send(Endpoint from, Segment out, long now) {
        int header = Tcp.LENGTH + TcpOptions.length(out);
        int total = Ipv4.LENGTH + header + out.length;
        Frame frame = stack.node().originate(Ethernet.LENGTH + total);
        int at = frame.start() + Ethernet.LENGTH;
        boolean unsplit = unsplit(from.remote());
        int id = from.nextIdentification();
        ip.wrap(frame, at)
                .start(total)
                .tos(from.tos())
                .id(unsplit || id != 0 ? id : stack.nextIdentification())
                .df(unsplit)
                .ttl(from.ttl())
                .protocol(Ipv4.TCP)
                .source(from.local())
                .destination(from.remote())
                .seal();
        write(from, out, frame, at + Ipv4.LENGTH, header);
        if (out.length > 0 && from instanceof TcpSocket socket) {
            queue(socket).add(socket, frame, out.length);
        }
        if (!stack.send(frame, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
            return false;
        }
        return true;
    }

    private boolean unsplit(int remote) {
        if (!stack.intricate) {
            // No route has an MTU of its own.
            return stack.sysctls() == null || stack.sysctls().noPathMtu == 0;
        }
        Route route = stack.lookup(remote);
        return route == null || stack.unsplit(remote, route);
    }

    private void write(Endpoint from, Segment out, Frame frame, int at, int header) {
        tcp.wrap(frame, at)
                .sourcePort(from.localPort())
                .destinationPort(from.remotePort())
                .seq(out.seq)
                .ack(out.ack)
                .headerLength(header)
                .flags(out.flags)
                .window(out.window)
                .urgent(0);
        TcpOptions.write(frame.bytes(), at + Tcp.LENGTH, out);
        if (out.length > 0) {
            from.copy(out.seq, frame.bytes(), at + header, out.length);
        }
        tcp.seal(from.local(), from.remote(), header + out.length);
    }

    @Override
    public int mtu(int local, int remote) {
        Route route = stack.lookup(remote);
        return usable(route) ? stack.mtu(remote, route) : 0;
    }

    private static boolean usable(Route route) {
        return route != null && (route.type() == Route.Type.UNICAST || route.type() == Route.Type.LOCAL);
    }

    @Override
    public void rearm() {
        stack.rearm();
    }

    @Override
    public void receive(Frame frame, Ipv4 packet, Icmp message, long now) {
        if (!message.error()) {
            return;
        }
        int at = message.at() + Icmp.LENGTH;
        // What is quoted may be shorter than the packet was.
        if (packet.limit() - at < Ipv4.LENGTH + 8 || ip.wrap(frame, at).protocol() != Ipv4.TCP) {
            return;
        }
        int header = ip.headerLength();
        if (header < Ipv4.LENGTH || packet.limit() - at < header + 8) {
            return;
        }
        tcp.wrap(frame, at + header);
        if (message.type() == Icmp.UNREACHABLE && message.code() == Icmp.FRAGMENTATION_NEEDED) {
            if (!table.sent(ip.source(), ip.destination(), tcp.sourcePort(), tcp.destinationPort(), tcp.seq())) {
                return;
            }
            stack.learnMtu(ip, message.mtu(), now);
        }
        table.unreachable(
                ip.source(),
                ip.destination(),
                tcp.sourcePort(),
                tcp.destinationPort(),
                tcp.seq(),
                message.type(),
                message.code(),
                now);
    }

    long nextDeadline() {
        return table.nextDeadline();
    }

    void wake(long now) {
        table.wake(now);
    }

    /** The stack leaves: what still waits on this node is none of its business any more. */
    void leave() {
        table.endpoints().forEach(each -> {
            if (each instanceof TcpSocket socket && socket.queue() instanceof HostQueue queue) {
                queue.abandon();
            }
        });
    }

    private HostQueue queue(TcpSocket socket) {
        if (socket.queue() == null) {
            socket.queue(spares.isEmpty() ? new HostQueue(this) : spares.remove(spares.size() - 1));
        }
        return (HostQueue) socket.queue();
    }

    void spare(HostQueue queue) {
        spares.add(queue);
    }

    long now() {
        return stack.node().now();
    }

    /** Power is lost, and every connection with it. */
    void forget() {
        table.forget();
        stack.listen(this);
    }
}
