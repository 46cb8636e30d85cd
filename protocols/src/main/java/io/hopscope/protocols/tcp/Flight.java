package io.hopscope.protocols.tcp;

import java.util.Arrays;

/**
 * Segments that were sent and not yet acknowledged, in order of sequence, with the scoreboard of RFC 6675 and the order of
 * their sending (RFC 8985). A ring of primitives: a segment keeps its index until one before it is split.
 */
final class Flight {
    static final int SACKED = 1;
    static final int LOST = 2;
    /** Sent again, and not lost once more. */
    static final int RETRANSMITTED = 4;
    /** Was sent again at some time. */
    static final int EVER = 8;

    static final int PUSH = 16;
    static final int FIN = 32;
    static final int SYN = 64;

    private static final int FIRST_SIZE = 16;
    private static final int NONE = -1;

    private int[] seq = new int[FIRST_SIZE];
    private int[] end = new int[FIRST_SIZE];
    private long[] sent = new long[FIRST_SIZE];
    private byte[] flags = new byte[FIRST_SIZE];
    private int mask = FIRST_SIZE - 1;
    private int head;
    private int tail;

    int sackedOut;
    int lostOut;
    int retransmittedOut;

    int count() {
        return tail - head;
    }

    int inFlight() {
        return tail - head - sackedOut - lostOut + retransmittedOut;
    }

    /** The first segment's index. */
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

    void add(int from, int to, int with, long now, Connection c) {
        if (tail - head > mask) {
            grow();
        }
        int i = tail++ & mask;
        seq[i] = from;
        end[i] = to;
        sent[i] = now;
        flags[i] = (byte) with;
    }

    private void grow() {
        int size = (mask + 1) * 2;
        int[] newSeq = new int[size];
        int[] newEnd = new int[size];
        long[] newSent = new long[size];
        byte[] newFlags = new byte[size];
        for (int i = head; i != tail; i++) {
            int to = i & size - 1;
            newSeq[to] = seq[i & mask];
            newEnd[to] = end[i & mask];
            newSent[to] = sent[i & mask];
            newFlags[to] = flags[i & mask];
        }
        seq = newSeq;
        end = newEnd;
        sent = newSent;
        flags = newFlags;
        mask = size - 1;
    }

    void again(int index, long now) {
        int i = index & mask;
        sent[i] = now;
        flags[i] |= RETRANSMITTED | EVER;
    }

    /** It counts as sent once only. */
    void forgive(int index) {
        flags[index & mask] &= ~RETRANSMITTED;
    }

    /** The first is acknowledged. */
    void removeFirst() {
        head++;
    }

    /** Part of the first is acknowledged. */
    void trimFirst(int to) {
        seq[head & mask] = to;
    }

    void clear() {
        head = 0;
        tail = 0;
        sackedOut = 0;
        lostOut = 0;
        retransmittedOut = 0;
        Arrays.fill(flags, (byte) 0);
    }
}
