package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.core.ScenarioError;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.tcp.OpenFile;
import io.hopscope.protocols.tcp.TcpError;

/**
 * A UDP socket of a program. Connected to a peer it hears nobody else, and what ICMP says of what it has sent comes to it,
 * as with Linux.
 */
public final class UdpEndpoint implements IpStack.UdpSocket, IpStack.IcmpSocket {
    /** Bytes in front of the data: {@link #start} leaves room for them. */
    public static final int HEADERS = Ethernet.LENGTH + Ipv4.LENGTH + Udp.LENGTH;

    /** The most data a datagram has. */
    public static final int MOST = 65507;

    /** net.ipv4.ip_local_port_range. */
    private static final int FIRST_PORT = 32768;

    private static final int PORTS = 28232;

    /** Takes what comes. */
    public interface Listener {
        /** A datagram; its data lie in the frame from {@code udp.end()} on, and the frame stays the socket's. */
        void datagram(Frame frame, Ipv4 ip, Udp udp, long now);

        /**
         * Only of a connected socket.
         *
         * @param error in the words of strerror
         */
        default void failed(String error, long now) {}

        /** There is {@link UdpEndpoint#room} again, as {@link UdpEndpoint#await} asked to be told. */
        default void writable(long now) {}
    }

    /**
     * What has been sent and has not left this host: it counts against the send buffer. A stack that goes to another node
     * leaves it behind.
     */
    private final class Backlog implements Frame.Departure {
        private int frames;
        private int memory;
        private boolean abandoned;

        void add(Frame frame) {
            frame.departure = this;
            frames++;
            memory += truesize(frame.length());
        }

        @Override
        public void left(Frame frame) {
            if (abandoned || !stack.node().powered()) {
                return;
            }
            memory -= memory / frames;
            frames--;
            // sock_def_write_space: whoever waits is woken when half of it is free.
            if (waiting && 2 * memory <= buffer) {
                waiting = false;
                listener.writable(stack.node().now());
            }
        }
    }

    /** net.core.wmem_default. */
    public static final int BUFFER = 212_992;

    private final IpStack stack;
    private final String whose;
    private final Listener listener;
    private final int port;
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();
    private int peer;
    private int peerPort;
    private int identification;
    private int tos;
    private boolean discovering = true;
    private int buffer = BUFFER;
    private Backlog backlog = new Backlog();
    private boolean waiting;
    private boolean open = true;
    /** Null where no process has it. */
    private OpenFile file;

    private UdpEndpoint(IpStack stack, int port, String whose, Listener listener) {
        this.stack = stack;
        this.port = port;
        this.whose = whose;
        this.listener = listener;
    }

    /**
     * A socket at a port.
     *
     * @param port 0 for any that is free
     * @param whose the program, for explanations
     */
    public static UdpEndpoint open(IpStack stack, int port, String whose, Listener listener) {
        UdpEndpoint made = new UdpEndpoint(stack, port == 0 ? free(stack) : port, whose, listener);
        stack.bind(made.port, made);
        stack.opened(made);
        return made;
    }

    private static int free(IpStack stack) {
        boolean changed = stack.sysctls() != null;
        int least = changed ? stack.tcpSettings().firstPort : FIRST_PORT;
        int ports = changed ? stack.tcpSettings().lastPort - least + 1 : PORTS;
        int first = stack.random().nextInt(ports);
        for (int i = 0; i < ports; i++) {
            int port = least + (first + i) % ports;
            if (!stack.bound(port)) {
                return port;
            }
        }
        throw new ScenarioError("no UDP port is free on " + stack.title());
    }

    /** From now on it has to do with nobody else. */
    public UdpEndpoint connect(int address, int toPort) {
        peer = address;
        peerPort = toPort;
        identification = stack.random().nextInt(0x10000);
        stack.listen((IpStack.IcmpSocket) this);
        return this;
    }

    /** IP_TOS of what it sends. */
    public UdpEndpoint tos(int value) {
        tos = value;
        return this;
    }

    /** IP_MTU_DISCOVER: whether what fits into the path's MTU says that it must not be split. */
    public UdpEndpoint discovering(boolean on) {
        discovering = on;
        return this;
    }

    /** SO_SNDBUF; like Linux, twice what is asked for. */
    public UdpEndpoint sendBuffer(int bytes) {
        buffer = Math.max(4608, 2 * bytes);
        return this;
    }

    /** SO_SNDBUF as getsockopt tells it. */
    public int sendBuffer() {
        return buffer;
    }

    /** Whether a datagram finds room in the send buffer; the kernel lets one begin as long as it is not full. */
    public boolean room() {
        return backlog.memory < buffer;
    }

    /** Asks to be told when there is room. */
    public void await() {
        waiting = true;
    }

    /** The host goes to another node. */
    void leave() {
        backlog.abandoned = true;
        backlog = new Backlog();
    }

    /** What a frame takes of a buffer: its room, doubled until it fits, and what describes it (sk_buff, skb_shared_info). */
    private static int truesize(int length) {
        int room = 512;
        while (room < length + 336) {
            room <<= 1;
        }
        return room + 256;
    }

    /** Which open file of a process it is. */
    public UdpEndpoint file(OpenFile as) {
        file = as;
        return this;
    }

    /** Null where no process has it. */
    public OpenFile file() {
        return file;
    }

    /** Whom it is connected to; 0 for nobody. */
    public int peer() {
        return peer;
    }

    public int peerPort() {
        return peerPort;
    }

