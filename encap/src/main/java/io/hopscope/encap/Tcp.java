package io.hopscope.encap;

/**
 * TCP header (RFC 9293), to look at and to rewrite ports; no state machine and no option parsing here.
 *
 * <pre>
 *  0               2               4                               8
 * | source port   | destination   | sequence number               |
 * | acknowledgment number         |offs|   |flags | window        |
 * | checksum      | urgent        | options ...
 * </pre>
 */
public final class Tcp extends View {
    /** Bytes of a header without options. */
    public static final int LENGTH = 20;

    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int PSH = 8;
    public static final int ACK = 16;
    public static final int URG = 32;
    public static final int ECE = 64;
    public static final int CWR = 128;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int SEQ = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;
    private static final int CHECKSUM = 16;
    private static final int URGENT = 18;

    public Tcp wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Tcp wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    /** The header is whole, options included. */
    public static boolean fits(byte[] bytes, int at, int end) {
        if (end - at < LENGTH) return false;
        int header = (bytes[at + OFFSET] & 0xf0) >> 2;
        return header >= LENGTH && header <= end - at;
    }

    /** Computes the checksum over {@code length} bytes of header and data. */
    public Tcp seal(int source, int destination, int length) {
        u16(CHECKSUM, 0);
        u16(CHECKSUM, compute(source, destination, length));
        return this;
    }

    public boolean checksumOk(int source, int destination, int length) {
        return compute(source, destination, length) == 0;
    }

    private int compute(int source, int destination, int length) {
        return Checksum.of(Checksum.pseudo(source, destination, Ipv4.TCP, length) + Checksum.sum(b, at, length));
    }

    /** Bytes of header and options. */
    public int headerLength() {
        return (u8(OFFSET) & 0xf0) >> 2;
    }

    /** A multiple of four; what else stands in that byte is cleared. */
    public Tcp headerLength(int bytes) {
        u8(OFFSET, bytes << 2);
        return this;
    }

    /** Bytes of options. */
    public int optionsLength() {
        return headerLength() - LENGTH;
    }

    /** Offset of the data. */
    public int end() {
        return at + headerLength();
    }

    public int sourcePort() {
        return u16(SOURCE_PORT);
    }

    public Tcp sourcePort(int port) {
        u16(SOURCE_PORT, port);
        return this;
    }

    public int destinationPort() {
        return u16(DESTINATION_PORT);
    }

    public Tcp destinationPort(int port) {
        u16(DESTINATION_PORT, port);
        return this;
    }

    public int seq() {
        return u32(SEQ);
    }

    public Tcp seq(int number) {
        u32(SEQ, number);
        return this;
    }

    public int ack() {
        return u32(ACKNOWLEDGMENT);
    }

    public Tcp ack(int number) {
        u32(ACKNOWLEDGMENT, number);
        return this;
    }

    public int flags() {
        return u8(FLAGS);
    }

    public Tcp flags(int flags) {
        u8(FLAGS, flags);
        return this;
    }

    public int window() {
        return u16(WINDOW);
    }

    public Tcp window(int window) {
        u16(WINDOW, window);
        return this;
    }

    public int checksum() {
        return u16(CHECKSUM);
    }

    public Tcp checksum(int checksum) {
        u16(CHECKSUM, checksum);
        return this;
    }

    public int urgent() {
        return u16(URGENT);
    }

    public Tcp urgent(int urgent) {
        u16(URGENT, urgent);
        return this;
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "tcp";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Tcp.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return new Printer(bytes).tcp(at, end).toString();
        }
    }
}
