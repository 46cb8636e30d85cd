package io.hopscope.core.qdisc;

import io.hopscope.encap.Frame;
import io.hopscope.encap.TrafficClass;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The choices of Linux's netem, frame by frame. Each kind of choice has a stream of its own, so that a cable that is given
 * jitter loses the same frames as before.
 */
public final class Netem {
    private final Function<String, LongSupplier> streams;
    private NetemSpec spec;
    private final Loss.State state = new Loss.State();
    private Dice loss;
    private Dice delay;
    private Dice duplicate;
    private Dice corrupt;
    private Dice reorder;
    /** Frames since one went ahead. */
    private int counter;

    /**
     * @param streams by purpose: {@code loss}, {@code delay}...
     */
    public Netem(NetemSpec spec, Function<String, LongSupplier> streams) {
        this.streams = streams;
        become(spec);
    }

    public NetemSpec spec() {
        return spec;
    }

    /** Does as another specification says from now on; what is drawn goes on where it was. */
    public void become(NetemSpec to) {
        if (spec == null || !to.loss().equals(spec.loss())) {
            state.reset();
        }
        spec = to;
        if (loss == null && !to.loss().equals(Loss.NONE)) {
            loss = dice("loss");
        }
        if (delay == null && to.delay().jitter() != 0) {
            delay = dice("delay");
        }
        if (duplicate == null && !to.duplicate().never()) {
            duplicate = dice("duplicate");
        }
        if (corrupt == null && !to.corrupt().never()) {
            corrupt = dice("corrupt");
        }
        if (reorder == null && !to.reorder().never()) {
            reorder = dice("reorder");
        }
    }

    private Dice dice(String purpose) {
        return new Dice(streams.apply(purpose));
    }

    public boolean duplicates() {
        return !spec.duplicate().never() && duplicate.hits(spec.duplicate());
    }

    /** Whether the frame at hand is lost. */
    public boolean loses() {
        return loss != null && state.loses(spec.loss(), loss);
    }

    /** Where a lost frame is to be marked instead, marks it; returns whether it could. */
    public boolean spares(Frame frame) {
        return spec.ecn() && TrafficClass.congested(frame);
    }

    public boolean corrupts() {
        return !spec.corrupt().never() && corrupt.hits(spec.corrupt());
    }

    /** Turns over one bit somewhere. */
    public void corrupt(Frame frame) {
        if (frame.length() > 0) {
            long drawn = corrupt.draw();
            int at = (int) (drawn * frame.length() >>> 32);
            frame.bytes()[frame.start() + at] ^= (byte) (1 << (corrupt.draw() & 7));
        }
    }

    /** Whether the frame at hand goes ahead of those that are delayed. */
    public boolean ahead() {
        if (spec.gap() == 0 || counter < spec.gap() - 1 || spec.reorder().never() || !reorder.hits(spec.reorder())) {
            counter++;
            return false;
        }
        counter = 0;
        return true;
    }

    /** How long a frame is delayed; may be less than nothing. */
    public long delay() {
        Delay d = spec.delay();
        return d.jitter() == 0 ? d.mean() : d.distribution().draw(d.mean(), d.jitter(), delay.draw(d.correlation()));
    }
}
