package io.hopscope.core.qdisc;

import io.hopscope.core.DropReason;

/** Why what waits in a discipline comes to nothing. */
enum Purged implements DropReason {
    QDISC_REMOVED("waited in a queue discipline that was taken away");

    private final String text;

    Purged(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
