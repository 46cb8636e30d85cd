package io.hopscope.protocols.asic;

import java.util.Arrays;

/**
 * Where a {@link HashTable} keeps its entries: key and value side by side, bucket by bucket, the free slots of a bucket last;
 * and a tag for each, a byte of its key. The tags of a large table fit a processor's cache, so that of the entries a lookup
 * reads one line. As long as few buckets are in use, as in most switches of a network, only those take memory.
 */
final class Buckets {
    /** The key where there is no entry. */
    private static final long EMPTY = -1;

    /** Tags a word. */
    private static final int TAGS = 8;

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long LOW = 0x7f7f_7f7f_7f7f_7f7fL;
    private static final long[] NOTHING = {};
    /** Blocks there is room for at first; every bucket gets one when a quarter are in use. */
    private static final int FEW = 4;

    private final int all;
    private final int slots;
    /** Words of tags a bucket. */
    private final int words;
    /** Block by block; 0 where a slot is free. */
    private long[] tags = NOTHING;

    private long[] cells = NOTHING;
    /** A bucket's block, open addressing, one more so that 0 is none. Null when each bucket's block has its own number. */
    private int[] index;
    /** A block's bucket; as long as there is an index. */
    private int[] bucketOf = {};

    private int blocks;

    /**
     * @param all how many there are
     * @param slots entries in each
     */
    Buckets(int all, int slots) {
        this.all = all;
        this.slots = slots;
        words = (slots + TAGS - 1) / TAGS;
        clear();
    }

    void clear() {
        index = new int[FEW * 4];
        bucketOf = new int[FEW];
        tags = NOTHING;
        cells = NOTHING;
        blocks = 0;
    }

    /** A key's tag, eight times. */
    static long tags(long key) {
        long hash = key * 0x9e3779b97f4a7c15L >>> 56;
        return (hash == 0 ? 1 : hash) * ONES;
    }

    /** The bytes that two words have in common: their highest bits are set, and nothing else. */
    private static long same(long word, long wanted) {
        long other = word ^ wanted;
        return ~((other & LOW) + LOW | other | LOW);
    }

    /**
     * Where a key is in a bucket; -1 if it is not there.
     *
     * @param wanted its tags
     */
    int find(int bucket, long wanted, long key) {
        int block = block(bucket);
        for (int word = 0; word < words && block >= 0; word++) {
            for (long same = same(tags[block * words + word], wanted); same != 0; same &= same - 1) {
                int at = block * slots + word * TAGS + (Long.numberOfTrailingZeros(same) >> 3);
                if (cells[2 * at] == key) {
                    return at;
                }
            }
        }
        return -1;
    }

    /** Where a key probably is, by its tag alone, and without a jump that depends on a tag; or what was guessed before. */
    int guess(int bucket, long wanted, int before) {
        if (index != null) {
            return 0;
        }
        long same = same(tags[bucket * words], wanted);
        int at = bucket * slots + (Long.numberOfTrailingZeros(same) >> 3);
        return same != 0 ? at : before;
    }

    /** Reads a guessed place: a value, or anything. */
    long look(int guess) {
        return 2 * guess < cells.length ? value(guess) : 0;
    }

    private int block(int bucket) {
        return index == null ? bucket : indexed(bucket);
    }

    private int indexed(int bucket) {
        int mask = index.length - 1;
        int at = bucket * 0x9e3779b9 >>> 7 & mask;
        while (index[at] != 0 && bucketOf[index[at] - 1] != bucket) {
            at = at + 1 & mask;
        }
        return index[at] - 1;
    }

    /** Entries of a bucket. */
    int load(int bucket) {
        int block = block(bucket);
        return block < 0 ? 0 : loadOf(block);
    }

    private int loadOf(int block) {
        int load = 0;
        for (int word = 0; word < words; word++) {
            load += TAGS - Long.numberOfLeadingZeros(tags[block * words + word]) / 8;
        }
        return load;
    }

    /** The first free slot of a bucket that has one; places found before may be others now. */
    int free(int bucket) {
        int block = open(bucket);
        return block * slots + loadOf(block);
    }

    private int open(int bucket) {
        int there = block(bucket);
        if (there >= 0) {
            return there;
        } else if (blocks * 4 >= all) {
            spread();
            return bucket;
        }
        if ((blocks + 1) * slots * 2 > cells.length) {
            grow();
        }
        bucketOf[blocks] = bucket;
        enter(blocks);
        return blocks++;
    }

    private void grow() {
        int room = cells.length == 0 ? FEW : blocks * 2;
        bucketOf = Arrays.copyOf(bucketOf, room);
        tags = Arrays.copyOf(tags, room * words);
        int before = cells.length;
        cells = Arrays.copyOf(cells, room * slots * 2);
        Arrays.fill(cells, before, cells.length, EMPTY);
        index = new int[room * 4];
        for (int block = 0; block < blocks; block++) {
            enter(block);
        }
    }

    private void enter(int block) {
        int mask = index.length - 1;
        int at = bucketOf[block] * 0x9e3779b9 >>> 7 & mask;
        while (index[at] != 0) {
            at = at + 1 & mask;
        }
        index[at] = block + 1;
    }

    /** Every bucket gets its block: places are what they are from here on. */
    void spread() {
        if (index == null) {
            return;
        }
        long[] oldTags = tags;
        long[] oldCells = cells;
        tags = new long[all * words];
        cells = new long[all * slots * 2];
        Arrays.fill(cells, EMPTY);
        for (int block = 0; block < blocks; block++) {
            System.arraycopy(oldTags, block * words, tags, bucketOf[block] * words, words);
            System.arraycopy(oldCells, block * slots * 2, cells, bucketOf[block] * slots * 2, slots * 2);
        }
        index = null;
        bucketOf = new int[0];
        blocks = all;
    }

    /** Whether a key is at a place where it was once. */
    boolean is(int at, long key) {
        return 2 * at < cells.length && cells[2 * at] == key;
    }

    long key(int at) {
        return cells[2 * at];
    }

    long value(int at) {
        return cells[2 * at + 1];
    }

    void value(int at, long value) {
        cells[2 * at + 1] = value;
    }

    void put(int at, long key, long value) {
        cells[2 * at] = key;
        cells[2 * at + 1] = value;
        tag(at, tags(key) & 0xff);
    }

    private int tag(int at) {
        int slot = at % slots;
        return (int) (tags[at / slots * words + slot / TAGS] >>> slot % TAGS * 8) & 0xff;
    }

    private void tag(int at, long tag) {
        int slot = at % slots;
        int word = at / slots * words + slot / TAGS;
        int shift = slot % TAGS * 8;
        tags[word] = tags[word] & ~(0xffL << shift) | tag << shift;
    }

    /** The last of the bucket takes its place. */
    void remove(int at) {
        int block = at / slots;
        int last = block * slots + loadOf(block) - 1;
        put(at, key(last), value(last));
        cells[2 * last] = EMPTY;
        tag(last, 0);
    }

    /** Buckets that may have entries: to go through them all, from {@link #first} to before {@link #end}. */
    int blocks() {
        return blocks;
    }

    int first(int block) {
        return block * slots;
    }

    int end(int block) {
        return block * slots + loadOf(block);
    }
}
