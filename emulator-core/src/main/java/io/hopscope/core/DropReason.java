package io.hopscope.core;

/** Why a frame went no further. Each device nests an enum of its own; there is no central list. */
public interface DropReason {
    /** The constant's name, {@code QUEUE_FULL}. */
    String name();

    /** What a person reads: {@code queue full}. */
    default String text() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
