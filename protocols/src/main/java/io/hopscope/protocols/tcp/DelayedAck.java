package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/**
 * When received data is acknowledged (RFC 9293, section 3.8.6.3; RFC 5681, section 4.2): every second segment at the
 * latest, at once in a connection's first flights, 40 ms later in a conversation.
 */
final class DelayedAck {
    /** Bits of {@link Connection#pending}. */
    static final int SCHEDULED = 1;

    static final int TIMER = 2;
    static final int PUSHED = 4;
    static final int PUSHED_TWICE = 8;
    static final int NOW = 16;
    /** What came was thrown away: no window is offered. */
    static final int NO_MEMORY = 32;

    static final int MOST_QUICK = 16;
    /** Microseconds. */
    static final int LEAST = 40_000;

    private static final int MOST = 200_000;
    /** Where no data has come yet, the timer's next tick at 250 Hz. */
    private static final int TICK = 4_000;

    private static final int HALF_SECOND = 500_000;
    /** Segments behind a gap before acknowledgments are put together. */
    private static final int SEPARATE = 3;

    private static final int MOST_COMPRESSED = 44;

    private DelayedAck() {}

    static boolean scheduled(Connection c) {
        return (c.pending & SCHEDULED) != 0;
    }

    static void schedule(Connection c) {
        c.pending |= SCHEDULED;
    }

    static boolean inConversation(Connection c) {
        return c.pingpong > 0;
    }

    static void interactive(Connection c) {
        c.pingpong = (byte) Math.min(Byte.MAX_VALUE, c.pingpong + 1);
    }

    /** The peer has said its last: what is acknowledged goes with our answer. */
    static void converse(Connection c) {
        c.pingpong = 1;
    }

    private static boolean quick(Connection c) {
        return c.quick != 0 && !inConversation(c);
    }

    static void increase(Connection c, int most) {
        int acks = c.rcvMss == 0 ? 2 : c.rcvWnd / (2 * c.rcvMss);
        acks = Math.min(acks == 0 ? 2 : acks, most);
        c.quick = (byte) Math.max(c.quick, acks);
    }

    static void quicken(Connection c, int most) {
        increase(c, most);
        c.pingpong = 0;
        c.ato = LEAST;
    }

    /** Data has come (tcp_event_data_recv). */
    static void received(Connection c, Segment segment, long now) {
        schedule(c);
        measure(c, segment);
        ReceiveWindow.roundTrip(c, segment, now);
        if (c.ato == 0) {
            increase(c, MOST_QUICK);
            c.ato = LEAST;
        } else {
            long gap = (now - c.lastReceived) / Time.MICRO;
            if (gap <= LEAST / 2) {
                c.ato = (c.ato >> 1) + LEAST / 2;
            } else if (gap < c.ato) {
                c.ato = Math.min((c.ato >> 1) + (int) gap, c.rto);
            } else if (gap > c.rto) {
                // The sender has been idle: it begins anew with a small window.
                increase(c, MOST_QUICK);
            }
        }
        c.lastReceived = now;
        ReceiveWindow.grow(c, segment.length);
    }

    /** What a full segment of the peer is (tcp_measure_rcv_mss). */
    private static void measure(Connection c, Segment segment) {
        int before = c.lastSegmentSize;
        c.lastSegmentSize = 0;
        int length = segment.length;
        if (length >= c.rcvMss) {
            if (length != c.rcvMss) {
                ReceiveWindow.measure(c, length);
            }
            c.rcvMss = Math.min(length, c.advMss);
            if (segment.has(Tcp.PSH)) {
                c.pending |= PUSHED;
            }
            return;
        }
        boolean plain = (segment.flags & ~Tcp.ACK) == 0;
        int whole = length + TcpOptions.length(segment) + 20;
        if (whole >= 536 + 20 || whole >= 88 + 20 && plain) {
            int net = whole - c.headerLength();
            c.lastSegmentSize = net;
            if (net == before) {
                c.rcvMss = net;
                return;
            }
        }
        if ((c.pending & PUSHED) != 0) {
            c.pending |= PUSHED_TWICE;
        }
        c.pending |= PUSHED;
    }

