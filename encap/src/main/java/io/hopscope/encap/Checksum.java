package io.hopscope.encap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The Internet checksum (RFC 1071) and its incremental update (RFC 1624). Sums are 16 bits, not complemented. */
public final class Checksum {
    private static final VarHandle NATIVE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long LOW = 0xffff_ffffL;
    private static final int BLOCK = 256;

    private Checksum() {}

    /**
     * One's complement sum of {@code length} bytes, an odd last one padded with zero: 0..0xffff. The sum does not mind the
     * order of bytes (RFC 1071, section 2 B), so that it is made in the machine's own and put right at the end; the loops
     * count up to a limit, as the compiler wants it to leave out the checks of each index.
     */
    public static int sum(byte[] b, int at, int length) {
        int end = at + length;
        int i = at;
        long sum = 0;
        for (; i <= end - BLOCK; i += BLOCK) {
            sum += block(b, i);
        }
        int limit = end - 7;
        for (; i < limit; i += 8) {
            sum += halves((long) NATIVE.get(b, i));
        }
        sum = (sum >>> 32) + (sum & LOW);
        int rest = fold((int) ((sum >>> 32) + (sum >>> 16 & 0xffff) + (sum & 0xffff)));
        rest = LITTLE ? Integer.reverseBytes(rest) >>> 16 : rest;
        if (end - i >= 4) {
            int four = View.get32(b, i);
            rest += (four >>> 16) + (four & 0xffff);
            i += 4;
        }
        if (end - i >= 2) {
            rest += View.get16(b, i);
            i += 2;
        }
        if (end > i) rest += (b[i] & 0xff) << 8;
        return fold(rest);
    }

    /** So many steps are known beforehand, and take half the time of as many that are not. */
    private static long block(byte[] b, int at) {
        long sum = 0;
        for (int i = at; i < at + BLOCK; i += 8) {
            sum += halves((long) NATIVE.get(b, i));
        }
        return sum;
    }

    private static long halves(long eight) {
        return (eight >>> 32) + (eight & LOW);
    }

    /** Adds the carries of a non-negative sum of 16-bit words back in: 0..0xffff. */
    public static int fold(int sum) {
        int once = (sum >>> 16) + (sum & 0xffff);
        return (once >>> 16) + (once & 0xffff);
    }

    /** The checksum of the bytes: what goes into a header whose checksum field is zero, and 0 if one is there and right. */
    public static int of(byte[] b, int at, int length) {
        return ~sum(b, at, length) & 0xffff;
    }

    /** The checksum of a sum that began with a {@link #pseudo} header. */
    public static int of(int sum) {
        return ~fold(sum) & 0xffff;
    }

    /** Sum of the IPv4 pseudo header of UDP and TCP (RFC 768); {@code length} is that of header and data. */
    public static int pseudo(int source, int destination, int protocol, int length) {
        return (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length;
    }

    /** The checksum after one 16-bit word changed: HC' = ~(~HC + ~m + m') (RFC 1624 equation 3). */
    public static int update(int checksum, int oldWord, int newWord) {
        return ~fold((~checksum & 0xffff) + (~oldWord & 0xffff) + (newWord & 0xffff)) & 0xffff;
    }
}
