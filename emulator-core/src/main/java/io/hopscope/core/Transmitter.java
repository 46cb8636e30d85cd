package io.hopscope.core;

import io.hopscope.core.qdisc.Pace;
import io.hopscope.encap.Frame;

/**
 * The sender's end of one direction of a cable: a FIFO with a limit, and one frame on the wire at a time. An idle link
 * needs no event; a busy one has an event of the sender at the end of each transmission.
 */
final class Transmitter {
    private static final long PICOS_TIMES_BITS = 8_000_000_000_000L;
    private static final long SECOND = 1_000_000_000_000L;

    enum Drop implements DropReason {
        QUEUE_FULL
    }

    final Medium medium;
    private final Timer timer;
    private final long picosPerByte;
    private final long rate;
    private final long delay;
    private final int overhead;
    private final int minimum;
    private final int capacity;
    private int limit;
    private long remainder;
    private long busyUntil;
    private long freeAgainAt;
    private long restored;
    /** Why nothing is taken: the link is cut, or an {@link Outlet} stands before it. */
    private boolean severed;

    private boolean shaped;
    /** A rate below its own; null for none. */
    private Pace pace;
    /** Bytes of frames whose transmission has begun, with what they occupy beside. */
    private long begun;

    private int queued;
    private Frame head;
    private Frame tail;

    Transmitter(Port from, Port to, CableSpec spec) {
        medium = new Medium(from, to, spec.veth());
        timer = new Timer(from.node(), this::next);
        rate = spec.rate();
        picosPerByte = rate == 0 ? 0 : PICOS_TIMES_BITS % rate == 0 ? PICOS_TIMES_BITS / rate : -1;
        delay = spec.delay();
        overhead = spec.overhead();
        minimum = spec.minimum();
        capacity = spec.queue();
        limit = capacity;
    }

    long rate() {
        return rate;
    }

    /** Bits that have gone out until now; of the frame in transmission, what has. */
    long carriedBits(long now) {
        long left = freeAt() - now;
        long speed = pace == null ? rate : rate == 0 ? pace.rate() : Math.min(rate, pace.rate());
        return begun * 8 - (left > 0 ? left * speed / SECOND : 0);
    }

    /** When the transmission that goes on ends. */
    long freeAt() {
        return busyUntil == Long.MAX_VALUE ? freeAgainAt : busyUntil;
    }

    int capacity() {
        return capacity;
    }

    /** What the cable takes at least, from the first bit sent. */
    long shortest() {
        return delay + (rate == 0 ? 0 : (minimum + overhead) * PICOS_TIMES_BITS / rate);
    }

    /** The link is cut: nothing is taken until {@link #restore}. Gives the first frame that waits; ask on with abandon. */
    Frame cut() {
        timer.cancel();
        severed = true;
        shut();
        return abandon();
    }

    void restore(long now) {
        severed = false;
        restored = now;
        reopen();
    }

    /** From now on {@link #occupy} alone sends. */
    void close() {
        timer.cancel();
        shaped = true;
        shut();
    }

    /** Frames are taken again. */
    void open() {
        shaped = false;
        reopen();
    }

    /** Frames come as to a link that is busy for ever and has no queue: what is not shut need not look for more. */
    private void shut() {
        if (busyUntil != Long.MAX_VALUE) {
            freeAgainAt = busyUntil;
            busyUntil = Long.MAX_VALUE;
            limit = 0;
        }
    }

    private void reopen() {
        if (!severed && !shaped) {
            busyUntil = freeAgainAt;
            limit = capacity;
        }
    }

    /** Another rate from the next frame on; one above its own changes nothing, for others reckon with that. */
    void pace(Pace to) {
        pace = to.rate() == 0 ? null : to;
    }

    /** A transmission begins that somebody else has waited for; returns when it arrives at the other end. */
    long occupy(Frame frame, long now) {
        int bytes = Math.max(minimum, frame.length()) + overhead;
        begun += bytes;
        long time = picosPerByte >= 0 ? bytes * picosPerByte : serialise(bytes);
        freeAgainAt = now + (pace == null ? time : Math.max(time, pace.time(bytes)));
        return freeAgainAt + delay;
    }

    /** How long a frame takes, rounded down. */
    long duration(int length) {
        return rate == 0 ? 0 : (Math.max(minimum, length) + overhead) * PICOS_TIMES_BITS / rate;
    }

    /** Whether a frame that arrives from the other end, over the same cable, had set out before the link came back. */
    boolean begunBeforeRestored(int length, long arrival) {
        long bytes = Math.max(minimum, length) + overhead;
        return arrival - delay - (rate == 0 ? 0 : bytes * PICOS_TIMES_BITS / rate) < restored;
    }

    /** Returns false when the queue is full: the frame is still the caller's. */
    boolean accept(Frame frame, long now) {
        if (queued == 0 && now >= busyUntil) {
            begin(frame, now);
            return true;
        }
        if (queued >= limit) {
            return false;
        }
        frame.next = null;
        if (queued++ == 0) {
            head = frame;
            timer.arm(busyUntil);
        } else {
            tail.next = frame;
        }
        tail = frame;
        return true;
    }

    private void begin(Frame frame, long now) {
        int bytes = Math.max(minimum, frame.length()) + overhead;
        begun += bytes;
        busyUntil = now + (picosPerByte >= 0 ? bytes * picosPerByte : serialise(bytes));
        medium.publish(frame, busyUntil + delay);
    }

    /** At rates where a byte is no whole number of picoseconds the remainder is carried to the next frame. */
    private long serialise(int bytes) {
        long total = bytes * PICOS_TIMES_BITS + remainder;
        remainder = total % rate;
        return total / rate;
    }

    private void next(long now) {
        Frame frame = head;
        head = frame.next;
        frame.next = null;
        queued--;
        begin(frame, now);
        if (queued > 0) {
            timer.arm(busyUntil);
        }
    }

    int queued() {
        return queued;
    }

    /** At the end of a run: the first frame that still waits, or null. */
    Frame abandon() {
        Frame frame = head;
        if (frame != null) {
            head = frame.next;
            frame.next = null;
            queued--;
        }
        return frame;
    }
}
