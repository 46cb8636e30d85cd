package io.hopscope.protocols.asic;

/**
 * How a switch gets a bucket's number from a key: the choices of Broadcom's SDK (hash_sel: CRC16 and CRC32, upper or
 * lower bits, LSB, ZERO), CRC32C for a third and fourth hash, and an ideal one. A CRC is affine: consecutive addresses
 * spread perfectly under the low bits of a CRC-32. Not so under CRC-16, whose polynomial has the factor x + 1.
 */
public enum HashFunction {
    /** The low bits of CRC-32 (IEEE 802.3). */
    CRC32_LOWER,
    /** The high bits of it. */
    CRC32_UPPER,
    /** The low bits of CRC-32C (Castagnoli). */
    CRC32C_LOWER,
    CRC32C_UPPER,
    /** The low bits of CRC-16 (ARC). */
    CRC16_LOWER,
    CRC16_UPPER,
    /** The low bits of the key itself. */
    LSB,
    /** Always the first bucket. */
    ZERO,
    /** Ideal: independent and uniform, another one at every place in a table's list. */
    UNIFORM;

    private static final int[][] CRC32 = slices(0xedb88320);
    private static final int[][] CRC32C = slices(0x82f63b78);
    private static final int[][] CRC16 = slices(0xa001);

    /** One table a byte of the key: the CRC of eight bytes is eight loads. */
    private static int[][] slices(int polynomial) {
        int[][] slices = new int[8][256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : polynomial);
            }
            slices[0][i] = crc;
        }
        for (int slice = 1; slice < 8; slice++) {
            for (int i = 0; i < 256; i++) {
                int crc = slices[slice - 1][i];
                slices[slice][i] = crc >>> 8 ^ slices[0][crc & 0xff];
            }
        }
        return slices;
    }

    /** Over the key's eight bytes, the most significant first. */
    private static int crc(int[][] slices, long key, int start) {
        long word = Long.reverseBytes(key) ^ start & 0xffff_ffffL;
        return slices[7][(int) word & 0xff]
                ^ slices[6][(int) (word >>> 8) & 0xff]
                ^ slices[5][(int) (word >>> 16) & 0xff]
                ^ slices[4][(int) (word >>> 24) & 0xff]
                ^ slices[3][(int) (word >>> 32) & 0xff]
                ^ slices[2][(int) (word >>> 40) & 0xff]
                ^ slices[1][(int) (word >>> 48) & 0xff]
                ^ slices[0][(int) (word >>> 56)];
    }

    static int crc32(long key) {
        return ~crc(CRC32, key, -1);
    }

    static int crc32c(long key) {
        return ~crc(CRC32C, key, -1);
    }

    static int crc16(long key) {
        return crc(CRC16, key, 0);
    }

    /**
     * @param place in a table's list of functions
     * @param buckets how many there are to choose from
     */
    int bucket(long key, int place, int buckets) {
        return switch (this) {
            case LSB -> (int) (key % buckets);
            case ZERO -> 0;
            case UNIFORM -> upper((int) mix(key, place), buckets, 32);
            default -> bucket(crc(key), buckets);
        };
    }

    /** A CRC of the key; 0 for a function that is none. */
    int crc(long key) {
        return switch (this) {
            case CRC32_LOWER, CRC32_UPPER -> crc32(key);
            case CRC32C_LOWER, CRC32C_UPPER -> crc32c(key);
            case CRC16_LOWER, CRC16_UPPER -> crc16(key);
            default -> 0;
        };
    }

    boolean isCrc() {
        return ordinal() < LSB.ordinal();
    }

    /** Whether another function takes other bits of the same CRC. */
    boolean sharesCrc(HashFunction other) {
        return isCrc() && ordinal() / 2 == other.ordinal() / 2;
    }

    /**
     * The same for who has the CRC already.
     *
     * @param crc of the key
     */
    int bucket(int crc, int buckets) {
        return switch (this) {
            case CRC32_UPPER, CRC32C_UPPER -> upper(crc, buckets, 32);
            case CRC16_UPPER -> upper(crc, buckets, 16);
            default -> (buckets & buckets - 1) == 0 ? crc & buckets - 1 : Integer.remainderUnsigned(crc, buckets);
        };
    }

    private static int upper(int hash, int buckets, int bits) {
        return (int) ((hash & 0xffff_ffffL) * buckets >>> bits);
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long key, int place) {
        long z = key + (place + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
