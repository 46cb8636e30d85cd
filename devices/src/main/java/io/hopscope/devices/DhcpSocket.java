package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Dhcp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.dhcp.DhcpRelay;
import io.hopscope.protocols.dhcp.DhcpReply;
import java.util.Arrays;
import java.util.function.Consumer;

/** How DHCP messages come out of a stack and into it: the packets of udhcpc and dnsmasq. */
public final class DhcpSocket {
    /** dnsmasq asks for CS6. */
    private static final int NETWORK_CONTROL = 0xc0;

    private final IpStack stack;
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();
    private final Ethernet eth = new Ethernet();

    public DhcpSocket(IpStack stack) {
        this.stack = stack;
    }

    /** Takes messages from the server port. */
    public interface Receiver {
        /** The interface, and the message by itself. */
        void receive(NetInterface in, byte[] message, long now);
    }

    /** Listens on the server port; what comes is said to be for {@code whom}. */
    public void serve(String whom, Receiver receiver) {
        stack.bind(Dhcp.SERVER_PORT, (in, ingress, frame, packet, datagram, now) -> {
            byte[] message = Arrays.copyOfRange(frame.bytes(), datagram.end(), datagram.at() + datagram.length());
            if (frame.traced()) {
                ingress.because("UDP port 67 is " + whom + "'s");
            }
            ingress.consume(frame);
            receiver.receive(in, message, now);
        });
    }

    /** Gives the relay of an interface's helper addresses ({@code dhcp-relay}) what comes to the server port. */
    public static void relay(NetInterface at, int server) {
        IpStack stack = at.stack();
        DhcpSocket socket = new DhcpSocket(stack);
        DhcpRelay relay = stack.relay();
        if (relay == null) {
            relay = new DhcpRelay(socket.line(text -> {}));
            stack.relay(relay);
            DhcpRelay made = relay;
            socket.serve("the DHCP relay", (in, message, now) -> relayed(made, in, message, now));
        }
        relay.add(at.primary(), server);
    }

    /** Whether it was a message that the relay passes on. */
    public static boolean relayed(DhcpRelay relay, NetInterface in, byte[] message, long now) {
        int local = in.primary();
        for (InterfaceAddress each : in.addresses()) {
            local = relay.serves(each.address()) ? each.address() : local;
        }
        return relay.receive(message, in.index(), local, now);
    }

    /** Sends what a server or relay says, and hands its words on. */
    public DhcpReply.Line line(Consumer<String> log) {
        return new DhcpReply.Line() {
            @Override
            public void send(DhcpReply reply, long now) {
                DhcpSocket.this.send(reply, now);
            }

            @Override
            public void say(String text) {
                log.accept(text);
            }
        };
    }

    private void send(DhcpReply reply, long now) {
        NetInterface via = via(reply);
        if (reply.destination() == -1 && via != null) {
            Frame frame = packet(reply.message(), reply.source(), -1, Dhcp.SERVER_PORT, reply.port());
            ip.id(stack.nextIdentification()).tos(NETWORK_CONTROL).seal();
            link(frame, via);
            return;
        }
        if (reply.inject() != 0 && via != null) {
            // The client has no address yet to answer ARP with.
            stack.neighbourTable().inject(via.index(), reply.destination(), reply.inject(), now);
        }
        int source = reply.source() != 0 ? reply.source() : source(reply.destination());
        Frame frame = packet(reply.message(), source, reply.destination(), Dhcp.SERVER_PORT, reply.port());
        ip.id(stack.nextIdentification()).tos(NETWORK_CONTROL).seal();
        route(frame, now);
    }

    /** The interface of the message, or else the one that has the source address. */
    private NetInterface via(DhcpReply reply) {
        for (NetInterface each : stack.interfaces()) {
            if (each.index() == reply.device() || reply.device() == 0 && each.owns(reply.source())) {
                return each;
            }
        }
        return null;
    }

    private int source(int destination) {
        Route route = stack.lookup(destination);
        return route == null ? 0 : stack.source(route);
    }

    /** A client's message to all, made by hand: neither an id nor DF. */
    public void broadcast(NetInterface via, byte[] message, int source) {
        link(packet(message, source, -1, Dhcp.CLIENT_PORT, Dhcp.SERVER_PORT), via);
    }

    /** A client's message through its own UDP socket. */
    public void unicast(byte[] message, int source, int server, long now) {
        Frame frame = packet(message, source, server, Dhcp.CLIENT_PORT, Dhcp.SERVER_PORT);
        ip.id(stack.nextIdentification()).df(true).seal();
        route(frame, now);
    }

    private Frame packet(byte[] message, int source, int destination, int from, int to) {
        int total = Ipv4.LENGTH + Udp.LENGTH + message.length;
        Frame frame = stack.node().originate(Ethernet.LENGTH + total);
        ip.wrap(frame, frame.start() + Ethernet.LENGTH)
                .start(total)
                .df(false)
                .protocol(Ipv4.UDP)
                .source(source)
                .destination(destination)
                .seal();
        System.arraycopy(message, 0, frame.bytes(), ip.end() + Udp.LENGTH, message.length);
        udp.wrap(frame, ip.end()).set(from, to, Udp.LENGTH + message.length).seal(source, destination);
        return frame;
    }

    private void link(Frame frame, NetInterface via) {
        eth.wrap(frame).destination(Ethernet.BROADCAST).source(via.mac()).type(Ethernet.IPV4);
        via.transmit(frame);
    }

    private void route(Frame frame, long now) {
        stack.sentDatagram();
        if (!stack.transmit(frame, now)) {
            Port first = stack.owner().port(0);
            first.drop(frame, IpStack.Drop.NO_ROUTE);
        }
    }
}
