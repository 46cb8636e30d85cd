package io.hopscope.traces;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes one section of pcapng (draft-ietf-opsawg-pcapng), little-endian because live Wireshark refuses the other:
 * section header, interfaces, names, enhanced packets, statistics at the end. Without a comment a packet allocates
 * nothing. No decryption secrets, no custom blocks.
 *
 * <pre>
 *  0      4       8           12          16         20         24         28
 * | 6    | length| interface | time high | time low | captured | original | bytes, padded to 4 |
 * | 2, 4 | flags | 5, 8      | packet id (8)        | [1, n | comment]    | 0, 0 | length |
 * </pre>
 */
public final class PcapngWriter implements AutoCloseable {
    static final int SECTION = 0x0a0d0d0a;
    static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    static final int INTERFACE = 1;
    static final int SIMPLE_PACKET = 3;
    static final int NAMES = 4;
    static final int STATISTICS = 5;
    static final int ENHANCED_PACKET = 6;
    static final int ETHERNET = 1;
    static final int COMMENT = 1;
    static final int USER_APPLICATION = 4;
    static final int IF_NAME = 2;
    static final int IF_DESCRIPTION = 3;
    static final int IF_MAC = 6;
    static final int IF_SPEED = 8;
    static final int IF_RESOLUTION = 9;
    static final int IF_OFFSET = 14;
    static final int PACKET_FLAGS = 2;
    static final int PACKET_ID = 5;

    private static final int RECEIVED = 4;
    private static final int DROPPED = 5;
    private static final int NANOSECONDS = 9;
    private static final int FLAGS_OPTION = 4 << 16 | PACKET_FLAGS;
    private static final int ID_OPTION = 8 << 16 | PACKET_ID;
    private static final int PACKET_HEADER = 28;
    private static final int PACKET_OVERHEAD = PACKET_HEADER + 8 + 12 + 4 + 4;
    private static final int LONGEST_COMMENT = 16_000;
    private static final int NAMES_PER_BLOCK = 1000;
    private static final int BUFFER = 1 << 18;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final CaptureOutput output;
    private final int limit;
    private byte[] b;
    private int at;
    private long[] received = new long[16];
    private long[] dropped = new long[16];
    private int interfaces;
    private int snapLength = Integer.MAX_VALUE;
    private long packets;
    private long latest;
    private boolean closed;

    public PcapngWriter(CaptureOutput output) {
        this(output, BUFFER, BUFFER);
    }

    /** With a buffer that begins small and grows, for many writers at a time. */
    PcapngWriter(CaptureOutput output, int initial, int limit) {
        this.output = output;
        this.limit = limit;
        b = new byte[initial];
    }

    /** Cuts packets to this many bytes; to be said before the first interface. */
    public PcapngWriter snapLength(int bytes) {
        snapLength = bytes;
        return this;
    }

    /** Opens the file: which program wrote it, and a comment about what is in it. Nothing that differs between machines. */
    public PcapngWriter section(String comment) {
        int start = begin(SECTION);
        int32(BYTE_ORDER_MAGIC);
        int32(1); // version 1.0
        int64(-1); // section length unknown
        text(USER_APPLICATION, "Hopscope");
        text(COMMENT, comment);
        finish(start);
        return this;
    }

    /**
     * Declares an interface, at any time before its first packet.
     *
     * @return its id in this file
     */
    public int declare(CaptureInterface port) {
        int start = begin(INTERFACE);
        int32(ETHERNET);
        int32(snapLength == Integer.MAX_VALUE ? 0 : snapLength);
        text(IF_NAME, port.name());
        text(IF_DESCRIPTION, port.description());
        if (port.mac() != 0) {
            option(IF_MAC, 6);
            for (int shift = 40; shift >= 0; shift -= 8) {
                b[at++] = (byte) (port.mac() >>> shift);
            }
            pad();
        }
        if (port.speed() != 0) {
            option(IF_SPEED, 8);
            int64(port.speed());
        }
        option(IF_RESOLUTION, 1);
        b[at++] = NANOSECONDS;
        pad();
        finish(start);
        if (interfaces == received.length) {
            received = Arrays.copyOf(received, interfaces * 2);
            dropped = Arrays.copyOf(dropped, interfaces * 2);
        }
        return interfaces++;
    }

    /**
     * Names for addresses, which Wireshark shows instead of them if asked.
     *
     * @param names by IPv4 address, in the order in which they are to be written
     */
    public void names(Map<Integer, String> names) {
        int start = -1;
        int count = 0;
        for (Map.Entry<Integer, String> entry : names.entrySet()) {
            if (count++ % NAMES_PER_BLOCK == 0) {
                endNames(start);
                start = begin(NAMES);
            }
            byte[] name = entry.getValue().getBytes(StandardCharsets.UTF_8);
            option(1, 4 + name.length + 1);
            room(name.length + 16);
            INT.set(b, at, Integer.reverseBytes(entry.getKey()));
            at += 4;
            bytes(name);
            b[at++] = 0;
            pad();
        }
        endNames(start);
    }

