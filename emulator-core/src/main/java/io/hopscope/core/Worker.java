package io.hopscope.core;

import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one thread of the run writes: its pool, its observations, its counters, and news for other cells. */
final class Worker {
    final int index;
    final FramePool pool = new FramePool();
    final List<Medium> outgrown = new ArrayList<>();
    /** Null when nothing is captured. */
    Chunk chunk;

    private long[] notes = {};
    private int[] touched = {};
    private int touches;

    long originated;
    long copied;
    long consumed;
    long dropped;
    long events;

    Worker(int index) {
        this.index = index;
    }

    void cells(int count) {
        notes = new long[count];
        Arrays.fill(notes, Long.MAX_VALUE);
        touched = new int[count];
    }

    /** A frame is on its way to a cell. */
    void note(int cell, long arrival) {
        long known = notes[cell];
        if (arrival < known) {
            if (known == Long.MAX_VALUE) {
                touched[touches++] = cell;
            }
            notes[cell] = arrival;
        }
    }

    /** At a window's edge: lowers the cells' next instants by what was noted. */
    void tell(long[] next) {
        for (int i = 0; i < touches; i++) {
            int cell = touched[i];
            if (notes[cell] < next[cell]) {
                next[cell] = notes[cell];
            }
            notes[cell] = Long.MAX_VALUE;
        }
        touches = 0;
    }

    void outgrown(Medium medium) {
        outgrown.add(medium);
    }

    void consume(Frame frame) {
        consumed++;
        pool.give(frame);
    }

    void drop(Frame frame) {
        dropped++;
        pool.give(frame);
    }
}
