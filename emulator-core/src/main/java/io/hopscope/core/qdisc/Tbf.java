package io.hopscope.core.qdisc;

import io.hopscope.encap.Frame;

/** A token bucket (sch_tbf): frames wait until there are tokens for them, which come at a rate. */
final class Tbf extends Discipline {
    private static final long BIT_SECONDS = 8_000_000_000_000L;

    private TbfSpec spec;
    /** Tokens are time: what a bucket full of bytes takes at its rate. */
    private long bucket;

    private long peakBucket;
    private long tokens;
    private long peakTokens;
    private long reckoned;
    /** Taken from the class within already; it goes when there are tokens. */
    private Frame held;

    Tbf(Exit exit, int handle, TbfSpec spec) {
        super(exit, handle, 1);
        adopt(spec);
        clear(1);
        tokens = bucket;
        peakTokens = peakBucket;
    }

    @Override
    protected Discipline standard() {
        return new FifoSpec(true, spec.limit()).make(exit, 0);
    }

    private void adopt(TbfSpec to) {
        spec = to;
        bucket = time(to.burst(), to.rate());
        peakBucket = to.peakRate() == 0 ? 0 : time(to.mtu(), to.peakRate());
        tokens = Math.min(tokens, bucket);
        peakTokens = Math.min(peakTokens, peakBucket);
    }

    private static long time(long bytes, long rate) {
        return bytes > 1_000_000 ? (long) (bytes * (double) BIT_SECONDS / rate) : bytes * BIT_SECONDS / rate;
    }

    @Override
    public QdiscSpec spec() {
        return spec;
    }

    @Override
    public void enqueue(Frame frame, long now) {
        long most = spec.peakRate() == 0 ? spec.burst() : Math.min(spec.burst(), spec.mtu());
        if (frame.length() > most) {
            drop(frame, Exit.Reason.LARGER_THAN_BURST);
        } else {
            of(1).enqueue(frame, now);
        }
    }

    @Override
    protected Frame next(long now) {
        Frame frame = head(now);
        if (frame == null) {
            return null;
        }
        long left = left(frame, now);
        long peakLeft = peakLeft(frame, now);
        if (left < 0 || peakLeft < 0) {
            overlimits++;
            return null;
        }
        tokens = left;
        peakTokens = peakLeft;
        reckoned = now;
        held = null;
        gave(frame);
        return frame;
    }

    private Frame head(long now) {
        if (held == null) {
            held = of(1).dequeue(now);
            if (held != null) {
                took(held);
            }
        }
        return held;
    }

    private long left(Frame frame, long now) {
        long earned = Math.min(now - reckoned, bucket);
        return Math.min(bucket, tokens + earned) - time(frame.length() + spec.overhead(), spec.rate());
    }

    private long peakLeft(Frame frame, long now) {
        if (spec.peakRate() == 0) {
            return 0;
        }
        long earned = Math.min(now - reckoned, bucket);
        return Math.min(peakBucket, peakTokens + earned) - time(frame.length() + spec.overhead(), spec.peakRate());
    }

    @Override
    public long deadline(long now) {
        Frame frame = head(now);
        if (frame == null) {
            return of(1).deadline(now);
        }
        return now + Math.max(0, Math.max(-left(frame, now), -peakLeft(frame, now)));
    }

    @Override
    protected Frame discard() {
        Frame frame = held;
        if (frame != null) {
            held = null;
            gave(frame);
        }
        return frame;
    }

    @Override
    public boolean change(QdiscSpec to) {
        if (to instanceof TbfSpec other) {
            adopt(other);
            of(1).change(new FifoSpec(true, other.limit()));
        }
        return to instanceof TbfSpec;
    }
}
