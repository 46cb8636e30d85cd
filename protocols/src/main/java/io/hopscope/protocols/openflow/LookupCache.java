package io.hopscope.protocols.openflow;

import java.util.Arrays;

/**
 * Recent answers of one table, by the bits that any of its flows looks at: frames that agree in these get the same flow,
 * the idea of the megaflows of Open vSwitch. Direct-mapped, so what is in it depends on the frames only.
 */
final class LookupCache {
    private static final int BITS = 7;

    /** Stands for "no flow matches". */
    private static final Rule MISS = new Rule(
            new Flow(0, 0, 0, 0, 0, "", new Match(new long[0], new long[0]), new Actions(java.util.List.of())),
            Long.MIN_VALUE,
            0,
            new long[0]);

    private final int[] index;
    private final long[] masks;
    private final long[] keys;
    private final Rule[] rules = new Rule[1 << BITS];

    /** For the flows of these subtables, until one comes or goes. */
    LookupCache(Subtable[] subtables) {
        long[] union = new long[FlowKey.WORDS];
        for (Subtable subtable : subtables) {
            for (int i = 0; i < union.length; i++) union[i] |= subtable.mask[i];
        }
        Subtable all = new Subtable(union);
        index = all.index;
        masks = Arrays.stream(index).mapToLong(i -> union[i]).toArray();
        keys = new long[index.length << BITS];
    }

    /** A flow, or null if no flow matches; asks the subtables only if no such frame came by lately. */
    Rule lookup(long[] key, FlowTable table) {
        int[] index = this.index;
        long[] masks = this.masks;
        long hash = 0;
        for (int i = 0; i < index.length; i++) hash = Subtable.mix(hash, key[index[i]] & masks[i]);
        int slot = (int) (hash >>> 64 - BITS);
        Rule rule = rules[slot];
        if (rule == null || !same(key, slot * index.length)) return fill(key, slot, table);
        return rule == MISS ? null : rule;
    }

    private boolean same(long[] key, int at) {
        for (int i = 0; i < index.length; i++) {
            if ((key[index[i]] & masks[i]) != keys[at + i]) return false;
        }
        return true;
    }

    private Rule fill(long[] key, int slot, FlowTable table) {
        Rule found = table.search(key);
        for (int i = 0; i < index.length; i++) keys[slot * index.length + i] = key[index[i]] & masks[i];
        rules[slot] = found == null ? MISS : found;
        return found;
    }
}
