package io.hopscope.devices.neutron;

import io.hopscope.core.DropReason;
import io.hopscope.devices.IpStack;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.Route;

/** How requests and replies come out of a stack and into it: a datagram each. */
final class RpcSocket {
    /** Neutron's own port, of its API. */
    static final int SERVER_PORT = 9696;

    static final int AGENT_PORT = 9697;

    /** Why a message is not heeded. */
    enum Drop implements DropReason {
        NO_REQUEST("no request of an agent"),
        NOT_ASKED("no answer to what this agent asks");

        private final String text;

        Drop(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** Takes a message; returns whether it was one. */
    interface Receiver {
        boolean receive(byte[] bytes, int from, int to, int address, int port, long now);
    }

    private final IpStack stack;
    private final int port;
    private final Ipv4 ip = new Ipv4();
    private final Udp udp = new Udp();

    RpcSocket(IpStack stack, int port) {
        this.stack = stack;
        this.port = port;
    }

    /** Listens; what comes is said to be for {@code whom}. */
    void open(String whom, DropReason refusal, Receiver receiver) {
        stack.bind(port, (in, ingress, frame, packet, datagram, now) -> {
            if (frame.traced()) {
                ingress.because("UDP port " + port + " is " + whom + "'s");
            }
            int from = datagram.end();
            int to = datagram.at() + datagram.length();
            if (receiver.receive(frame.bytes(), from, to, packet.source(), datagram.sourcePort(), now)) {
                ingress.consume(frame);
            } else {
                ingress.drop(frame, refusal);
            }
        });
    }

    void close() {
        stack.unbind(port);
    }

    void send(int to, int toPort, byte[] message, long now) {
        Route route = stack.lookup(to);
        int source = route == null ? 0 : stack.source(route);
        int total = Ipv4.LENGTH + Udp.LENGTH + message.length;
        Frame frame = stack.node().originate(Ethernet.LENGTH + total);
        ip.wrap(frame, frame.start() + Ethernet.LENGTH)
                .start(total)
                .df(true)
                .id(stack.nextIdentification())
                .protocol(Ipv4.UDP)
                .source(source)
                .destination(to)
                .seal();
        System.arraycopy(message, 0, frame.bytes(), ip.end() + Udp.LENGTH, message.length);
        udp.wrap(frame, ip.end()).set(port, toPort, Udp.LENGTH + message.length).seal(source, to);
        stack.sentDatagram();
        if (!stack.transmit(frame, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
        }
    }
}
