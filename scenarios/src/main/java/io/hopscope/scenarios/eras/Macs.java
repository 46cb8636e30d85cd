package io.hopscope.scenarios.eras;

/** MAC addresses that look as random as those that Neutron and vendors give out, and are all different. */
final class Macs {
    /** Odd: multiplication by it permutes the numbers of 24 bits. */
    private static final int STEP = 0x9e3779b1;

    private final long vendor;
    private final int shift;

    /**
     * @param vendor the upper 24 bits
     * @param shift begins the sequence elsewhere
     */
    Macs(int vendor, int shift) {
        this.vendor = (long) vendor << 24;
        this.shift = shift;
    }

    /**
     * @param number below 2^24
     */
    long of(int number) {
        int mixed = (number + shift) * STEP & 0xffffff;
        mixed ^= mixed >>> 13;
        mixed = mixed * 0x5bd1e995 & 0xffffff;
        return vendor | mixed ^ mixed >>> 11;
    }
}
