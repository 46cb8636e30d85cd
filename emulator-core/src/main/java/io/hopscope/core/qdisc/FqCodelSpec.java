package io.hopscope.core.qdisc;

/**
 * {@code fq_codel} (RFC 8290).
 *
 * @param limit frames that wait at once
 * @param flows queues that flows are shared out to
 * @param quantum bytes of a flow in one round; 0 for a frame of the port's MTU
 * @param target picoseconds that a frame may wait
 * @param interval picoseconds within which one of them should not
 * @param memory bytes of memory at once, as Linux reckons a frame's
 * @param ecn whether frames are marked instead of dropped, where they are capable of it
 * @param markAbove picoseconds of waiting from which every frame is marked; -1 for never
 * @param batch frames that are dropped at once when there is no more room
 */
public record FqCodelSpec(
        int limit,
        int flows,
        int quantum,
        long target,
        long interval,
        long memory,
        boolean ecn,
        long markAbove,
        int batch)
        implements QdiscSpec {
    private static final long MILLISECOND = 1_000_000_000L;

    /** Linux's. */
    public static final FqCodelSpec DEFAULT =
            new FqCodelSpec(10240, 1024, 0, 5 * MILLISECOND, 100 * MILLISECOND, 32 << 20, true, -1, 64);

    public FqCodelSpec {
        if (limit < 0 || flows < 1 || flows > 65536 || quantum < 0 || target < 0 || interval < 1 || batch < 1) {
            throw new IllegalArgumentException("fq_codel with limit " + limit + ", " + flows + " flows, quantum "
                    + quantum + ", target " + target + " ps, interval " + interval + " ps, drop_batch " + batch);
        }
    }

    @Override
    public String kind() {
        return "fq_codel";
    }

    @Override
    public Discipline make(Exit exit, int handle) {
        return new FqCodel(exit, handle, this);
    }

    FqCodelSpec complete(Exit exit) {
        return quantum > 0
                ? this
                : new FqCodelSpec(limit, flows, exit.mtu() + 14, target, interval, memory, ecn, markAbove, batch);
    }
}
