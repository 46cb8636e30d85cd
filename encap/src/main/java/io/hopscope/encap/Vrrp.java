package io.hopscope.encap;

/**
 * A VRRPv3 advertisement for IPv4 (RFC 5798, section 5.1).
 *
 * <pre>
 *  0         1      2          3       4               6          8
 * | 3 | 1   | vrid | priority | count | max adver int | checksum | addresses (4 each) |
 * </pre>
 */
public final class Vrrp extends View {
    public static final int PROTOCOL = 112;
    /** Bytes before the addresses. */
    public static final int LENGTH = 8;

    /** 224.0.0.18, and the MAC that goes with it. */
    public static final int GROUP = 0xe000_0012;

    public static final long GROUP_MAC = 0x0100_5e00_0012L;

    private static final int VERSION_3_ADVERTISEMENT = 0x31;
    private static final int VRID = 1;
    private static final int PRIORITY = 2;
    private static final int COUNT = 3;
    private static final int INTERVAL = 4;
    private static final int CHECKSUM = 6;
    private static final long CENTISECOND = 10_000_000_000L;

    public Vrrp wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    /** Version 3, type 1, and room for as many addresses as it says, of which there is one at least. */
    public static boolean fits(byte[] bytes, int at, int end) {
        return end - at >= LENGTH
                && (bytes[at] & 0xff) == VERSION_3_ADVERTISEMENT
                && bytes[at + COUNT] != 0
                && end - at >= length(bytes[at + COUNT] & 0xff);
    }

    public static int length(int addresses) {
        return LENGTH + 4 * addresses;
    }

    /** The MAC of an IPv4 virtual router: 00:00:5e:00:01:VRID. */
    public static long mac(int vrid) {
        return 0x0000_5e00_0100L | vrid;
    }

    public Vrrp start(int vrid, int addresses) {
        u8(0, VERSION_3_ADVERTISEMENT);
        u8(VRID, vrid);
        u8(COUNT, addresses);
        return this;
    }

    public int vrid() {
        return u8(VRID);
    }

    public int priority() {
        return u8(PRIORITY);
    }

    public Vrrp priority(int priority) {
        u8(PRIORITY, priority);
        return this;
    }

    public int count() {
        return u8(COUNT);
    }

    /** Between advertisements, in hundredths of a second. */
    public int centiseconds() {
        return u16(INTERVAL) & 0xfff;
    }

    /** The same in picoseconds. */
    public long interval() {
        return centiseconds() * CENTISECOND;
    }

    public Vrrp interval(long picoseconds) {
        u16(INTERVAL, (int) (picoseconds / CENTISECOND));
        return this;
    }

    public int address(int index) {
        return u32(LENGTH + 4 * index);
    }

    public Vrrp address(int index, int address) {
        u32(LENGTH + 4 * index, address);
        return this;
    }

    /** With the pseudo header (section 5.2.8). */
    public void seal(int source, int destination) {
        u16(CHECKSUM, 0);
        u16(CHECKSUM, sum(source, destination));
    }

    public boolean checksumOk(int source, int destination) {
        return sum(source, destination) == 0;
    }

    private int sum(int source, int destination) {
        int length = length(count());
        return Checksum.of(Checksum.pseudo(source, destination, PROTOCOL, length) + Checksum.sum(b, at, length));
    }
}
