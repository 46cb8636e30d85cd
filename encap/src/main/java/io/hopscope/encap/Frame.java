package io.hopscope.encap;

import java.util.Arrays;

/**
 * The bytes of one Ethernet frame (no preamble, no FCS), with headroom in front for encapsulation, and the journey it
 * belongs to. A frame has one owner at a time; nothing here is safe for two threads.
 *
 * <pre>
 * base        start                     end             base + HEADROOM + CLASSES[sizeClass]
 * | headroom  | destination source type ... | free           |
 * </pre>
 *
 * Small frames share one array, a stretch each: where there are very many, the length of an array of its own, which Java
 * reads before each byte, would be one more thing that is in no cache.
 *
 * {@link #push}, {@link #length(int)}, {@link #reset} and {@link #copyFrom} may replace the array: wrap views after them,
 * not before.
 */
public final class Frame {
    /** Bytes in front of a fresh frame: two VXLAN encapsulations and some tags. */
    public static final int HEADROOM = 128;

    /** Waits for frames to leave: a socket that must not fill the queues of its own host. */
    public interface Departure {
        /** The frame is on its way, or no more. */
        void left(Frame frame);
    }

    /** What forwarding reads: Ethernet, IPv4 and the ports behind it. */
    private static final int HEADERS = 38;

    /**
     * Payload capacity of each size class in bytes; its array is {@link #HEADROOM} longer. The last one holds the largest
     * IPv4 packet, 65,535 bytes, with an Ethernet header and two tags.
     */
    public static final int[] CLASSES = {256, 2048, 10240, 65600};

    /** Intrusive link, for the owner only (pool, queue). */
    public Frame next;

    /** Scratch of the owner, such as a cached flow hash. */
    public int mark;

    /** Scratch of the owner, such as an instant in picoseconds. */
    public long stamp;

    /** Who is told once the frame has left its node, or has ended there; null for nobody. */
    public Departure departure;

    /** What is to be said of a traced frame where it is seen next; null otherwise. */
    public String note;

    /**
     * What the owner knows of the frame beside its bytes, as it crosses a wire inside a node; null otherwise. A {@link Departure}
     * is told if the frame ends before somebody has taken it.
     */
    public Object context;

    private byte[] bytes;
    private int base;
    private int start;
    private int length;
    private int sizeClass;
    private int moves;
    private long journey;
    /**
     * Whoever sent it hears from the other end: neighbours on its way need not be asked (skb_set_dst_pending_confirm). It goes
     * with the packet as far as one kernel carries it.
     */
    public boolean confirms;

    private boolean traced;

    public Frame(int sizeClass) {
        this(sizeClass, new byte[room(sizeClass)], 0);
    }

    /** A frame that owns a stretch of {@link #room} bytes of an array it shares with others. */
    public Frame(int sizeClass, byte[] shared, int base) {
        this.sizeClass = sizeClass;
        this.bytes = shared;
        this.base = base;
        this.start = base + HEADROOM;
    }

    /** Bytes that a frame of a size class takes, headroom included. */
    public static int room(int sizeClass) {
        return HEADROOM + CLASSES[sizeClass];
    }

    /** Where its stretch of the array ends. */
    private int limit() {
        return base + room(sizeClass);
    }

