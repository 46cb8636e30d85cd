package io.hopscope.protocols.tcp;

/** The congestion window of a sender that does not use all of it (RFC 7661; RFC 2861 as Linux has it). */
final class Window {
    private Window() {}

    /** Bytes a second, as sk_pacing_rate: twice the rate in slow start, 1.2 times later. */
    static long pacingRate(Connection c) {
        if (c.srtt == 0) {
            return (long) c.cwnd * c.mss * 2_000L;
        }
        long rate = (long) c.mss * Math.max(c.cwnd, c.packetsOut()) * 8_000_000L / c.srtt;
        return c.cwnd < c.ssthresh / 2 ? rate * 2 : rate * 6 / 5;
    }

    /** Whether the window is what holds the sender back: only then does it grow. */
    static boolean limits(Connection c) {
        return c.cwndLimited || c.cwnd < c.ssthresh && c.cwnd < 2 * c.mostOut;
    }

    /** Something was sent (tcp_cwnd_validate). */
    static void validate(Connection c, boolean limited, long now) {
        int out = c.packetsOut();
        if (!Seq.before(c.sndUna, c.cwndUsageSeq) || limited || !c.cwndLimited && out > c.mostOut) {
            c.cwndLimited = limited;
            c.mostOut = out;
            c.cwndUsageSeq = c.sndNxt;
        }
        if (limits(c)) {
            c.cwndUsed = 0;
            c.cwndStamp = (int) (now / Time.MILLI);
            return;
        }
        c.cwndUsed = Math.max(c.cwndUsed, out);
        if (c.table.settings.slowStartAfterIdle && ((int) (now / Time.MILLI) - c.cwndStamp) * 1000L >= c.rto) {
            unused(c, now);
        }
    }

    /** Half of what was not used for a round trip or more is taken back. */
    private static void unused(Connection c, long now) {
        if (c.caState == Recovery.OPEN && !c.wantsRoom) {
            int used = Math.max(c.cwndUsed, c.table.settings.initialWindow);
            if (used < c.cwnd) {
                c.ssthresh = threshold(c);
                c.cwnd = c.cwnd + used >> 1;
            }
            c.cwndUsed = 0;
        }
        c.cwndStamp = (int) (now / Time.MILLI);
    }

    private static int threshold(Connection c) {
        return Recovery.reducing(c) ? c.ssthresh : Math.max(c.ssthresh, (c.cwnd >> 1) + (c.cwnd >> 2));
    }

    /** After a pause of a timeout or more the window is halved for each, down to the initial one. */
    static void afterIdle(Connection c, long now) {
        if (!c.table.settings.slowStartAfterIdle || c.packetsOut() > 0) {
            return;
        }
        long idle = now - c.lastSent;
        long rto = c.rto * Time.MICRO;
        if (idle <= rto) {
            return;
        }
        c.ssthresh = threshold(c);
        int least = Math.min(c.table.settings.initialWindow, c.cwnd);
        int cwnd = c.cwnd;
        for (long left = idle - rto; left > 0 && cwnd > least; left -= rto) {
            cwnd >>= 1;
        }
        c.cwnd = Math.max(cwnd, least);
        c.cwndStamp = (int) (now / Time.MILLI);
        c.cwndUsed = 0;
    }
}
