package io.hopscope.core;

import java.util.List;

/**
 * What became of every frame of a run.
 *
 * @param originated frames made by devices of their own accord
 * @param copied branches of floods
 * @param delivered frames consumed where they were going
 * @param dropped frames that ended under a named reason
 * @param inFlight frames that were under way at the end
 * @param drops where and why, in order of node and port; discards are among them
 * @param deliveries frames handed to devices
 */
public record Totals(
        long originated, long copied, long delivered, long dropped, long inFlight, List<Drop> drops, long deliveries) {
    /** What somebody misses. */
    public List<Drop> losses() {
        return drops.stream().filter(drop -> !drop.reason().discard()).toList();
    }

    /** What ended by design. */
    public List<Drop> discards() {
        return drops.stream().filter(drop -> drop.reason().discard()).toList();
    }
}