    /** The smallest size class that holds {@code length} bytes. */
    public static int classFor(int length) {
        for (int i = 0; i < CLASSES.length; i++) {
            if (length <= CLASSES[i]) return i;
        }
        throw new IllegalArgumentException("a frame of " + length + " bytes; expected at most " + CLASSES[3]);
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Offset of the first byte, the destination MAC. */
    public int start() {
        return start;
    }

    /** Bytes in the frame. */
    public int length() {
        return length;
    }

    /** Offset behind the last byte. */
    public int end() {
        return start + length;
    }

    public int sizeClass() {
        return sizeClass;
    }

    /** How often this frame had to move to a larger class since it was made. */
    public int moves() {
        return moves;
    }

    /** Makes this a new frame of {@code length} bytes whose content is whatever was there: write every byte. */
    public Frame reset(int length) {
        if (length > CLASSES[sizeClass]) {
            this.length = 0;
            move(classFor(length), HEADROOM);
        }
        start = base + HEADROOM;
        this.length = length;
        journey = 0;
        traced = false;
        confirms = false;
        note = null;
        context = null;
        return this;
    }

    /** The frame leaves its node, or ends here. */
    public void depart() {
        if (departure != null) {
            Departure told = departure;
            departure = null;
            told.left(this);
        }
    }

    /** The frame ends here, and what its owner still knew of it. */
    public void ended() {
        depart();
        if (context instanceof Departure told) {
            context = null;
            told.left(this);
        }
    }

    /** Adds {@code n} bytes in front, not cleared, and returns the new start. */
    public int push(int n) {
        if (n > start - base) makeHeadroom(n);
        start -= n;
        length += n;
        return start;
    }

    /** Removes {@code n} bytes in front and returns the new start. */
    public int pull(int n) {
        if (n > length) throw new IllegalStateException("pull of " + n + " bytes from a frame of " + length);
        start += n;
        length -= n;
        return start;
    }

    /** Truncates, or extends with zeros, at the tail. */
    public Frame length(int length) {
        if (length > this.length) {
            if (start + length > limit()) makeTail(length);
            Arrays.fill(bytes, start + this.length, start + length, (byte) 0);
        }
        this.length = length;
        return this;
    }

    /** Takes over bytes, start, length, journey and tracing of another frame. */
    public void copyFrom(Frame other) {
        if (other.end() - other.base > room(sizeClass)) {
            length = 0;
            move(other.sizeClass, HEADROOM);
        }
        start = base + other.start - other.base;
        length = other.length;
        journey = other.journey;
        traced = other.traced;
        confirms = other.confirms;
        System.arraycopy(other.bytes, other.start, bytes, start, length);
    }

    /** Brings this object into the core's cache, both of the lines it may lie in; the value means nothing. */
    public int touch() {
        return start + (note == null ? 0 : 1);
    }

    /** Brings the headers into the core's cache; the value means nothing. */
    public int touchHeaders() {
        return length == 0 ? 0 : bytes[start] + bytes[start + Math.min(length, HEADERS) - 1];
    }

    public long journey() {
        return journey;
    }

    public Frame journey(long id) {
        journey = id;
        return this;
    }

    /** Whether somebody wants to know why things happen to this frame. */
    public boolean traced() {
        return traced;
    }

    public Frame traced(boolean on) {
        traced = on;
        return this;
    }

    private void makeHeadroom(int n) {
        int last = CLASSES.length - 1;
        if (sizeClass < last) {
            // one class up even where the bytes would fit behind: the next push must not slide them again
            move(Math.max(sizeClass + 1, classFor(length + n)), HEADROOM + n);
        } else if (length + n <= room(sizeClass)) {
            int to = base + Math.min(HEADROOM + n, room(sizeClass) - length);
            System.arraycopy(bytes, start, bytes, to, length);
            start = to;
            moves++;
        } else {
            throw new IllegalStateException("a frame of " + length + " bytes has no room for " + n + " more in front");
        }
    }

    private void makeTail(int newLength) {
        if (newLength > CLASSES[CLASSES.length - 1]) {
            throw new IllegalStateException("a frame of " + length + " bytes cannot grow to " + newLength);
        }
        int target = Math.max(sizeClass, classFor(newLength));
        move(target, Math.min(start - base, HEADROOM));
    }

    private void move(int newClass, int newStart) {
        boolean stays = newClass == sizeClass;
        byte[] larger = stays ? bytes : new byte[room(newClass)];
        base = stays ? base : 0;
        System.arraycopy(bytes, start, larger, base + newStart, length);
        bytes = larger;
        start = base + newStart;
        sizeClass = newClass;
        moves++;
    }

    /** The frame as {@link Printer} shows it. */
    @Override
    public String toString() {
        return Printer.line(this);
    }
}
