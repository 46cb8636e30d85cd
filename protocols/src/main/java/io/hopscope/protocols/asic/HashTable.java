package io.hopscope.protocols.asic;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * An exact-match table of switch silicon: buckets of a few slots; a key may be in one bucket for each hash, and is
 * refused when they are full, however empty the rest. Entries are 60-bit numbers under 60-bit keys. Ageing is a hit bit
 * swept every half period, so that an entry goes between half a period and a whole one after its last use. Memory is taken
 * for the entries there are, a number for each slot aside: the tables of two hundred access switches are nearly empty.
 */
public final class HashTable {
    /** What an insertion did. */
    public enum Outcome {
        KNOWN,
        CHANGED,
        NEW,
        /** No room in any of the key's buckets: a collision. */
        FULL
    }

    /** {@link #lookup} found nothing. */
    public static final long NONE = -1;

    private static final long HIT = 1L << 62;
    private static final long FIXED = 1L << 61;
    private static final long VALUE = FIXED - 1;

    private final HashTableSpec spec;
    private final int slots;
    private final int hashes;
    private final int buckets;
    private final int banked;
    private final HashFunction[] functions;
    /**
     * Bucket by bucket, for each slot the number of its entry, one more so that 0 is a free slot, and above it some bits
     * of its key's hash, so that only the entry that is looked for is looked at; the free slots of a bucket are its last.
     */
    private int[] places = {};
    /** Key and value of each entry, side by side; a free one's key is the next free one. */
    private long[] entries = {};

    private int entriesMade;
    private int free = -1;
    private final int placeMask;
    /** The buckets that a search for moves is inside; -1 for none. */
    private final int[] path = new int[HashTableSpec.MOST_MOVES + 1];
    /** The buckets of a key that was not found, and the entries in each. */
    private final int[] tried = new int[HashTableSpec.MOST_HASHES];

    private final int[] loads = new int[HashTableSpec.MOST_HASHES];

    private long ageing = -1;
    private long halfLife;
    private long nextSweep;
    /** Packets come in trains: where the last key asked for is, and the last one put in. */
    private int foundAt;

    private int putAt;
    private int size;
    private int watermark;
    private int fullest;
    private long attempts;
    private long collisions;
    private long removals;
    private int firstFailure = -1;

    /**
     * @param ageing picoseconds after which an entry that was not used is gone; {@link Long#MAX_VALUE} for never
     */
    public HashTable(HashTableSpec spec, long ageing) {
        this.spec = spec;
        slots = spec.slots();
        hashes = spec.hashes();
        buckets = spec.capacity() / slots / spec.banks();
        banked = spec.banks() > 1 ? buckets : 0;
        functions = spec.functions().toArray(HashFunction[]::new);
        ageing(ageing, 0);
        Arrays.fill(path, -1);
        placeMask = (Integer.highestOneBit(spec.capacity()) << 1) - 1;
    }

    /** Another time from now on: what was not used goes after half of it at the earliest. */
    public void ageing(long picoseconds, long now) {
        if (picoseconds == ageing) {
            return;
        }
        ageing = picoseconds;
        halfLife = ageing == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(1, ageing / 2);
        nextSweep = ageing == Long.MAX_VALUE ? Long.MAX_VALUE : now + halfLife;
    }

    public long ageing() {
        return ageing;
    }

    public HashTableSpec spec() {
        return spec;
    }

    private int bucket(int hash, long key) {
        return hash * banked + functions[hash].bucket(key, hash, buckets);
    }

    /** Where a key is; -1 if it is nowhere, and then {@link #tried} and {@link #loads} say where it was looked for. */
    private int find(long key) {
        int mark = mark(key);
        for (int hash = 0; hash < hashes; hash++) {
            int bucket = bucket(hash, key);
            int first = bucket * slots;
            int load = 0;
            for (; load < slots; load++) {
                int place = places[first + load];
                if (place == 0) {
                    break;
                } else if ((place & ~placeMask) == mark && key(first + load) == key) {
                    return first + load;
                }
            }
            tried[hash] = bucket;
            loads[hash] = load;
        }
        return -1;
    }

