package io.hopscope.protocols.tcp;

import java.util.Arrays;

/**
 * What has come in and was not read yet, with what came before its turn: bytes lie in a ring at their sequence number, and
 * the stretches behind gaps are kept in order of their place and of their arrival, as SACK blocks tell of them (RFC 2018,
 * section 4).
 */
final class ReceiveBuffer {
    private static final int FIRST_SIZE = 2048;
    private static final byte[] NONE = {};

    private byte[] ring = NONE;
    /** Stretches behind gaps, in order of sequence. */
    private int gaps;

    private int[] left = {};
    private int[] right = {};
    /** Larger for what was heard of more recently. */
    private int[] heard = {};

    private int hearing;
    /** Memory that each stretch is charged with. */
    private int[] charged = {};

    /** The duplicate that is to be reported. */
    int duplicateLeft;

    int duplicateRight;

    /** A FIN came before its turn, and at which number. */
    boolean earlyFin;

    int earlyFinSeq;

    int gaps() {
        return gaps;
    }

    int size() {
        return ring.length;
    }

    /** Whether nothing waits for what is missing before it. */
    boolean empty() {
        return gaps == 0 && !earlyFin;
    }

    /** Puts bytes in their place; {@code first} is the first that is still needed. */
    void put(int first, int seq, byte[] bytes, int at, int length) {
        int needed = seq - first + length;
        if (needed > ring.length) {
            grow(first, needed);
        }
        int mask = ring.length - 1;
        int part = Math.min(length, ring.length - (seq & mask));
        System.arraycopy(bytes, at, ring, seq & mask, part);
        System.arraycopy(bytes, at + part, ring, 0, length - part);
    }

    private void grow(int first, int needed) {
        byte[] larger = new byte[Math.max(FIRST_SIZE, Integer.highestOneBit(needed - 1) << 1)];
        for (int i = 0; i < ring.length; i++) {
            int seq = first + i;
            larger[seq & larger.length - 1] = ring[seq & ring.length - 1];
        }
        ring = larger;
    }

    void get(int seq, byte[] into, int at, int length) {
        int mask = ring.length - 1;
        int part = Math.min(length, ring.length - (seq & mask));
        System.arraycopy(ring, seq & mask, into, at, part);
        System.arraycopy(ring, 0, into, at + part, length - part);
    }

    /**
     * Notes a stretch behind a gap.
     *
     * @param memory what it is charged with
     * @return whether any of it is new
     */
    boolean add(int from, int to, int memory) {
        int i = 0;
        while (i < gaps && Seq.before(right[i], from)) {
            i++;
        }
        if (i == gaps || Seq.before(to, left[i])) {
            insert(i, from, to, memory);
            return true;
        }
        boolean fresh = Seq.before(from, left[i]) || Seq.after(to, right[i]);
        left[i] = Seq.earlier(left[i], from);
        right[i] = Seq.later(right[i], to);
        heard[i] = ++hearing;
        charged[i] += fresh ? memory : 0;
        while (i + 1 < gaps && !Seq.before(right[i], left[i + 1])) {
            right[i] = Seq.later(right[i], right[i + 1]);
            charged[i] += charged[i + 1];
            remove(i + 1);
        }
        return fresh;
    }

    private void insert(int i, int from, int to, int memory) {
        if (gaps == left.length) {
            int size = Math.max(4, gaps * 2);
            left = Arrays.copyOf(left, size);
            right = Arrays.copyOf(right, size);
            heard = Arrays.copyOf(heard, size);
            charged = Arrays.copyOf(charged, size);
        }
        System.arraycopy(left, i, left, i + 1, gaps - i);
        System.arraycopy(right, i, right, i + 1, gaps - i);
        System.arraycopy(heard, i, heard, i + 1, gaps - i);
        System.arraycopy(charged, i, charged, i + 1, gaps - i);
        left[i] = from;
        right[i] = to;
        heard[i] = ++hearing;
        charged[i] = memory;
        gaps++;
    }

    private void remove(int i) {
        gaps--;
        System.arraycopy(left, i + 1, left, i, gaps - i);
        System.arraycopy(right, i + 1, right, i, gaps - i);
        System.arraycopy(heard, i + 1, heard, i, gaps - i);
        System.arraycopy(charged, i + 1, charged, i, gaps - i);
    }

    /** How many stretches were heard of later than the one that a new one touches; all if it touches none. */
    int rank(int from, int to) {
        for (int i = 0; i < gaps; i++) {
            if (!Seq.before(to, left[i]) && !Seq.after(from, right[i])) {
                int later = 0;
                for (int k = 0; k < gaps; k++) {
                    later += heard[k] > heard[i] ? 1 : 0;
                }
                return later;
            }
        }
        return gaps;
    }

    /** The end of what is whole now that everything before {@code next} is. */
    int close(int next) {
        int end = next;
        while (gaps > 0 && !Seq.after(left[0], end)) {
            end = Seq.later(end, right[0]);
            remove(0);
        }
        return end;
    }

    /** Whether all of a stretch has come before its turn. */
    boolean holds(int from, int to) {
        for (int i = 0; i < gaps; i++) {
            if (!Seq.before(from, left[i]) && !Seq.after(to, right[i])) {
                return true;
            }
        }
        return false;
    }

    /** The stretch with this number was heard of again. */
    void touch(int seq) {
        for (int i = 0; i < gaps; i++) {
            if (!Seq.before(seq, left[i]) && Seq.before(seq, right[i])) {
                heard[i] = ++hearing;
            }
        }
    }

    /** The memory of what lies behind gaps. */
    int chargedBehindGaps() {
        int sum = 0;
        for (int i = 0; i < gaps; i++) {
            sum += charged[i];
        }
        return sum;
    }

    /** Each stretch takes no more than what lies together. */
    void collapse() {
        for (int i = 0; i < gaps; i++) {
            charged[i] = Math.min(charged[i], Pressure.together(right[i] - left[i]));
        }
    }

    /** Where the last stretch begins. */
    int last() {
        return left[gaps - 1];
    }

    /** Forgets the last stretch, or as much of its end as frees some memory; returns how much that was. */
    int dropLast(int wanted) {
        int i = gaps - 1;
        int length = right[i] - left[i];
        int keep = charged[i] <= wanted ? 0 : (int) ((long) length * (charged[i] - wanted) / charged[i]);
        int freed = charged[i];
        if (keep == 0) {
            gaps--;
        } else {
            right[i] = left[i] + keep;
            charged[i] -= Math.max(1, wanted);
            freed -= charged[i];
        }
        if (earlyFin && !Seq.before(earlyFinSeq, left[i] + keep)) {
            earlyFin = false;
        }
        return freed;
    }

    /** Behind the last byte that is here. */
    int end(int next) {
        return gaps == 0 ? next : right[gaps - 1];
    }

    /** The stretch that came last, or has grown last, first (RFC 2018, section 4); a duplicate before all (RFC 2883). */
    void report(Segment into, boolean duplicate, int most) {
        into.blocks = 0;
        if (duplicate) {
            into.left[0] = duplicateLeft;
            into.right[0] = duplicateRight;
            into.blocks = 1;
        }
        int before = Integer.MAX_VALUE;
        while (into.blocks < most) {
            int best = -1;
            for (int i = 0; i < gaps; i++) {
                if (heard[i] < before && (best < 0 || heard[i] > heard[best])) {
                    best = i;
                }
            }
            if (best < 0) {
                return;
            }
            before = heard[best];
            into.left[into.blocks] = left[best];
            into.right[into.blocks++] = right[best];
        }
    }
}