    private void endNames(int start) {
        if (start >= 0) {
            finish(start);
        }
    }

    /**
     * One packet at one interface.
     *
     * @param picoseconds written as whole nanoseconds, rounded down
     * @param journey the packet id, equal at all ports that saw the packet
     * @param originalLength the length before anything was cut off
     * @param comment or null
     */
    public void packet(
            int id,
            long picoseconds,
            boolean inbound,
            long journey,
            byte[] bytes,
            int offset,
            int length,
            int originalLength,
            String comment) {
        if (length > snapLength) {
            length = snapLength;
        }
        int padded = length + 3 & ~3;
        byte[] text = comment == null ? null : encode(comment);
        int size = PACKET_OVERHEAD + padded + (text == null ? 0 : 4 + (text.length + 3 & ~3));
        if (at + size > b.length) {
            makeRoom(size);
        }
        byte[] to = b;
        int p = at;
        long nanos = picoseconds / 1000;
        LONG.set(to, p, ENHANCED_PACKET | (long) size << 32);
        LONG.set(to, p + 8, id | nanos & 0xffff_ffff_0000_0000L);
        LONG.set(to, p + 16, nanos & 0xffff_ffffL | (long) length << 32);
        INT.set(to, p + 24, originalLength);
        p += PACKET_HEADER + padded;
        // The padding first: the bytes overwrite what of this word is theirs.
        INT.set(to, p - 4, 0);
        System.arraycopy(bytes, offset, to, p - padded, length);
        if (length == 0) {
            INT.set(to, p - 4, originalLength);
        }
        LONG.set(to, p, FLAGS_OPTION | (inbound ? 1L : 2L) << 32);
        INT.set(to, p + 8, ID_OPTION);
        LONG.set(to, p + 12, journey);
        at = p + 20;
        if (text != null) {
            option(COMMENT, text.length);
            bytes(text);
            pad();
            // The comment may have made the buffer grow: it is another one then.
            to = b;
        }
        LONG.set(to, at, (long) size << 32);
        at += 8;
        received[id]++;
        packets++;
        latest = nanos;
    }

    /** Counts a packet of this interface as dropped there, for the statistics at the end. */
    public void dropped(int id) {
        dropped[id]++;
    }

    private static byte[] encode(String comment) {
        String text = comment.length() <= LONGEST_COMMENT ? comment : comment.substring(0, LONGEST_COMMENT) + "..";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Interfaces declared so far. */
    public int interfaces() {
        return interfaces;
    }

    /** Packets written so far. */
    public long packets() {
        return packets;
    }

    /** Hands whole blocks to the output. */
    public void flush() {
        if (at > 0) {
            b = output.write(b, at);
            at = 0;
        }
    }

    /** Ends the file with the statistics of each interface that saw a packet; the hash of the output is then known. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            for (int i = 0; i < interfaces; i++) {
                if (received[i] + dropped[i] > 0) {
                    statistics(i);
                }
            }
            flush();
        } finally {
            output.close();
        }
    }

    private void statistics(int id) {
        int start = begin(STATISTICS);
        int32(id);
        int32((int) (latest >>> 32));
        int32((int) latest);
        option(RECEIVED, 8);
        int64(received[id]);
        option(DROPPED, 8);
        int64(dropped[id]);
        finish(start);
    }

    private int begin(int type) {
        // Interface names and comments are shorter than this; long ones make room themselves.
        room(256);
        int start = at;
        int32(type);
        int32(0);
        return start;
    }

    private void finish(int start) {
        room(8);
        int32(0); // end of options, or of name records
        int size = at + 4 - start;
        int32(size);
        INT.set(b, start + 4, size);
    }

    private void text(int code, String value) {
        if (value.isEmpty()) {
            return;
        }
        byte[] bytes = encode(value);
        option(code, bytes.length);
        bytes(bytes);
        pad();
    }

    private void option(int code, int length) {
        room(16);
        int32(code | length << 16);
    }

    private void bytes(byte[] value) {
        room(value.length + 16);
        System.arraycopy(value, 0, b, at, value.length);
        at += value.length;
    }

    private void pad() {
        while ((at & 3) != 0) {
            b[at++] = 0;
        }
    }

    private void int32(int value) {
        INT.set(b, at, value);
        at += 4;
    }

    private void int64(long value) {
        LONG.set(b, at, value);
        at += 8;
    }

    /** Room inside a block, which must stay whole: the buffer grows. */
    private void room(int bytes) {
        if (at + bytes > b.length) {
            b = Arrays.copyOf(b, Math.max(b.length * 2, at + bytes));
        }
    }

    /** Room for a whole block: a buffer of full size is written out first. */
    private void makeRoom(int bytes) {
        if (b.length >= limit) {
            flush();
        }
        room(bytes);
    }
}