    /** The bits of a key's hash that stand in its place. */
    private int mark(long key) {
        return (int) (key * 0x9e3779b97f4a7c15L >>> 32) & ~placeMask;
    }

    /** Where the entry of a slot is, which is not free. */
    private int entry(int at) {
        return 2 * ((places[at] & placeMask) - 1);
    }

    private long key(int at) {
        return entries[entry(at)];
    }

    private long value(int at) {
        return entries[entry(at) + 1];
    }

    private void value(int at, long value) {
        entries[entry(at) + 1] = value;
    }

    private void put(int at, long key, long value) {
        int number = free >= 0 ? free : entriesMade++;
        if (2 * number == entries.length) {
            entries = Arrays.copyOf(entries, 2 * Math.min(spec.capacity(), Math.max(8, number + number / 4)));
        }
        if (number == free) {
            free = (int) entries[2 * number];
        }
        places[at] = number + 1 | mark(key);
        entries[2 * number] = key;
        entries[2 * number + 1] = value;
    }

    private boolean is(int at, long key) {
        return at < places.length && places[at] != 0 && key(at) == key;
    }

    /** The value under a key, or {@link #NONE}; does not count as use. */
    public long lookup(long key, long now) {
        if (now >= nextSweep) {
            sweep(now);
        }
        if (!is(foundAt, key)) {
            int at = size == 0 ? -1 : find(key);
            if (at < 0) {
                return NONE;
            }
            foundAt = at;
        }
        return value(foundAt) & VALUE;
    }

    /** As {@link #lookup}, and the entry's hit bit is set. */
    public long use(long key, long now) {
        long value = lookup(key, now);
        if (value != NONE) {
            hit(foundAt);
        }
        return value;
    }

    private void hit(int at) {
        long cell = value(at);
        if ((cell & HIT) == 0) {
            value(at, cell | HIT);
        }
    }

    /** Puts a value under a key, or finds no room for it; counts as use. */
    public Outcome insert(long key, long value, long now) {
        return insert(key, value, 0, now);
    }

    /** An entry that does not age. */
    public Outcome insertFixed(long key, long value, long now) {
        return insert(key, value, FIXED, now);
    }

    private Outcome insert(long key, long value, long flags, long now) {
        if (now >= nextSweep) {
            sweep(now);
        }
        if (places.length == 0) {
            places = new int[spec.capacity()];
        }
        int at = is(putAt, key) ? putAt : find(key);
        if (at >= 0) {
            putAt = at;
            return renew(at, value);
        }
        attempts++;
        at = room();
        if (at < 0) {
            collisions++;
            firstFailure = firstFailure < 0 ? size : firstFailure;
            return Outcome.FULL;
        }
        put(at, key, value | HIT | flags);
        putAt = at;
        watermark = Math.max(watermark, ++size);
        return Outcome.NEW;
    }

    private Outcome renew(int at, long value) {
        long cell = value(at);
        if ((cell & VALUE) == value) {
            hit(at);
            return Outcome.KNOWN;
        }
        value(at, value | cell & FIXED | HIT);
        return Outcome.CHANGED;
    }

    private int load(int bucket) {
        int at = bucket * slots;
        int load = 0;
        while (load < slots && places[at + load] != 0) {
            load++;
        }
        return load;
    }

