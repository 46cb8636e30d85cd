package io.hopscope.core;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.hopscope.encap.Frame;

/** The receiver's side of one direction of a cable. Only the head can be next, since the ring is in order of arrival. */
final class Inlet {
    final Port port;
    /** The next sequence to read. */
    long next;

    private RingBuffer<Slot> ring;
    private Slot[] slots;
    private Sequence consumed;

    Inlet(Port port) {
        this.port = port;
    }

    void adopt(RingBuffer<Slot> larger, Slot[] itsSlots) {
        ring = larger;
        slots = itsSlots;
        consumed = new Sequence(-1);
        larger.addGatingSequences(consumed);
        // Adding a sequence sets it to the cursor, as if what waits had been read already.
        consumed.set(-1);
        next = 0;
    }

    /** Reads what {@link #gather} will read first; the value means nothing. */
    long touch() {
        return ring == null ? 0 : ring.getCursor();
    }

    /**
     * Hands over the frames that arrive before an instant, and gives their slots back to the sender.
     *
     * @return when the first of the others arrives; {@link Long#MAX_VALUE} when there is none
     */
    long gather(long end, Agenda into) {
        if (ring == null) {
            return Long.MAX_VALUE;
        }
        long available = ring.getCursor();
        long at = next;
        long later = Long.MAX_VALUE;
        while (at <= available) {
            Slot slot = slots[(int) at & slots.length - 1];
            if (slot.time >= end) {
                later = slot.time;
                break;
            }
            into.add(slot.time, slot.frame, port);
            at++;
        }
        if (at > next) {
            next = at;
            consumed.set(at - 1);
        }
        return later;
    }

    /** At the end of a run: the first frame on its way, or null. */
    Frame abandon() {
        return ring == null || next > ring.getCursor() ? null : slots[(int) next++ & slots.length - 1].frame;
    }
}
