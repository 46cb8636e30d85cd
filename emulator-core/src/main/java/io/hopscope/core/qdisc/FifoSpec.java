package io.hopscope.core.qdisc;

/**
 * {@code pfifo} and {@code bfifo}.
 *
 * @param byBytes whether the limit is of bytes, and not of frames
 * @param limit -1 for Linux's: as many frames as {@link #QUEUE}, or their bytes
 */
public record FifoSpec(boolean byBytes, long limit) implements QdiscSpec {
    /** Linux's txqueuelen of an Ethernet device. */
    public static final int QUEUE = 1000;

    @Override
    public String kind() {
        return byBytes ? "bfifo" : "pfifo";
    }

    @Override
    public Discipline make(Exit exit, int handle) {
        return new Fifo(exit, handle, this);
    }

    /** With its limit as a number. */
    FifoSpec complete(Exit exit) {
        return limit >= 0 ? this : new FifoSpec(byBytes, byBytes ? (long) QUEUE * (exit.mtu() + 14) : QUEUE);
    }
}
