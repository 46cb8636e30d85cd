package io.hopscope.core;

import io.hopscope.encap.Frame;

/** A worker's frames: a stack for each size class, last in, first out, so that the next frame is warm in the cache. */
final class FramePool {
    /** Stands in {@link Frame#mark} of a frame that nobody owns. */
    private static final int POOLED = 0x9e0_01ed;

    private final Frame[] tops = new Frame[Frame.CLASSES.length];
    private final int[] counts = new int[Frame.CLASSES.length];
    private long made;

    Frame take(int length) {
        int sizeClass = Frame.classFor(length);
        Frame frame = tops[sizeClass];
        if (frame == null) {
            made++;
            return new Frame(sizeClass).reset(length);
        }
        tops[sizeClass] = frame.next;
        counts[sizeClass]--;
        frame.next = null;
        frame.mark = 0;
        return frame.reset(length);
    }

    void give(Frame frame) {
        if (frame.mark == POOLED) {
            throw new IllegalStateException("a frame was released twice");
        }
        frame.mark = POOLED;
        int sizeClass = frame.sizeClass();
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
