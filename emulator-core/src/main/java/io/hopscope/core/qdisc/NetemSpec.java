package io.hopscope.core.qdisc;

/**
 * What befalls frames on their way: {@code netem} as a discipline, and the impairments of a cable.
 *
 * @param limit frames that wait at once; of a discipline only
 * @param ecn marks what is capable of ECN instead of losing it
 * @param reorder how many frames go ahead of those that are delayed
 * @param gap only each frame of this number may
 */
public record NetemSpec(
        int limit,
        Delay delay,
        Loss loss,
        boolean ecn,
        Chance duplicate,
        Chance corrupt,
        Chance reorder,
        int gap,
        Pace pace)
        implements QdiscSpec {
    public static final int LIMIT = 1000;
    public static final NetemSpec NONE =
            new NetemSpec(LIMIT, Delay.NONE, Loss.NONE, false, Chance.NEVER, Chance.NEVER, Chance.NEVER, 0, Pace.NONE);

    @Override
    public String kind() {
        return "netem";
    }

    @Override
    public Discipline make(Exit exit, int handle) {
        return new NetemQueue(exit, handle, this);
    }
}
