package io.hopscope.core;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.hopscope.encap.Frame;

/**
 * Where a node's work is done, one frame after the other: a ring of frames handed over (the backlog, as Linux keeps one
 * per CPU) and the frame in service. A pipeline lets frames overlap and delays each by the same time.
 */
final class Lane {
    /** net.core.netdev_max_backlog. */
    static final int BACKLOG = 1000;

    private static final int FIRST_SIZE = 16;

    enum Drop implements DropReason {
        BACKLOG_FULL
    }

    private final Node node;
    private final long latency;
    private RingBuffer<Slot> ring;
    private Sequence consumed;
    private long next;
    private int size;
    private long started;
    private boolean unbounded;
    /** When the head's service ends; {@link Long#MAX_VALUE} when nothing waits. */
    long due = Long.MAX_VALUE;

    /**
     * @param latency picoseconds through a hardware pipeline, or -1 for a processor
     */
    Lane(Node node, long latency) {
        this.node = node;
        this.latency = latency;
    }

    /** Hand-overs without lane time have no backlog limit: the loop check bounds them. */
    Lane express() {
        unbounded = true;
        return this;
    }

    boolean pipelined() {
        return latency >= 0;
    }

    boolean idle() {
        return size == 0;
    }

    /** Start of the oldest service not yet observed; nothing earlier will be recorded by this lane. */
    long oldest() {
        return size == 0 ? Long.MAX_VALUE : started;
    }

    /** Returns false when the backlog is full: the frame is still the caller's. */
    boolean offer(Port port, Frame frame, long now) {
        if (size >= BACKLOG && latency < 0 && !unbounded) {
            return false;
        }
        if (ring == null || size == ring.getBufferSize()) {
            grow();
        }
        long sequence = ring.next();
        Slot slot = ring.get(sequence);
        slot.port = port;
        slot.frame = frame;
        slot.time = now;
        ring.publish(sequence);
        if (size++ == 0) {
            begin(slot, now);
        }
        return true;
    }

    private void begin(Slot slot, long now) {
        if (latency >= 0) {
            started = slot.time;
            due = started + latency;
        } else {
            started = now;
            Device device = slot.port.device();
            due = slot.port.direct ? now : now + device.costFrame + device.costOctet * slot.frame.length();
        }
        if (!unbounded) {
            node.laneDue(due);
        }
    }

    /** The head's service has ended. */
    void serve(long now) {
        long start = started;
        Slot slot = ring.get(next);
        Port port = slot.port;
        Frame frame = slot.frame;
        consumed.set(next++);
        if (--size > 0) {
            begin(ring.get(next), now);
        } else {
            due = Long.MAX_VALUE;
        }
        node.deliver(port, frame, start);
    }

    private void grow() {
        RingBuffer<Slot> larger = Medium.ring(ring == null ? FIRST_SIZE : ring.getBufferSize() * 2);
        for (int i = 0; i < size; i++) {
            Slot old = ring.get(next + i);
            long sequence = larger.next();
            Slot slot = larger.get(sequence);
            slot.port = old.port;
            slot.frame = old.frame;
            slot.time = old.time;
            larger.publish(sequence);
        }
        ring = larger;
        consumed = new Sequence(-1);
        larger.addGatingSequences(consumed);
        // Adding a sequence sets it to the cursor, as if what waits had been served already.
        consumed.set(-1);
        next = 0;
    }

    /** At the end of a run: the first frame that still waits, or null. */
    Frame abandon() {
        if (size == 0) {
            return null;
        }
        Slot slot = ring.get(next);
        Frame frame = slot.frame;
        slot.frame = null;
        consumed.set(next++);
        size--;
        due = Long.MAX_VALUE;
        return frame;
    }

    int waiting() {
        return size;
    }
}
