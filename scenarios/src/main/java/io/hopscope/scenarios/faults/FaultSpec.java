package io.hopscope.scenarios.faults;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Faults at random: one after the other hits a link or node that works, each as likely, after an exponentially distributed
 * time, and lasts for another. All that is broken at the end is mended then.
 *
 * @param between mean time from one fault to the next, in picoseconds
 * @param repair mean time that one lasts
 * @param from no fault before this instant
 * @param to none after it, and nothing broken
 */
public record FaultSpec(long between, long repair, long from, long to) {
    /** More than this is a mistake and no test. */
    private static final int MOST = 1_000_000;

    public FaultSpec {
        if (between < 1 || repair < 1 || from < 0 || to <= from) {
            throw new IllegalArgumentException("faults every " + between + " ps for " + repair + ", from " + from
                    + " to " + to + "; expected times above 0 and an end after the beginning");
        }
    }

    /**
     * Draws what will fail and when; nothing fails that has failed already.
     *
     * @param random such as {@code network.seed().stream("faults")}
     * @param links one end of each cable that may be cut
     * @param nodes that may lose their power
     * @return in order of time
     */
    public List<Fault> draw(RandomStream random, List<Port> links, List<Node> nodes) {
        List<Fault> all = new ArrayList<>();
        int candidates = links.size() + nodes.size();
        long[] mended = new long[candidates];
        long at = from;
        while (candidates > 0 && all.size() < MOST) {
            at += 1 + (long) random.nextExponential(between);
            if (at >= to) {
                break;
            }
            int which = random.nextInt(candidates);
            long until = Math.min(to, at + 1 + (long) random.nextExponential(repair));
            if (mended[which] < at) {
                mended[which] = until;
                boolean link = which < links.size();
                all.add(new Fault(
                        link ? links.get(which) : null, link ? null : nodes.get(which - links.size()), at, until));
            }
        }
        return all;
    }
}
