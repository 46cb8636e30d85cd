package io.hopscope.core.qdisc;

/**
 * {@code tbf}: a token bucket.
 *
 * @param rate bits per second
 * @param burst bytes that may go at once
 * @param limit bytes that wait
 * @param peakRate bits per second, however full the bucket is; 0 for none
 * @param mtu bytes that may go at once at the peak rate
 * @param overhead bytes that a frame counts for beside its own
 */
public record TbfSpec(long rate, long burst, long limit, long peakRate, long mtu, int overhead) implements QdiscSpec {
    public TbfSpec {
        if (rate < 1 || burst < 1 || limit < 0 || peakRate < 0 || peakRate > 0 && mtu < 1) {
            throw new IllegalArgumentException("a token bucket of rate " + rate + ", burst " + burst + ", limit "
                    + limit + ", peak rate " + peakRate + ", mtu " + mtu);
        }
    }

    @Override
    public String kind() {
        return "tbf";
    }

    @Override
    public Discipline make(Exit exit, int handle) {
        return new Tbf(exit, handle, this);
    }
}
