package io.hopscope.encap;

import java.util.Arrays;

/**
 * The frame by which QEMU tells switches where a virtual machine is after it has moved (net/announce.c): a reverse request
 * (RFC 903) to all for the machine's own MAC, which nobody is meant to answer. Its header is an {@link Arp}.
 */
public final class Rarp {
    /** Padded as a NIC would, without the FCS. */
    public static final int LENGTH = 60;

    private Rarp() {}

    /** Fills a frame of {@link #LENGTH}. */
    public static Frame announce(Frame frame, long mac) {
        int at = new Ethernet()
                .wrap(frame)
                .destination(Ethernet.BROADCAST)
                .source(mac)
                .type(Ethernet.RARP)
                .end();
        new Arp()
                .wrap(frame, at)
                .start(Arp.REVERSE_REQUEST)
                .senderMac(mac)
                .senderIp(0)
                .targetMac(mac)
                .targetIp(0);
        Arrays.fill(frame.bytes(), at + Arp.LENGTH, frame.end(), (byte) 0);
        return frame;
    }
}
