package io.hopscope.protocols.stp;

import java.util.Locale;

/** What a bridge port is for in the tree (IEEE 802.1D-2004, clause 17.7). */
public enum PortRole {
    DISABLED,
    ROOT,
    DESIGNATED,
    ALTERNATE,
    BACKUP;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
