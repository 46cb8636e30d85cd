package io.hopscope.protocols.tcp;

import java.util.Arrays;

/**
 * Segments that were sent and not yet acknowledged, in order of sequence, with the scoreboard of RFC 6675. A ring of
 * primitives: a segment keeps its index until one before it is split or merged. Runs of segments that have been
 * selectively acknowledged are skipped at once.
 */
final class Flight {
    static final int SACKED = 1;
    static final int LOST = 2;
    /** Sent again, and that is not lost as far as is known. */
    static final int AGAIN = 4;
    /** Was sent again at some time. */
    static final int EVER = 8;

    static final int PUSH = 16;
    static final int FIN = 32;
    static final int SYN = 64;
    /** Goes on where the one before it ended, in the same burst. */
    static final int JOINED = 128;

    private static final int FIRST_SIZE = 16;

    private int[] seq = new int[FIRST_SIZE];
    private int[] end = new int[FIRST_SIZE];
    private long[] sent = new long[FIRST_SIZE];
    private byte[] flags = new byte[FIRST_SIZE];
    /** Of a sacked segment: one behind it, before which all are sacked. */
    private int[] skip = new int[FIRST_SIZE];
    /** The delivery rate's state when the segment was sent; the time is negative once it has been used. */
    private int[] delivered = new int[FIRST_SIZE];

    private long[] deliveredAt = new long[FIRST_SIZE];
    private long[] firstSent = new long[FIRST_SIZE];

    private int mask = FIRST_SIZE - 1;
    private int head;
    private int tail;

    int sackedOut;
    int lostOut;
    int againOut;
    /** Behind the last segment that was sacked: an index. */
    private int sackedEnd;
    /** No segment before this one is lost and waits to be sent again: an index. */
    private int lostFrom;

    /** When data began to be under way. */
    long busySince = Time.NEVER;
    /** When what waited for room in this host's queues may go out. */
    long pushAt = Time.NEVER;
    /** The delivery rate's clocks. */
    long lastDelivered;

    long lastFirst;

    /** What is remembered of loss and reordering. */
    final Memory memory = new Memory();

    int count() {
        return tail - head;
    }

    int inFlight() {
        return tail - head - sackedOut - lostOut + againOut;
    }

    int first() {
        return head;
    }

    /** The index behind the last segment. */
    int limit() {
        return tail;
    }

    int seq(int index) {
        return seq[index & mask];
    }

    int end(int index) {
        return end[index & mask];
    }

    long sent(int index) {
        return sent[index & mask];
    }

    int flags(int index) {
        return flags[index & mask];
    }

    boolean is(int index, int flag) {
        return (flags[index & mask] & flag) != 0;
    }

    void set(int index, int flag) {
        flags[index & mask] |= flag;
    }

    void unset(int index, int flag) {
        flags[index & mask] &= ~flag;
    }

    int delivered(int index) {
        return delivered[index & mask];
    }

    long deliveredAt(int index) {
        return deliveredAt[index & mask];
    }

    long firstSent(int index) {
        return firstSent[index & mask];
    }

    void usedForRate(int index) {
        deliveredAt[index & mask] = -1;
    }

    /** Bytes of data in a segment. */
    int length(int index) {
        int i = index & mask;
        return end[i] - seq[i] - (flags[i] >> 5 & 1) - (flags[i] >> 6 & 1);
    }

    void add(int from, int to, int with, long now, Connection c) {
        if (tail - head > mask) {
            resize();
        }
        int i = tail++ & mask;
        seq[i] = from;
        end[i] = to;
        flags[i] = (byte) with;
        stamp(i, now, c);
    }

    private void stamp(int i, long now, Connection c) {
        sent[i] = now;
        delivered[i] = c.delivered;
        deliveredAt[i] = lastDelivered;
        firstSent[i] = lastFirst;
    }

    /** The segment goes out once more. */
    void again(int index, long now, Connection c) {
        int i = index & mask;
        flags[i] |= EVER;
        stamp(i, now, c);
    }

    /** Two of it are under way, or one if the first is lost. */
    void countAgain(int index) {
        if (!is(index, AGAIN)) {
            set(index, AGAIN);
            againOut++;
        }
    }

    private void resize() {
        int size = (mask + 1) * 2;
        seq = spread(seq, size);
        end = spread(end, size);
        skip = spread(skip, size);
        delivered = spread(delivered, size);
        sent = spread(sent, size);
        deliveredAt = spread(deliveredAt, size);
        firstSent = spread(firstSent, size);
        byte[] newFlags = new byte[size];
        for (int i = head; i != tail; i++) {
            newFlags[i & size - 1] = flags[i & mask];
        }
        flags = newFlags;
        mask = size - 1;
    }

    private int[] spread(int[] old, int size) {
        int[] larger = new int[size];
        for (int i = head; i != tail; i++) {
            larger[i & size - 1] = old[i & mask];
        }
        return larger;
    }

    private long[] spread(long[] old, int size) {
        long[] larger = new long[size];
        for (int i = head; i != tail; i++) {
            larger[i & size - 1] = old[i & mask];
        }
        return larger;
    }

    /** The first is acknowledged. */
    void removeFirst() {
        int was = flags[head++ & mask];
        sackedOut -= was & SACKED;
        lostOut -= (was & LOST) >> 1;
        againOut -= (was & AGAIN) >> 2;
    }

    /** Part of the first is acknowledged. */
    void trimFirst(int to) {
        seq[head & mask] = to;
    }

