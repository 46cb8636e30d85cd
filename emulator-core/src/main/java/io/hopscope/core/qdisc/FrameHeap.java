package io.hopscope.core.qdisc;

import io.hopscope.encap.Frame;
import java.util.Arrays;

/** Frames by an instant each, the earliest first; those of one instant in order of their coming. */
public final class FrameHeap {
    private static final int FIRST = 16;

    private long[] times = {};
    private long[] orders = {};
    private Frame[] frames = {};
    private int size;
    private long order;

    public void add(Frame frame, long time) {
        if (size == frames.length) {
            int room = Math.max(FIRST, size * 2);
            times = Arrays.copyOf(times, room);
            orders = Arrays.copyOf(orders, room);
            frames = Arrays.copyOf(frames, room);
        }
        up(size++, frame, time, order++);
    }

    /** Of the first; {@link Long#MAX_VALUE} if there is none. */
    public long time() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    /** The first, which is the caller's now; null if there is none. */
    public Frame poll() {
        if (size == 0) {
            return null;
        }
        Frame first = frames[0];
        int last = --size;
        Frame moved = frames[last];
        frames[last] = null;
        if (last > 0) {
            down(moved, times[last], orders[last]);
        }
        return first;
    }

    public int size() {
        return size;
    }

    /** One of them, in no order. */
    public Frame get(int i) {
        return frames[i];
    }

    private boolean before(long time, long place, int other) {
        return time < times[other] || time == times[other] && place < orders[other];
    }

    private void put(int at, Frame frame, long time, long place) {
        frames[at] = frame;
        times[at] = time;
        orders[at] = place;
    }

    private void up(int from, Frame frame, long time, long place) {
        int at = from;
        while (at > 0) {
            int parent = at - 1 >>> 1;
            if (!before(time, place, parent)) {
                break;
            }
            put(at, frames[parent], times[parent], orders[parent]);
            at = parent;
        }
        put(at, frame, time, place);
    }

    private void down(Frame frame, long time, long place) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(times[child + 1], orders[child + 1], child)) {
                child++;
            }
            if (before(time, place, child)) {
                break;
            }
            put(at, frames[child], times[child], orders[child]);
            at = child;
        }
        put(at, frame, time, place);
    }
}
