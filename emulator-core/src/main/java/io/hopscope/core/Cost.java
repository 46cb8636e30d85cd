package io.hopscope.core;

/**
 * What a device's work costs in virtual time.
 *
 * @param frame picoseconds a frame
 * @param octet picoseconds a byte
 * @param pipelined a hardware pipeline: frames overlap and each takes {@code frame}; otherwise they wait for one another
 */
public record Cost(long frame, long octet, boolean pipelined) {
    public static final Cost NONE = new Cost(0, 0, false);

    /** Work that takes no time. */
    public boolean free() {
        return frame == 0 && octet == 0;
    }

    public Cost scaled(double factor) {
        return new Cost(StrictMath.round(frame * factor), StrictMath.round(octet * factor), pipelined);
    }
}
