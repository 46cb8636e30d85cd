package io.hopscope.devices;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.List;

/** Splits packets that are too big, and puts together those that were split (RFC 791, section 3.2). */
final class Fragments {
    /** ipfrag_time. */
    private static final long PATIENCE = 30_000_000_000_000L;

    /** Packets that may be incomplete at a time. */
    private static final int LIMIT = 256;

    /** The pieces of one packet, by offset. */
    private static final class Puzzle {
        private final List<Frame> pieces = new ArrayList<>(3);
        private final NetInterface in;
        private final Port ingress;
        private final int source;
        private final int destination;
        private final int key;
        private final long deadline;
        private int bytes;
        private int whole = -1;
        /** The largest piece, header included. */
        private int most;

        Puzzle(NetInterface in, Port ingress, Ipv4 ip, long deadline) {
            this.in = in;
            this.ingress = ingress;
            this.deadline = deadline;
            source = ip.source();
            destination = ip.destination();
            key = key(ip);
        }

        static int key(Ipv4 ip) {
            return ip.id() << 8 | ip.protocol();
        }

        boolean fits(Ipv4 ip) {
            return key == key(ip) && source == ip.source() && destination == ip.destination();
        }
    }

    /** Takes a packet that is whole again. */
    interface Whole {
        /**
         * @param most bytes of the largest piece's packet
         */
        void receive(NetInterface in, Port ingress, Frame frame, int most, long now);
    }

    private final IpStack stack;
    private final Whole whole;
    private final List<Puzzle> puzzles = new ArrayList<>(0);
    private final Ipv4 ip = new Ipv4();
    private final Ipv4 piece = new Ipv4();

    /**
     * @param stack null for those of a bridge
     */
    Fragments(IpStack stack, Whole whole) {
        this.stack = stack;
        this.whole = whole;
    }

