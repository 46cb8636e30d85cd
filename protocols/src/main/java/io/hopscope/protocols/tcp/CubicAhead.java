package io.hopscope.protocols.tcp;

/** CUBIC before there is anything to remember: who has not yet filled its window. The first who needs more makes it. */
final class CubicAhead implements CongestionControl {
    static final CubicAhead INSTANCE = new CubicAhead();

    private static Cubic begin(Connection c, long now) {
        Cubic cubic = new Cubic(c, now);
        c.congestion = cubic;
        return cubic;
    }

    @Override
    public String name() {
        return "cubic";
    }

    @Override
    public int threshold(Connection c) {
        return begin(c, 0).threshold(c);
    }

    @Override
    public void grow(Connection c, int delivered, long now) {
        if (!Window.limits(c)) {
            return;
        }
        int left = c.cwnd < c.ssthresh ? Reno.slowStart(c, delivered) : delivered;
        if (left > 0) {
            begin(c, now).grow(c, left, now);
        }
    }

    @Override
    public int undo(Connection c) {
        return begin(c, 0).undo(c);
    }

    /** HyStart's rounds are counted from the first acknowledgment of the first flight that fills the window. */
    @Override
    public void acked(Connection c, int micros, long now) {
        if (Window.limits(c)) {
            begin(c, now).acked(c, micros, now);
        }
    }
}
