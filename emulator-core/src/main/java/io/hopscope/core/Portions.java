package io.hopscope.core;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A window's cells, dealt out to workers: each has a stretch of the row, takes from its front, and helps whoever has most
 * left from the back when its own is done. So the same cells come to the same worker as a rule, and nobody waits for long.
 */
final class Portions {
    /** Numbers of different workers lie on different cache lines. */
    private static final int APART = 16;

    /** No more cells are taken at once: what a worker holds, nobody can help with. */
    private static final int MOST = Cell.GROUP;

    private final int workers;
    /** The first cell that is left of each stretch, and above it the end. */
    private final AtomicLongArray left;

    Portions(int workers) {
        this.workers = workers;
        left = new AtomicLongArray((workers + 1) * APART);
    }

    /** To be called while nobody takes any. */
    void deal(int count) {
        for (int i = 0; i < workers; i++) {
            long from = (long) count * i / workers;
            long to = (long) count * (i + 1) / workers;
            left.setPlain((i + 1) * APART, to << 32 | from);
        }
    }

    /**
     * Some cells that lie side by side for a worker to run.
     *
     * @return the first of them, and above it the one after the last; -1 when none is left
     */
    long take(int worker) {
        long own = take(worker, false);
        while (own < 0) {
            int other = richest();
            if (other < 0) {
                return -1;
            }
            own = take(other, true);
        }
        return own;
    }

    private long take(int worker, boolean back) {
        int at = (worker + 1) * APART;
        while (true) {
            long now = left.get(at);
            int from = (int) now;
            int to = (int) (now >>> 32);
            if (from >= to) {
                return -1;
            }
            int some = Math.min(MOST, to - from + 3 >> 2);
            long rest = back ? (long) (to - some) << 32 | from : (long) to << 32 | from + some;
            if (left.compareAndSet(at, now, rest)) {
                return back ? (long) to << 32 | to - some : (long) (from + some) << 32 | from;
            }
        }
    }

    private int richest() {
        int richest = -1;
        int most = 0;
        for (int i = 0; i < workers; i++) {
            long now = left.get((i + 1) * APART);
            int rest = (int) (now >>> 32) - (int) now;
            if (rest > most) {
                most = rest;
                richest = i;
            }
        }
        return richest;
    }
}
