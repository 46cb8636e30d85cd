package io.hopscope.core;

import java.util.Arrays;

/**
 * When each cell has something to do next. The earliest of a row of cells is kept beside them: in most windows of a large
 * network few cells have anything to do, and what is theirs is found without a look at all the others.
 */
final class Soonest {
    private static final int SHIFT = 5;
    private static final int ROW = 1 << SHIFT;

    /** Filled up to whole rows with instants that never come. */
    private final long[] instants;

    private final long[] rows;

    Soonest(int cells) {
        rows = new long[(cells + ROW - 1) >> SHIFT];
        instants = new long[rows.length << SHIFT];
        Arrays.fill(instants, Long.MAX_VALUE);
        Arrays.fill(rows, Long.MAX_VALUE);
    }

    long of(int cell) {
        return instants[cell];
    }

    /** A cell has run. Its row is wrong until {@link #settle}, so that workers may say this of their own cells at once. */
    void ran(int cell, long next) {
        instants[cell] = next;
    }

    /** The cells that ran, in order, have all said when they go on. */
    void settle(int[] ran, int n) {
        int last = -1;
        for (int i = 0; i < n; i++) {
            int row = ran[i] >> SHIFT;
            if (row != last) {
                last = row;
                rows[row] = least(row);
            }
        }
    }

    private long least(int row) {
        long least = Long.MAX_VALUE;
        for (int i = row << SHIFT; i < row + 1 << SHIFT; i++) {
            least = Math.min(least, instants[i]);
        }
        return least;
    }

    /** A cell has something to do at an instant, beside what is known already. */
    void lower(int cell, long instant) {
        if (instant < instants[cell]) {
            instants[cell] = instant;
            rows[cell >> SHIFT] = Math.min(rows[cell >> SHIFT], instant);
        }
    }

    /** The earliest instant of all; {@link Long#MAX_VALUE} when nobody has anything to do. */
    long first() {
        long first = Long.MAX_VALUE;
        for (long each : rows) {
            first = Math.min(first, each);
        }
        return first;
    }

    /** Lists the cells with something to do before an instant, in order, and says how many. */
    int before(long end, int[] into) {
        int found = 0;
        for (int row = 0; row < rows.length; row++) {
            if (rows[row] < end) {
                for (int i = row << SHIFT; i < row + 1 << SHIFT; i++) {
                    if (instants[i] < end) {
                        into[found++] = i;
                    }
                }
            }
        }
        return found;
    }
}
