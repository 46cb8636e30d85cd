package io.hopscope.encap;

/**
 * ICMP for IPv4 (RFC 792; next-hop MTU of RFC 1191). The second word means what the type says it means.
 *
 * <pre>
 *  0       1       2               4               6               8
 * | type  | code  | checksum      | id            | seq           |   echo
 * | type  | code  | checksum      | unused        | mtu           |   unreachable
 * | type  | code  | checksum      | gateway                       |   redirect
 * </pre>
 */
public final class Icmp extends View {
    public static final int LENGTH = 8;
    public static final int ECHO_REPLY = 0;
    public static final int UNREACHABLE = 3;
    public static final int REDIRECT = 5;
    public static final int ECHO = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    /** Codes of {@link #UNREACHABLE}. */
    public static final int NET = 0;

    public static final int HOST = 1;
    public static final int PROTOCOL = 2;
    public static final int PORT = 3;
    public static final int FRAGMENTATION_NEEDED = 4;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int CHECKSUM = 2;
    private static final int ID = 4;
    private static final int SEQ = 6;

    public Icmp wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Icmp wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    /** Eight bytes; any type. */
    public static boolean fits(byte[] bytes, int at, int end) {
        return end - at >= LENGTH;
    }

    /** Type and code, the rest of the eight bytes zero. */
    public Icmp start(int type, int code) {
        u32(TYPE, type << 24 | (code & 0xff) << 16);
        u32(ID, 0);
        return this;
    }

    /** Computes the checksum over {@code length} bytes of header and data: the last thing done to a message. */
    public Icmp seal(int length) {
        u16(CHECKSUM, 0);
        u16(CHECKSUM, Checksum.of(b, at, length));
        return this;
    }

    public boolean checksumOk(int length) {
        return Checksum.of(b, at, length) == 0;
    }

    /** Offset behind the eight bytes. */
    public int end() {
        return at + LENGTH;
    }

    /** Whether this is an error message, to which no error may be sent (RFC 1122 section 3.2.2). */
    public boolean error() {
        int type = type();
        return type == UNREACHABLE
                || type == 4
                || type == REDIRECT
                || type == TIME_EXCEEDED
                || type == PARAMETER_PROBLEM;
    }

    public int type() {
        return u8(TYPE);
    }

    public Icmp type(int type) {
        u8(TYPE, type);
        return this;
    }

    public int code() {
        return u8(CODE);
    }

    public Icmp code(int code) {
        u8(CODE, code);
        return this;
    }

    public int checksum() {
        return u16(CHECKSUM);
    }

    public Icmp checksum(int checksum) {
        u16(CHECKSUM, checksum);
        return this;
    }

    public int id() {
        return u16(ID);
    }

    public Icmp id(int id) {
        u16(ID, id);
        return this;
    }

    public int seq() {
        return u16(SEQ);
    }

    public Icmp seq(int seq) {
        u16(SEQ, seq);
        return this;
    }

    /** Next-hop MTU in bytes (RFC 1191). */
    public int mtu() {
        return u16(SEQ);
    }

    public Icmp mtu(int bytes) {
        u16(SEQ, bytes);
        return this;
    }

    /** The better router of a redirect. */
    public int gateway() {
        return u32(ID);
    }

    public Icmp gateway(int address) {
        u32(ID, address);
        return this;
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "icmp";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Icmp.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return new Printer(bytes).icmp(at, end).toString();
        }
    }
}
