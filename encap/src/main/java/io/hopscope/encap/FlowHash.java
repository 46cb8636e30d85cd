package io.hopscope.encap;

/**
 * A hash of the flow a frame belongs to: for choosing a lane, a bond member or a tunnel's source port. Both directions
 * of a conversation have different hashes. No secret goes in, so that equal runs are equal.
 */
public final class FlowHash {
    private static final int PORT_MIN = 32768;
    private static final int PORT_MAX = 60999;
    private static final long K1 = 0xbf58476d1ce4e5b9L;
    private static final long K2 = 0x94d049bb133111ebL;

    private FlowHash() {}

    /**
     * Hash of addresses, protocol and ports; of addresses and protocol for fragments, which must go where the first one
     * went, and for protocols without ports; of MAC addresses and type for what is not IPv4. Tags do not count.
     */
    public static int of(Frame frame, int l2offset) {
        return of(frame.bytes(), l2offset, frame.end());
    }

    /** As {@link #of(Frame, int)}; any bytes, 0 when there is no Ethernet header. */
    public static int of(byte[] b, int at, int end) {
        if (!Ethernet.fits(b, at, end)) return 0;
        int payload = at + Ethernet.LENGTH;
        for (int tags = 0; tags < 2 && Ethernet.isTag(View.get16(b, payload - 2)); tags++) payload += Vlan.LENGTH;
        int type = View.get16(b, payload - 2);
        if (type != Ethernet.IPV4 || !Ipv4.fits(b, payload, end)) {
            return mix(View.get64(b, at), View.get32(b, at + 8) * K1 ^ type);
        }
        long addresses = View.get64(b, payload + 12);
        int protocol = b[payload + 9] & 0xff;
        boolean fragment = (View.get16(b, payload + 6) & 0x3fff) != 0;
        int transport = payload + ((b[payload] & 0x0f) << 2);
        boolean ports = !fragment && (protocol == Ipv4.TCP || protocol == Ipv4.UDP) && end - transport >= 4;
        return mix(addresses, (long) (ports ? View.get32(b, transport) : 0) << 8 | protocol);
    }

    /**
     * The outer source port for a flow hash, as {@code udp_flow_src_port} of Linux computes it for the default
     * {@code ip_local_port_range}: 32768 to 60998.
     */
    public static int vxlanPort(int hash) {
        int spread = hash ^ hash << 16;
        return (int) ((spread & 0xffff_ffffL) * (PORT_MAX - PORT_MIN) >>> 32) + PORT_MIN;
    }

    /** The finalizer of SplitMix64, over both words. */
    private static int mix(long a, long c) {
        long h = (a ^ c * K2) * K1;
        h = (h ^ h >>> 30 ^ c) * K1;
        h = (h ^ h >>> 27) * K2;
        return (int) (h ^ h >>> 31);
    }
}
