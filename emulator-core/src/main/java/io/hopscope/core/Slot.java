package io.hopscope.core;

import io.hopscope.encap.Frame;

/** What a ring holds: a reference to a frame on its way. */
final class Slot {
    /** The port it goes to; unused on a cable, whose far end is fixed. */
    Port port;

    Frame frame;

    /** The frame is not the port's but lent to it: {@link Port#lend}. Unused on a cable. */
    boolean lent;

    /** On a cable the arrival of the last bit; in a backlog the instant of the hand-over. In picoseconds. */
    long time;
}
