package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** Sends frames byte by byte as it is told, and keeps the bytes of those that come. */
final class Bare extends Device {
    static final long MAC = 0x0200_0000_0077L;

    private final Port port = addPort("eth0");
    private final List<byte[]> heard = new ArrayList<>();

    Bare(Node node) {
        super(node, "", "bare");
    }

    Port port() {
        return port;
    }

    int heard() {
        return heard.size();
    }

    /** Bytes of a frame that came, in hex. */
    String heard(int frame, int from, int to) {
        return HexFormat.of().formatHex(heard.get(frame), from, to);
    }

    int length(int frame) {
        return heard.get(frame).length;
    }

    /**
     * @param fill writes into zeros
     */
    void sends(long at, int length, Consumer<Frame> fill) {
        node().at(at, now -> {
            Frame frame = node().originate(length);
            Arrays.fill(frame.bytes(), frame.start(), frame.end(), (byte) 0);
            fill.accept(frame);
            port.transmit(frame);
        });
    }

    /** Returns where the payload begins. */
    static int ethernet(Frame frame, long destination, int type) {
        return new Ethernet()
                .wrap(frame)
                .destination(destination)
                .source(MAC)
                .type(type)
                .end();
    }

    /** An empty datagram, the rest of the frame is padding. */
    static void udp(Frame frame, long mac, String source, String destination) {
        int at = ethernet(frame, mac, Ethernet.IPV4);
        new Ipv4()
                .wrap(frame, at)
                .start(Ipv4.LENGTH + Udp.LENGTH)
                .protocol(Ipv4.UDP)
                .source(Lab.ip(source))
                .destination(Lab.ip(destination))
                .seal();
        new Udp().wrap(frame, at + Ipv4.LENGTH).set(1000, 9, Udp.LENGTH);
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        heard.add(Arrays.copyOfRange(frame.bytes(), frame.start(), frame.end()));
        ingress.consume(frame);
    }
}
