package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;

/** The option of a TCP header that says how large segments may be (RFC 9293, section 3.7.1). */
final class SegmentSize {
    private static final int END = 0;
    private static final int NOTHING = 1;
    private static final int KIND = 2;
    private static final int LENGTH = 4;

    private SegmentSize() {}

    /** Where its value stands; -1 without one, or in a packet that is not whole. */
    static int find(Packet p) {
        if (!p.transport || p.protocol != Ipv4.TCP) {
            return -1;
        }
        int end = Math.min(p.end, p.payload + ((p.bytes[p.payload + 12] & 0xf0) >> 2));
        for (int at = p.payload + Tcp.LENGTH; at < end; ) {
            int kind = p.bytes[at] & 0xff;
            if (kind == END) {
                return -1;
            }
            int length = kind == NOTHING ? 1 : at + 1 < end ? p.bytes[at + 1] & 0xff : 0;
            if (length < 1 || kind != NOTHING && length < 2 || at + length > end) {
                return -1;
            } else if (kind == KIND && length == LENGTH) {
                return at + 2;
            }
            at += length;
        }
        return -1;
    }

    static int of(Packet p, int at) {
        return View.get16(p.bytes, at);
    }
}
