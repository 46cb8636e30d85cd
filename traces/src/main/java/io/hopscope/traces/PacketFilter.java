package io.hopscope.traces;

import io.hopscope.core.CaptureRecord;
import java.util.ServiceLoader;

/**
 * A filter of pcap-filter(7) for frames: {@code host, net, port, portrange, proto} with {@code src} and {@code dst},
 * {@code ether, vlan, arp, ip, icmp, udp, tcp} and the like, {@code broadcast, multicast, less, greater}, relations between
 * bytes and numbers, {@code inbound, outbound}, {@code and, or, not} and parentheses. What is beyond that, as addresses of
 * IPv6, MPLS, PPPoE or Geneve, a {@link FilterCompiler} may know. No names of hosts or services.
 */
public final class PacketFilter {
    private final String text;
    /** One of the two. */
    private final FilterProgram own;

    private final Bpf compiled;

    private PacketFilter(String text, FilterProgram own, Bpf compiled) {
        this.text = text;
        this.own = own;
        this.compiled = compiled;
    }

    /**
     * For people who ask for a packet: sees through VLAN tags, as tcpdump does only after {@code vlan}, and for that knows
     * its own part of the language only.
     *
     * @throws FilterFault with column, what was found and what was expected
     */
    public static PacketFilter parse(String text) {
        return own(text, true);
    }

    /**
     * For captures: libpcap's meaning to the letter. Without {@code vlan} a tagged frame is no IP packet, and each
     * {@code vlan} moves what the words behind it look at.
     *
     * @throws FilterFault with column, what was found and what was expected
     */
    public static PacketFilter exact(String text) {
        try {
            return own(text, false);
        } catch (FilterFault fault) {
            return compiled(text, fault);
        }
    }

    private static PacketFilter own(String text, boolean throughTags) {
        return new PacketFilter(
                text, new FilterProgram(new FilterParser(text, throughTags).parse(), throughTags), null);
    }

    private static PacketFilter compiled(String text, FilterFault fault) {
        FilterFault name = FilterNames.first(text);
        if (name != null) {
            throw name;
        }
        for (FilterCompiler other : ServiceLoader.load(FilterCompiler.class)) {
            if (other.missing() != null) {
                throw fault.because(", where Hopscope's own compiler ends,", other.missing());
            }
            try {
                return new PacketFilter(text, null, other.compile(text));
            } catch (IllegalArgumentException e) {
                throw fault.because("", fault.expected() + "; libpcap says: " + e.getMessage());
            }
        }
        throw fault;
    }

    /** Whether Hopscope compiled it itself, and nobody else had to. */
    public boolean own() {
        return own != null;
    }

    /** Whether the Ethernet frame matches, as if it came in; whoever looks behind its end refuses it. */
    public boolean matches(byte[] bytes, int at, int length) {
        return matches(bytes, at, length, length, true);
    }

    /**
     * As above, of a frame that was cut.
     *
     * @param wire its length before
     * @param inbound whether it came in at its port
     */
    public boolean matches(byte[] bytes, int at, int length, int wire, boolean inbound) {
        return own != null
                ? own.run(bytes, at, length, wire, inbound)
                : compiled.run(bytes, at, length, wire, inbound) != 0;
    }

    boolean matches(CaptureRecord r) {
        return matches(r.bytes, r.offset, r.length, r.originalLength, r.inbound);
    }

    /** Whether what was seen matches. */
    public boolean matches(Hop hop) {
        return matches(hop.bytes(), 0, hop.bytes().length, hop.originalLength(), hop.inbound());
    }

    @Override
    public String toString() {
        return text;
    }
}
