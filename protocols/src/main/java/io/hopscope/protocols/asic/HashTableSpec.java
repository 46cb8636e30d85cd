package io.hopscope.protocols.asic;

import java.util.List;

/**
 * The shape of a {@link HashTable}.
 *
 * @param capacity entries in all
 * @param slots entries a bucket
 * @param banks equal parts; with more than one, each hash has a bank of its own
 * @param hashes buckets that a key may be in
 * @param moves entries that may give way in a row to make room for one
 * @param policy which of its buckets a key goes to
 * @param functions one a hash, in order
 */
public record HashTableSpec(
        int capacity, int slots, int banks, int hashes, int moves, Policy policy, List<HashFunction> functions) {
    /** Most hashes there may be: as many as there are CRCs worth having. */
    public static final int MOST_HASHES = 4;

    /** More moves than this no hardware has. */
    public static final int MOST_MOVES = 4;

    /** Which of its buckets a key goes to. */
    public enum Policy {
        /** The emptier one; the first of equals. */
        LEAST_LOADED,
        /** The first that has room. */
        FIRST_FIT,
        /** Least loaded, each hash in a bank of its own, the left one of equals (Vöcking 1999). */
        D_LEFT
    }

    private static final List<HashFunction> CRCS = List.of(
            HashFunction.CRC32_LOWER, HashFunction.CRC32_UPPER, HashFunction.CRC32C_LOWER, HashFunction.CRC32C_UPPER);

    public HashTableSpec {
        functions = functions.isEmpty() ? CRCS.subList(0, Math.min(hashes, MOST_HASHES)) : List.copyOf(functions);
        banks = policy == Policy.D_LEFT ? hashes : banks;
        String wrong = mistake(capacity, slots, banks, hashes, moves, functions);
        if (wrong != null) {
            throw new IllegalArgumentException(wrong);
        }
    }

    /** Eight slots a bucket, two CRC hashes, no moves: what a 70 % rule of thumb comes from. */
    public static HashTableSpec of(int capacity) {
        return new HashTableSpec(capacity, 8, 1, 2, 0, Policy.LEAST_LOADED, List.of());
    }

    private static String mistake(
            int capacity, int slots, int banks, int hashes, int moves, List<HashFunction> functions) {
        if (slots < 1 || capacity < slots) {
            return "a capacity of " + capacity + " with " + slots + " slots a bucket";
        } else if (banks < 1 || capacity % (slots * banks) != 0) {
            return "a capacity of " + capacity + ", no multiple of " + banks + " banks of buckets of " + slots;
        } else if (hashes < 1 || hashes > MOST_HASHES) {
            return hashes + " hashes";
        } else if (banks > 1 && banks != hashes) {
            return banks + " banks and " + hashes + " hashes: each bank has one";
        } else if (moves < 0 || moves > MOST_MOVES) {
            return moves + " moves";
        }
        return functions.size() == hashes ? null : functions.size() + " hash functions for " + hashes + " hashes";
    }

    @Override
    public String toString() {
        String parts = banks > 1 ? banks + " banks, " : "";
        String shape = policy == Policy.FIRST_FIT ? ", first fit" : policy == Policy.D_LEFT ? ", d-left" : "";
        return capacity + " entries: " + parts + "buckets of " + slots + ", " + hashes
                + (hashes == 1 ? " hash" : " hashes") + shape
                + (moves == 0 ? "" : ", " + moves + (moves == 1 ? " move" : " moves"));
    }
}
