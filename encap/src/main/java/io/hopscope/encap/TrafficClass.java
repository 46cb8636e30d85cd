package io.hopscope.encap;

/**
 * The second byte of an IP header, which queues read and mark: the type of service of IPv4 and the traffic class of IPv6;
 * its two lower bits are ECN (RFC 3168).
 */
public final class TrafficClass {
    private static final int IPV6_LENGTH = 40;
    private static final int ECN = 3;

    private TrafficClass() {}

    /** The byte of the IPv4 or IPv6 header behind at most two tags; -1 if there is none. Takes any bytes. */
    public static int of(Frame frame) {
        int at = find(frame);
        byte[] b = frame.bytes();
        return at < 0 ? -1 : six(b, at) ? View.get16(b, at) >> 4 & 0xff : b[at + 1] & 0xff;
    }

    /**
     * Sets Congestion Experienced, with the IPv4 checksum by RFC 1624 equation 3.
     *
     * @return whether it is set now: not where the sender is not capable of ECN
     */
    public static boolean congested(Frame frame) {
        int at = find(frame);
        if (at < 0 || (of(frame) & ECN) == 0) return false;
        byte[] b = frame.bytes();
        int old = View.get16(b, at);
        if (six(b, at)) {
            View.put16(b, at, old | ECN << 4);
        } else if ((old & ECN) != ECN) {
            View.put16(b, at, old | ECN);
            View.put16(b, at + 10, Checksum.update(View.get16(b, at + 10), old, old | ECN));
        }
        return true;
    }

    /** Offset of the header, or -1. */
    private static int find(Frame frame) {
        byte[] b = frame.bytes();
        int at = frame.start() + Ethernet.LENGTH;
        int end = frame.end();
        for (int tags = 0; tags < 2 && at <= end && Ethernet.isTag(View.get16(b, at - 2)); tags++) at += Vlan.LENGTH;
        if (at > end) return -1;
        int type = View.get16(b, at - 2);
        boolean four = type == Ethernet.IPV4 && Ipv4.fits(b, at, end);
        return four || type == Ethernet.IPV6 && end - at >= IPV6_LENGTH && six(b, at) ? at : -1;
    }

    private static boolean six(byte[] b, int at) {
        return (b[at] & 0xf0) == 0x60;
    }
}