    /** Bytes of memory that wait to leave this host. */
    public int waitingMemory() {
        return backlog.memory;
    }

    public int port() {
        return port;
    }

    /** Whether it is neither closed nor lost with the host's power. */
    public boolean isOpen() {
        return open;
    }

    public void close() {
        if (open) {
            open = false;
            if (file != null) {
                file.close();
            }
            stack.closed(this);
            stack.unbind(port);
            stack.ignore((IpStack.IcmpSocket) this);
        }
    }

    /** A frame for so many bytes of data, which begin {@link #HEADERS} behind its start. */
    public Frame start(int length) {
        return stack.node().originate(HEADERS + length);
    }

    /** Sends data to the peer; returns what is wrong, or null. */
    public String send(byte[] data, long now) {
        return send(data, 0, peer, peerPort, now);
    }

    /** As {@link #send(byte[], long)}, to whomever, from an own address unless it is 0. */
    public String send(byte[] data, int source, int to, int toPort, long now) {
        Frame frame = start(data.length);
        System.arraycopy(data, 0, frame.bytes(), frame.start() + HEADERS, data.length);
        return send(frame, source, to, toPort, now);
    }

    /** Sends a frame of {@link #start} to the peer; it is no longer yours. */
    public String send(Frame frame, long now) {
        return send(frame, 0, peer, peerPort, now);
    }

    /** As {@link #send(Frame, long)}, from an own address unless it is 0. */
    public String send(Frame frame, int source, long now) {
        return send(frame, source, peer, peerPort, now);
    }

    /** The address that it sends to its peer from; 0 where there is no way. */
    public int local() {
        Route route = stack.lookup(peer);
        return route == null ? 0 : stack.source(route);
    }

    /** As {@link #send(byte[], int, int, int, long)}, a frame of {@link #start}. */
    public String send(Frame frame, int own, int to, int toPort, long now) {
        Route route = stack.lookup(to);
        String refusal = refusal(route);
        if (refusal != null) {
            if (route == null || route.type() == Route.Type.THROW) {
                stack.count(IpCounter.OUT_NO_ROUTES);
            }
            stack.node().unmake(frame);
            return refusal;
        }
        int total = frame.length() - Ethernet.LENGTH;
        int source = own != 0 ? own : stack.source(route);
        boolean whole = total <= stack.mtu(to, route);
        // ip_select_ident_segs: a connected socket counts by itself.
        int id = peer == 0 ? stack.nextIdentification() : identification++ & 0xffff;
        ip.wrap(frame, frame.start() + Ethernet.LENGTH)
                .start(total)
                .id(id)
                .df(whole && discovering && stack.unsplit(to, route))
                .tos(tos)
                .protocol(Ipv4.UDP)
                .source(source)
                .destination(to)
                .seal();
        udp.wrap(frame, ip.end()).set(port, toPort, total - Ipv4.LENGTH).seal(source, to);
        backlog.add(frame);
        if (!stack.transmit(frame, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
        }
        boolean denied = stack.netfilter() != null && stack.netfilter().denied();
        if (!denied) {
            stack.sentDatagram();
        }
        return denied ? "Operation not permitted" : null;
    }

    /** What sendto says of a route. */
    private static String refusal(Route route) {
        if (route == null) {
            return "Network is unreachable";
        }
        return switch (route.type()) {
            case BROADCAST, PROHIBIT -> "Permission denied";
            case UNREACHABLE -> "No route to host";
            case THROW -> "Network is unreachable";
            case BLACKHOLE -> "Invalid argument";
            case UNICAST, LOCAL -> null;
        };
    }

    @Override
    public void receive(NetInterface in, Port ingress, Frame frame, Ipv4 packet, Udp datagram, long now) {
        if (peer != 0 && (packet.source() != peer || datagram.sourcePort() != peerPort)) {
            // Nobody else's either: as if the port were not open.
            stack.inDatagrams--;
            stack.count(IpCounter.UDP_NO_PORTS);
            ingress.drop(frame, IpStack.Drop.NO_SOCKET);
            return;
        }
        if (frame.traced()) {
            ingress.because("UDP port " + port + " is " + whose + "'s");
        }
        listener.datagram(frame, packet, datagram, now);
        ingress.consume(frame);
    }

    @Override
    public void receive(Frame frame, Ipv4 packet, Icmp message, long now) {
        int at = message.at() + Icmp.LENGTH;
        if (!message.error() || packet.limit() - at < Ipv4.LENGTH + Udp.LENGTH) {
            return;
        }
        ip.wrap(frame, at);
        if (ip.protocol() != Ipv4.UDP || ip.destination() != peer || ip.payload() + Udp.LENGTH > packet.limit()) {
            return;
        }
        udp.wrap(frame, ip.payload());
        String error = udp.sourcePort() == port && udp.destinationPort() == peerPort ? error(message) : null;
        if (error != null) {
            listener.failed(error, now);
        }
    }

    /** Which errors a connected socket is told without having asked for all (__udp4_lib_err, icmp_err_convert). */
    private static String error(Icmp message) {
        if (message.type() == Icmp.PARAMETER_PROBLEM) {
            return TcpError.PROTOCOL.toString();
        } else if (message.type() != Icmp.UNREACHABLE) {
            return null;
        }
        TcpError error = TcpError.unreachable(message.code());
        return switch (message.code()) {
            // Those that may pass.
            case Icmp.NET, Icmp.HOST, 5, 11, 12 -> null;
            default -> error == null ? null : error.toString();
        };
    }
}
