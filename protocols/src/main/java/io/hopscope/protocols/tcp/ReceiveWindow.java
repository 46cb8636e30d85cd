package io.hopscope.protocols.tcp;

/**
 * The window that is offered: what the receive buffer has room for, as Linux counts its memory, and no more than the peer
 * is thought to fill without harm (tcp_select_window, tcp_grow_window, tcp_rcv_space_adjust).
 */
final class ReceiveWindow {
    /** Of 256 parts of the buffer, those that are offered, until it is known how much memory a segment takes. */
    static final short FIRST_RATIO = 128;

    /** What the kernel keeps for a segment beside its data: the golden captures' windows say 1,037 to 1,039 bytes. */
    static final int OVERHEAD = 1038;

    /** The smallest segment whose memory says something. */
    private static final int TELLING = 128;

    /** Who has received less has no need of a larger buffer. */
    private static final int WORTH = 8192;

    private ReceiveWindow() {}

    static int memory(int length) {
        return length + OVERHEAD;
    }

    static int fromSpace(Connection c, int space) {
        return (int) ((long) space * c.scalingRatio >> 8);
    }

    private static int spaceFor(Connection c, int window) {
        return (int) Math.min(Integer.MAX_VALUE, ((long) window << 8) / c.scalingRatio);
    }

    static int fullSpace(Connection c) {
        return fromSpace(c, c.rcvBuf);
    }

    private static int space(Connection c) {
        return fromSpace(c, c.rcvBuf - c.charged);
    }

    /** The window of a SYN: a whole number of segments, and the scale for the largest buffer (tcp_select_initial_window). */
    static void initial(Connection c, int mss, boolean scaling) {
        if (c.rcvBufLocked) {
            c.windowClamp = fullSpace(c);
        }
        int space = Math.min(fullSpace(c), c.windowClamp == 0 ? Integer.MAX_VALUE : c.windowClamp);
        space = space > mss ? space / mss * mss : space;
        c.rcvWnd = Math.min(space, 65535);
        c.rcvScale = 0;
        if (scaling) {
            int most = Math.max(space, c.table.settings.receiveBuffer[2]);
            most = c.windowClamp == 0 ? most : Math.min(most, c.windowClamp);
            int log = 31 - Integer.numberOfLeadingZeros(most);
            c.rcvScale = (byte) Math.max(0, Math.min(TcpOptions.MOST_SCALE, log - 15));
        }
        if (c.windowClamp == 0) {
            c.windowClamp = 65535 << c.rcvScale;
        }
        c.rcvSsthresh = c.rcvWnd;
    }

    /** The connection is established (tcp_init_buffer_space). */
    static void begin(Connection c) {
        int most = fullSpace(c);
        c.windowClamp = Math.min(c.windowClamp, most);
        if (c.windowClamp > 2 * c.advMss && c.windowClamp + c.advMss > most) {
            c.windowClamp = Math.max(2 * c.advMss, most - c.advMss);
        }
        c.rcvSsthresh = Math.min(c.rcvSsthresh, c.windowClamp);
    }

    /** What could be offered now. */
    static int offer(Connection c) {
        int allowed = fullSpace(c);
        int full = Math.min(c.windowClamp, allowed);
        int segment = Math.min(c.rcvMss, full);
        if (segment <= 0) {
            return 0;
        }
        int free = space(c);
        if (free < full >> 1) {
            c.quick = 0;
            free = free >> c.rcvScale << c.rcvScale;
            if (free < allowed >> 4 || free < segment) {
                return 0;
            }
        }
        free = Math.min(free, c.rcvSsthresh);
        if (c.rcvScale > 0) {
            return aligned(c, free);
        }
        int window = c.rcvWnd;
        if (window <= free - segment || window > free) {
            return free / segment * segment;
        }
        return segment == full && free > window + (full >> 1) ? free : window;
    }

    private static int aligned(Connection c, int window) {
        int unit = 1 << c.rcvScale;
        return window + unit - 1 & -unit;
    }

    /** The window field of a segment that goes out; what was offered is never taken back. */
    static int announce(Connection c) {
        if ((c.pending & DelayedAck.NO_MEMORY) != 0) {
            c.rcvWnd = 0;
            c.rcvWup = c.rcvNxt;
            return 0;
        }
        int left = c.receiveWindow();
        int fresh = offer(c);
        if (fresh < left) {
            if (fresh == 0) {
                c.table.count(TcpCounter.WANT_ZERO_WINDOW_ADV);
            }
            fresh = aligned(c, left);
        }
        if (fresh == 0 && c.rcvWnd != 0) {
            c.table.count(TcpCounter.TO_ZERO_WINDOW_ADV);
        } else if (fresh != 0 && c.rcvWnd == 0) {
            c.table.count(TcpCounter.FROM_ZERO_WINDOW_ADV);
        }
        c.rcvWnd = fresh;
        c.rcvWup = c.rcvNxt;
        return Math.min(fresh, 65535 << c.rcvScale) >> c.rcvScale;
    }

