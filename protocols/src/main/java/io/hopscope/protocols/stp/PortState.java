package io.hopscope.protocols.stp;

import java.util.Locale;

/** What a bridge port does with frames (IEEE 802.1D-1998, clause 8.4); RSTP's discarding is called blocking here. */
public enum PortState {
    DISABLED,
    LISTENING,
    LEARNING,
    FORWARDING,
    BLOCKING;

    /** Whether sources of frames that come in are learned. */
    public boolean learns() {
        return this == LEARNING || this == FORWARDING;
    }

    public boolean forwards() {
        return this == FORWARDING;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
