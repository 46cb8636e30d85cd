package io.hopscope.devices;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.protocols.Route;

/** Splits packets that are too big (RFC 791, section 3.2; ip_fragment). One for all stacks of a node. */
final class Splitter {
    /** Of an option that is copied into every fragment, and of one that ends the list or means nothing. */
    private static final int COPIED = 0x80;

    private static final int END = 0;
    private static final int NOTHING = 1;

    private final Ipv4 ip = new Ipv4();
    private final Ipv4 piece = new Ipv4();

    /**
     * Sends a packet in pieces.
     *
     * @param cuts where it was cut as it came in; null for one that came whole
     */
    void split(IpStack stack, Route route, NetInterface via, int mtu, Cuts cuts, Port ingress, Frame frame, long now) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        if (mtu - ip.headerLength() < 8) {
            // Not even the smallest piece fits.
            if (ingress != null) {
                ingress.drop(frame, IpStack.Drop.TOO_BIG);
            } else {
                stack.lose(via, frame, IpStack.Drop.TOO_BIG);
            }
            return;
        }
        if (ingress != null && frame.traced()) {
            ingress.because("larger than " + mtu + " bytes: split");
        }
        if (ingress == null && ip.id() == 0) {
            ip.id(stack.nextIdentification());
        }
        stack.count(IpCounter.FRAG_OKS);
        for (Frame each = cut(stack.node(), frame, mtu, cuts); each != null; ) {
            stack.count(IpCounter.FRAG_CREATES);
            Frame following = each.next;
            each.next = null;
            stack.neighbours.send(route, via, ingress, each, now);
            each = following;
        }
    }

    /**
     * Cuts a packet into pieces of a multiple of eight bytes, each as large as may be, or where it was cut before. That it
     * might not be cut is forgotten then.
     *
     * @return the pieces in order as a list, the frame itself first
     */
    Frame cut(Node node, Frame frame, int mtu, Cuts cuts) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        int header = ip.headerLength();
        int most = mtu - header & ~7;
        int total = ip.totalLength() - header;
        int base = ip.fragmentOffset();
        boolean more = ip.mf();
        boolean again = cuts != null && cuts.fit(mtu - header, total);
        if (cuts != null) {
            ip.df(false).seal();
        }
        Frame last = frame;
        int first = again ? cuts.end(0) : most;
        int length = first;
        int number = 1;
        for (int offset = first; offset < total; offset += length) {
            length = again ? cuts.end(number++) - offset : Math.min(most, total - offset);
            Frame part = node.copy(frame);
            int at = part.start() + Ethernet.LENGTH;
            System.arraycopy(frame.bytes(), ip.at() + header + offset, part.bytes(), at + header, length);
            part.length(Ethernet.LENGTH + header + length);
            bare(part.bytes(), at + Ipv4.LENGTH, at + header);
            piece.wrap(part, at)
                    .totalLength(header + length)
                    .fragmentOffset(base + offset)
                    .mf(more || offset + length < total)
                    .seal();
            last.next = part;
            last = part;
        }
        if (last != frame) {
            ip.totalLength(header + first).mf(true).seal();
            frame.length(Ethernet.LENGTH + header + first);
        }
        return frame;
    }

    /** As ip_options_fragment: what is not to be copied into later fragments becomes nothing. */
    private static void bare(byte[] bytes, int from, int to) {
        for (int at = from; at < to; ) {
            int type = bytes[at] & 0xff;
            if (type == END) {
                return;
            }
            int length = type == NOTHING || at + 1 >= to ? 1 : bytes[at + 1] & 0xff;
            if (length < 1 || type != NOTHING && length < 2 || at + length > to) {
                return;
            }
            for (int i = at; (type & COPIED) == 0 && i < at + length; i++) {
                bytes[i] = NOTHING;
            }
            at += length;
        }
    }
}
