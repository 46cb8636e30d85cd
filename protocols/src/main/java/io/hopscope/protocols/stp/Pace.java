package io.hopscope.protocols.stp;

/** When a timer goes off that was set for a time from now. */
public interface Pace {
    /** To the picosecond. */
    Pace EXACT = new Pace() {
        @Override
        public long after(long now, long delay) {
            return now + delay;
        }

        @Override
        public long aligned(long now, long delay) {
            return now + delay;
        }
    };

    /**
     * As Linux's timer wheel does it, with a jiffy of 4 ms that began with the run (kernel/time/timer.c): the farther a
     * timer is away, the coarser the bucket that it waits in, and it goes off at the bucket's end. A forward delay of 15 s
     * is up to 256 ms late.
     */
    Pace LINUX = new Pace() {
        private static final long JIFFY = 4_000_000_000L;
        private static final long HZ = 250;

        @Override
        public long after(long now, long delay) {
            return expiry(now / JIFFY, now / JIFFY + delay / JIFFY);
        }

        /** round_jiffies: to the whole second, up unless less than a quarter has gone. */
        @Override
        public long aligned(long now, long delay) {
            long current = now / JIFFY;
            long wanted = current + delay / JIFFY;
            long part = wanted % HZ;
            long rounded = part < HZ / 4 ? wanted - part : wanted - part + HZ;
            return expiry(current, rounded > current ? rounded : wanted);
        }

        private static long expiry(long current, long wanted) {
            int shift = 0;
            for (long most = 63; wanted - current >= most && shift < 24; most <<= 3) {
                shift += 3;
            }
            return ((wanted >> shift) + 1 << shift) * JIFFY;
        }
    };

    long after(long now, long delay);

    /** The same, at the turn of a second where the system rounds timers of little hurry. */
    long aligned(long now, long delay);
}
