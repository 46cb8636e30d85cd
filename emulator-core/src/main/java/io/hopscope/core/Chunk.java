package io.hopscope.core;

import io.hopscope.encap.Frame;
import java.util.Arrays;

/** Observations of one worker, in columns; the bytes are copied here, so that the frame may go on. */
final class Chunk {
    private static final int INBOUND = 1;
    private static final int DROP = 2;

    int count;
    int bytesUsed;
    long[] times = new long[1024];
    private Port[] ports = new Port[1024];
    private long[] journeys = new long[1024];
    private int[] offsets = new int[1024];
    private int[] lengths = new int[1024];
    private int[] originals = new int[1024];
    private byte[] flags = new byte[1024];
    private String[] comments = new String[1024];
    private byte[] bytes = new byte[1 << 17];
    private final int snapLength;

    Chunk(int snapLength) {
        this.snapLength = snapLength;
    }

    int record(Port port, boolean inbound, Frame frame, long time, String comment) {
        int i = count;
        if (i == times.length) {
            growRecords();
        }
        int length = Math.min(frame.length(), snapLength);
        if (bytesUsed + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, bytesUsed + length));
        }
        System.arraycopy(frame.bytes(), frame.start(), bytes, bytesUsed, length);
        times[i] = time;
        ports[i] = port;
        journeys[i] = frame.journey();
        offsets[i] = bytesUsed;
        lengths[i] = length;
        originals[i] = frame.length();
        flags[i] = inbound ? (byte) INBOUND : 0;
        comments[i] = comment;
        bytesUsed += length;
        count = i + 1;
        return i;
    }

    private void growRecords() {
        int size = times.length * 2;
        times = Arrays.copyOf(times, size);
        ports = Arrays.copyOf(ports, size);
        journeys = Arrays.copyOf(journeys, size);
        offsets = Arrays.copyOf(offsets, size);
        lengths = Arrays.copyOf(lengths, size);
        originals = Arrays.copyOf(originals, size);
        flags = Arrays.copyOf(flags, size);
        comments = Arrays.copyOf(comments, size);
    }

    void comment(int record, String text) {
        String before = comments[record];
        comments[record] = before == null ? text : before + "; " + text;
    }

    void dropped(int record, String text) {
        flags[record] |= DROP;
        String before = comments[record];
        // A drop's comment begins with its reason: that is what people filter for.
        comments[record] = before == null ? text : text + " (" + before + ")";
    }

    int nodeOrdinal(int record) {
        return ports[record].node().ordinal();
    }

    void read(int record, CaptureRecord into) {
        into.time = times[record];
        into.port = ports[record];
        into.inbound = (flags[record] & INBOUND) != 0;
        into.drop = (flags[record] & DROP) != 0;
        into.journey = journeys[record];
        into.bytes = bytes;
        into.offset = offsets[record];
        into.length = lengths[record];
        into.originalLength = originals[record];
        into.comment = comments[record];
    }

    /** Takes over a record of another chunk that could not be given away yet. */
    int adopt(Chunk from, int record) {
        if (count == times.length) {
            growRecords();
        }
        int i = count++;
        int length = from.lengths[record];
        if (bytesUsed + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, bytesUsed + length));
        }
        System.arraycopy(from.bytes, from.offsets[record], bytes, bytesUsed, length);
        times[i] = from.times[record];
        ports[i] = from.ports[record];
        journeys[i] = from.journeys[record];
        offsets[i] = bytesUsed;
        lengths[i] = length;
        originals[i] = from.originals[record];
        flags[i] = from.flags[record];
        comments[i] = from.comments[record];
        bytesUsed += length;
        return i;
    }

    void clear() {
        count = 0;
        bytesUsed = 0;
    }
}
