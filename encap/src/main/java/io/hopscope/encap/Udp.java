package io.hopscope.encap;

/**
 * UDP header (RFC 768).
 *
 * <pre>
 *  0               2               4               6               8
 * | source port   | destination   | length        | checksum      |
 * </pre>
 */
public final class Udp extends View {
    public static final int LENGTH = 8;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int BYTES = 4;
    private static final int CHECKSUM = 6;

    public Udp wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Udp wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    /** Header and the data it announces are there; a first fragment does not fit. */
    public static boolean fits(byte[] bytes, int at, int end) {
        if (end - at < LENGTH) return false;
        int length = get16(bytes, at + BYTES);
        return length >= LENGTH && length <= end - at;
    }

    /** All fields, with no checksum (0), as IPv4 allows; {@code length} counts header and data. */
    public Udp set(int sourcePort, int destinationPort, int length) {
        u32(SOURCE_PORT, sourcePort << 16 | destinationPort & 0xffff);
        u32(BYTES, length << 16);
        return this;
    }

    /** Computes the checksum with the pseudo header; a sum of 0 is sent as ffff, since 0 says there is none. */
    public Udp seal(int source, int destination) {
        u16(CHECKSUM, 0);
        int checksum = compute(source, destination);
        u16(CHECKSUM, checksum == 0 ? 0xffff : checksum);
        return this;
    }

    /** Right, or absent. */
    public boolean checksumOk(int source, int destination) {
        return checksum() == 0 || compute(source, destination) == 0;
    }

    private int compute(int source, int destination) {
        int length = length();
        return Checksum.of(Checksum.pseudo(source, destination, Ipv4.UDP, length) + Checksum.sum(b, at, length));
    }

    /** Offset of the data. */
    public int end() {
        return at + LENGTH;
    }

    public int sourcePort() {
        return u16(SOURCE_PORT);
    }

    public Udp sourcePort(int port) {
        u16(SOURCE_PORT, port);
        return this;
    }

    public int destinationPort() {
        return u16(DESTINATION_PORT);
    }

    public Udp destinationPort(int port) {
        u16(DESTINATION_PORT, port);
        return this;
    }

    /** Bytes of header and data. */
    public int length() {
        return u16(BYTES);
    }

    public Udp length(int bytes) {
        u16(BYTES, bytes);
        return this;
    }

    public int checksum() {
        return u16(CHECKSUM);
    }

    public Udp checksum(int checksum) {
        u16(CHECKSUM, checksum);
        return this;
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "udp";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Udp.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return new Printer(bytes).udp(at, end).toString();
        }
    }
}
