package io.hopscope.encap;

/**
 * DHCP message (RFC 2131 figure 1) with its options (RFC 2132). No option overload: what stands in {@code sname} and
 * {@code file} is not taken for options.
 *
 * <pre>
 *  0       1       2       3       4
 * | op    | htype | hlen  | hops  | xid                            |
 * | secs          | flags         | ciaddr                         | 8
 * | yiaddr                        | siaddr                         | 16
 * | giaddr                        | chaddr (16)                    | 24
 * | sname (64), file (128)                                         | 44
 * | magic cookie 63825363         | options: code, length, value   | 236
 * </pre>
 */
public final class Dhcp extends View {
    /** Bytes before the options. */
    public static final int LENGTH = 240;

    public static final int SERVER_PORT = 67;
    public static final int CLIENT_PORT = 68;

    /** Values of {@link #op}. */
    public static final int REQUEST = 1;

    public static final int REPLY = 2;

    private static final int OP = 0;
    private static final int HTYPE = 1;
    private static final int HLEN = 2;
    private static final int HOPS = 3;
    private static final int XID = 4;
    private static final int SECS = 8;
    private static final int FLAGS = 10;
    private static final int CIADDR = 12;
    private static final int YIADDR = 16;
    private static final int SIADDR = 20;
    private static final int GIADDR = 24;
    private static final int CHADDR = 28;
    private static final int COOKIE = 236;
    private static final int MAGIC = 0x63825363;
    private static final int BROADCAST = 0x8000;

    public Dhcp wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Dhcp wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    /** The fixed part with its cookie, and options that end with the end option, as RFC 2131 section 4.1 demands. */
    public static boolean fits(byte[] bytes, int at, int end) {
        if (end - at <= LENGTH || get32(bytes, at + COOKIE) != MAGIC) return false;
        int option = at + LENGTH;
        while (option < end) {
            int code = bytes[option] & 0xff;
            if (code == DhcpOption.END) return true;
            if (code == DhcpOption.PAD) option++;
            else if (option + 1 >= end) return false;
            else option += 2 + (bytes[option + 1] & 0xff);
        }
        return false;
    }

    /** The fixed part of an Ethernet message: everything else 0. Options follow, by {@link DhcpOption.Writer}. */
    public Dhcp start(int op) {
        java.util.Arrays.fill(b, at, at + LENGTH, (byte) 0);
        u8(OP, op);
        u8(HTYPE, 1);
        u8(HLEN, 6);
        u32(COOKIE, MAGIC);
        return this;
    }

    public int op() {
        return u8(OP);
    }

    public Dhcp op(int op) {
        u8(OP, op);
        return this;
    }

    /** An Ethernet address is in {@link #chaddr}. */
    public boolean ofEthernet() {
        return u8(HTYPE) == 1 && u8(HLEN) == 6;
    }

    public int hops() {
        return u8(HOPS);
    }

    public Dhcp hops(int hops) {
        u8(HOPS, hops);
        return this;
    }

    public int xid() {
        return u32(XID);
    }

    public Dhcp xid(int xid) {
        u32(XID, xid);
        return this;
    }

    public int secs() {
        return u16(SECS);
    }

    public Dhcp secs(int seconds) {
        u16(SECS, seconds);
        return this;
    }

    /** The client cannot take unicasts yet. */
    public boolean broadcast() {
        return (u16(FLAGS) & BROADCAST) != 0;
    }

    public Dhcp broadcast(boolean on) {
        u16(FLAGS, on ? u16(FLAGS) | BROADCAST : u16(FLAGS) & ~BROADCAST);
        return this;
    }

    /** The address the client has. */
    public int ciaddr() {
        return u32(CIADDR);
    }

    public Dhcp ciaddr(int address) {
        u32(CIADDR, address);
        return this;
    }

    /** The address the client is given. */
    public int yiaddr() {
        return u32(YIADDR);
    }

    public Dhcp yiaddr(int address) {
        u32(YIADDR, address);
        return this;
    }

    /** The next server. */
    public int siaddr() {
        return u32(SIADDR);
    }

    public Dhcp siaddr(int address) {
        u32(SIADDR, address);
        return this;
    }

    /** The relay agent, on the client's side. */
    public int giaddr() {
        return u32(GIADDR);
    }

    public Dhcp giaddr(int address) {
        u32(GIADDR, address);
        return this;
    }

    /** The client's MAC. */
    public long chaddr() {
        return u48(CHADDR);
    }

    public Dhcp chaddr(long mac) {
        u48(CHADDR, mac);
        return this;
    }

    /** Where the value of an option begins; -1 without it. Its length is the byte before. */
    public int find(int code) {
        int option = at + LENGTH;
        for (int found = b[option] & 0xff; found != DhcpOption.END; found = b[option] & 0xff) {
            if (found == code) return option + 2;
            option += found == DhcpOption.PAD ? 1 : 2 + (b[option + 1] & 0xff);
        }
        return -1;
    }

    /** The bytes of an option; empty without it. */
    public byte[] value(int code) {
        int from = find(code);
        return from < 0 ? new byte[0] : java.util.Arrays.copyOfRange(b, from, from + (b[from - 1] & 0xff));
    }

    /** An option of four bytes, seconds or an address, the first where there are several; 0 without it. */
    public int word(int code) {
        int from = find(code);
        return from < 0 || (b[from - 1] & 0xff) < 4 ? 0 : get32(b, from);
    }

    /** {@link DhcpOption#DISCOVER} and the like; 0 for plain BOOTP. */
    public int messageType() {
        int from = find(DhcpOption.MESSAGE_TYPE);
        return from < 0 || b[from - 1] != 1 ? 0 : b[from] & 0xff;
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "dhcp";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Dhcp.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return new Printer(bytes).dhcp(at, end).toString();
        }
    }
}
