package io.hopscope.protocols.tcp;

/** Spans of virtual time in picoseconds. */
final class Time {
    static final long MICRO = 1_000_000L;
    static final long MILLI = 1_000_000_000L;
    static final long SECOND = 1_000_000_000_000L;
    static final long NEVER = Long.MAX_VALUE;

    private Time() {}
}
