package io.hopscope.core;

/** The scenario's seed: every consumer of randomness has a stream of its own, named and independent of all others. */
public final class Seed {
    private final long value;

    public Seed(long value) {
        this.value = value;
    }

    public long value() {
        return value;
    }

    /**
     * @param name who draws, {@code "h1:eth0 loss"}: equal names give equal streams
     */
    public RandomStream stream(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return new RandomStream(RandomStream.mix(value ^ RandomStream.mix(hash)));
    }
}
