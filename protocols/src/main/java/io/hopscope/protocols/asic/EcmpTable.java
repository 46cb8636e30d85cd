package io.hopscope.protocols.asic;

import java.util.Arrays;

/**
 * Groups of equal-cost next hops (ECMP), as ASICs have them: so many groups, so many members in all, so wide at most.
 * Routes with the same next hops share one group, counted.
 */
public final class EcmpTable {
    /** {@link #acquire} found no room. */
    public static final int FULL = -1;

    private static final int[] FREE = {};

    private final int limit;
    private final int memberLimit;
    private final int width;
    private int[][] groups = {};
    private int[] references = {};
    private int size;
    private int members;
    private int watermark;
    private int memberWatermark;
    private long refused;
    private int firstFailure = -1;

    /**
     * @param groups most groups
     * @param members most next hops in all groups together
     * @param width most next hops of a group
     */
    public EcmpTable(int groups, int members, int width) {
        if (groups < 0 || members < 0 || width < 1) {
            throw new IllegalArgumentException(
                    "an ECMP table of " + groups + " groups, " + members + " members, " + width + " wide");
        }
        limit = groups;
        memberLimit = members;
        this.width = width;
    }

    /** The group of these next hops, made if there is none; {@link #FULL} when a limit is reached. */
    public int acquire(int... nextHops) {
        int[] sorted = nextHops.clone();
        Arrays.sort(sorted);
        int there = find(sorted);
        if (there >= 0) {
            references[there]++;
            return there;
        }
        if (!room(sorted.length)) {
            refused++;
            firstFailure = firstFailure < 0 ? size : firstFailure;
            return FULL;
        }
        int free = 0;
        while (free < groups.length && references[free] > 0) {
            free++;
        }
        if (free == groups.length) {
            int length = Math.min(limit, Math.max(8, free * 2));
            groups = Arrays.copyOf(groups, length);
            references = Arrays.copyOf(references, length);
        }
        groups[free] = sorted;
        references[free] = 1;
        members += sorted.length;
        watermark = Math.max(watermark, ++size);
        memberWatermark = Math.max(memberWatermark, members);
        return free;
    }

    private int find(int[] sorted) {
        for (int group = 0; group < groups.length; group++) {
            if (references[group] > 0 && Arrays.equals(groups[group], sorted)) {
                return group;
            }
        }
        return -1;
    }

    private boolean room(int nextHops) {
        return size < limit && nextHops <= width && members + nextHops <= memberLimit;
    }

    /** Whether {@link #acquire} would find room, or the group itself. */
    public boolean fits(int... nextHops) {
        int[] sorted = nextHops.clone();
        Arrays.sort(sorted);
        return find(sorted) >= 0 || room(sorted.length);
    }

    /** One route less uses the group; without any it goes. */
    public void release(int group) {
        if (--references[group] == 0) {
            members -= groups[group].length;
            size--;
            groups[group] = FREE;
        }
    }

    /** The next hop of a flow: its hash modulo the group's width. */
    public int member(int group, int hash) {
        int[] all = groups[group];
        return all[Integer.remainderUnsigned(hash, all.length)];
    }

    /** Next hops of a group. */
    public int width(int group) {
        return groups[group].length;
    }

    public int limit() {
        return limit;
    }

    public int memberLimit() {
        return memberLimit;
    }

    /** Groups there are. */
    public int size() {
        return size;
    }

    /** Next hops in all groups together. */
    public int members() {
        return members;
    }

    public int watermark() {
        return watermark;
    }

    public int memberWatermark() {
        return memberWatermark;
    }

    /** Groups that found no room. */
    public long refused() {
        return refused;
    }

    /** Groups there were at the first refusal; -1 if there was none. */
    public int firstFailure() {
        return firstFailure;
    }

    /** Forgets everything but what was counted. */
    public void clear() {
        groups = new int[0][];
        references = new int[0];
        size = 0;
        members = 0;
    }
}
