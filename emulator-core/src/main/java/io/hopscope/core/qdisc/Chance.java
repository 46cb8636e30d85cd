package io.hopscope.core.qdisc;

/**
 * How likely something is, and how much each draw is like the one before, as netem has it: in parts of 2^32 - 1.
 */
public record Chance(long probability, long correlation) {
    public static final long ALWAYS = 0xffff_ffffL;
    public static final Chance NEVER = new Chance(0, 0);

    public Chance {
        if (probability < 0 || probability > ALWAYS || correlation < 0 || correlation > ALWAYS) {
            throw new IllegalArgumentException("a chance of " + probability + ", correlation " + correlation);
        }
    }

    /** Of percent. */
    public static Chance of(double percent) {
        return new Chance(part(percent), 0);
    }

    /** Percent in parts of 2^32 - 1. */
    public static long part(double percent) {
        return (long) Math.rint(percent / 100 * ALWAYS);
    }

    public boolean never() {
        return probability == 0;
    }
}
