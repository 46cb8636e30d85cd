package io.hopscope.encap;

/**
 * IPv4 header (RFC 791). Options are skipped over, not interpreted.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |Version|  IHL  |Type of Service|          Total Length         |
 * |         Identification        |Flags|      Fragment Offset    |
 * |  Time to Live |    Protocol   |         Header Checksum       |
 * |                       Source Address                          |
 * |                    Destination Address                        |
 * </pre>
 */
public final class Ipv4 extends View {
    /** Bytes of a header without options. */
    public static final int LENGTH = 20;

    public static final int ICMP = 1;
    public static final int IPIP = 4;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int GRE = 47;

    private static final int VERSION_IHL = 0;
    private static final int TOS = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int ID = 4;
    private static final int FRAGMENT = 6;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int DF = 0x4000;
    private static final int MF = 0x2000;
    private static final int OFFSET = 0x1fff;

    public Ipv4 wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Ipv4 wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    /** Version 4, header whole, total length within the bytes there are: fewer than the bytes when Ethernet padded. */
    public static boolean fits(byte[] bytes, int at, int end) {
        if (end - at < LENGTH || (bytes[at] & 0xf0) != 0x40) return false;
        int header = (bytes[at] & 0x0f) << 2;
        int total = get16(bytes, at + TOTAL_LENGTH);
        return header >= LENGTH && header <= total && total <= end - at;
    }

    /** A header of 20 bytes: type of service 0, id 0, DF set, TTL 64. Protocol and addresses remain to be set, then seal. */
    public Ipv4 start(int totalLength) {
        u32(VERSION_IHL, 0x4500 << 16 | totalLength & 0xffff);
        u32(ID, DF);
        u32(TTL, 64 << 24);
        return this;
    }

    /** Computes the header checksum: the last thing done to a header. */
    public Ipv4 seal() {
        u16(CHECKSUM, 0);
        u16(CHECKSUM, Checksum.of(b, at, headerLength()));
        return this;
    }

    public boolean checksumOk() {
        return Checksum.of(b, at, headerLength()) == 0;
    }

    /** One hop less, with the checksum updated by RFC 1624 equation 3; the TTL must be at least 1. */
    public Ipv4 decrementTtl() {
        int old = u16(TTL);
        int checksum = u16(CHECKSUM);
        u32(TTL, old - 0x100 << 16 | Checksum.update(checksum, old, old - 0x100));
        return this;
    }

    public int version() {
        return u8(VERSION_IHL) >> 4;
    }

    /** Header length in 32-bit words. */
    public int ihl() {
        return u8(VERSION_IHL) & 0x0f;
    }

    /** Header length in bytes. */
    public int headerLength() {
        return ihl() << 2;
    }

    /** Offset of what the packet carries. */
    public int payload() {
        return at + headerLength();
    }

    /** The same as {@link #payload}: where a header that is being written goes on. */
    public int end() {
        return at + headerLength();
    }

    /** Offset behind the packet; Ethernet padding may follow. */
    public int limit() {
        return at + totalLength();
    }

    /** Bytes carried behind header and options. */
    public int payloadLength() {
        return totalLength() - headerLength();
    }

    public int tos() {
        return u8(TOS);
    }

    public Ipv4 tos(int tos) {
        u8(TOS, tos);
        return this;
    }

    public int totalLength() {
        return u16(TOTAL_LENGTH);
    }

    public Ipv4 totalLength(int bytes) {
        u16(TOTAL_LENGTH, bytes);
        return this;
    }

    public int id() {
        return u16(ID);
    }

    public Ipv4 id(int id) {
        u16(ID, id);
        return this;
    }

    public boolean df() {
        return (u16(FRAGMENT) & DF) != 0;
    }

    public Ipv4 df(boolean on) {
        u16(FRAGMENT, on ? u16(FRAGMENT) | DF : u16(FRAGMENT) & ~DF);
        return this;
    }

    public boolean mf() {
        return (u16(FRAGMENT) & MF) != 0;
    }

    public Ipv4 mf(boolean on) {
        u16(FRAGMENT, on ? u16(FRAGMENT) | MF : u16(FRAGMENT) & ~MF);
        return this;
    }

    /** Where in the original packet this fragment's payload begins, in bytes. */
    public int fragmentOffset() {
        return (u16(FRAGMENT) & OFFSET) << 3;
    }

    public Ipv4 fragmentOffset(int bytes) {
        u16(FRAGMENT, u16(FRAGMENT) & ~OFFSET | bytes >>> 3 & OFFSET);
        return this;
    }

    /** Whether this is one of several fragments, the first and the last included. */
    public boolean fragment() {
        return (u16(FRAGMENT) & (MF | OFFSET)) != 0;
    }

    public int ttl() {
        return u8(TTL);
    }

    public Ipv4 ttl(int hops) {
        u8(TTL, hops);
        return this;
    }

    public int protocol() {
        return u8(PROTOCOL);
    }

    public Ipv4 protocol(int protocol) {
        u8(PROTOCOL, protocol);
        return this;
    }

    public int checksum() {
        return u16(CHECKSUM);
    }

    public Ipv4 checksum(int checksum) {
        u16(CHECKSUM, checksum);
        return this;
    }

    public int source() {
        return u32(SOURCE);
    }

    public Ipv4 source(int address) {
        u32(SOURCE, address);
        return this;
    }

    public int destination() {
        return u32(DESTINATION);
    }

    public Ipv4 destination(int address) {
        u32(DESTINATION, address);
        return this;
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "ipv4";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Ipv4.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return new Printer(bytes).ipv4(at, end).toString();
        }
    }
}
