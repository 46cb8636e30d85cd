package io.hopscope.encap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A header seen through fixed offsets into somebody else's bytes, in network byte order. A view is made once, then
 * wrapped around one packet after the other. It checks nothing: {@code fits} of the header comes first, once, and a
 * frame that pushed, grew or was copied must be wrapped again because its array may be another one.
 */
public abstract class View {
    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** The array the header lies in. */
    protected byte[] b;

    /** Where in {@link #b} the header begins. */
    protected int at;

    protected View() {}

    /** Where in the array the header begins. */
    public final int at() {
        return at;
    }

    /** Sixteen bits at an absolute offset. */
    public static int get16(byte[] bytes, int at) {
        return (short) U16.get(bytes, at) & 0xffff;
    }

    /** Thirty-two bits at an absolute offset. */
    public static int get32(byte[] bytes, int at) {
        return (int) U32.get(bytes, at);
    }

    /** Sixty-four bits at an absolute offset. */
    public static long get64(byte[] bytes, int at) {
        return (long) U64.get(bytes, at);
    }

    public static void put16(byte[] bytes, int at, int value) {
        U16.set(bytes, at, (short) value);
    }

    public static void put32(byte[] bytes, int at, int value) {
        U32.set(bytes, at, value);
    }

    public static void put64(byte[] bytes, int at, long value) {
        U64.set(bytes, at, value);
    }

    protected final int u8(int offset) {
        return b[at + offset] & 0xff;
    }

    protected final void u8(int offset, int value) {
        b[at + offset] = (byte) value;
    }

    protected final int u16(int offset) {
        return (short) U16.get(b, at + offset) & 0xffff;
    }

    protected final void u16(int offset, int value) {
        U16.set(b, at + offset, (short) value);
    }

    protected final int u32(int offset) {
        return (int) U32.get(b, at + offset);
    }

    protected final void u32(int offset, int value) {
        U32.set(b, at + offset, value);
    }

    /** Forty-eight bits, read as the upper part of 64: two more bytes must follow in the same header. */
    protected final long u48(int offset) {
        return (long) U64.get(b, at + offset) >>> 16;
    }

    protected final void u48(int offset, long value) {
        U16.set(b, at + offset, (short) (value >>> 32));
        U32.set(b, at + offset + 2, (int) value);
    }
}
