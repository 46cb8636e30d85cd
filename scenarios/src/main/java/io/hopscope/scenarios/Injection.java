package io.hopscope.scenarios;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Frame;
import java.util.List;

/** Sends the packets of a capture out of a port, as tcpreplay does: at their times, faster, slower, or one after the other. */
final class Injection {
    /**
     * A packet.
     *
     * @param number in its file, from 1
     * @param at picoseconds after the first one
     */
    record Packet(long number, long at, byte[] bytes) {}

    private final Port port;
    private final List<Packet> packets;
    private final String source;
    private final double speed;
    private final long loops;
    /** From the first packet of one round to that of the next. */
    private final long round;

    private int next;
    private long loop;
    private long began;

    /**
     * @param source what the packets are from, for explanations
     * @param speed how much faster than in the capture; 0 for as fast as the cable takes them
     * @param loops how many times they are sent
     */
    Injection(Port port, List<Packet> packets, String source, double speed, long loops) {
        this.port = port;
        this.packets = packets;
        this.source = source;
        this.speed = speed;
        this.loops = loops;
        long span = packets.get(packets.size() - 1).at;
        // The last one of a round has the usual distance to the first of the next.
        round = scaled(packets.size() > 1 ? span + span / (packets.size() - 1) : 0);
    }

    private long scaled(long picos) {
        return speed == 1 || speed == 0 ? picos : StrictMath.round(picos / speed);
    }

    void begin(long at) {
        port.node().at(at, now -> {
            began = now;
            send(now);
        });
    }

    private void send(long now) {
        Node node = port.node();
        Packet packet = packets.get(next);
        if (node.powered()) {
            Frame frame = node.originate(packet.bytes.length);
            System.arraycopy(packet.bytes, 0, frame.bytes(), frame.start(), packet.bytes.length);
            if (frame.traced()) {
                port.remark("packet " + packet.number + " of " + source);
            }
            port.transmit(frame);
        }
        if (++next == packets.size()) {
            next = 0;
            loop++;
        }
        if (loop < loops) {
            node.at(speed == 0 ? now + port.duration(packet.bytes.length) : due(), this::send);
        }
    }

    private long due() {
        return began + loop * round + scaled(packets.get(next).at);
    }
}
