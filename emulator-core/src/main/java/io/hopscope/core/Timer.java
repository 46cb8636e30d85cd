package io.hopscope.core;

/** One deadline of a device or of a part of it. Armed at most once; takes no lane time. */
public final class Timer {
    /** What happens at the deadline. */
    @FunctionalInterface
    public interface Wake {
        void wake(long now);
    }

    private final Node node;
    private final Wake wake;
    /** What was asked for last; a deadline moved later is looked at on expiry, not re-inserted. */
    private long wanted = Long.MAX_VALUE;

    long deadline;
    long order;
    int slot = -1;
    /** It expires at this moment, and still stands where it stood. */
    boolean firing;

    public Timer(Node node, Wake wake) {
        this.node = node;
        this.wake = wake;
    }

    /**
     * Replaces the deadline.
     *
     * @param instant in picoseconds of virtual time; {@link Long#MAX_VALUE} for none
     */
    public void arm(long instant) {
        wanted = instant;
        if (instant != Long.MAX_VALUE && (slot < 0 || instant < deadline)) {
            node.timers.schedule(this, instant);
        }
    }

    public void cancel() {
        wanted = Long.MAX_VALUE;
    }

    public boolean armed() {
        return wanted != Long.MAX_VALUE;
    }

    public long deadline() {
        return wanted;
    }

    void expire(long now) {
        if (wanted > now) {
            arm(wanted);
        } else {
            wanted = Long.MAX_VALUE;
            wake.wake(now);
        }
    }
}
