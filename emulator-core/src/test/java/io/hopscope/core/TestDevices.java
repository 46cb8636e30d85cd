package io.hopscope.core;

import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.List;

/** Devices small enough to see through. */
final class TestDevices {
    private TestDevices() {}

    /** Sends what comes in at one port out of the other. */
    static final class Repeater extends Device {
        final Port left = addPort("left");
        final Port right = addPort("right");

        Repeater(Node node, String name, String kind) {
            super(node, name, kind);
        }

        @Override
        public void receive(Port ingress, Frame frame, long now) {
            (ingress == left ? right : left).transmit(frame);
        }
    }

    /** Remembers when frames came, and consumes them. */
    static final class Sink extends Device {
        final Port port = addPort("eth0");
        final List<Long> times = new ArrayList<>();
        final List<Integer> lengths = new ArrayList<>();
        final List<Long> journeys = new ArrayList<>();

        Sink(Node node) {
            super(node, "", "none");
        }

        @Override
        public void receive(Port ingress, Frame frame, long now) {
            times.add(now);
            lengths.add(frame.length());
            journeys.add(frame.journey());
            ingress.consume(frame);
        }
    }

    /** Sends frames of given lengths at given instants, and consumes what comes back. */
    static final class Source extends Device {
        final Port port = addPort("eth0");

        Source(Node node) {
            super(node, "", "none");
        }

        void send(long at, int length) {
            node().at(at, now -> port.transmit(frame(node(), length)));
        }

        @Override
        public void receive(Port ingress, Frame frame, long now) {
            ingress.consume(frame);
        }
    }

    static Frame frame(Node node, int length) {
        Frame frame = node.originate(length);
        java.util.Arrays.fill(frame.bytes(), frame.start(), frame.end(), (byte) 0);
        return frame;
    }

    /** Keeps observations as text. */
    static final class Log implements CaptureSink {
        final List<String> lines = new ArrayList<>();

        @Override
        public void packet(CaptureRecord r) {
            lines.add(r.time + " " + r.port + (r.inbound ? " in " : " out ") + r.journey + " " + r.length
                    + (r.comment == null ? "" : " " + r.comment));
        }
    }
}
