package io.hopscope.core.qdisc;

/**
 * The state of CoDel (RFC 8289) for one queue: when the next frame is to be dropped. Frames that wait longer than the target
 * for a whole interval are too many; then drops come the closer together the longer it lasts, by the square root.
 */
final class Codel {
    private long target;
    private long interval;
    private boolean dropping;
    private long firstAbove;
    private long dropNext;
    private int count;
    private int lastCount;

    void set(long targetPicos, long intervalPicos) {
        target = targetPicos;
        interval = intervalPicos;
    }

    boolean dropping() {
        return dropping;
    }

    /** The queue is empty: nothing waits too long. */
    void empty() {
        firstAbove = 0;
        dropping = false;
    }

    /** The frame that was dropped was the last one. */
    void ranDry() {
        firstAbove = 0;
    }

    /**
     * Whether frames have waited too long for long enough.
     *
     * @param waited how long the frame at hand has
     * @param small whether no more than a frame is left, with which nothing can be gained
     */
    boolean tooLong(long waited, boolean small, long now) {
        if (waited < target || small) {
            firstAbove = 0;
            return false;
        } else if (firstAbove == 0) {
            firstAbove = now + interval;
            return false;
        }
        return now >= firstAbove;
    }

    void leave() {
        dropping = false;
    }

    boolean due(long now) {
        return dropping && now >= dropNext;
    }

    /** One more is dropped or marked while dropping. */
    void again() {
        count++;
    }

    void next() {
        dropNext = law(dropNext);
    }

    /** The first is dropped or marked: if the last time is not long ago, at about the rate that was right then. */
    void enter(long now) {
        dropping = true;
        int delta = count - lastCount;
        count = delta > 1 && now - dropNext < 16 * interval ? delta : 1;
        lastCount = count;
        dropNext = law(now);
    }

    private long law(long from) {
        return from + (long) (interval / Math.sqrt(count));
    }

    /** Frames were dropped for want of room: the signal grows stronger. */
    void stronger(int frames) {
        count += frames;
    }
}
