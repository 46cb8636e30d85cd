package io.hopscope.core.qdisc;

import io.hopscope.encap.Frame;

/** First in, first out, up to a limit of frames or of bytes (pfifo, bfifo). */
final class Fifo extends Discipline {
    private final FrameQueue queue = new FrameQueue();
    private FifoSpec spec;

    Fifo(Exit exit, int handle, FifoSpec spec) {
        super(exit, handle, 0);
        this.spec = spec.complete(exit);
    }

    @Override
    public QdiscSpec spec() {
        return spec;
    }

    @Override
    public void enqueue(Frame frame, long now) {
        boolean room = spec.byBytes() ? queue.bytes() + frame.length() <= spec.limit() : queue.frames() < spec.limit();
        if (room) {
            queue.add(frame);
            took(frame);
        } else {
            drop(frame, Exit.Reason.FULL);
        }
    }

    @Override
    protected Frame next(long now) {
        return discard();
    }

    @Override
    public long deadline(long now) {
        return queue.peek() == null ? Long.MAX_VALUE : now;
    }

    @Override
    protected Frame discard() {
        Frame frame = queue.poll();
        if (frame != null) {
            gave(frame);
        }
        return frame;
    }

    @Override
    public boolean change(QdiscSpec to) {
        boolean same = to instanceof FifoSpec other && other.byBytes() == spec.byBytes();
        if (same) {
            spec = ((FifoSpec) to).complete(exit);
        }
        return same;
    }
}
