package io.hopscope.core.qdisc;

/**
 * Time that is added on the way.
 *
 * @param mean in picoseconds
 * @param jitter in picoseconds: one unit of the distribution
 * @param correlation of each draw with the one before, in parts of 2^32 - 1
 */
public record Delay(long mean, long jitter, long correlation, Distribution distribution) {
    /** Nearly three hours. */
    private static final long MOST = 10_000_000_000_000_000L;

    public static final Delay NONE = new Delay(0, 0, 0, Distribution.UNIFORM);

    public Delay {
        if (mean < 0 || mean > MOST || jitter < 0 || jitter > MOST) {
            throw new IllegalArgumentException(
                    "a delay of " + mean + " ps, jitter " + jitter + "; expected 0 to " + MOST);
        }
    }

    public boolean none() {
        return mean == 0 && jitter == 0;
    }
}
