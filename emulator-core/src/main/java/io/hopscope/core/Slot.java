package io.hopscope.core;

import io.hopscope.encap.Frame;

/** What a ring holds: a reference to a frame on its way. */
final class Slot {
    /** The port it goes to; unused on a cable, whose far end is fixed. */
    Port port;

    Frame frame;

    /** On a cable the arrival of the last bit; in a backlog the instant of the hand-over. In picoseconds. */
    long time;
}