    /** A free slot for the key that {@link #find} did not find, after moves if need be; -1 if there is none. */
    private int room() {
        int best = 0;
        for (int hash = 1; hash < hashes; hash++) {
            boolean better = spec.policy() == HashTableSpec.Policy.FIRST_FIT
                    ? loads[best] == slots && loads[hash] < slots
                    : loads[hash] < loads[best];
            best = better ? hash : best;
        }
        fullest = Math.max(fullest, Math.min(slots, loads[best] + 1));
        if (loads[best] < slots) {
            return tried[best] * slots + loads[best];
        }
        for (int moves = 1; moves <= spec.moves(); moves++) {
            for (int hash = 0; hash < hashes; hash++) {
                int at = vacate(tried[hash], moves);
                if (at >= 0) {
                    return at;
                }
            }
        }
        return -1;
    }

    /** Frees a slot of a full bucket by moving an entry to another of its buckets; the slot, or -1. */
    private int vacate(int bucket, int moves) {
        path[moves] = bucket;
        int freed = -1;
        for (int slot = 0; slot < slots && freed < 0; slot++) {
            int at = bucket * slots + slot;
            for (int hash = 0; hash < hashes && freed < 0; hash++) {
                int other = bucket(hash, key(at));
                if (!onPath(other, moves)) {
                    int load = load(other);
                    int target = load < slots ? other * slots + load : moves > 1 ? vacate(other, moves - 1) : -1;
                    freed = target < 0 ? -1 : move(at, target);
                }
            }
        }
        path[moves] = -1;
        return freed;
    }

    private int move(int from, int to) {
        places[to] = places[from];
        return from;
    }

    private boolean onPath(int bucket, int from) {
        for (int i = from; i < path.length; i++) {
            if (path[i] == bucket) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether there was such an entry. */
    public boolean remove(long key) {
        int at = size == 0 ? -1 : find(key);
        if (at >= 0) {
            removeAt(at);
        }
        return at >= 0;
    }

    /** The last of the bucket takes its place. */
    private void removeAt(int at) {
        entries[entry(at)] = free;
        free = entry(at) / 2;
        int bucket = at / slots;
        int last = bucket * slots + load(bucket) - 1;
        move(last, at);
        places[last] = 0;
        size--;
        removals++;
    }

    /** Removes what has one of these values, as when a port goes down. */
    public void removeIf(LongPredicate value) {
        for (int at = 0; at < places.length; at++) {
            while (places[at] != 0 && value.test(value(at) & VALUE)) {
                removeAt(at);
            }
        }
    }

    /** Forgets everything but what was counted. */
    public void clear() {
        Arrays.fill(places, 0);
        entriesMade = 0;
        free = -1;
        size = 0;
        removals++;
    }

    /** What was not used since the sweep before goes. */
    private void sweep(long now) {
        long due = 1 + (now - nextSweep) / halfLife;
        nextSweep += due * halfLife;
        for (int at = 0; at < places.length; at++) {
            while (places[at] != 0 && (value(at) & FIXED) == 0) {
                if ((value(at) & HIT) != 0 && due == 1) {
                    value(at, value(at) & ~HIT);
                    break;
                }
                removeAt(at);
            }
        }
    }

    /** Entries there are. */
    public int size(long now) {
        if (now >= nextSweep) {
            sweep(now);
        }
        return size;
    }

    /** Most entries there ever were. */
    public int watermark() {
        return watermark;
    }

    /** Entries of the fullest bucket there ever was. */
    public int fullest() {
        return fullest;
    }

    /** Insertions of keys that were not there. */
    public long attempts() {
        return attempts;
    }

    /** Those that found no room. */
    public long collisions() {
        return collisions;
    }

    /** How often room was made: without it, what was refused once would be refused again. */
    public long removals() {
        return removals;
    }

    /** Entries there were at the first collision; -1 if there was none. */
    public int firstFailure() {
        return firstFailure;
    }

    /** The keys there are, in order. */
    public long[] keys() {
        long[] keys = new long[size];
        int n = 0;
        for (int at = 0; at < places.length; at++) {
            if (places[at] != 0) {
                keys[n++] = key(at);
            }
        }
        Arrays.sort(keys);
        return keys;
    }
}