    /** A segment has been dealt with: acknowledge now, or later (tcp_ack_snd_check). */
    static void check(Connection c, long now) {
        if (!scheduled(c)) {
            return;
        }
        boolean enough = c.rcvNxt - c.rcvWup > c.rcvMss
                && (c.rcvNxt - c.copiedSeq == 0 || c.sink || ReceiveWindow.offer(c) >= c.rcvWnd);
        if (enough || quick(c) || (c.pending & NOW) != 0) {
            c.table.sender.ack(c, now);
        } else if (c.received == null || c.received.gaps() == 0) {
            delay(c, now);
        } else {
            compress(c, now);
        }
    }

    private static void delay(Connection c, long now) {
        int ato = c.ato;
        if (ato > LEAST) {
            int most = inConversation(c) || (c.pending & PUSHED) != 0 ? MOST : HALF_SECOND;
            if (c.srtt != 0) {
                most = Math.min(most, Math.max(c.srtt >> 3, LEAST));
            }
            ato = Math.min(ato, most);
        }
        ato = Math.max(TICK, Math.min(ato, MOST));
        long at = now + ato * Time.MICRO;
        if ((c.pending & TIMER) != 0) {
            if (c.ackAt <= now + (ato >> 2) * Time.MICRO) {
                c.table.sender.ack(c, now);
                return;
            }
            at = Math.min(at, c.ackAt);
        }
        c.pending |= SCHEDULED | TIMER;
        c.ackAt = at;
    }

    /** Behind a gap the first duplicates go out at once; more of them wait for one another a moment (tcp_comp_sack). */
    private static void compress(Connection c, long now) {
        if (!c.sack || c.compressed >= MOST_COMPRESSED) {
            c.table.sender.ack(c, now);
            return;
        }
        Tuning tuning = c.tuning();
        if (tuning.gapAt != c.rcvNxt) {
            tuning.gapAt = c.rcvNxt;
            tuning.duplicates = 0;
        }
        if (tuning.duplicates < SEPARATE) {
            tuning.duplicates++;
            c.table.sender.ack(c, now);
            return;
        }
        int rtt = tuning.rtt;
        if (c.srtt != 0 && c.srtt < rtt) {
            rtt = c.srtt;
        }
        if (rtt == 0) {
            c.table.sender.ack(c, now);
            return;
        }
        if (c.compressed++ > 0) {
            return;
        }
        long wait = Math.min(Time.MILLI, (rtt >> 3) * Time.MICRO / 20);
        c.ackAt = Math.min(c.ackAt, now + wait);
    }

    /** An acknowledgment has gone out, by itself or with data. */
    static void sent(Connection c, TcpTable table) {
        if (c.compressed > 0) {
            table.count(TcpCounter.ACK_COMPRESSED, c.compressed);
            c.compressed = 0;
        }
        if (c.quick != 0 && scheduled(c)) {
            c.quick--;
            if (c.quick == 0) {
                c.ato = LEAST;
            }
        }
        c.pending = 0;
        c.ackAt = Time.NEVER;
    }

    /** The time to wait is over. */
    static void expire(Connection c, long now) {
        c.ackAt = Time.NEVER;
        if (c.compressed > 0) {
            c.table.sender.ack(c, now);
            return;
        }
        c.pending &= ~TIMER;
        if (!scheduled(c)) {
            return;
        }
        if (inConversation(c)) {
            c.pingpong = 0;
            c.ato = LEAST;
        } else {
            c.ato = Math.min(c.ato << 1, c.rto);
        }
        c.table.count(TcpCounter.DELAYED_ACKS);
        c.table.sender.ack(c, now);
    }

    /** The application has read (tcp_cleanup_rbuf). */
    static void read(Connection c, boolean some, long now) {
        boolean due = false;
        if (scheduled(c)) {
            boolean small = (c.pending & PUSHED_TWICE) != 0 || (c.pending & PUSHED) != 0 && !inConversation(c);
            due = c.rcvNxt - c.rcvWup > c.rcvMss || some && small && c.charged == 0;
        }
        if (some && !due && !c.finReceived) {
            int left = c.receiveWindow();
            if (2 * left <= c.windowClamp) {
                int fresh = ReceiveWindow.offer(c);
                due = fresh > 0 && fresh >= 2 * left;
            }
        }
        if (due) {
            c.table.sender.ack(c, now);
        }
    }
}
