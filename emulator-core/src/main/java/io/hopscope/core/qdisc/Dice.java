package io.hopscope.core.qdisc;

import java.util.function.LongSupplier;

/** Draws of 32 bits, each of which may be like the one before (netem's get_crandom). */
final class Dice {
    private final LongSupplier random;
    private long last;

    Dice(LongSupplier random) {
        this.random = random;
        last = random.getAsLong() >>> 32;
    }

    long draw() {
        return random.getAsLong() >>> 32;
    }

    /**
     * @param correlation in parts of 2^32 - 1
     */
    long draw(long correlation) {
        long value = draw();
        if (correlation == 0) {
            return value;
        }
        long rho = correlation + 1;
        // Less than 2^64 in sum, each of the two less than that: what is wanted is the upper half.
        last = value * ((1L << 32) - rho) + last * rho >>> 32;
        return last;
    }

    boolean hits(Chance chance) {
        return chance.probability() != 0 && chance.probability() >= draw(chance.correlation());
    }
}
