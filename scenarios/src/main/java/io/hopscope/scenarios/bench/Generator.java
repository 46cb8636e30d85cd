package io.hopscope.scenarios.bench;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Udp;

/** Sends one UDP flow of equal frames at a steady pace; consumes and counts what comes. */
final class Generator extends Device {
    /** A 64-byte frame without its FCS. */
    static final int LENGTH = 60;

    private final Port port = addPort("eth0");
    private byte[] template;
    private long pace;
    private long left;
    private long received;

    Generator(Node node) {
        super(node, "", "generator");
    }

    Port port() {
        return port;
    }

    /** Says what every frame looks like. */
    void flow(long destinationMac, long sourceMac, int source, int destination) {
        Frame frame = new Frame(Frame.classFor(LENGTH));
        frame.reset(LENGTH);
        new Ethernet().wrap(frame).destination(destinationMac).source(sourceMac).type(Ethernet.IPV4);
        int at = frame.start() + Ethernet.LENGTH;
        new Ipv4()
                .wrap(frame, at)
                .start(LENGTH - Ethernet.LENGTH)
                .protocol(Ipv4.UDP)
                .source(source)
                .destination(destination)
                .seal();
        new Udp()
                .wrap(frame, at + Ipv4.LENGTH)
                .set(40_000, 9, LENGTH - Ethernet.LENGTH - Ipv4.LENGTH)
                .seal(source, destination);
        template = java.util.Arrays.copyOfRange(frame.bytes(), frame.start(), frame.end());
    }

    /**
     * Sends so many frames from now on.
     *
     * @param picoseconds between two of them
     */
    void send(long frames, long picoseconds) {
        left = frames;
        pace = picoseconds;
        node().at(node().now(), this::wake);
    }

    @Override
    protected void wake(long now) {
        if (left > 0) {
            left--;
            Frame frame = node().originate(LENGTH);
            System.arraycopy(template, 0, frame.bytes(), frame.start(), LENGTH);
            port.transmit(frame);
            if (left > 0) {
                wakeAt(now + pace);
            }
        }
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        received++;
        ingress.consume(frame);
    }

    long received() {
        return received;
    }
}
