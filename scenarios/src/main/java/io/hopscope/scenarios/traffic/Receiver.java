package io.hopscope.scenarios.traffic;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import java.util.Arrays;

/** The UDP socket of all endpoints of a node: counts what comes, and answers if that is wanted. */
final class Receiver implements IpStack.UdpSocket {
    private final Traffic traffic;
    private final Node node;
    private final Datagram datagram;
    private final RandomStream random;
    private final TrafficHeader header = new TrafficHeader();
    /** By category. */
    final long[] received;

    final long[] receivedBits;
    final Delays[] delays;
    final Delays roundTrips = new Delays();
    long replied;
    /** When the last packet came. */
    long latest;

    long strangers;

    Receiver(Traffic traffic, Node node, Datagram datagram, RandomStream random) {
        this.traffic = traffic;
        this.node = node;
        this.datagram = datagram;
        this.random = random;
        received = new long[traffic.categories().names().size()];
        receivedBits = new long[received.length];
        delays = new Delays[received.length];
        Arrays.setAll(delays, i -> new Delays());
    }

    @Override
    public void receive(NetInterface in, Port ingress, Frame frame, Ipv4 ip, Udp udp, long now) {
        boolean ours = udp.length() >= Udp.LENGTH + TrafficHeader.LENGTH;
        if (ours) {
            header.wrap(frame.bytes(), udp.end());
            ours = header.flow() >= 0
                    && header.flow() < traffic.flows().sent.length
                    && header.category() < received.length;
        }
        if (ours && header.kind() == TrafficHeader.REQUEST) {
            request(in, frame, ip, udp, now);
        } else if (ours
                && header.kind() == TrafficHeader.REPLY
                && traffic.spec().replies() != null) {
            traffic.flows().answered[header.flow()]++;
            roundTrips.record(now - header.sent());
        } else {
            strangers++;
        }
        ingress.consume(frame);
    }

    private void request(NetInterface in, Frame frame, Ipv4 ip, Udp udp, long now) {
        int flow = header.flow();
        int category = header.category();
        if (traffic.part(flow).steady()) {
            traffic.flows().arrived(flow, header.sequence());
        } else {
            traffic.flows().arrivedSomewhere(flow);
        }
        latest = now;
        received[category]++;
        receivedBits[category] += frame.length() * 8L;
        delays[category].record(now - header.sent());
        if (traffic.spec().replies() != null) {
            reply(in.stack(), frame, ip, udp, now);
        }
    }

    private void reply(IpStack stack, Frame cause, Ipv4 ip, Udp udp, long now) {
        Frame frame = node.originate(traffic.spec().replies().next(random), cause);
        datagram.start(frame, ip.destination(), ip.source(), udp.destinationPort(), udp.sourcePort())
                .set(header.flow(), header.sequence(), header.sent(), TrafficHeader.REPLY, header.category());
        datagram.seal();
        replied++;
        stack.sentDatagram();
        if (!stack.send(frame, now)) {
            stack.lose(null, frame, IpStack.Drop.NO_ROUTE);
        }
    }
}
