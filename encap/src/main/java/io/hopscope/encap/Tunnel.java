package io.hopscope.encap;

/**
 * A way to carry frames or packets through an underlay. Implementations are found by {@link java.util.ServiceLoader} and
 * inherit the tunnel contract tests. One object serves one thread: it holds its views.
 */
public interface Tunnel {
    /** What {@link #decapsulate} returns for a frame that is no packet of this tunnel. */
    long NOT_MINE = -1;

    /** Lower-case name, such as {@code vxlan}. */
    String name();

    /** Bytes by which {@link #encapsulate} makes a frame longer. */
    int overhead();

    /** Whether whole Ethernet frames are carried; otherwise IPv4 packets, whose Ethernet header is replaced. */
    boolean carriesEthernet();

    /** Puts the outer headers in front, all checksums right; a tunnel of packets is only given untagged IPv4 frames. */
    void encapsulate(Frame frame, Outer outer);

    /**
     * Takes the outer headers off and returns the key (VNI, GRE key, 0 without one), or returns {@link #NOT_MINE} and
     * leaves the frame as it was. Any bytes. A tunnel of packets leaves the outer MAC addresses in front of the packet.
     */
    long decapsulate(Frame frame);
}
