package io.hopscope.core.qdisc;

import io.hopscope.encap.Frame;

/**
 * Strict priority (sch_prio): a frame goes into the band that its type of service maps to, and a band is served only while
 * those before it are empty. No filters.
 */
final class Prio extends Discipline {
    private PrioSpec spec;
    private int[] bands;

    Prio(Exit exit, int handle, PrioSpec spec) {
        super(exit, handle, spec.bands());
        adopt(spec);
    }

    private void adopt(PrioSpec to) {
        spec = to;
        bands = to.map().stream().mapToInt(Integer::intValue).toArray();
        for (int i = 1; i <= to.bands(); i++) {
            if (of(i) == null) {
                clear(i);
            }
        }
    }

    @Override
    protected Discipline standard() {
        return new FifoSpec(false, -1).make(exit, 0);
    }

    @Override
    public QdiscSpec spec() {
        return spec;
    }

    @Override
    public void enqueue(Frame frame, long now) {
        of(bands[Priority.of(frame)] + 1).enqueue(frame, now);
    }

    @Override
    protected Frame next(long now) {
        for (int i = 1; i <= classes(); i++) {
            Frame frame = of(i).dequeue(now);
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    @Override
    public long deadline(long now) {
        long first = Long.MAX_VALUE;
        for (int i = 1; i <= classes(); i++) {
            first = Math.min(first, of(i).deadline(now));
        }
        return first;
    }

    @Override
    protected Frame discard() {
        return null;
    }

    @Override
    public boolean change(QdiscSpec to) {
        if (to instanceof PrioSpec other) {
            resize(other.bands());
            adopt(other);
        }
        return to instanceof PrioSpec;
    }
}
