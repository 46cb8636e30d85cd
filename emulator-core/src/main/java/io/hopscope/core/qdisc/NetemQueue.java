package io.hopscope.core.qdisc;

import io.hopscope.encap.Frame;

/**
 * Linux's netem as a queue discipline: loses, doubles, damages, delays and reorders frames before they leave the port. What
 * it damages goes on with a right frame check sequence. No slots.
 */
final class NetemQueue extends Discipline {
    private final Netem netem;
    private final FrameQueue ahead = new FrameQueue();
    private final FrameHeap delayed = new FrameHeap();
    /** When the last of those that are delayed may go. */
    private long latest;

    NetemQueue(Exit exit, int handle, NetemSpec spec) {
        super(exit, handle, 1);
        netem = new Netem(spec, purpose -> exit.stream("netem " + purpose));
    }

    @Override
    public QdiscSpec spec() {
        return netem.spec();
    }

    @Override
    public void enqueue(Frame frame, long now) {
        boolean twice = netem.duplicates();
        if (loses(frame)) {
            if (!twice) {
                drop(frame, Exit.Reason.NETEM_LOSS);
                return;
            }
            twice = false;
        }
        Frame copy = twice ? exit.copy(frame) : null;
        admit(frame, now);
        // The copy comes in as any other frame does, but has no copy of its own.
        if (copy != null && loses(copy)) {
            drop(copy, Exit.Reason.NETEM_LOSS);
        } else if (copy != null) {
            admit(copy, now);
        }
    }

    private boolean loses(Frame frame) {
        if (!netem.loses()) {
            return false;
        } else if (netem.spares(frame)) {
            countDrop();
            return false;
        }
        return true;
    }

    private void admit(Frame frame, long now) {
        if (netem.corrupts()) {
            netem.corrupt(frame);
        }
        if (own() >= netem.spec().limit()) {
            drop(frame, Exit.Reason.NETEM_LIMIT);
            return;
        }
        took(frame);
        if (netem.ahead()) {
            ahead.add(frame);
            requeues++;
        } else {
            long at = departure(frame, now);
            latest = delayed.size() == 0 ? at : Math.max(latest, at);
            delayed.add(frame, at);
        }
    }

    /** With a rate, frames follow one another: the last of those that wait is what delay counts from. */
    private long departure(Frame frame, long now) {
        long delay = netem.delay();
        Pace pace = netem.spec().pace();
        if (pace.rate() == 0) {
            return now + delay;
        } else if (delayed.size() == 0) {
            return now + delay + pace.time(frame.length());
        }
        return latest + Math.max(0, delay - (latest - now)) + pace.time(frame.length());
    }

    @Override
    protected Frame next(long now) {
        Frame frame = discardAhead();
        Discipline inner = of(1);
        while (frame == null && delayed.time() <= now) {
            frame = delayed.poll();
            gave(frame);
            if (inner != null) {
                inner.enqueue(frame, now);
                frame = null;
            }
        }
        return frame != null || inner == null ? frame : inner.dequeue(now);
    }

    private Frame discardAhead() {
        Frame frame = ahead.poll();
        if (frame != null) {
            gave(frame);
        }
        return frame;
    }

    @Override
    public long deadline(long now) {
        if (ahead.peek() != null) {
            return now;
        }
        long first = delayed.time();
        return of(1) == null ? first : Math.min(first, of(1).deadline(now));
    }

    @Override
    protected Frame discard() {
        Frame frame = discardAhead();
        if (frame == null && delayed.size() > 0) {
            frame = delayed.poll();
            gave(frame);
        }
        return frame;
    }

    @Override
    public boolean change(QdiscSpec to) {
        if (to instanceof NetemSpec other) {
            netem.become(other);
        }
        return to instanceof NetemSpec;
    }
}
