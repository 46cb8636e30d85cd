package io.hopscope.core;

import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one thread of the run writes: its pool, its observations, its counters, and news for other cells. */
final class Worker {
    private final int crowd;

    final int index;
    final FramePool pool = new FramePool();
    final List<Medium> outgrown = new ArrayList<>();
    /** Cables into which the node that runs has sent. */
    final ArrayList<Medium> unpublished = new ArrayList<>();
    /** Null when nothing is captured. */
    Chunk chunk;

    /** Of the node that runs. */
    final Agenda agenda = new Agenda();

    /** Keeps the compiler from leaving out loads whose values nobody needs. */
    long looked;

    private long[] notes = {};
    private int[] touched = {};
    private int touches;

    long originated;
    long copied;
    long consumed;
    long dropped;
    long events;

    Worker(int index, int crowd) {
        this.index = index;
        this.crowd = crowd;
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
    void tell(Soonest next) {
        for (int i = 0; i < touches; i++) {
            int cell = touched[i];
            next.lower(cell, notes[cell]);
            notes[cell] = Long.MAX_VALUE;
        }
        touches = 0;
    }

    /** Whether there are more frames than the caches hold. */
    boolean crowded() {
        return pool.made() > crowd;
    }

    /** The node has run its window: what it sent may be seen. */
    void publish() {
        for (int i = 0; i < unpublished.size(); i++) {
            unpublished.get(i).publish();
        }
        unpublished.clear();
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
