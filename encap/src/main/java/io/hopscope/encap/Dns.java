package io.hopscope.encap;

/**
 * DNS message (RFC 1035 section 4.1) with EDNS0 (RFC 6891): its header, and whether all that it announces is there.
 *
 * <pre>
 *  0               2               4               6
 * | id            | flags         | questions     | answers       |
 * | authority     | additional    | questions: name, type, class  | 8
 * | records: name, type, class, TTL (4), length (2), data         |
 * </pre>
 */
public final class Dns extends View {
    public static final int LENGTH = 12;
    public static final int PORT = 53;

    /** What fits into a datagram where nothing else is said. */
    public static final int DATAGRAM = 512;

    /** Types of records. */
    public static final int A = 1;

    public static final int NS = 2;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int PTR = 12;
    public static final int MX = 15;
    public static final int TXT = 16;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int OPT = 41;
    public static final int ANY = 255;

    /** Classes. */
    public static final int IN = 1;

    public static final int CHAOS = 3;

    /** Values of {@link #rcode}. */
    public static final int NOERROR = 0;

    public static final int FORMERR = 1;
    public static final int SERVFAIL = 2;
    public static final int NXDOMAIN = 3;
    public static final int NOTIMP = 4;
    public static final int REFUSED = 5;

    /** Bits of {@link #flags}. */
    public static final int RESPONSE = 0x8000;

    public static final int AUTHORITATIVE = 0x0400;
    public static final int TRUNCATED = 0x0200;
    public static final int RECURSION_DESIRED = 0x0100;
    public static final int RECURSION_AVAILABLE = 0x0080;
    public static final int AUTHENTIC = 0x0020;
    public static final int CHECKING_DISABLED = 0x0010;

    private static final int ID = 0;
    private static final int FLAGS = 2;
    private static final int QUESTIONS = 4;
    private static final int ANSWERS = 6;
    private static final int AUTHORITY = 8;
    private static final int ADDITIONAL = 10;

    public Dns wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Dns wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    /** All questions and records are there, whole, and data of the types above are what they have to be. */
    public static boolean fits(byte[] bytes, int at, int end) {
        if (end - at < LENGTH) return false;
        int next = at + LENGTH;
        for (int i = get16(bytes, at + QUESTIONS); i > 0 && next >= 0; i--) {
            next = DnsName.end(bytes, at, next, end);
            next = next < 0 || next + 4 > end ? -1 : next + 4;
        }
        int records = get16(bytes, at + ANSWERS) + get16(bytes, at + AUTHORITY) + get16(bytes, at + ADDITIONAL);
        for (int i = records; i > 0 && next >= 0; i--) next = DnsData.end(bytes, at, next, end);
        return next >= 0;
    }

    public int id() {
        return u16(ID);
    }

    public Dns id(int id) {
        u16(ID, id);
        return this;
    }

    public int flags() {
        return u16(FLAGS);
    }

    public Dns flags(int flags) {
        u16(FLAGS, flags);
        return this;
    }

    public boolean response() {
        return (flags() & RESPONSE) != 0;
    }

    /** 0 for a query. */
    public int opcode() {
        return flags() >> 11 & 15;
    }

    public int rcode() {
        return flags() & 15;
    }

    public int questions() {
        return u16(QUESTIONS);
    }

    public Dns questions(int count) {
        u16(QUESTIONS, count);
        return this;
    }

    public int answers() {
        return u16(ANSWERS);
    }

    public Dns answers(int count) {
        u16(ANSWERS, count);
        return this;
    }

    public int authority() {
        return u16(AUTHORITY);
    }

    public Dns authority(int count) {
        u16(AUTHORITY, count);
        return this;
    }

    public int additional() {
        return u16(ADDITIONAL);
    }

    public Dns additional(int count) {
        u16(ADDITIONAL, count);
        return this;
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "dns";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Dns.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return new Printer(bytes).dns(at, end).toString();
        }
    }
}
