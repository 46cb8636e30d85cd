package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;

/**
 * TCP options: MSS (RFC 9293), window scale and timestamps (RFC 7323), SACK (RFC 2018). Written in Linux's order and with
 * its padding; whatever else comes in is skipped.
 */
public final class TcpOptions {
    /** Timestamps with two bytes of padding in front. */
    static final int TIMESTAMPS = 12;

    /** A SACK option without blocks, with two bytes of padding in front. */
    static final int SACK_BASE = 4;

    static final int SACK_BLOCK = 8;
    static final int MOST_SCALE = 14;

    private static final int END = 0;
    private static final int NOP = 1;
    private static final int MSS = 2;
    private static final int SCALE = 3;
    private static final int PERMITTED = 4;
    private static final int SACK = 5;
    private static final int STAMPS = 8;
    private static final int NOPS = NOP << 24 | NOP << 16;

    private TcpOptions() {}

    /** Reads the options between two offsets; bad ones end the reading, as in tcp_parse_options. Any bytes. */
    static void read(byte[] b, int from, int end, Segment into) {
        if (end - from == TIMESTAMPS && View.get32(b, from) == (NOPS | STAMPS << 8 | 10)) {
            into.timestamps = true;
            into.value = View.get32(b, from + 4);
            into.echo = View.get32(b, from + 8);
            return;
        }
        int i = from;
        while (i < end) {
            int kind = b[i];
            if (kind == END) {
                return;
            }
            if (kind == NOP) {
                i++;
                continue;
            }
            int length = i + 1 < end ? b[i + 1] & 0xff : 0;
            if (length < 2 || length > end - i) {
                return;
            }
            option(b, i, kind, length, into);
            i += length;
        }
    }

    private static void option(byte[] b, int at, int kind, int length, Segment into) {
        boolean syn = (into.flags & Tcp.SYN) != 0;
        if (kind == MSS && length == 4 && syn) {
            into.mss = View.get16(b, at + 2);
        } else if (kind == SCALE && length == 3 && syn) {
            into.windowScale = Math.min(MOST_SCALE, b[at + 2] & 0xff);
        } else if (kind == PERMITTED && length == 2 && syn) {
            into.sackPermitted = true;
        } else if (kind == STAMPS && length == 10) {
            into.timestamps = true;
            into.value = View.get32(b, at + 2);
            into.echo = View.get32(b, at + 6);
        } else if (kind == SACK && length >= 10 && (length - 2) % SACK_BLOCK == 0) {
            into.blocks = Math.min(Segment.BLOCKS, (length - 2) / SACK_BLOCK);
            for (int i = 0; i < into.blocks; i++) {
                into.left[i] = View.get32(b, at + 2 + i * SACK_BLOCK);
                into.right[i] = View.get32(b, at + 6 + i * SACK_BLOCK);
            }
        }
    }

    /** Bytes of the options that a segment has. */
    public static int length(Segment of) {
        int length = of.mss > 0 ? 4 : 0;
        if (of.timestamps) {
            length += TIMESTAMPS;
        } else if (of.sackPermitted) {
            length += 4;
        }
        if (of.windowScale >= 0) {
            length += 4;
        }
        return of.blocks > 0 ? length + SACK_BASE + of.blocks * SACK_BLOCK : length;
    }

    /** Writes the options; returns the offset behind them. */
    public static int write(byte[] b, int at, Segment of) {
        int i = at;
        if (of.mss > 0) {
            View.put32(b, i, MSS << 24 | 4 << 16 | of.mss);
            i += 4;
        }
        if (of.timestamps) {
            View.put32(b, i, (of.sackPermitted ? PERMITTED << 24 | 2 << 16 : NOPS) | STAMPS << 8 | 10);
            View.put32(b, i + 4, of.value);
            View.put32(b, i + 8, of.echo);
            i += TIMESTAMPS;
        } else if (of.sackPermitted) {
            View.put32(b, i, NOPS | PERMITTED << 8 | 2);
            i += 4;
        }
        if (of.windowScale >= 0) {
            View.put32(b, i, NOP << 24 | SCALE << 16 | 3 << 8 | of.windowScale);
            i += 4;
        }
        if (of.blocks > 0) {
            View.put32(b, i, NOPS | SACK << 8 | 2 + of.blocks * SACK_BLOCK);
            i += SACK_BASE;
            for (int k = 0; k < of.blocks; k++) {
                View.put32(b, i, of.left[k]);
                View.put32(b, i + 4, of.right[k]);
                i += SACK_BLOCK;
            }
        }
        return i;
    }
}