    /** Sends a packet in pieces. */
    void split(Route route, NetInterface via, int mtu, Port ingress, Frame frame, long now) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        if (ingress == null && ip.id() == 0) {
            ip.id(stack.nextIdentification());
        }
        for (Frame each = cut(stack.node(), frame, mtu); each != null; ) {
            Frame following = each.next;
            each.next = null;
            stack.neighbours.send(route, via, ingress, each, now);
            each = following;
        }
    }

    /**
     * ip_fragment: pieces of a multiple of eight bytes, options left out of none (there are none here).
     *
     * @return the pieces as a list, the frame itself first
     */
    Frame cut(Node node, Frame frame, int mtu) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        int header = ip.headerLength();
        int most = mtu - header & ~7;
        int total = ip.totalLength() - header;
        int base = ip.fragmentOffset();
        boolean more = ip.mf();
        Frame last = frame;
        for (int offset = most; offset < total; offset += most) {
            int length = Math.min(most, total - offset);
            Frame part = node.copy(frame);
            int at = part.start() + Ethernet.LENGTH;
            System.arraycopy(frame.bytes(), ip.at() + header + offset, part.bytes(), at + header, length);
            part.length(Ethernet.LENGTH + header + length);
            piece.wrap(part, at)
                    .totalLength(header + length)
                    .fragmentOffset(base + offset)
                    .mf(more || offset + length < total)
                    .seal();
            last.next = part;
            last = part;
        }
        if (last != frame) {
            ip.totalLength(header + most).mf(true).seal();
            frame.length(Ethernet.LENGTH + header + most);
        }
        return frame;
    }

    void receive(NetInterface in, Port ingress, Frame frame, long now) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        Puzzle puzzle = find();
        if (puzzle == null) {
            if (puzzles.size() >= LIMIT) {
                ingress.drop(frame, IpStack.Drop.REASSEMBLY_FAILED);
                return;
            }
            puzzle = new Puzzle(in, ingress, ip, now + PATIENCE);
            puzzles.add(puzzle);
        }
        if (!place(puzzle, frame)) {
            if (puzzle.pieces.isEmpty()) {
                puzzles.remove(puzzle);
            }
            ingress.drop(frame, IpStack.Drop.REASSEMBLY_FAILED);
        } else if (puzzle.bytes == puzzle.whole) {
            puzzles.remove(puzzle);
            complete(puzzle, in, ingress, now);
        }
    }

    /** A first piece with options makes the whole larger than its end says (ip_frag_reasm: oversized). */
    private boolean oversized(Puzzle puzzle) {
        Frame first = puzzle.pieces.get(0);
        return piece.wrap(first, first.start() + Ethernet.LENGTH).headerLength() + puzzle.whole > 0xffff;
    }

    private Puzzle find() {
        for (Puzzle each : puzzles) {
            if (each.fits(ip)) {
                return each;
            }
        }
        return null;
    }

    /** False for a piece that overlaps another (RFC 5722's rule, as Linux applies it to IPv4 too). */
    private boolean place(Puzzle puzzle, Frame frame) {
        int offset = ip.fragmentOffset();
        int length = ip.limit() - ip.payload();
        int end = offset + length;
        if (end > 65515 || length == 0 || ip.mf() && (length & 7) != 0 || puzzle.whole >= 0 && end > puzzle.whole) {
            return false;
        }
        int at = 0;
        for (Frame other : puzzle.pieces) {
            piece.wrap(other, other.start() + Ethernet.LENGTH);
            int otherEnd = piece.fragmentOffset() + piece.limit() - piece.payload();
            if (offset < otherEnd && piece.fragmentOffset() < end) {
                return false;
            }
            at += otherEnd <= offset ? 1 : 0;
        }
        if (!ip.mf()) {
            if (at < puzzle.pieces.size() || puzzle.whole >= 0) {
                return false;
            }
            puzzle.whole = end;
        }
        puzzle.pieces.add(at, frame);
        puzzle.most = Math.max(puzzle.most, ip.totalLength());
        puzzle.bytes += length;
        return true;
    }

    private void complete(Puzzle puzzle, NetInterface in, Port ingress, long now) {
        if (oversized(puzzle)) {
            puzzle.pieces.forEach(each -> ingress.drop(each, IpStack.Drop.REASSEMBLY_FAILED));
            return;
        }
        Frame first = puzzle.pieces.get(0);
        for (int i = 1; i < puzzle.pieces.size(); i++) {
            Frame next = puzzle.pieces.get(i);
            piece.wrap(next, next.start() + Ethernet.LENGTH);
            int length = piece.limit() - piece.payload();
            int end = first.length();
            first.length(end + length);
            System.arraycopy(next.bytes(), piece.payload(), first.bytes(), first.start() + end, length);
            ingress.consume(next);
        }
        ip.wrap(first, first.start() + Ethernet.LENGTH);
        ip.totalLength(first.length() - Ethernet.LENGTH).mf(false).seal();
        whole.receive(in, ingress, first, puzzle.most, now);
    }

    long nextDeadline() {
        return puzzles.isEmpty() ? Long.MAX_VALUE : puzzles.get(0).deadline;
    }

    void expire(long now) {
        while (!puzzles.isEmpty() && puzzles.get(0).deadline <= now) {
            Puzzle puzzle = puzzles.remove(0);
            Frame first = puzzle.pieces.get(0);
            if (ip.wrap(first, first.start() + Ethernet.LENGTH).fragmentOffset() == 0 && local()) {
                stack.icmpReplies().error(puzzle.in, first, Icmp.TIME_EXCEEDED, 1, 0, now);
            }
            puzzle.pieces.forEach(frame -> puzzle.ingress.drop(frame, IpStack.Drop.REASSEMBLY_FAILED));
        }
    }

    /** Only an end of the way says that pieces are lacking (ip_expire). */
    private boolean local() {
        Route route = stack == null ? null : stack.lookup(ip.destination());
        return route != null && route.ofLocalTable();
    }

    int held() {
        int frames = 0;
        for (Puzzle each : puzzles) {
            frames += each.pieces.size();
        }
        return frames;
    }

    /** The pieces lie at ports of this node: they stay behind. */
    void leave() {
        puzzles.forEach(puzzle -> puzzle.pieces.forEach(frame -> puzzle.ingress.drop(frame, Host.Drop.AWAY)));
        puzzles.clear();
    }

    void release() {
        puzzles.forEach(
                puzzle -> puzzle.pieces.forEach(frame -> puzzle.ingress.node().discard(frame)));
        puzzles.clear();
    }
}
