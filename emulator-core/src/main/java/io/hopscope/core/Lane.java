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
    private Slot[] slots = {};
    private Sequence consumed;
    /** The sequence to read next, the one to write next, and the first that is not claimed. */
    private long head;

    private long tail;
    private long limit;
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

    /** What the pipeline delays each frame by; 0 for a processor. */
    long latency() {
        return Math.max(0, latency);
    }

    boolean idle() {
        return head == tail;
    }

    /** Start of the oldest service not yet observed; nothing earlier will be recorded by this lane. */
    long oldest() {
        return idle() ? Long.MAX_VALUE : started;
    }

    /** Returns false when the backlog is full: the frame is still the caller's. */
    boolean offer(Port port, Frame frame, boolean lent, long now) {
        if (waiting() >= BACKLOG && latency < 0 && !unbounded) {
            return false;
        }
        if (tail == limit) {
            claim();
        }
        Slot slot = slot(tail);
        slot.port = port;
        slot.frame = frame;
        slot.lent = lent;
        slot.time = now;
        if (tail++ == head) {
            begin(slot, now);
        }
        return true;
    }

    private Slot slot(long sequence) {
        return slots[(int) sequence & slots.length - 1];
    }

    /** Gives back what was read, once a lap, and claims what is free; one thread writes and reads, so nobody waits for it. */
    private void claim() {
        if (ring == null || waiting() == slots.length) {
            grow();
            return;
        }
        ring.publish(tail - 1);
        consumed.set(head - 1);
        limit = ring.next((int) ring.remainingCapacity()) + 1;
    }

    /** Reads what {@link #offer} will read; the value means nothing. */
    long touch() {
        long sum = limit;
        for (Slot slot : slots) {
            sum += slot.time;
        }
        return sum;
    }

    private void begin(Slot slot, long now) {
        if (latency >= 0) {
            started = slot.time;
            due = started + latency;
        } else {
            started = now;
            Cost cost = slot.port.device().cost;
            due = slot.port.direct || cost.free() ? now : now + cost.frame() + cost.octet() * slot.frame.length();
        }
        if (!unbounded) {
            node.laneDue(due);
        }
    }

    /** The head's service has ended. */
    void serve(long now) {
        long start = started;
        Slot slot = slot(head++);
        Port port = slot.port;
        Frame frame = slot.frame;
        boolean lent = slot.lent;
        if (head < tail) {
            begin(slot(head), now);
        } else {
            due = Long.MAX_VALUE;
        }
        if (lent) {
            node.deliverLent(port, frame, start);
        } else {
            node.deliver(port, frame, start);
        }
    }

    private void grow() {
        Slot[] old = slots;
        long from = head;
        int waiting = waiting();
        ring = Medium.ring(Math.max(FIRST_SIZE, old.length * 2));
        slots = Medium.slots(ring);
        consumed = new Sequence(-1);
        ring.addGatingSequences(consumed);
        // Adding a sequence sets it to the cursor, as if what waits had been served already.
        consumed.set(-1);
        limit = ring.next(slots.length) + 1;
        for (int i = 0; i < waiting; i++) {
            Slot moved = old[(int) from + i & old.length - 1];
            slots[i].port = moved.port;
            slots[i].frame = moved.frame;
            slots[i].lent = moved.lent;
            slots[i].time = moved.time;
        }
        head = 0;
        tail = waiting;
    }

    /** Where the first frame that waits came in. */
    Port port() {
        return slot(head).port;
    }

    /** Whether it is lent. */
    boolean lent() {
        return slot(head).lent;
    }

    /** At the end of a run, or when power is lost: the first frame that still waits. */
    Frame abandon() {
        due = Long.MAX_VALUE;
        return slot(head++).frame;
    }

    int waiting() {
        return (int) (tail - head);
    }
}
