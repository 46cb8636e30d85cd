package io.hopscope.protocols.tcp;

/**
 * CUBIC (RFC 9438) in integers, as Linux reckons it: C is 410 / 1024, beta 717 / 1024, time in 1 / 1024 s. Slow start ends by
 * HyStart: when the acknowledgments of a round come in for longer than half the least round trip, or round trips grow.
 */
final class Cubic implements CongestionControl {
    private static final int BETA = 717;
    private static final int ONE = 1024;
    /** C, times 1024. */
    private static final long C = 410;

    private static final int FRIENDLY = 8 * (ONE + BETA) / 3 / (ONE - BETA);
    static final int LEAST_WINDOW = 16;
    private static final int SAMPLES = 8;
    /** Microseconds. */
    private static final int TRAIN = 2000;

    private static final int LEAST_DELAY = 4000;
    private static final int MOST_DELAY = 16000;
    private static final long PAUSE = Time.SECOND / 32;

    private int count;
    private int lastMax;
    private int lastWindow;
    private long lastTime;
    private int origin;
    /** The time from the beginning of an epoch until the window is at its origin again, in 1 / 1024 s. */
    private int k;

    private int leastDelay;
    private long epoch;
    private int acked;
    private int renoWindow;

    // HyStart.
    private boolean found;
    private int samples;
    private long roundBegan;
    private long lastAck;
    private int roundEnd;
    private int roundRtt;

    Cubic(Connection c, long now) {
        reset();
        round(c, now);
    }

    @Override
    public String name() {
        return "cubic";
    }

    private void reset() {
        count = 0;
        lastMax = 0;
        lastWindow = 0;
        lastTime = 0;
        origin = 0;
        k = 0;
        leastDelay = 0;
        epoch = 0;
        acked = 0;
        renoWindow = 0;
        found = false;
    }

    private void round(Connection c, long now) {
        roundBegan = now;
        lastAck = now;
        roundEnd = c.sndNxt;
        roundRtt = Integer.MAX_VALUE;
        samples = 0;
    }

    @Override
    public int threshold(Connection c) {
        epoch = 0;
        boolean shrinks = c.cwnd < lastMax;
        lastMax = shrinks ? c.cwnd * (ONE + BETA) / (2 * ONE) : c.cwnd;
        return Math.max(c.cwnd * BETA / ONE, 2);
    }

    @Override
    public void grow(Connection c, int segments, long now) {
        if (!Window.limits(c)) {
            return;
        }
        int left = segments;
        if (c.cwnd < c.ssthresh) {
            left = Reno.slowStart(c, segments);
            if (left == 0) {
                return;
            }
        }
        update(c, left, now);
        Reno.avoid(c, count, left);
    }

    private void update(Connection c, int segments, long now) {
        acked += segments;
        if (lastWindow == c.cwnd && now - lastTime <= PAUSE) {
            return;
        }
        if (epoch == 0 || now - lastTime >= Time.MILLI) {
            lastWindow = c.cwnd;
            lastTime = now;
            curve(c, segments, now);
        }
        friendly(c);
        count = Math.max(count, 2);
    }

    /** W_cubic(t + RTT) of RFC 9438, section 4.2: after how many acknowledged segments the window grows by one. */
    private void curve(Connection c, int segments, long now) {
        if (epoch == 0) {
            epoch = Math.max(1, now);
            acked = segments;
            renoWindow = c.cwnd;
            origin = Math.max(lastMax, c.cwnd);
            k = lastMax <= c.cwnd ? 0 : cubeRoot((1L << 40) / C * (lastMax - c.cwnd));
        }
        long t = (((now - epoch) / Time.MILLI + leastDelay / 1000) << 10) / 1000;
        long off = Math.min(Math.abs(t - k), 1 << 17);
        long delta = C * off * off * off >> 40;
        long target = t < k ? origin - delta : origin + delta;
        count = target > c.cwnd ? (int) (c.cwnd / (target - c.cwnd)) : 100 * c.cwnd;
        if (lastMax == 0 && count > 20) {
            // Nothing is known of the path yet: five percent a round trip.
            count = 20;
        }
    }

    /** Never slower than Reno would be (RFC 9438, section 4.3). */
    private void friendly(Connection c) {
        int per = Math.max(1, c.cwnd * FRIENDLY >> 3);
        if (acked > per) {
            int more = (acked - 1) / per;
            acked -= more * per;
            renoWindow += more;
        }
        if (renoWindow > c.cwnd) {
            count = Math.min(count, c.cwnd / (renoWindow - c.cwnd));
        }
    }

    /** The largest integer whose cube is not larger. */
    static int cubeRoot(long value) {
        long root = 0;
        for (int bit = 20; bit >= 0; bit--) {
            long next = root | 1L << bit;
            if (next * next * next <= value) {
                root = next;
            }
        }
        return (int) root;
    }

    @Override
    public int undo(Connection c) {
        return Math.max(c.cwnd, c.flight.memory.priorCwnd);
    }

    @Override
    public void state(Connection c, int to, long now) {
        if (to == Recovery.LOSS) {
            reset();
            round(c, now);
        }
    }

    /** A pause does not count as time on the curve. */
    @Override
    public void resume(Connection c, long now) {
        long idle = now - c.lastSent;
        if (epoch != 0 && idle > 0) {
            epoch = Math.min(epoch + idle, now);
        }
    }

    @Override
    public void acked(Connection c, int micros, long now) {
        if (micros < 0 || epoch != 0 && now - epoch < Time.SECOND) {
            return;
        }
        int delay = Math.max(1, micros);
        if (leastDelay == 0 || leastDelay > delay) {
            leastDelay = delay;
        }
        if (!found && c.cwnd < c.ssthresh) {
            hystart(c, delay, now);
        }
    }

    private void hystart(Connection c, int delay, long now) {
        if (Seq.after(c.sndUna, roundEnd)) {
            round(c, now);
        }
        if (c.cwnd < LEAST_WINDOW) {
            return;
        }
        if ((now - lastAck) / Time.MICRO <= TRAIN) {
            lastAck = now;
            long burst = 4L * 65215 * 1_000_000 / Math.max(1, Window.pacingRate(c));
            long limit = leastDelay + Math.min(1000, burst) >> 1;
            if ((now - roundBegan) / Time.MICRO > limit) {
                leave(c, TcpCounter.HYSTART_TRAIN_DETECT, TcpCounter.HYSTART_TRAIN_CWND);
            }
        }
        roundRtt = Math.min(roundRtt, delay);
        if (samples < SAMPLES) {
            samples++;
        } else if (roundRtt > leastDelay + Math.max(LEAST_DELAY, Math.min(MOST_DELAY, leastDelay >> 3))) {
            leave(c, TcpCounter.HYSTART_DELAY_DETECT, TcpCounter.HYSTART_DELAY_CWND);
        }
    }

    private void leave(Connection c, TcpCounter how, TcpCounter at) {
        if (!found) {
            found = true;
            c.table.count(how);
            c.table.count(at, c.cwnd);
            c.ssthresh = c.cwnd;
        }
    }
}
