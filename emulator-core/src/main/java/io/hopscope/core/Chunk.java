package io.hopscope.core;

import io.hopscope.encap.Frame;
import java.util.Arrays;

/**
 * Observations of one worker; the bytes are copied here, so that the frame may go on. What is known of one lies together,
 * four words and then its bytes elsewhere: the thread that reads it is another one, and each cache line has to come over.
 */
final class Chunk {
    private static final int INBOUND = 1;
    private static final int DROP = 2;
    private static final int COMMENTED = 4;
    private static final int UNSEEN = 8;
    /** Bits of the flags, below the port's index. */
    private static final int FLAGS = 4;

    private static final int TIME = 0;
    private static final int JOURNEY = 1;
    /** Offset of the bytes in the upper half, length in the lower. */
    private static final int PLACE = 2;
    /** Original length in the upper half, then the port's capture index, then flags. */
    private static final int WHAT = 3;

    private static final int WORDS = 4;
    private static final int FIRST = 1024;

    int count;
    int bytesUsed;
    private long[] words = new long[FIRST * WORDS];
    private String[] comments = new String[FIRST];
    private byte[] bytes = new byte[1 << 17];
    private final int snapLength;
    private final Port[] ports;

    /**
     * @param ports by capture index
     */
    Chunk(Port[] ports, int snapLength) {
        this.ports = ports;
        this.snapLength = snapLength;
    }

    int record(Port port, boolean inbound, Frame frame, long time, String comment) {
        int length = Math.min(frame.length(), snapLength);
        int i = room(length);
        System.arraycopy(frame.bytes(), frame.start(), bytes, bytesUsed, length);
        int flags = (inbound ? INBOUND : 0) | (comment == null ? 0 : COMMENTED);
        long[] w = words;
        int at = i * WORDS;
        w[at + TIME] = time;
        w[at + JOURNEY] = frame.journey();
        w[at + PLACE] = (long) bytesUsed << 32 | length;
        w[at + WHAT] = (long) frame.length() << 32 | (long) port.captureIndex << FLAGS | flags;
        if (comment != null) {
            comments[i] = comment;
        }
        bytesUsed += length;
        return i;
    }

    /** Makes room for one more, and says where. */
    private int room(int length) {
        int i = count++;
        if (i == comments.length) {
            words = Arrays.copyOf(words, words.length * 2);
            comments = Arrays.copyOf(comments, comments.length * 2);
        }
        if (bytesUsed + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, bytesUsed + length));
        }
        return i;
    }

    long time(int record) {
        return words[record * WORDS + TIME];
    }

    private boolean has(int record, int flag) {
        return (words[record * WORDS + WHAT] & flag) != 0;
    }

    void comment(int record, String text) {
        if (has(record, COMMENTED) && comments[record].endsWith(text)) {
            // Each fragment of a packet goes the same way for the same reason.
            return;
        }
        comments[record] = has(record, COMMENTED) ? comments[record] + "; " + text : text;
        words[record * WORDS + WHAT] |= COMMENTED;
    }

    void dropped(int record, String text) {
        // A drop's comment begins with its reason: that is what people filter for.
        comments[record] = has(record, COMMENTED) ? text + " (" + comments[record] + ")" : text;
        words[record * WORDS + WHAT] |= DROP | COMMENTED;
    }

    /** The frame is not on the interface now: it died where it was kept, or before it went out. */
    void unseen(int record) {
        words[record * WORDS + WHAT] |= UNSEEN;
    }

    private Port port(int record) {
        return ports[(int) words[record * WORDS + WHAT] >>> FLAGS];
    }

    int nodeOrdinal(int record) {
        return port(record).node().ordinal();
    }

    /** Brings what is known of a record to this core. */
    long touchWords(int record) {
        return words[record * WORDS + PLACE];
    }

    /** Brings its bytes to this core. */
    long touchBytes(int record) {
        long place = words[record * WORDS + PLACE];
        int at = (int) (place >>> 32);
        int length = (int) place;
        return length == 0 ? 0 : bytes[at] + bytes[at + length - 1];
    }

    void read(int record, CaptureRecord into) {
        long[] w = words;
        int at = record * WORDS;
        long place = w[at + PLACE];
        long what = w[at + WHAT];
        into.time = w[at + TIME];
        into.journey = w[at + JOURNEY];
        into.offset = (int) (place >>> 32);
        into.length = (int) place;
        into.originalLength = (int) (what >>> 32);
        into.port = ports[(int) what >>> FLAGS];
        into.inbound = (what & INBOUND) != 0;
        into.drop = (what & DROP) != 0;
        into.unseen = (what & UNSEEN) != 0;
        into.comment = (what & COMMENTED) == 0 ? null : comments[record];
        if (into.bytes != bytes) {
            into.bytes = bytes;
        }
    }

    /** Takes over a record of another chunk that could not be given away yet. */
    int adopt(Chunk from, int record) {
        int length = (int) from.words[record * WORDS + PLACE];
        int i = room(length);
        System.arraycopy(from.bytes, (int) (from.words[record * WORDS + PLACE] >>> 32), bytes, bytesUsed, length);
        System.arraycopy(from.words, record * WORDS, words, i * WORDS, WORDS);
        words[i * WORDS + PLACE] = (long) bytesUsed << 32 | length;
        if (from.has(record, COMMENTED)) {
            comments[i] = from.comments[record];
        }
        bytesUsed += length;
        return i;
    }

    void clear() {
        count = 0;
        bytesUsed = 0;
    }
}
