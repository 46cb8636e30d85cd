package io.hopscope.core;

import io.hopscope.core.qdisc.NetemSpec;

/**
 * What one direction of a cable does to frames, behind the sender's queue.
 *
 * @param netem what befalls them; its limit counts for nothing here
 * @param damagedPass whether the receiver takes frames whose frame check sequence is wrong (ethtool's rx-all)
 */
public record Impairment(NetemSpec netem, boolean damagedPass) {
    /** A cable as it should be. */
    public static final Impairment NONE = new Impairment(NetemSpec.NONE, false);

    public Impairment(NetemSpec netem) {
        this(netem, false);
    }
}
