package io.hopscope.core;

import io.hopscope.encap.Frame;

/** A worker's frames: a stack for each size class, last in, first out, so that the next frame is warm in the cache. */
final class FramePool {
    /** Stands in {@link Frame#mark} of a frame that nobody owns. */
    private static final int POOLED = 0x9e0_01ed;

    /** The largest size class that shares arrays, and how many frames one array has at first and at most. */
    private static final int SHARED = 1;

    private static final int FIRST = 8;
    private static final int MOST = 256;

    private final Frame[] tops = new Frame[Frame.CLASSES.length];
    private final int[] counts = new int[Frame.CLASSES.length];
    private int batch = FIRST;
    private long made;

    Frame take(int length) {
        int sizeClass = Frame.classFor(length);
        Frame frame = tops[sizeClass];
        if (frame == null) {
            if (sizeClass > SHARED) {
                made++;
                return new Frame(sizeClass).reset(length);
            }
            frame = make(sizeClass);
        }
        tops[sizeClass] = frame.next;
        counts[sizeClass]--;
        frame.next = null;
        frame.mark = 0;
        return frame.reset(length);
    }

    /** Small frames are made many at a time, more each time, and share an array. */
    private Frame make(int sizeClass) {
        int room = Frame.room(sizeClass);
        int frames = Math.min(MOST, batch);
        byte[] slab = new byte[frames * room];
        batch = frames * 2;
        for (int i = frames - 1; i >= 0; i--) {
            push(sizeClass, new Frame(sizeClass, slab, i * room));
        }
        made += frames;
        return tops[sizeClass];
    }

    void give(Frame frame) {
        if (frame.mark == POOLED) {
            throw new IllegalStateException("a frame was released twice");
        }
        frame.ended();
        push(frame.sizeClass(), frame);
    }

    private void push(int sizeClass, Frame frame) {
        frame.mark = POOLED;
        frame.next = tops[sizeClass];
        tops[sizeClass] = frame;
        counts[sizeClass]++;
    }

    long made() {
        return made;
    }

    long pooled() {
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }

    /** Moves frames in batches to the pool that has fewer; called where neither is in use. */
    void level(FramePool other) {
        for (int i = 0; i < tops.length; i++) {
            int surplus = counts[i] - other.counts[i];
            if (surplus > 512) {
                move(i, surplus / 2, other);
            } else if (surplus < -512) {
                other.move(i, -surplus / 2, this);
            }
        }
    }

    private void move(int sizeClass, int frames, FramePool to) {
        for (int i = 0; i < frames; i++) {
            Frame frame = tops[sizeClass];
            tops[sizeClass] = frame.next;
            frame.next = to.tops[sizeClass];
            to.tops[sizeClass] = frame;
        }
        counts[sizeClass] -= frames;
        to.counts[sizeClass] += frames;
    }
}
