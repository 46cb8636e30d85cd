package io.hopscope.core;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import io.hopscope.encap.Frame;

/**
 * The sender's side of one direction of a cable: a single-producer ring of frames whose transmission has begun, in
 * order of arrival. A ring that is too small is replaced at a window's edge; until then frames wait in a list, which is
 * harmless since none of them can arrive within the window.
 */
final class Medium {
    private static final int FIRST_SIZE = 16;

    final Inlet inlet;
    private final Node sender;
    private RingBuffer<Slot> ring;
    private Frame overflow;
    private Frame overflowTail;
    private int overflowed;
    private int room;
    /** The receiver's cell where it is another than the sender's, else -1. */
    private int elsewhere = -1;

    Medium(Port from, Port to) {
        this.sender = from.node();
        this.inlet = new Inlet(to);
    }

    static RingBuffer<Slot> ring(int size) {
        return RingBuffer.createSingleProducer(Slot::new, size, new BusySpinWaitStrategy());
    }

    void publish(Frame frame, long arrival) {
        RingBuffer<Slot> r = ring;
        if (overflow == null && (room > 0 || r != null && (room = room(r)) > 0)) {
            room--;
            long sequence = r.next();
            Slot slot = r.get(sequence);
            slot.frame = frame;
            slot.time = arrival;
            r.publish(sequence);
        } else {
            overflow(frame, arrival);
        }
        if (elsewhere >= 0) {
            sender.worker.note(elsewhere, arrival);
        }
    }

    /** The cells are known: whom to tell of arrivals. */
    void prepare() {
        Cell to = inlet.port.node().cell;
        elsewhere = to == sender.cell ? -1 : to.index;
    }

    /** Slots free for sure: the ring is asked once for many, since asking costs as much as publishing. */
    private static int room(RingBuffer<Slot> r) {
        return r.hasAvailableCapacity(1) ? (int) r.remainingCapacity() : 0;
    }

    private void overflow(Frame frame, long arrival) {
        frame.stamp = arrival;
        frame.next = null;
        if (overflow == null) {
            overflow = frame;
        } else {
            overflowTail.next = frame;
        }
        overflowTail = frame;
        overflowed++;
        if (elsewhere < 0) {
            grow();
        } else if (overflowed == 1) {
            sender.worker.outgrown(this);
        }
    }

    /** Called where nobody reads or writes the ring: at a window's edge, or inside one cell. */
    void grow() {
        int waiting = ring == null ? 0 : (int) (ring.getCursor() - inlet.next + 1);
        int size = ring == null ? FIRST_SIZE : ring.getBufferSize();
        while (size < 2 * (waiting + overflowed)) {
            size *= 2;
        }
        RingBuffer<Slot> larger = ring(size);
        for (int i = 0; i < waiting; i++) {
            Slot old = ring.get(inlet.next + i);
            put(larger, old.frame, old.time);
        }
        while (overflow != null) {
            Frame frame = overflow;
            overflow = frame.next;
            frame.next = null;
            put(larger, frame, frame.stamp);
        }
        overflowed = 0;
        room = 0;
        ring = larger;
        inlet.adopt(larger);
    }

    private static void put(RingBuffer<Slot> to, Frame frame, long time) {
        long sequence = to.next();
        Slot slot = to.get(sequence);
        slot.frame = frame;
        slot.time = time;
        to.publish(sequence);
    }
}
