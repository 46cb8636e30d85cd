package io.hopscope.core;

/** Why a frame went no further. Each device nests an enum of its own; there is no central list. */
public interface DropReason {
    /** The constant's name, {@code QUEUE_FULL}. */
    String name();

    /** What a person reads: {@code queue full}. */
    default String text() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    /**
     * Whether frames end so by design and nobody misses them: somebody else's copy of a flood, or what a blocked port hears.
     * They are discards and no losses. Linux too counts them beside rx_dropped, as rx_otherhost_dropped and rx_nohandler, or
     * not at all.
     */
    default boolean discard() {
        return false;
    }
}
