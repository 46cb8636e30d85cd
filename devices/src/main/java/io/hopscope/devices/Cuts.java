package io.hopscope.devices;

import java.util.Arrays;

/**
 * Where a packet was cut that came in pieces: who passes it on cuts it there again, as the kernel does, whose pieces stay a
 * list ({@code ip_do_fragment}, the fast path). Where one of them does not fit, it is cut anew, none larger than the largest.
 */
final class Cuts {
    private int[] ends = {};
    private int count;
    private int largest;

    /** The packet came whole. */
    Cuts clear() {
        count = 0;
        largest = 0;
        return this;
    }

    /**
     * One more piece, in order.
     *
     * @param end where it ends in the packet's payload
     */
    void add(int end) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, Math.max(4, count * 2));
        }
        ends[count++] = end;
    }

    /** Bytes of the largest piece's packet. */
    void largest(int bytes) {
        largest = bytes;
    }

    Cuts copy(Cuts other) {
        clear();
        for (int i = 0; i < other.count; i++) {
            add(other.ends[i]);
        }
        largest = other.largest;
        return this;
    }

    /** 0 for a packet that came whole. */
    int largest() {
        return largest;
    }

    boolean whole() {
        return largest == 0;
    }

    int end(int piece) {
        return ends[piece];
    }

    /**
     * Whether it can be cut where it was.
     *
     * @param most bytes of payload that a piece may have
     */
    boolean fit(int most, int total) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (ends[i] - from > most) {
                return false;
            }
            from = ends[i];
        }
        return count > 0 && from == total;
    }
}
