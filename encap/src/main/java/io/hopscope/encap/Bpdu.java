package io.hopscope.encap;

/**
 * A spanning tree BPDU behind its LLC header 42-42-03 (IEEE 802.1D-2004, clause 9): configuration, topology change
 * notification, and rapid. MSTP's are printed by kind only.
 *
 * <pre>
 *  0         2     3      4       5        13          17         25        27          29        31      33
 * | 0000    | ver | type | flags | root id | path cost | bridge id | port id | message age | max age | hello | forward delay |
 * </pre>
 */
public final class Bpdu extends View {
    /** Where bridges hear BPDUs. */
    public static final long GROUP = 0x0180_c200_0000L;

    public static final int CONFIGURATION = 0;
    public static final int RAPID = 2;
    public static final int TOPOLOGY_CHANGE = 0x80;
    public static final int CONFIGURATION_LENGTH = 35;
    public static final int RAPID_LENGTH = 36;
    public static final int NOTIFICATION_LENGTH = 4;

    public static final int TC = 1;
    public static final int PROPOSAL = 2;
    public static final int LEARNING = 16;
    public static final int FORWARDING = 32;
    public static final int AGREEMENT = 64;
    public static final int TC_ACK = 128;

    /** DSAP and SSAP, which an unnumbered information byte of 3 follows. */
    public static final int LLC = 0x4242;

    public static final int LLC_LENGTH = 3;

    /** A BPDU counts time in 1/256 s. */
    private static final long TICK = 1_000_000_000_000L / 256;

    private static final int VERSION = 2;
    private static final int TYPE = 3;
    private static final int FLAGS = 4;
    private static final int ROOT = 5;
    private static final int COST = 13;
    private static final int BRIDGE = 17;
    private static final int PORT = 25;
    private static final int MESSAGE_AGE = 27;
    private static final int MAX_AGE = 29;
    private static final int HELLO = 31;
    private static final int FORWARD_DELAY = 33;
    private static final int ROLE = 0x0c;

    public Bpdu wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    /** The LLC header of BPDUs. */
    public static boolean announced(byte[] bytes, int at, int end) {
        return end - at >= LLC_LENGTH && get16(bytes, at) == LLC && bytes[at + 2] == 3;
    }

    public static void announce(byte[] bytes, int at) {
        put16(bytes, at, LLC);
        bytes[at + 2] = 3;
    }

    /** Protocol 0 and as long as its type says; whatever the version. */
    public static boolean fits(byte[] bytes, int at, int end) {
        if (end - at < NOTIFICATION_LENGTH || get16(bytes, at) != 0) return false;
        int type = bytes[at + TYPE] & 0xff;
        return type == TOPOLOGY_CHANGE
                || type == CONFIGURATION && end - at >= CONFIGURATION_LENGTH
                || type == RAPID && end - at >= RAPID_LENGTH;
    }

    /** Fills the fixed fields; returns how long the BPDU is. */
    public int start(int type) {
        put16(b, at, 0);
        u8(VERSION, type == RAPID ? 2 : 0);
        u8(TYPE, type);
        if (type == TOPOLOGY_CHANGE) return NOTIFICATION_LENGTH;
        u8(FLAGS, 0);
        if (type == CONFIGURATION) return CONFIGURATION_LENGTH;
        u8(CONFIGURATION_LENGTH, 0);
        return RAPID_LENGTH;
    }

    /** Where a frame's bytes are put together. */
    public void copyTo(byte[] bytes, int offset, int length) {
        System.arraycopy(b, at, bytes, offset, length);
    }

    public int version() {
        return u8(VERSION);
    }

    public int type() {
        return u8(TYPE);
    }

    public int flags() {
        return u8(FLAGS);
    }

    public boolean flag(int bit) {
        return (u8(FLAGS) & bit) != 0;
    }

    public Bpdu flags(int bits) {
        u8(FLAGS, bits);
        return this;
    }

    /** The role that a rapid BPDU's sender gives its port: 1 alternate or backup, 2 root, 3 designated; 0 unknown. */
    public int role() {
        return (u8(FLAGS) & ROLE) >> 2;
    }

