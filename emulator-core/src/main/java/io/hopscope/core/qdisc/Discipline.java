package io.hopscope.core.qdisc;

import io.hopscope.encap.Frame;
import java.util.Arrays;

/**
 * A queue discipline at a port, as Linux knows them: takes frames, keeps some of them, and gives out the next one when
 * asked. One that is classful has others in its classes, as a tree. It counts what {@code tc -s qdisc show} tells.
 */
public abstract class Discipline {
    private static final Discipline[] NONE = {};

    protected final Exit exit;
    private final int handle;
    private Discipline[] classes;
    private long sentFrames;
    private long sentBytes;
    private long dropped;
    /** How often it had to hold a frame back. */
    protected long overlimits;

    protected long requeues;
    private int waiting;
    private long waitingBytes;

    /**
     * @param handle its major number
     * @param slots classes it has; 0 where it is classless
     */
    protected Discipline(Exit exit, int handle, int slots) {
        this.exit = exit;
        this.handle = handle;
        classes = slots == 0 ? NONE : new Discipline[slots];
    }

    /** {@code fq_codel}. */
    public final String kind() {
        return spec().kind();
    }

    /** What it does, as it was asked for; numbers that were left to it are filled in. */
    public abstract QdiscSpec spec();

    /** Takes a frame, which may end here, or make another one end. */
    public abstract void enqueue(Frame frame, long now);

    /** The frame that goes out now, which is the caller's; null if none may. */
    public final Frame dequeue(long now) {
        Frame frame = next(now);
        if (frame != null) {
            sentFrames++;
            sentBytes += frame.length();
        }
        return frame;
    }

    protected abstract Frame next(long now);

    /** When {@link #dequeue} is to be asked again, though nothing is taken meanwhile; {@link Long#MAX_VALUE} for never. */
    public abstract long deadline(long now);

    /** A frame that waits and will not go out, to be asked until there is none left; its classes' as well. */
    public final Frame abandon() {
        Frame frame = discard();
        for (int i = 0; frame == null && i < classes.length; i++) {
            frame = classes[i] == null ? null : classes[i].abandon();
        }
        return frame;
    }

    protected abstract Frame discard();

    /**
     * Does as another specification of the same kind says from now on; what waits goes on waiting.
     *
     * @return false if it cannot, and has to be replaced
     */
    public abstract boolean change(QdiscSpec to);

    /** Its major number: {@code 8001:} in what tc prints. */
    public final int handle() {
        return handle;
    }

    /** How many classes it has. */
    public final int classes() {
        return classes.length;
    }

    /**
     * What is in a class.
     *
     * @param minor from 1
     * @return null for nothing of its own
     */
    public final Discipline of(int minor) {
        return classes[minor - 1];
    }

    /** Puts a discipline into a class, and what waited in the one before comes to nothing. */
    public final void graft(int minor, Discipline inner) {
        Discipline old = classes[minor - 1];
        classes[minor - 1] = inner;
        if (old != null) {
            old.purge();
        }
    }

    /** Puts another discipline into a class. */
    public final void graft(int minor, QdiscSpec inner, int number) {
        graft(minor, inner.make(exit, number));
    }

    /** What is in a class goes, and what it had at the beginning is there again. */
    public final void clear(int minor) {
        graft(minor, standard());
    }

    /** What is in a class that nobody has put anything in; null for nothing. */
    protected Discipline standard() {
        return null;
    }

    protected final void resize(int slots) {
        for (int i = slots; i < classes.length; i++) {
            graft(i + 1, null);
        }
        classes = Arrays.copyOf(classes, slots);
    }

    /** The same with nothing in it. */
    public final Discipline twin() {
        Discipline twin = spec().make(exit, handle);
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] != null) {
                twin.graft(i + 1, classes[i].twin());
            }
        }
        return twin;
    }

    /** Everything that waits ends here: the discipline is taken away, or another is put in its place. */
    public final void purge() {
        for (Frame frame = abandon(); frame != null; frame = abandon()) {
            exit.drop(frame, Exit.Reason.REMOVED);
        }
    }

    protected final void took(Frame frame) {
        waiting++;
        waitingBytes += frame.length();
    }

    protected final void gave(Frame frame) {
        waiting--;
        waitingBytes -= frame.length();
    }

    protected final void drop(Frame frame, Exit.Reason reason) {
        dropped++;
        exit.drop(frame, reason);
    }

    /** Something counts as dropped that is none: netem marks instead. */
    protected final void countDrop() {
        dropped++;
    }

    public final long sentFrames() {
        return sentFrames;
    }

    public final long sentBytes() {
        return sentBytes;
    }

    /** Frames it dropped, and those that died in its classes. */
    public final long dropped() {
        long sum = dropped;
        for (Discipline each : classes) {
            sum += each == null ? 0 : each.dropped();
        }
        return sum;
    }

    public final long overlimits() {
        return overlimits;
    }

    public final long requeues() {
        return requeues;
    }

    /** Frames that wait, here and in the classes. */
    public final int frames() {
        int sum = waiting;
        for (Discipline each : classes) {
            sum += each == null ? 0 : each.frames();
        }
        return sum;
    }

    /** Bytes that wait, here and in the classes. */
    public final long bytes() {
        long sum = waitingBytes;
        for (Discipline each : classes) {
            sum += each == null ? 0 : each.bytes();
        }
        return sum;
    }

    /** Frames that wait here, and not in a class. */
    protected final int own() {
        return waiting;
    }

    protected final long ownBytes() {
        return waitingBytes;
    }

    /** What {@code tc -s} says of it beside the counters of all. */
    public String[] details() {
        return new String[0];
    }
}
