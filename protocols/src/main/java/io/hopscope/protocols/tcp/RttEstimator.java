package io.hopscope.protocols.tcp;

/**
 * Smoothed round trip time and retransmission timeout (RFC 6298) in microseconds, with Linux's variance: at least 200 ms,
 * quick to rise, slow to fall, judged once a round trip.
 */
final class RttEstimator {
    /** RFC 6298, section 2.1. */
    static final int FIRST_RTO = 1_000_000;

    static final int MOST_RTO = 120_000_000;

    private RttEstimator() {}

    static void sample(Connection c, int micros) {
        int least = (int) (c.table.settings.minRto / Time.MICRO);
        // What is longer than any timeout makes no difference to one.
        int m = Math.max(1, Math.min(micros, MOST_RTO));
        if (c.srtt == 0) {
            c.srtt = m << 3;
            c.mdev = m << 1;
            c.rttvar = Math.max(c.mdev, least);
            c.mdevMax = c.rttvar;
            c.rttSeq = c.sndNxt;
        } else {
            deviate(c, m, least);
        }
        c.rto = bounded((c.srtt >> 3) + c.rttvar);
    }

    private static void deviate(Connection c, int sample, int least) {
        int m = sample - (c.srtt >> 3);
        c.srtt = Math.max(1, c.srtt + m);
        boolean shorter = m < 0;
        m = Math.abs(m) - (c.mdev >> 2);
        if (shorter && m > 0) {
            // A round trip that becomes shorter is no reason to wait longer.
            m >>= 3;
        }
        c.mdev += m;
        if (c.mdev > c.mdevMax) {
            c.mdevMax = c.mdev;
            c.rttvar = Math.max(c.rttvar, c.mdevMax);
        }
        if (Seq.after(c.sndUna, c.rttSeq)) {
            if (c.mdevMax < c.rttvar) {
                c.rttvar -= (c.rttvar - c.mdevMax) >> 2;
            }
            c.rttSeq = c.sndNxt;
            c.mdevMax = least;
        }
    }

    static int bounded(int micros) {
        return Math.min(micros, MOST_RTO);
    }

    /** The round trip that an echoed timestamp tells of; -1 for one that is not to be believed (tcp_rtt_tsopt_us). */
    static int byStamp(Connection c, int echo, long now) {
        int delta = c.stamp(now) - echo;
        return delta < 0 || delta >= Integer.MAX_VALUE / 1000 ? -1 : Math.max(1, delta) * 1000;
    }

    /** A span of time that has passed. */
    static int micros(long span) {
        return (int) Math.min(span / Time.MICRO, MOST_RTO);
    }

    /** The timeout after so many retransmissions, in picoseconds. */
    static long backedOff(Connection c) {
        return Math.min((long) c.rto << Math.min(c.backoff, 20), MOST_RTO) * Time.MICRO;
    }

    /** The timeout of the estimate alone: what a backed off one returns to. */
    static void restore(Connection c) {
        if (c.srtt != 0) {
            c.rto = bounded((c.srtt >> 3) + c.rttvar);
        }
        c.backoff = 0;
    }
}
