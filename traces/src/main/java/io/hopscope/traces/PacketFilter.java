package io.hopscope.traces;

/**
 * A filter of pcap-filter(7) for frames: {@code host, net, port, portrange, proto} with {@code src} and {@code dst},
 * {@code ether, vlan, arp, ip, icmp, udp, tcp} and the like, {@code broadcast, multicast, less, greater}, relations between
 * bytes and numbers, {@code and, or, not} and parentheses. No names of hosts or services, no addresses of IPv6, no MPLS,
 * PPPoE or Geneve.
 */
public final class PacketFilter {
    private final String text;
    private final FilterProgram program;

    private PacketFilter(String text, boolean throughTags) {
        this.text = text;
        program = new FilterProgram(new FilterParser(text, throughTags).parse(), throughTags);
    }

    /**
     * For people who ask for a packet: sees through VLAN tags, as tcpdump does only after {@code vlan}.
     *
     * @throws IllegalArgumentException with column, what was found and what was expected
     */
    public static PacketFilter parse(String text) {
        return new PacketFilter(text, true);
    }

    /**
     * For captures: libpcap's meaning to the letter. Without {@code vlan} a tagged frame is no IP packet, and each
     * {@code vlan} moves what the words behind it look at.
     *
     * @throws IllegalArgumentException with column, what was found and what was expected
     */
    public static PacketFilter exact(String text) {
        return new PacketFilter(text, false);
    }

    /** Whether the Ethernet frame matches; whoever looks behind its end refuses it. */
    public boolean matches(byte[] bytes, int at, int length) {
        return program.run(bytes, at, length, length);
    }

    /**
     * As above, of a frame that was cut.
     *
     * @param wire its length before
     */
    public boolean matches(byte[] bytes, int at, int length, int wire) {
        return program.run(bytes, at, length, wire);
    }

    @Override
    public String toString() {
        return text;
    }
}
