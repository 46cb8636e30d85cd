package io.hopscope.encap;

/**
 * GRE header (RFC 2784) with the optional key of RFC 2890; no checksum and no sequence number is written, and a header
 * that has routing (RFC 1701) or another version does not fit.
 *
 * <pre>
 *  0               2               4               8              12
 * |C| |K|S| ver   | protocol type | checksum, 0   | key           | sequence  |   each optional word only if flagged
 * </pre>
 */
public final class Gre extends View {
    /** Bytes of a header without options. */
    public static final int LENGTH = 4;

    private static final int FLAGS = 0;
    private static final int PROTOCOL = 2;
    private static final int CHECKSUM_PRESENT = 0x8000;
    private static final int KEY_PRESENT = 0x2000;
    private static final int SEQUENCE_PRESENT = 0x1000;
    private static final int ROUTING_OR_VERSION = 0x4007;

    public Gre wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Gre wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    public static boolean fits(byte[] bytes, int at, int end) {
        if (end - at < LENGTH) return false;
        int flags = get16(bytes, at + FLAGS);
        return (flags & ROUTING_OR_VERSION) == 0 && length(flags) <= end - at;
    }

    /** A header of four bytes without key. */
    public Gre start(int protocol) {
        u32(FLAGS, protocol & 0xffff);
        return this;
    }

    /** The EtherType of what is carried. */
    public int protocol() {
        return u16(PROTOCOL);
    }

    public boolean keyed() {
        return (u16(FLAGS) & KEY_PRESENT) != 0;
    }

    /** The key, 0 when there is none. */
    public int key() {
        if (!keyed()) return 0;
        return u32((u16(FLAGS) & CHECKSUM_PRESENT) != 0 ? LENGTH + 4 : LENGTH);
    }

    /** Bytes of the header with the optional words it has. */
    public int headerLength() {
        return length(u16(FLAGS));
    }

    /** Offset of what is carried. */
    public int end() {
        return at + headerLength();
    }

    private static int length(int flags) {
        return LENGTH
                + ((flags & CHECKSUM_PRESENT) != 0 ? 4 : 0)
                + ((flags & KEY_PRESENT) != 0 ? 4 : 0)
                + ((flags & SEQUENCE_PRESENT) != 0 ? 4 : 0);
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "gre";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Gre.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return new Printer(bytes).gre(at, end).toString();
        }
    }
}
