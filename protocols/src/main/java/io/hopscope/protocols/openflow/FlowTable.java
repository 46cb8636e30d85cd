package io.hopscope.protocols.openflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One flow table, searched tuple by tuple as Open vSwitch does: a hash lookup per set of bits that flows look at, the set
 * with the best priority first, and no further than a better flow can be.
 */
final class FlowTable {
    private static final Subtable[] NONE = {};

    /** Best first. */
    private Subtable[] subtables = NONE;

    private final Map<Long, Rule> byRank = new TreeMap<>(Collections.reverseOrder());
    private int sequence;

    /** Null where a single subtable answers as fast. */
    private LookupCache cache;

    /** The flow of the highest priority, among equals the one added first; null for a miss. */
    Rule lookup(long[] key) {
        return cache == null ? search(key) : cache.lookup(key, this);
    }

    /** As {@link #lookup}, without the cache. */
    Rule search(long[] key) {
        Rule best = null;
        for (Subtable subtable : subtables) {
            if (best != null && best.rank > subtable.best) break;
            Rule rule = subtable.find(key);
            if (rule != null && (best == null || rule.rank > best.rank)) best = rule;
        }
        return best;
    }

    /** Adds a flow; one with the same match and priority is replaced in its place. */
    void add(Flow flow, long now) {
        Rule old = subtable(flow.match().mask).exact(flow);
        long rank = old != null ? old.rank : (long) flow.priority() << 32 | (0x7fff_ffffL - sequence++);
        if (old != null) remove(old);
        Subtable subtable = subtable(flow.match().mask);
        Rule rule = new Rule(flow, rank, now, subtable.words(flow.match()));
        subtable.add(rule);
        byRank.put(rank, rule);
        sort();
    }

    private Subtable subtable(long[] mask) {
        for (Subtable subtable : subtables) {
            if (Arrays.equals(subtable.mask, mask)) return subtable;
        }
        Subtable added = new Subtable(mask);
        subtables = Arrays.copyOf(subtables, subtables.length + 1);
        subtables[subtables.length - 1] = added;
        return added;
    }

    void remove(Rule rule) {
        byRank.remove(rule.rank);
        Subtable subtable = subtable(rule.flow.match().mask);
        subtable.remove(rule);
        sort();
    }

    private void sort() {
        subtables = Arrays.stream(subtables)
                .filter(s -> !s.isEmpty())
                .sorted(Comparator.comparingLong((Subtable s) -> s.best).reversed())
                .toArray(Subtable[]::new);
        cache = subtables.length > 1 ? new LookupCache(subtables) : null;
    }

    /** Highest priority first, among equals in the order of addition; a copy. */
    List<Rule> rules() {
        return new ArrayList<>(byRank.values());
    }
}