    /** The index of the first segment that ends behind a number. */
    int find(int number) {
        int low = head;
        int high = tail;
        while (high - low > 0) {
            int middle = low + (high - low >>> 1);
            if (Seq.after(end[middle & mask], number)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The segment itself if it is not sacked, or the next that is not. */
    int unsacked(int index) {
        int i = index;
        while (i != tail && is(i, SACKED)) {
            i = skip[i & mask];
            if (i - tail > 0) {
                i = tail;
            }
        }
        for (int k = index; k != i && is(k, SACKED); ) {
            int next = skip[k & mask];
            skip[k & mask] = i;
            k = next - i > 0 ? i : next;
        }
        return i;
    }

    void sack(int index) {
        flags[index & mask] |= SACKED;
        skip[index & mask] = index + 1;
        sackedOut++;
        if (sackedOut == 1 || index + 1 - sackedEnd > 0) {
            sackedEnd = index + 1;
        }
    }

    /** The number at which the last sacked segment begins, as tcp_highest_sack_seq: where the next begins, that is. */
    int highestSacked(Connection c) {
        if (sackedOut == 0) {
            return c.sndUna;
        }
        return sackedEnd == tail ? c.sndNxt : seq(sackedEnd);
    }

    /** Marks a segment as lost, or its retransmission; returns whether that is news. */
    boolean lose(int index) {
        int was = flags(index);
        if ((was & SACKED) != 0) {
            return false;
        }
        lostFrom = index - lostFrom < 0 ? index : lostFrom;
        if ((was & LOST) == 0) {
            set(index, LOST);
            lostOut++;
            return true;
        }
        if ((was & AGAIN) != 0) {
            unset(index, AGAIN);
            againOut--;
            return true;
        }
        return false;
    }

    /** The first segment from an index on that is lost and has not been sent again; the limit if there is none. */
    int lost(int from) {
        int i = from - head < 0 ? head : from;
        while (i != tail && (flags(i) & (LOST | AGAIN | SACKED)) != LOST) {
            i = is(i, SACKED) ? unsacked(i) : i + 1;
        }
        return i;
    }

    int lostFrom() {
        return lostFrom - head < 0 ? head : lostFrom;
    }

    void lostFrom(int index) {
        lostFrom = index;
    }

    /** Nothing is known any more of what the peer has. */
    void forgetSacks() {
        for (int i = head; i != tail; i++) {
            unset(i, SACKED);
        }
        sackedOut = 0;
    }

    void forgetLosses() {
        for (int i = head; i != tail; i++) {
            unset(i, LOST);
        }
        lostOut = 0;
        lostFrom = head;
    }

    /** Cuts a segment in two behind so many bytes; what is known of it is known of both. */
    void split(int index, int bytes) {
        open(index + 1);
        int from = index & mask;
        int to = index + 1 & mask;
        int at = seq[from] + bytes;
        seq[to] = at;
        end[to] = end[from];
        end[from] = at;
        sent[to] = sent[from];
        delivered[to] = delivered[from];
        deliveredAt[to] = deliveredAt[from];
        firstSent[to] = firstSent[from];
        flags[to] = (byte) (flags[from] | JOINED);
        flags[from] &= ~(PUSH | FIN);
        int was = flags[from];
        sackedOut += was & SACKED;
        lostOut += (was & LOST) >> 1;
        againOut += (was & AGAIN) >> 2;
        reindex(index, 1);
    }

    /** Makes one segment of two; the second may be lost, but must not be sacked. */
    void merge(int index) {
        int into = index & mask;
        int from = index + 1 & mask;
        end[into] = end[from];
        int gone = flags[from];
        lostOut -= (gone & LOST) >> 1;
        againOut -= (gone & AGAIN) >> 2;
        flags[into] |= gone & (PUSH | FIN | EVER);
        for (int i = index + 1; i + 1 != tail; i++) {
            move(i + 1 & mask, i & mask);
        }
        tail--;
        reindex(index, -1);
    }

    private void open(int index) {
        if (tail - head > mask) {
            resize();
        }
        for (int i = tail; i - index > 0; i--) {
            move(i - 1 & mask, i & mask);
        }
        tail++;
    }

    private void move(int from, int to) {
        seq[to] = seq[from];
        end[to] = end[from];
        sent[to] = sent[from];
        flags[to] = flags[from];
        delivered[to] = delivered[from];
        deliveredAt[to] = deliveredAt[from];
        firstSent[to] = firstSent[from];
    }

    private void reindex(int index, int by) {
        for (int i = head; i != tail; i++) {
            skip[i & mask] = i + 1;
        }
        if (sackedEnd - index > 1) {
            sackedEnd += by;
        }
        lostFrom = lostFrom - index > 0 ? index : lostFrom;
    }

    /** Ready for another connection. */
    void clear() {
        head = 0;
        tail = 0;
        sackedOut = 0;
        lostOut = 0;
        againOut = 0;
        sackedEnd = 0;
        lostFrom = 0;
        busySince = Time.NEVER;
        pushAt = Time.NEVER;
        memory.clear();
        if (mask >= 4 * FIRST_SIZE) {
            shrink();
        }
    }

    private void shrink() {
        mask = FIRST_SIZE - 1;
        seq = Arrays.copyOf(seq, FIRST_SIZE);
        end = Arrays.copyOf(end, FIRST_SIZE);
        skip = Arrays.copyOf(skip, FIRST_SIZE);
        sent = Arrays.copyOf(sent, FIRST_SIZE);
        flags = Arrays.copyOf(flags, FIRST_SIZE);
        delivered = Arrays.copyOf(delivered, FIRST_SIZE);
        deliveredAt = Arrays.copyOf(deliveredAt, FIRST_SIZE);
        firstSent = Arrays.copyOf(firstSent, FIRST_SIZE);
    }
}
