package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/** The acknowledgment field (RFC 9293, section 3.10.7.4; RFC 5961, section 5): what has arrived, and the peer's window. */
final class Acknowledgments {
    private final TcpTable table;

    Acknowledgments(TcpTable table) {
        this.table = table;
    }

    /** Whether the segment may be looked at further. */
    boolean receive(Connection c, Segment segment, boolean challenge, long now) {
        int ack = segment.ack;
        if (Seq.before(ack, c.sndUna)) {
            long back = Math.min(c.maxWindow, c.bytesAcked);
            if (c.sndUna - ack > back) {
                if (challenge) {
                    table.arrivals.challenge(c, now);
                }
                return false;
            }
            return true;
        }
        if (Seq.after(ack, c.sndNxt)) {
            if (challenge) {
                table.sender.ack(c, now);
            }
            return false;
        }
        boolean advanced = Seq.after(ack, c.sndUna);
        if (advanced) {
            c.retransmits = 0;
        }
        replaceRecent(c, segment, now);
        window(c, segment);
        c.probes = 0;
        c.heard = now;
        int before = c.sndUna;
        c.bytesAcked += ack - before;
        c.sndUna = ack;
        if (c.packetsOut() == 0) {
            opened(c, now);
            return true;
        }
        int acked = clean(c, segment, now);
        if (acked > 0) {
            c.congestion.grow(c, acked, now);
        }
        return true;
    }

    /** RFC 7323, section 4.3: the latest timestamp of a segment that is to be acknowledged next or before. */
    private static void replaceRecent(Connection c, Segment segment, long now) {
        if (c.timestamps && segment.timestamps && !Seq.after(segment.seq, c.rcvWup)) {
            if (segment.value - c.tsRecent >= 0 || stale(c, now)) {
                c.tsRecent = segment.value;
                c.tsRecentAt = (int) (now / Time.SECOND);
            }
        }
    }

    /** A timestamp that is 24 days old says nothing. */
    static boolean stale(Connection c, long now) {
        return (int) (now / Time.SECOND) - c.tsRecentAt >= 24 * 24 * 3600;
    }

    /** SND.WL1 and SND.WL2 of RFC 9293: only a segment that is not older changes the window. */
    private void window(Connection c, Segment segment) {
        int window = segment.has(Tcp.SYN) ? segment.window : c.scaled(segment.window);
        boolean newer = Seq.after(segment.ack, c.sndUna)
                || Seq.after(segment.seq, c.sndWl1)
                || segment.seq == c.sndWl1 && (window > c.sndWnd || window == 0);
        if (newer) {
            c.sndWl1 = segment.seq;
            c.sndWnd = window;
            c.maxWindow = Math.max(c.maxWindow, window);
        }
    }

    /** Nothing was under way: the window may be open again (tcp_ack_probe). */
    private void opened(Connection c, long now) {
        if (c.unsentBytes() == 0) {
            return;
        }
        int next = Math.min(c.unsentBytes(), c.mss);
        if (c.sndWnd >= next) {
            c.backoff = 0;
            if (c.timer == Timers.PROBE) {
                table.timers.clear(c);
            }
        } else {
            table.timers.clear(c);
            table.timers.probeLater(c, now);
        }
    }

    /** Takes what is acknowledged out of the flight; returns how many segments that was. */
    private int clean(Connection c, Segment segment, long now) {
        Flight flight = c.flight;
        int acked = 0;
        long measured = -1;
        boolean again = false;
        while (flight.count() > 0) {
            int first = flight.first();
            if (Seq.after(flight.end(first), c.sndUna)) {
                if (Seq.before(flight.seq(first), c.sndUna)) {
                    flight.trimFirst(c.sndUna);
                }
                break;
            }
            again |= flight.is(first, Flight.EVER);
            measured = measured < 0 ? flight.sent(first) : measured;
            flight.removeFirst();
            acked++;
        }
        if (acked == 0) {
            return 0;
        }
        if (c.unsent != null) {
            c.unsent.acknowledge(c.sndUna);
        }
        int micros = -1;
        if (!again) {
            micros = (int) ((now - measured) / Time.MICRO);
        } else if (segment.timestamps && segment.echo != 0) {
            micros = Math.max(1, c.stamp(now) - segment.echo) * 1000;
        }
        if (micros >= 0) {
            c.minRtt = Math.min(c.minRtt, Math.max(1, micros));
            RttEstimator.sample(c, micros);
            c.backoff = 0;
        }
        if (flight.count() == 0) {
            table.timers.clear(c);
        } else {
            table.timers.retransmitLater(c, now);
        }
        return acked;
    }
}