    /** A segment has come in: whoever sends large ones may be offered more. */
    static void grow(Connection c, int length) {
        if (length < TELLING) {
            return;
        }
        int room = Math.min(c.windowClamp, space(c)) - c.rcvSsthresh;
        if (room <= 0) {
            return;
        }
        int memory = fromSpace(c, memory(length));
        int more = memory <= length ? 2 * c.advMss : reluctant(c, length, memory);
        if (more > 0) {
            c.rcvSsthresh += Math.min(room, Math.max(more, 2 * length));
            c.quick |= 1;
        }
    }

    /** Segments that waste memory let the window grow as long as it is small. */
    private static int reluctant(Connection c, int length, int memory) {
        int truesize = memory >> 1;
        int window = fromSpace(c, c.table.settings.receiveBuffer[2]) >> 1;
        while (c.rcvSsthresh <= window) {
            if (truesize <= length) {
                return 2 * c.rcvMss;
            }
            truesize >>= 1;
            window >>= 1;
        }
        return 0;
    }

    /** The largest segment seen says how much of the buffer is data. */
    static void measure(Connection c, int length) {
        short ratio = (short) Math.max(1, (length << 8) / memory(length));
        if (ratio != c.scalingRatio) {
            c.scalingRatio = ratio;
            c.windowClamp = fullSpace(c);
            c.rcvSsthresh = Math.min(c.rcvSsthresh, c.windowClamp);
            if (c.tuned()) {
                c.tuning().space = Math.min(c.tuning().space, c.windowClamp);
            }
        }
    }

    /** The application has read: once a round trip, the buffer is made large enough for twice what it took. */
    static void read(Connection c, long now) {
        if (!c.tuned()) {
            return;
        }
        Tuning tuning = c.tuning();
        long elapsed = (now - tuning.at) / Time.MICRO;
        if (tuning.rtt == 0 || elapsed < tuning.rtt >> 3) {
            return;
        }
        int unread = c.rcvNxt - c.copiedSeq;
        int copied = c.copiedSeq - tuning.seq - unread;
        if (copied > tuning.space) {
            enlarge(c, tuning, copied);
        }
        tuning.seq = c.copiedSeq;
        tuning.at = now;
    }

    private static void enlarge(Connection c, Tuning tuning, int copied) {
        int before = tuning.space;
        tuning.space = copied;
        if (!c.table.settings.moderateReceiveBuffer || c.rcvBufLocked) {
            return;
        }
        long window = 2L * copied;
        // As fast as slow start may grow in the round trip that is under way.
        long grown = window * (copied - before) / Math.max(1, before);
        window += grown << 1;
        if (c.received != null && c.received.gaps() > 0) {
            window += c.received.end(c.rcvNxt) - c.rcvNxt;
        }
        int most = c.table.settings.receiveBuffer[2];
        int buffer = Math.min(most, spaceFor(c, (int) Math.min(window, Integer.MAX_VALUE)));
        if (buffer > c.rcvBuf) {
            c.rcvBuf = buffer;
            c.windowClamp = fullSpace(c);
        }
    }

    /** How long a round trip is, as a receiver sees it: by its windows, and by the echo of its timestamps. */
    static void roundTrip(Connection c, Segment segment, long now) {
        if (!c.tuned() && c.bytesReceived < WORTH) {
            return;
        }
        Tuning tuning = c.tuning();
        if (segment.timestamps && segment.echo != 0 && segment.echo != tuning.echo) {
            tuning.echo = segment.echo;
            int micros = RttEstimator.byStamp(c, segment.echo, now);
            boolean unread = c.rcvNxt - c.copiedSeq - segment.length > 0;
            // The clock of timestamps is too coarse for round trips below a millisecond.
            if (segment.length >= c.rcvMss && micros > 0 && c.stamp(now) != segment.echo) {
                tuning.sample(Math.min(micros, RttEstimator.MOST_RTO), !unread);
            }
        }
        if (tuning.rttAt == 0 || !Seq.before(c.rcvNxt, tuning.rttSeq)) {
            if (tuning.rttAt != 0) {
                // A window is read in a round trip or more.
                tuning.sample(Math.max(1, RttEstimator.micros(now - tuning.rttAt)), false);
            }
            tuning.rttSeq = c.rcvNxt + c.rcvWnd;
            tuning.rttAt = now;
        }
    }
}
