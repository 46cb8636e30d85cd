package io.hopscope.core;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import io.hopscope.encap.Frame;

/**
 * The sender's side of one direction of a cable: a single-producer ring of frames whose transmission has begun, in
 * order of arrival. Slots are claimed as many at a time as are free, and published together when the sender's node has run
 * its window, which is before anybody reads them. A ring that is too small is replaced at a window's edge; until then
 * frames wait in a list, which is harmless since none of them can arrive within the window.
 */
final class Medium {
    private static final int FIRST_SIZE = 16;

    final Inlet inlet;
    private final Node sender;
    private final boolean veth;
    private RingBuffer<Slot> ring;
    private Slot[] slots = {};
    /** The sequence to write next, and the first that is not claimed. */
    private long next;

    private long limit;
    private boolean unpublished;
    /** The receiver's cell where it is another than the sender's, else -1. */
    private int elsewhere = -1;

    private Frame overflow;
    private Frame overflowTail;
    private int overflowed;

    /**
     * @param veth as {@link CableSpec#veth}
     */
    Medium(Port from, Port to, boolean veth) {
        this.sender = from.node();
        this.veth = veth;
        this.inlet = new Inlet(to);
    }

    static RingBuffer<Slot> ring(int size) {
        return RingBuffer.createSingleProducer(Slot::new, size, new BusySpinWaitStrategy());
    }

    /** A ring's slots by themselves: to reach one through the ring leads over three more cache lines. */
    static Slot[] slots(RingBuffer<Slot> ring) {
        Slot[] slots = new Slot[ring.getBufferSize()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = ring.get(i);
        }
        return slots;
    }

    void publish(Frame frame, long arrival) {
        frame.depart();
        frame.confirms &= veth;
        if (overflow == null && (next < limit || claim())) {
            Slot slot = slots[(int) next++ & slots.length - 1];
            slot.frame = frame;
            slot.time = arrival;
            if (!unpublished) {
                unpublished = true;
                sender.worker.unpublished.add(this);
            }
        } else {
            overflow(frame, arrival);
        }
        if (elsewhere >= 0) {
            sender.worker.note(elsewhere, arrival);
        }
    }

    private boolean claim() {
        int free = ring == null ? 0 : (int) ring.remainingCapacity();
        if (free > 0) {
            limit = ring.next(free) + 1;
        }
        return free > 0;
    }

    /** Lets the receiver see what was written. */
    void publish() {
        unpublished = false;
        ring.publish(next - 1);
    }

    /** Reads the slots that will be written next, so that they are in the cache by then; the value means nothing. */
    long readAhead(int frames) {
        long sum = 0;
        for (int i = Math.min(frames, slots.length) - 1; i >= 0; i--) {
            sum += slots[(int) next + i & slots.length - 1].time;
        }
        return sum;
    }

    /** The cells are known: whom to tell of arrivals. */
    void prepare() {
        Cell to = inlet.port.node().cell;
        elsewhere = to == sender.cell ? -1 : to.index;
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
        Slot[] old = slots;
        int waiting = (int) (next - inlet.next);
        int size = Math.max(FIRST_SIZE, old.length);
        while (size < 2 * (waiting + overflowed)) {
            size *= 2;
        }
        long from = inlet.next;
        ring = ring(size);
        slots = slots(ring);
        inlet.adopt(ring, slots);
        limit = ring.next(size) + 1;
        next = 0;
        for (int i = 0; i < waiting; i++) {
            Slot slot = old[(int) from + i & old.length - 1];
            put(slot.frame, slot.time);
        }
        while (overflow != null) {
            Frame frame = overflow;
            overflow = frame.next;
            frame.next = null;
            put(frame, frame.stamp);
        }
        overflowed = 0;
        ring.publish(next - 1);
    }

    private void put(Frame frame, long time) {
        Slot slot = slots[(int) next++];
        slot.frame = frame;
        slot.time = time;
    }
}
