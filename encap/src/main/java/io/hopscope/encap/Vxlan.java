package io.hopscope.encap;

/**
 * VXLAN header (RFC 7348 section 5). The Ethernet frame it carries follows it; its extensions (GBP, GPE) are not
 * interpreted.
 *
 * <pre>
 *  0       1                       4                       7       8
 * | 08    | reserved              | VNI                   | res.  |
 * </pre>
 */
public final class Vxlan extends View {
    public static final int LENGTH = 8;

    /** Bytes by which a frame grows: outer Ethernet, IPv4, UDP and VXLAN headers. */
    public static final int OVERHEAD = Ethernet.LENGTH + Ipv4.LENGTH + Udp.LENGTH + LENGTH;

    /** The port of IANA. */
    public static final int PORT = 4789;

    /** What a Linux VXLAN device uses unless told otherwise, flannel's among them. */
    public static final int LINUX_PORT = 8472;

    private static final int FLAGS = 0;
    private static final int VNI = 4;
    private static final int VALID = 0x08;

    public Vxlan wrap(Frame frame, int at) {
        return wrap(frame.bytes(), at);
    }

    public Vxlan wrap(byte[] bytes, int at) {
        this.b = bytes;
        this.at = at;
        return this;
    }

    public static boolean fits(Frame frame, int at) {
        return fits(frame.bytes(), at, frame.end());
    }

    /** Eight bytes with the I flag set, which says that the VNI is valid. */
    public static boolean fits(byte[] bytes, int at, int end) {
        return end - at >= LENGTH && (bytes[at + FLAGS] & VALID) != 0;
    }

    public int flags() {
        return u8(FLAGS);
    }

    public int vni() {
        return u32(VNI) >>> 8;
    }

    /** Writes the whole header: flags 08, this VNI (24 bits), reserved fields 0. */
    public Vxlan vni(int vni) {
        u32(FLAGS, VALID << 24);
        u32(VNI, vni << 8);
        return this;
    }

    /** Offset of the inner frame. */
    public int end() {
        return at + LENGTH;
    }

    /** Registers the header. */
    public static final class Type implements Header {
        @Override
        public String name() {
            return "vxlan";
        }

        @Override
        public int minimumLength() {
            return LENGTH;
        }

        @Override
        public boolean fits(byte[] bytes, int at, int end) {
            return Vxlan.fits(bytes, at, end);
        }

        @Override
        public String print(byte[] bytes, int at, int end) {
            return new Printer(bytes).vxlan(at, end).toString();
        }
    }
}
