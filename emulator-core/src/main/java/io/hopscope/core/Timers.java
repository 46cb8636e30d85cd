package io.hopscope.core;

import java.util.Arrays;

/**
 * A node's armed timers: a binary heap by (deadline, order of arming). The deadlines lie by themselves, so that a search
 * down the heap reads one or two cache lines and not as many as there are timers on its way.
 */
final class Timers {
    private static final Timer[] NONE = {};

    private Timer[] heap = NONE;
    private long[] deadlines = {};
    private int size;
    private long orders;

    long deadline() {
        return size == 0 ? Long.MAX_VALUE : deadlines[0];
    }

    void schedule(Timer timer, long deadline) {
        timer.deadline = deadline;
        timer.order = orders++;
        if (timer.firing) {
            return;
        }
        if (timer.slot >= 0) {
            int at = timer.slot;
            deadlines[at] = deadline;
            up(at, timer, deadline);
            down(timer.slot, timer, deadline);
            return;
        }
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.max(4, size * 2));
            deadlines = Arrays.copyOf(deadlines, heap.length);
        }
        up(size++, timer, deadline);
    }

    /** Lets the first timer expire. It keeps its place until it has: most are armed anew at once, and move down from there. */
    void fire(long now) {
        Timer first = heap[0];
        first.deadline = Long.MAX_VALUE;
        first.firing = true;
        try {
            first.expire(now);
        } finally {
            first.firing = false;
            settle(first);
        }
    }

    private void settle(Timer timer) {
        int at = timer.slot;
        if (timer.deadline != Long.MAX_VALUE) {
            // Up as well: another timer may have been armed for an instant before this one's and stand above it.
            up(at, timer, timer.deadline);
            down(timer.slot, timer, timer.deadline);
            return;
        }
        timer.slot = -1;
        Timer last = heap[--size];
        heap[size] = null;
        if (at < size) {
            up(at, last, deadlines[size]);
            down(last.slot, last, last.deadline);
        }
    }

    /** No timer is armed any more. */
    void clear() {
        for (int i = 0; i < size; i++) {
            heap[i].slot = -1;
            heap[i].deadline = Long.MAX_VALUE;
            heap[i].cancel();
            heap[i] = null;
        }
        size = 0;
    }

    private boolean before(long deadline, Timer timer, int other) {
        return deadline < deadlines[other] || (deadline == deadlines[other] && timer.order < heap[other].order);
    }

    private void put(int at, Timer timer, long deadline) {
        heap[at] = timer;
        deadlines[at] = deadline;
        timer.slot = at;
    }

    private void up(int from, Timer timer, long deadline) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!before(deadline, timer, parent)) {
                break;
            }
            put(at, heap[parent], deadlines[parent]);
            at = parent;
        }
        put(at, timer, deadline);
    }

    private void down(int from, Timer timer, long deadline) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(deadlines[child + 1], heap[child + 1], child)) {
                child++;
            }
            if (before(deadline, timer, child)) {
                break;
            }
            put(at, heap[child], deadlines[child]);
            at = child;
        }
        put(at, timer, deadline);
    }
}
