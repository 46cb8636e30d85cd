package io.hopscope.core;

import java.util.Arrays;

/**
 * Sorts references to observations by (time, node, order of recording). What comes in is a row of sorted runs, one a
 * node, so the runs are merged as they lie.
 */
final class RunOrder {
    long[] times = new long[256];
    /** Worker in the high half, index in its chunk in the low half. */
    long[] references = new long[256];

    int count;

    private final Chunk[] chunks;
    private long[] otherTimes = new long[256];
    private long[] otherReferences = new long[256];
    private int[] runs = new int[64];

    RunOrder(Chunk[] chunks) {
        this.chunks = chunks;
    }

    void add(int worker, int index, long time) {
        if (count == times.length) {
            times = Arrays.copyOf(times, count * 2);
            references = Arrays.copyOf(references, count * 2);
            otherTimes = new long[count * 2];
            otherReferences = new long[count * 2];
        }
        times[count] = time;
        references[count++] = (long) worker << 32 | index;
    }

    void sort() {
        int found = findRuns();
        while (found > 1) {
            int merged = 0;
            for (int i = 0; i < found; i += 2) {
                int from = runs[i];
                int middle = runs[i + 1];
                int to = i + 1 < found ? runs[i + 2] : middle;
                merge(from, middle, to);
                runs[merged++] = from;
            }
            runs[merged] = count;
            found = merged;
            swap();
        }
    }

    private int findRuns() {
        int found = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || after(i - 1, i)) {
                if (found + 2 >= runs.length) {
                    runs = Arrays.copyOf(runs, runs.length * 2);
                }
                runs[found++] = i;
            }
        }
        runs[found] = count;
        return found;
    }

    private void merge(int from, int middle, int to) {
        int a = from;
        int b = middle;
        for (int out = from; out < to; out++) {
            boolean second = a == middle || (b < to && after(a, b));
            int take = second ? b++ : a++;
            otherTimes[out] = times[take];
            otherReferences[out] = references[take];
        }
    }

    private boolean after(int a, int b) {
        return times[a] > times[b] || (times[a] == times[b] && node(a) > node(b));
    }

    private int node(int at) {
        long reference = references[at];
        return chunks[(int) (reference >>> 32)].nodeOrdinal((int) reference);
    }

    private void swap() {
        long[] t = times;
        times = otherTimes;
        otherTimes = t;
        long[] r = references;
        references = otherReferences;
        otherReferences = r;
    }

    /** How many of the sorted ones are earlier than an instant. */
    int before(long instant) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < instant) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    void removeFirst(int n) {
        System.arraycopy(times, n, times, 0, count - n);
        System.arraycopy(references, n, references, 0, count - n);
        count -= n;
    }
}
