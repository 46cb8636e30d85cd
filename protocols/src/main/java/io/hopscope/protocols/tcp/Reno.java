package io.hopscope.protocols.tcp;

/** Slow start and congestion avoidance of RFC 5681, with NewReno's recovery (RFC 6582). Remembers nothing. */
final class Reno implements CongestionControl {
    static final Reno INSTANCE = new Reno();

    @Override
    public String name() {
        return "reno";
    }

    @Override
    public int threshold(Connection c) {
        return Math.max(c.cwnd >> 1, 2);
    }

    @Override
    public void grow(Connection c, int acked, long now) {
        if (!Window.limits(c)) {
            return;
        }
        int left = acked;
        if (c.cwnd < c.ssthresh) {
            left = slowStart(c, acked);
            if (left == 0) {
                return;
            }
        }
        avoid(c, c.cwnd, left);
    }

    @Override
    public int undo(Connection c) {
        return Math.max(c.cwnd, c.flight.memory.priorCwnd);
    }

    /** Up to the threshold; returns what is left of the acknowledged segments. */
    static int slowStart(Connection c, int acked) {
        int cwnd = Math.min(c.cwnd + acked, c.ssthresh);
        int left = acked - (cwnd - c.cwnd);
        c.cwnd = cwnd;
        return left;
    }

    /** One more for every {@code per} segments. */
    static void avoid(Connection c, int per, int acked) {
        int w = Math.max(1, per);
        if (c.cwndCount >= w) {
            c.cwndCount = 0;
            c.cwnd++;
        }
        c.cwndCount += acked;
        if (c.cwndCount >= w) {
            int more = c.cwndCount / w;
            c.cwndCount -= more * w;
            c.cwnd += more;
        }
    }
}
