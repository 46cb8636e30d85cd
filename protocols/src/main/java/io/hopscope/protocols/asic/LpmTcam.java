package io.hopscope.protocols.asic;

import io.hopscope.encap.Prefix;
import java.util.Arrays;

/**
 * Longest-prefix match over IPv4 in a TCAM: full when its slots are used up, never before; no collisions. Asked as one
 * hash table a prefix length in use, since a lookup of hardware costs the same whatever the algorithm. No IPv6.
 */
public final class LpmTcam {
    /** {@link #lookup} found nothing. */
    public static final int NONE = -1;

    private static final long EMPTY = -1;
    private static final int FIRST = 64;

    private final int capacity;
    private final int cost;
    /** Prefix length in the upper half, address in the lower. */
    private long[] keys = new long[FIRST];

    private int[] values = new int[FIRST];
    /** Bit n: a prefix of length n exists. */
    private long lengths;

    private final int[] perLength = new int[33];
    private int size;
    private int watermark;
    private long attempts;
    private long refused;
    private int firstFailure = -1;

    /**
     * @param capacity slots
     * @param cost slots of one IPv4 prefix
     */
    public LpmTcam(int capacity, int cost) {
        if (capacity < 1 || cost < 1) {
            throw new IllegalArgumentException("an LPM table of " + capacity + " slots, " + cost + " a prefix");
        }
        this.capacity = capacity;
        this.cost = cost;
        Arrays.fill(keys, EMPTY);
    }

    private static long key(int address, int length) {
        return (long) length << 32 | address & Prefix.mask(length) & 0xffff_ffffL;
    }

    private int place(long key) {
        int at = slot(key);
        while (keys[at] != EMPTY && keys[at] != key) {
            at = at + 1 & keys.length - 1;
        }
        return at;
    }

    private int slot(long key) {
        long hash = key * 0x9e3779b97f4a7c15L;
        return (int) (hash >>> 40) & keys.length - 1;
    }

    /**
     * Returns false when the table is full: the prefix is not there.
     *
     * @param value not negative
     */
    public boolean insert(int address, int length, int value) {
        int at = place(key(address, length));
        if (keys[at] != EMPTY) {
            values[at] = value;
            return true;
        }
        attempts++;
        if (full()) {
            refused++;
            firstFailure = firstFailure < 0 ? used() : firstFailure;
            return false;
        }
        if ((size + 1) * 2 > keys.length) {
            grow();
            at = place(key(address, length));
        }
        keys[at] = key(address, length);
        values[at] = value;
        perLength[length]++;
        lengths |= 1L << length;
        watermark = Math.max(watermark, ++size);
        return true;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[keys.length];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int at = place(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }

    /** The value of the longest prefix that an address is in, or {@link #NONE}. */
    public int lookup(int address) {
        for (long left = lengths; left != 0; ) {
            int length = 63 - Long.numberOfLeadingZeros(left);
            left &= ~(1L << length);
            int at = place(key(address, length));
            if (keys[at] != EMPTY) {
                return values[at];
            }
        }
        return NONE;
    }

    /** The value of this very prefix, or {@link #NONE}. */
    public int find(int address, int length) {
        int at = place(key(address, length));
        return keys[at] == EMPTY ? NONE : values[at];
    }

    /** Whether there is room for no other prefix. */
    public boolean full() {
        return (size + 1) * (long) cost > capacity;
    }

    /** Returns whether there was such a prefix. */
    public boolean remove(int address, int length) {
        int hole = place(key(address, length));
        if (keys[hole] == EMPTY) {
            return false;
        }
        for (int next = hole + 1 & keys.length - 1; keys[next] != EMPTY; next = next + 1 & keys.length - 1) {
            int home = slot(keys[next]);
            if ((next - home & keys.length - 1) >= (next - hole & keys.length - 1)) {
                keys[hole] = keys[next];
                values[hole] = values[next];
                hole = next;
            }
        }
        keys[hole] = EMPTY;
        size--;
        if (--perLength[length] == 0) {
            lengths &= ~(1L << length);
        }
        return true;
    }

    public int capacity() {
        return capacity;
    }

    /** Slots in use. */
    public int used() {
        return size * cost;
    }

    /** Most slots that ever were in use. */
    public int watermark() {
        return watermark * cost;
    }

    /** Insertions of prefixes that were not there. */
    public long attempts() {
        return attempts;
    }

    /** Those that found no room. */
    public long refused() {
        return refused;
    }

    /** Slots in use at the first refusal; -1 if there was none. */
    public int firstFailure() {
        return firstFailure;
    }

    /** Forgets everything but what was counted. */
    public void clear() {
        Arrays.fill(keys, EMPTY);
        Arrays.fill(perLength, 0);
        lengths = 0;
        size = 0;
    }
}
