package io.hopscope.protocols.openflow;

import java.util.Arrays;

/** The flows of one table that look at the same bits, found by a hash of these bits. */
final class Subtable {
    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    /** All words. */
    final long[] mask;

    /** The words with a bit in the mask. */
    final int[] index;

    private final long[] masks;
    private Rule[] buckets = new Rule[4];
    private int shift = 62;
    private int size;

    /** The best rank in here. */
    long best = Long.MIN_VALUE;

    Subtable(long[] mask) {
        this.mask = mask;
        int words = 0;
        for (long word : mask) {
            if (word != 0) words++;
        }
        index = new int[words];
        masks = new long[words];
        for (int i = mask.length - 1; i >= 0; i--) {
            if (mask[i] != 0) {
                index[--words] = i;
                masks[words] = mask[i];
            }
        }
    }

    /** Adds a word to a hash, whose upper bits are the good ones; fields may differ in high and low bits alike. */
    static long mix(long hash, long word) {
        long x = hash ^ word;
        return (x ^ x >>> 32) * MIX;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The words of a match that this subtable looks at. */
    long[] words(Match match) {
        long[] words = new long[index.length];
        for (int i = 0; i < words.length; i++) words[i] = match.value[index[i]];
        return words;
    }

    /** The best flow for a key, null if there is none. */
    Rule find(long[] key) {
        long hash = 0;
        int[] index = this.index;
        long[] masks = this.masks;
        for (int i = 0; i < index.length; i++) hash = mix(hash, key[index[i]] & masks[i]);
        for (Rule rule = buckets[(int) (hash >>> shift)]; rule != null; rule = rule.next) {
            if (accepts(rule.words, key)) return rule;
        }
        return null;
    }

    private boolean accepts(long[] words, long[] key) {
        int[] index = this.index;
        long[] masks = this.masks;
        for (int i = 0; i < index.length; i++) {
            if ((key[index[i]] & masks[i]) != words[i]) return false;
        }
        return true;
    }

    private int bucket(Rule rule) {
        return bucket(rule.words);
    }

    private int bucket(long[] words) {
        long hash = 0;
        for (long word : words) hash = mix(hash, word);
        return (int) (hash >>> shift);
    }

    /** The flow of the same match and priority, null if there is none. */
    Rule exact(Flow flow) {
        long[] words = words(flow.match());
        for (Rule rule = buckets[bucket(words)]; rule != null; rule = rule.next) {
            if (rule.flow.priority() == flow.priority() && Arrays.equals(rule.words, words)) return rule;
        }
        return null;
    }

    void add(Rule rule) {
        if (++size > buckets.length / 2) grow();
        insert(rule);
        best = Math.max(best, rule.rank);
    }

    private void insert(Rule rule) {
        int bucket = bucket(rule);
        Rule before = null;
        Rule after = buckets[bucket];
        while (after != null && after.rank > rule.rank) {
            before = after;
            after = after.next;
        }
        rule.next = after;
        if (before == null) {
            buckets[bucket] = rule;
        } else {
            before.next = rule;
        }
    }

    private void grow() {
        Rule[] old = buckets;
        buckets = new Rule[old.length * 2];
        shift--;
        for (Rule head : old) {
            while (head != null) {
                Rule next = head.next;
                insert(head);
                head = next;
            }
        }
    }

    void remove(Rule rule) {
        int bucket = bucket(rule);
        Rule before = null;
        Rule at = buckets[bucket];
        while (at != rule) {
            before = at;
            at = at.next;
        }
        if (before == null) {
            buckets[bucket] = rule.next;
        } else {
            before.next = rule.next;
        }
        size--;
        if (rule.rank != best) return;
        best = Long.MIN_VALUE;
        for (Rule head : buckets) {
            for (Rule r = head; r != null; r = r.next) best = Math.max(best, r.rank);
        }
    }
}
