package io.hopscope.core;

/**
 * SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same on every JDK. Not for secrets.
 */
public final class RandomStream {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    RandomStream(long state) {
        this.state = state;
    }

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    public long nextLong() {
        return mix(state += GAMMA);
    }

    /**
     * @param bound exclusive, positive
     */
    public int nextInt(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** In [0, 1), with 53 bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /**
     * Exponentially distributed; {@link StrictMath}, so that every machine draws the same.
     *
     * @param mean in the unit of the result
     */
    public double nextExponential(double mean) {
        return -mean * StrictMath.log(1.0 - nextDouble());
    }
}
