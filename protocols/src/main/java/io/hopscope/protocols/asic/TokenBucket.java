package io.hopscope.protocols.asic;

/**
 * A policer in packets a second (RFC 2697's green or red, one rate): integers and virtual time only, so that the long run
 * is exact. Full at the start.
 */
public final class TokenBucket {
    /** Picoseconds a second: the credit that one packet costs. */
    private static final long PACKET = 1_000_000_000_000L;

    /** More than this would not fit the arithmetic. */
    public static final long MOST = 1_000_000;

    private final long rate;
    private final long full;
    /** Picoseconds until an empty bucket is full. */
    private final long filling;

    private long credit;
    private long since;

    /**
     * @param rate packets a second
     * @param burst packets that may come at once
     */
    public TokenBucket(long rate, long burst) {
        if (rate < 1 || rate > MOST || burst < 1 || burst > MOST) {
            throw new IllegalArgumentException("a policer of " + rate + " packets/s, burst " + burst);
        }
        this.rate = rate;
        full = burst * PACKET;
        filling = full / rate + 1;
        credit = full;
    }

    public long rate() {
        return rate;
    }

    public long burst() {
        return full / PACKET;
    }

    /** Whether a packet conforms; if so it is paid for. */
    public boolean take(long now) {
        long elapsed = now - since;
        credit = elapsed >= filling ? full : Math.min(full, credit + elapsed * rate);
        since = now;
        if (credit < PACKET) {
            return false;
        }
        credit -= PACKET;
        return true;
    }
}