    public Bpdu role(int role) {
        u8(FLAGS, u8(FLAGS) & ~ROLE | role << 2);
        return this;
    }

    /** Priority in the upper 16 bits, MAC in the lower 48. */
    public long root() {
        return get64(b, at + ROOT);
    }

    public Bpdu root(long id) {
        put64(b, at + ROOT, id);
        return this;
    }

    public int cost() {
        return u32(COST);
    }

    public Bpdu cost(int cost) {
        u32(COST, cost);
        return this;
    }

    public long bridge() {
        return get64(b, at + BRIDGE);
    }

    public Bpdu bridge(long id) {
        put64(b, at + BRIDGE, id);
        return this;
    }

    public int port() {
        return u16(PORT);
    }

    public Bpdu port(int id) {
        u16(PORT, id);
        return this;
    }

    /** Picoseconds, as all times here. */
    public long messageAge() {
        return u16(MESSAGE_AGE) * TICK;
    }

    public long maxAge() {
        return u16(MAX_AGE) * TICK;
    }

    public long hello() {
        return u16(HELLO) * TICK;
    }

    public long forwardDelay() {
        return u16(FORWARD_DELAY) * TICK;
    }

    public Bpdu times(long messageAge, long maxAge, long hello, long forwardDelay) {
        u16(MESSAGE_AGE, (int) (messageAge / TICK));
        u16(MAX_AGE, (int) (maxAge / TICK));
        u16(HELLO, (int) (hello / TICK));
        u16(FORWARD_DELAY, (int) (forwardDelay / TICK));
        return this;
    }

    /** A bridge id as brctl writes it: {@code 8000.0200000000aa}. */
    public static String id(long bits) {
        String hex = Long.toHexString(bits);
        String all = "0".repeat(16 - hex.length()) + hex;
        return all.substring(0, 4) + "." + all.substring(4);
    }

    static void print(Printer printer, int at, int end) {
        byte[] b = printer.b;
        StringBuilder out = printer.out;
        if (end - at < 4) {
            printer.cut("stp", at, end);
            return;
        }
        int version = b[at + 2] & 0xff;
        int type = b[at + 3] & 0xff;
        out.append("STP ").append(version(version)).append(", ").append(kind(type));
        if (type == TOPOLOGY_CHANGE) {
            return; // it has no fields
        }
        if (type != CONFIGURATION && type != RAPID || end - at < CONFIGURATION_LENGTH) {
            out.append(' ');
            printer.cut("stp", at, end);
            return;
        }
        out.append(", Flags [").append(flagNames(b[at + 4])).append("], bridge-id ");
        bridge(printer, at + 17);
        out.append('.');
        printer.hex(View.get16(b, at + 25), 4);
        out.append(", length ").append(end - at);
    }

    private static void bridge(Printer printer, int at) {
        printer.hex(View.get16(printer.b, at), 4).append('.');
        printer.mac(View.get64(printer.b, at) & 0xffff_ffff_ffffL);
    }

    static String version(int version) {
        return switch (version) {
            case 0 -> "802.1d";
            case 2 -> "802.1w";
            case 3 -> "802.1s";
            default -> "unknown-" + version;
        };
    }

    static String kind(int type) {
        return switch (type) {
            case CONFIGURATION -> "Config";
            case RAPID -> "Rapid STP";
            case TOPOLOGY_CHANGE -> "Topology Change";
            default -> "unknown-" + type;
        };
    }

    private static String flagNames(int flags) {
        if ((flags & 0xff) == 0) return "none";
        StringBuilder text = new StringBuilder();
        if ((flags & 1) != 0) text.append(", Topology change");
        if ((flags & 2) != 0) text.append(", Proposal");
        if ((flags & 16) != 0) text.append(", Learn");
        if ((flags & 32) != 0) text.append(", Forward");
        if ((flags & 64) != 0) text.append(", Agreement");
        if ((flags & 128) != 0) text.append(", Topology change ACK");
        return text.length() == 0 ? "none" : text.substring(2);
    }
}
