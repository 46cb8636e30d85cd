package io.hopscope.devices;

import java.util.Arrays;
import java.util.List;

/**
 * Counters of a device at regular instants. Nothing is scheduled: whoever changes a counter says the time before, so that
 * looking changes no result. A row that is like the one before is left out.
 */
public final class TimeSeries {
    /** Writes the counters as they are now. */
    @FunctionalInterface
    public interface Source {
        /**
         * @param idle nothing has happened in the interval that ends here
         */
        void read(long[] into, boolean idle);
    }

    private final List<String> names;
    private final long interval;
    private final Source source;
    private long due;
    private long[][] rows = {};
    private int size;

    /**
     * @param names one a counter
     * @param interval picoseconds between two rows
     */
    public TimeSeries(List<String> names, long interval, Source source) {
        this.names = List.copyOf(names);
        this.interval = interval;
        this.source = source;
        due = interval;
    }

    public List<String> names() {
        return names;
    }

    /** Something is going to change: rows that were due are written first. */
    public void advance(long now) {
        if (now >= due) {
            catchUp(now);
        }
    }

    private void catchUp(long now) {
        row(due, false);
        due += interval;
        if (now >= due) {
            row(due, true);
            due += (now - due) / interval * interval + interval;
        }
    }

    /** The end of the run: the counters as they are. */
    public void finish(long now) {
        advance(now);
        row(now, false);
    }

    private void row(long instant, boolean idle) {
        long[] row = new long[names.size() + 1];
        long[] values = new long[names.size()];
        source.read(values, idle);
        row[0] = instant;
        System.arraycopy(values, 0, row, 1, values.length);
        if (size > 0 && Arrays.equals(rows[size - 1], 1, row.length, row, 1, row.length)) {
            return;
        }
        if (size == rows.length) {
            rows = Arrays.copyOf(rows, Math.max(16, size * 2));
        }
        rows[size++] = row;
    }

    /** How many rows there are. */
    public int size() {
        return size;
    }

    /** When a row was written, in picoseconds. */
    public long instant(int row) {
        return rows[row][0];
    }

    /**
     * @param counter position of its name
     */
    public long value(int row, int counter) {
        return rows[row][counter + 1];
    }

    /** The last value of a counter. */
    public long last(String name) {
        return rows[size - 1][names.indexOf(name) + 1];
    }
}
