package io.hopscope.encap;

/**
 * ARP for IPv4 over Ethernet (RFC 826); no other hardware or protocol type fits.
 *
 * <pre>
 *  0       2       4   5   6       8              14          18             24          28
 * | hw 1  | 0800  | 6 | 4 | op    | sender mac   | sender ip | target mac   | target ip |
 * </pre>
 */
public final class Arp extends View {
    public static final int LENGTH = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;
    /** RFC 903. */
    public static final int REVERSE_REQUEST = 3;

    public static final int REVERSE_REPLY = 4;

    private static final int HARDWARE = 0;
    private static final int SIZES = 4;
    private static final int OP = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER_IP = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET_IP = 24;

    private static final int ETHERNET_IPV4 = 1 << 16 | Ethernet.IPV4;
    private static final int SIX_FOUR = 0x0604;

    public Arp wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Arp wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    /** The operation of a packet that fits, without a view. */
    public static int op(byte[] bytes, int at) {
        return get16(bytes, at + OP);
    }

    /** The sender's address of a packet that fits, without a view. */
    public static int senderIp(byte[] bytes, int at) {
        return get32(bytes, at + SENDER_IP);
    }

    /** The address that a packet that fits asks for, without a view. */
    public static int targetIp(byte[] bytes, int at) {
        return get32(bytes, at + TARGET_IP);
    }

    /** Twenty-eight bytes of Ethernet and IPv4; any operation. */
    public static boolean fits(byte[] bytes, int at, int end) {
        return end - at >= LENGTH
                && get32(bytes, at + HARDWARE) == ETHERNET_IPV4
                && get16(bytes, at + SIZES) == SIX_FOUR;
    }

    /** Fills the fixed fields and the operation; the four addresses remain to be set. */
    public Arp start(int op) {
        u32(HARDWARE, ETHERNET_IPV4);
        u16(SIZES, SIX_FOUR);
        u16(OP, op);
        return this;
    }

    public int op() {
        return u16(OP);
    }

    public Arp op(int op) {
        u16(OP, op);
        return this;
    }

    public long senderMac() {
        return u48(SENDER_MAC);
    }

    public Arp senderMac(long mac) {
        u48(SENDER_MAC, mac);
        return this;
    }

    public int senderIp() {
        return u32(SENDER_IP);
    }

    public Arp senderIp(int address) {
        u32(SENDER_IP, address);
        return this;
    }

    public long targetMac() {
        return u48(TARGET_MAC);
    }

    public Arp targetMac(long mac) {
        u48(TARGET_MAC, mac);
        return this;
    }

    public int targetIp() {
        return u32(TARGET_IP);
    }

    public Arp targetIp(int address) {
        u32(TARGET_IP, address);
        return this;
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "arp";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Arp.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return new Printer(bytes).arp(at, end).toString();
        }
    }
}
