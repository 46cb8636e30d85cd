package io.hopscope.encap;

/**
 * Ethernet II header with up to two VLAN tags (IEEE 802.3, 802.1Q, 802.1ad). A type below 1536 is the length of an
 * 802.3 frame, whose LLC header has no view.
 *
 * <pre>
 *  0                   6                  12      14      16      18
 * | destination (6)    | source (6)        | type  |
 * | destination (6)    | source (6)        | 8100  | tci   | type  |
 * </pre>
 */
public final class Ethernet extends View {
    /** Bytes of an untagged header. */
    public static final int LENGTH = 14;

    public static final int IPV4 = 0x0800;
    public static final int ARP = 0x0806;
    public static final int RARP = 0x8035;
    public static final int VLAN = 0x8100;
    public static final int IPV6 = 0x86dd;
    public static final int QINQ = 0x88a8;
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final int TCI = 14;

    public Ethernet wrap(Frame frame) {
        return wrap(frame.bytes(), frame.start());
    }

    public Ethernet wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Ethernet wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    /** At least 14 bytes, and the tags there are (up to two) are complete. */
    public static boolean fits(Frame frame) {
        return fits(frame.bytes(), frame.start(), frame.end());
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    public static boolean fits(byte[] bytes, int at, int end) {
        if (end - at < LENGTH) return false;
        if (!isTag(get16(bytes, at + TYPE))) return true;
        if (end - at < LENGTH + Vlan.LENGTH) return false;
        return !isTag(get16(bytes, at + TYPE + Vlan.LENGTH)) || end - at >= LENGTH + 2 * Vlan.LENGTH;
    }

    static boolean isTag(int type) {
        return type == VLAN || type == QINQ;
    }

    public long destination() {
        return u48(DESTINATION);
    }

    public Ethernet destination(long mac) {
        u48(DESTINATION, mac);
        return this;
    }

    public long source() {
        return u48(SOURCE);
    }

    public Ethernet source(long mac) {
        u48(SOURCE, mac);
        return this;
    }

    /** The type right after the addresses: of a tag where there is one. */
    public int type() {
        return u16(TYPE);
    }

    public Ethernet type(int type) {
        u16(TYPE, type);
        return this;
    }

    /** Offset behind the untagged header: where a header that is being written goes on. */
    public int end() {
        return at + LENGTH;
    }

    public boolean tagged() {
        return isTag(u16(TYPE));
    }

    /** Priority (3 bits), drop eligible (1) and VLAN id (12) of the outer tag; 0 when untagged. */
    public int tci() {
        return tagged() ? u16(TCI) : 0;
    }

    /** VLAN id of the outer tag, 0 when untagged or priority-tagged: {@link #tagged} tells them apart. */
    public int vid() {
        return tci() & Vlan.VID;
    }

    /** The type after up to two tags. */
    public int payloadType() {
        return get16(b, payload() - 2);
    }

    /** Offset of what follows header and up to two tags. */
    public int payload() {
        if (!tagged()) return at + LENGTH;
        return at + LENGTH + (isTag(u16(TYPE + Vlan.LENGTH)) ? 2 * Vlan.LENGTH : Vlan.LENGTH);
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "ethernet";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Ethernet.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return Printer.line(bytes, at, end - at);
        }
    }
}
