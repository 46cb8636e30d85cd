package io.hopscope.protocols.asic;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * An exact-match table of switch silicon: buckets of a few slots; a key may be in one bucket for each hash, and is
 * refused when they are full, however empty the rest. Entries are 60-bit numbers under 60-bit keys. Ageing is a hit bit
 * swept every half period, so that an entry goes between half a period and a whole one after its last use. Takes memory for
 * the buckets that are in use, and all of it when they are a quarter.
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
    /** Places remembered; a power of two. */
    private static final int LATELY = 1024;

    private final HashTableSpec spec;
    private final int slots;
    private final int hashes;
    /** Of each bank. */
    private final int buckets;

    private final int banked;
    private final HashFunction[] functions;
    /** Whether a hash takes other bits of the CRC before it. */
    private final boolean[] shared;

    private final Buckets entries;
    /** The buckets that a search for moves is inside; -1 for none. */
    private final int[] path = new int[HashTableSpec.MOST_MOVES + 1];
    /** The buckets of a key that was not found. */
    private final int[] tried = new int[HashTableSpec.MOST_HASHES];

    private long ageing = -1;
    private long halfLife;
    private long nextSweep;
    /**
     * Where keys were found lately, by a few bits of each: packets come in trains, and what was looked at ahead is looked up
     * soon. Checked before it is believed.
     */
    private int[] lately = {0};

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
        shared = new boolean[hashes];
        for (int i = 1; i < hashes; i++) {
            shared[i] = functions[i].sharesCrc(functions[i - 1]);
        }
        entries = new Buckets(buckets * spec.banks(), slots);
        ageing(ageing, 0);
        Arrays.fill(path, -1);
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

    private int remembered(long key) {
        return (int) (key * 0x9e3779b97f4a7c15L >>> 40) & lately.length - 1;
    }

    /** Where a key is; -1 if it is nowhere, and then {@link #tried} says where it was looked for. */
    private int find(long key) {
        int slot = remembered(key);
        int at = lately[slot];
        if (!entries.is(at, key)) {
            at = search(key);
            lately[slot] = Math.max(at, 0);
        }
        return at;
    }

    private int search(long key) {
        long wanted = Buckets.tags(key);
        int crc = 0;
        for (int hash = 0; hash < hashes; hash++) {
            crc = shared[hash] ? crc : functions[hash].crc(key);
            int bucket = bucket(hash, key, crc);
            tried[hash] = bucket;
            int at = entries.find(bucket, wanted, key);
            if (at >= 0) {
                return at;
            }
        }
        return -1;
    }

    private int bucket(int hash, long key, int crc) {
        HashFunction function = functions[hash];
        return hash * banked + (function.isCrc() ? function.bucket(crc, buckets) : function.bucket(key, hash, buckets));
    }

    /** For looking ahead: where a key probably is; any place if it is nowhere. A lookup of it soon is a short one. */
    public int guess(long key) {
        if (size == 0) {
            return 0;
        }
        long wanted = Buckets.tags(key);
        int crc = 0;
        int guess = 0;
        for (int hash = 0; hash < hashes; hash++) {
            crc = shared[hash] ? crc : functions[hash].crc(key);
            guess = entries.guess(bucket(hash, key, crc), wanted, guess);
        }
        lately[remembered(key)] = guess;
        return guess;
    }

    /** What is at a guessed place: a value, or anything. */
    public long look(int guess) {
        return entries.look(guess) & VALUE;
    }

    /** The value under a key, or {@link #NONE}; does not count as use. */
    public long lookup(long key, long now) {
        if (now >= nextSweep) {
            sweep(now);
        }
        int at = size == 0 ? -1 : find(key);
        return at < 0 ? NONE : entries.value(at) & VALUE;
    }

    /** As {@link #lookup}, and the entry's hit bit is set. */
    public long use(long key, long now) {
        long value = lookup(key, now);
        if (value != NONE) {
            hit(find(key));
        }
        return value;
    }

    private void hit(int at) {
        long cell = entries.value(at);
        if ((cell & HIT) == 0) {
            entries.value(at, cell | HIT);
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
        if (lately.length == 1) {
            lately = new int[LATELY];
        }
        int at = find(key);
        if (at >= 0) {
            return renew(at, value);
        }
        attempts++;
        at = room();
        if (at < 0) {
            collisions++;
            firstFailure = firstFailure < 0 ? size : firstFailure;
            return Outcome.FULL;
        }
        entries.put(at, key, value | HIT | flags);
        lately[remembered(key)] = at;
        watermark = Math.max(watermark, ++size);
        return Outcome.NEW;
    }

    private Outcome renew(int at, long value) {
        long cell = entries.value(at);
        if ((cell & VALUE) == value) {
            hit(at);
            return Outcome.KNOWN;
        }
        entries.value(at, value | cell & FIXED | HIT);
        return Outcome.CHANGED;
    }

    /** A free slot for the key that {@link #find} did not find, after moves if need be; -1 if there is none. */
    private int room() {
        int best = 0;
        int least = entries.load(tried[0]);
        for (int hash = 1; hash < hashes; hash++) {
            int load = entries.load(tried[hash]);
            boolean better =
                    spec.policy() == HashTableSpec.Policy.FIRST_FIT ? least == slots && load < slots : load < least;
            best = better ? hash : best;
            least = better ? load : least;
        }
        fullest = Math.max(fullest, Math.min(slots, least + 1));
        if (least < slots) {
            return entries.free(tried[best]);
        }
        return spec.moves() == 0 ? -1 : displace();
    }

    private int displace() {
        // Places must stay what they are while entries give way.
        entries.spread();
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
                long key = entries.key(at);
                int other = bucket(hash, key, functions[hash].crc(key));
                if (!onPath(other, moves)) {
                    int load = entries.load(other);
                    int target = load < slots ? entries.free(other) : moves > 1 ? vacate(other, moves - 1) : -1;
                    freed = target < 0 ? -1 : move(at, target);
                }
            }
        }
        path[moves] = -1;
        return freed;
    }

    private int move(int from, int to) {
        entries.put(to, entries.key(from), entries.value(from));
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

    private void removeAt(int at) {
        entries.remove(at);
        size--;
        removals++;
    }

    /** Removes what has one of these values, as when a port goes down. */
    public void removeIf(LongPredicate value) {
        for (int block = 0; block < entries.blocks(); block++) {
            for (int at = entries.first(block); at < entries.end(block); at++) {
                if (value.test(entries.value(at) & VALUE)) {
                    removeAt(at--);
                }
            }
        }
    }

    /** Forgets everything but what was counted. */
    public void clear() {
        entries.clear();
        size = 0;
        removals++;
    }

    /** What was not used since the sweep before goes. */
    private void sweep(long now) {
        long due = 1 + (now - nextSweep) / halfLife;
        nextSweep += due * halfLife;
        for (int block = 0; block < entries.blocks(); block++) {
            for (int at = entries.first(block); at < entries.end(block); at++) {
                long cell = entries.value(at);
                if ((cell & FIXED) != 0) {
                    continue;
                } else if ((cell & HIT) != 0 && due == 1) {
                    entries.value(at, cell & ~HIT);
                } else {
                    removeAt(at--);
                }
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
        for (int block = 0; block < entries.blocks(); block++) {
            for (int at = entries.first(block); at < entries.end(block); at++) {
                keys[n++] = entries.key(at);
            }
        }
        Arrays.sort(keys);
        return keys;
    }
}
