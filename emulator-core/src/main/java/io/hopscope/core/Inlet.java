package io.hopscope.core;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.hopscope.encap.Frame;

/** The receiver's side of one direction of a cable. Only the head can be next, since the ring is in order of arrival. */
final class Inlet {
    final Port port;
    /** Arrival of the head, {@link Long#MAX_VALUE} when the cable is empty. */
    long headTime = Long.MAX_VALUE;
    /** The next sequence to read. */
    long next;

    private long available = -1;
    private RingBuffer<Slot> ring;
    private Sequence consumed;

    Inlet(Port port) {
        this.port = port;
    }

    void adopt(RingBuffer<Slot> larger) {
        ring = larger;
        consumed = new Sequence(-1);
        larger.addGatingSequences(consumed);
        // Adding a sequence sets it to the cursor, as if what waits had been read already.
        consumed.set(-1);
        next = 0;
        available = -1;
    }

    /** Looks at what the sender has published since. */
    void refresh() {
        if (ring != null) {
            available = ring.getCursor();
            headTime = next <= available ? ring.get(next).time : Long.MAX_VALUE;
        }
    }

    Frame take() {
        Slot slot = ring.get(next++);
        Frame frame = slot.frame;
        headTime = next <= available ? ring.get(next).time : Long.MAX_VALUE;
        return frame;
    }

    /** Tells the sender which slots are free again. */
    void release() {
        if (consumed != null) {
            consumed.set(next - 1);
        }
    }
}
