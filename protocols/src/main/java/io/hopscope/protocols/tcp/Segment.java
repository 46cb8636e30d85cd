package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/**
 * The fields of one TCP segment, options included: filled from a header that came in, or to be written into one. One
 * object serves for many segments.
 */
public final class Segment {
    /** SACK blocks that fit the option space beside nothing else. */
    static final int BLOCKS = 4;

    public int seq;
    public int ack;
    public int flags;
    /** As in the header, not scaled. */
    public int window;

    public int urgent;
    /** Bytes of data. */
    public int length;
    /** 0 without the option. */
    public int mss;
    /** -1 without the option. */
    public int windowScale;

    public boolean sackPermitted;
    public boolean timestamps;
    public int value;
    public int echo;
    /** How many SACK blocks there are. */
    public int blocks;

    public final int[] left = new int[BLOCKS];
    public final int[] right = new int[BLOCKS];
    /** Where the data of a segment that came in lies. */
    public byte[] bytes;

    public int at;

    public Segment clear() {
        seq = 0;
        ack = 0;
        flags = 0;
        window = 0;
        urgent = 0;
        length = 0;
        bytes = null;
        return clearOptions();
    }

    Segment clearOptions() {
        mss = 0;
        windowScale = -1;
        sackPermitted = false;
        timestamps = false;
        blocks = 0;
        return this;
    }

    /**
     * Takes over a header that fits and the data behind it.
     *
     * @param end behind the last byte of data
     */
    public Segment read(Tcp header, byte[] from, int end) {
        seq = header.seq();
        ack = header.ack();
        flags = header.flags();
        window = header.window();
        urgent = header.urgent();
        bytes = from;
        at = header.end();
        length = end - at;
        clearOptions();
        TcpOptions.read(from, at - header.optionsLength(), at, this);
        return this;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** What it takes of the sequence space: data, SYN and FIN. */
    int span() {
        return length + (flags >> 1 & 1) + (flags & 1);
    }

    /** The sequence number behind its last. */
    int end() {
        return seq + span();
    }
}
