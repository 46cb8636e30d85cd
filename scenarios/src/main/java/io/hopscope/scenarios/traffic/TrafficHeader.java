package io.hopscope.scenarios.traffic;

import io.hopscope.encap.View;

/**
 * What a packet of traffic carries behind its UDP header; zeros follow.
 *
 * <pre>
 *  0               2               4               6               8
 * | flow                          | sequence                      |
 * | when the request was sent, in picoseconds of virtual time     |
 * | kind  | categ.|
 * </pre>
 */
final class TrafficHeader extends View {
    static final int LENGTH = 18;
    static final int REQUEST = 1;
    static final int REPLY = 2;

    private static final int FLOW = 0;
    private static final int SEQUENCE = 4;
    private static final int SENT = 8;
    private static final int KIND = 16;
    private static final int CATEGORY = 17;

    TrafficHeader wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    TrafficHeader set(int flow, int sequence, long sent, int kind, int category) {
        u32(FLOW, flow);
        u32(SEQUENCE, sequence);
        put64(b, at + SENT, sent);
        u16(KIND, kind << 8 | category);
        return this;
    }

    /** Sum of its 16-bit words, each field read as it was written: wider, and the processor would wait for its stores. */
    int sum() {
        long sent = sent();
        int sum = (flow() >>> 16) + (flow() & 0xffff) + (sequence() >>> 16) + (sequence() & 0xffff);
        sum += (int) (sent >>> 48)
                + (int) (sent >>> 32 & 0xffff)
                + (int) (sent >>> 16 & 0xffff)
                + (int) (sent & 0xffff);
        return sum + u16(KIND);
    }

    int flow() {
        return u32(FLOW);
    }

    int sequence() {
        return u32(SEQUENCE);
    }

    long sent() {
        return get64(b, at + SENT);
    }

    int kind() {
        return u8(KIND);
    }

    int category() {
        return u8(CATEGORY);
    }
}
