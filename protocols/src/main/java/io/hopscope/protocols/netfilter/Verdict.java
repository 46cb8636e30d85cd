package io.hopscope.protocols.netfilter;

/** What a hook says of a packet. */
public enum Verdict {
    ACCEPT,
    /** A rule or a policy drops it: {@link Packet#decided}. */
    DROP,
    /** As DROP, and its sender is to be told ({@link Rule#rejection}); then it is to be {@link Hooks#abandon}ed. */
    REJECT,
    /** Connection tracking has no room for it. */
    TABLE_FULL,
    /** Its connection is not to be translated so. */
    NAT_FAILED,
    /** Somebody else's connection has come first. */
    CLASH
}
