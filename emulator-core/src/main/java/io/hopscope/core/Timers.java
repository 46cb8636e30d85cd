package io.hopscope.core;

import java.util.Arrays;

/** A node's armed timers: a binary heap by (deadline, order of arming). */
final class Timers {
    private static final Timer[] NONE = {};

    private Timer[] heap = NONE;
    private int size;
    private long orders;

    long deadline() {
        return size == 0 ? Long.MAX_VALUE : heap[0].deadline;
    }

    void schedule(Timer timer, long deadline) {
        timer.deadline = deadline;
        timer.order = orders++;
        if (timer.slot >= 0) {
            int at = timer.slot;
            up(at, timer);
            down(timer.slot, timer);
            return;
        }
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.max(4, size * 2));
        }
        up(size++, timer);
    }

    Timer pop() {
        Timer first = heap[0];
        first.slot = -1;
        Timer last = heap[--size];
        heap[size] = null;
        if (size > 0) {
            down(0, last);
        }
        return first;
    }

    private static boolean before(Timer a, Timer b) {
        return a.deadline < b.deadline || (a.deadline == b.deadline && a.order < b.order);
    }

    private void up(int at, Timer timer) {
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            Timer above = heap[parent];
            if (!before(timer, above)) {
                break;
            }
            heap[at] = above;
            above.slot = at;
            at = parent;
        }
        heap[at] = timer;
        timer.slot = at;
    }

    private void down(int at, Timer timer) {
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            Timer below = heap[child];
            if (!before(below, timer)) {
                break;
            }
            heap[at] = below;
            below.slot = at;
            at = child;
        }
        heap[at] = timer;
        timer.slot = at;
    }
}
