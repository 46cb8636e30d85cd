package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts packets together that were split (RFC 791, section 3.2; RFC 815), by the rules of Linux's ip_fragment.c: a piece
 * that overlaps another is the end of the whole packet (RFC 5722), one that is there already is passed over.
 */
final class Reassembly {
    /** net.ipv4.ipfrag_time. */
    static final long PATIENCE = 30_000_000_000_000L;

    /** net.ipv4.ipfrag_high_thresh: bytes of memory, of which a piece takes more than it is long. */
    static final int HIGH = 4 << 20;

    /** net.ipv4.ipfrag_max_dist: pieces of one host in between, after which those of a packet are not believed any more. */
    static final int DISTANCE = 64;

    private static final int BUCKETS = 64;

    /** inet_peer_threshold. */
    private static final int PEERS = 65_664;

    /** Pieces that came one behind the other at the end of what there was; others are runs of their own. */
    private static final class Run {
        private final List<Frame> pieces = new ArrayList<>(2);
        private final int from;
        private int to;

        Run(Frame first, int from, int to) {
            pieces.add(first);
            this.from = from;
            this.to = to;
        }
    }

    /** How many pieces a host has sent. */
    private static final class Peer {
        private int pieces;
    }

    /** The pieces of one packet, by offset. */
    private static final class Puzzle {
        private final NetInterface in;
        private final Port ingress;
        private final int source;
        private final int destination;
        private final int key;
        private long deadline;
        private final List<Run> runs = new ArrayList<>(1);
        private int bytes;
        private int memory;
        /** Where it ends as far as is known. */
        private int length;

        private boolean firstIn;
        private boolean lastIn;
        private int congestion;
        private int largest;
        private int largestWhole;
        private int seen;

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

        private Run last() {
            return runs.get(runs.size() - 1);
        }
    }

    private final IpStack stack;
    private final Map<Integer, List<Puzzle>> buckets = new LinkedHashMap<>();
    /** In order of their beginning, which is that of their deadlines. */
    private final ArrayList<Puzzle> puzzles = new ArrayList<>(0);

    private final Map<Integer, Peer> peers = new LinkedHashMap<>();
    private final Ipv4 ip = new Ipv4();
    private final Ipv4 piece = new Ipv4();
    private long memory;
    private final Cuts cuts = new Cuts();

    /**
     * @param stack null for that of a bridge
     */
    Reassembly(IpStack stack) {
        this.stack = stack;
    }

    private void count(IpCounter of) {
        if (stack != null) {
            stack.count(of);
        }
    }

    /** How the packet that was made whole last had come. */
    Cuts cuts() {
        return cuts;
    }

    /** Takes a piece; returns the whole packet if it was the last that lacked, or null. */
    Frame take(NetInterface in, Port ingress, Frame frame, long now) {
        ip.wrap(frame, frame.start() + Ethernet.LENGTH);
        count(IpCounter.REASM_REQDS);
        Puzzle puzzle = find(in, ingress, now);
        if (puzzle == null) {
            count(IpCounter.REASM_FAILS);
            ingress.drop(frame, IpStack.Drop.TOO_MANY_FRAGMENTS);
            return null;
        }
        if (distant(puzzle)) {
            forget(puzzle, IpStack.Drop.REASSEMBLY_FAILED);
            puzzle = find(in, ingress, now);
        }
        IpStack.Drop refusal = place(puzzle, frame);
        if (refusal == null) {
            return puzzle.firstIn && puzzle.lastIn && puzzle.bytes == puzzle.length ? complete(puzzle, ingress) : null;
        }
        if (refusal == IpStack.Drop.FRAGMENTS_OVERLAP) {
            count(IpCounter.REASM_OVERLAPS);
        }
        if (refusal != IpStack.Drop.DUPLICATE_FRAGMENT) {
            forget(puzzle, refusal);
        }
        ingress.drop(frame, refusal);
        return null;
    }

    /** Whether the kernel's own limits hold. */
    private boolean unset() {
        return stack == null || stack.sysctls() == null;
    }

    private Puzzle find(NetInterface in, Port ingress, long now) {
        long high = unset() ? HIGH : stack.sysctls().fragmentHigh;
        if (memory > high) {
            return null;
        }
        List<Puzzle> bucket = buckets.computeIfAbsent(bucket(ip.source(), ip.id()), key -> new ArrayList<>(1));
        for (Puzzle each : bucket) {
            if (each.fits(ip)) {
                return each;
            }
        }
        long patience = unset() ? PATIENCE : stack.sysctls().fragmentTime;
        Puzzle made = new Puzzle(in, ingress, ip, now + patience);
        made.seen = peer().pieces;
        bucket.add(made);
        puzzles.add(made);
        return made;
    }

    private static int bucket(int source, int id) {
        return (source * 0x9e3779b9 ^ id * 0x85ebca6b) >>> 26 & BUCKETS - 1;
    }

    private Peer peer() {
        if (peers.size() >= PEERS && !peers.containsKey(ip.source())) {
            peers.remove(peers.keySet().iterator().next());
        }
        return peers.computeIfAbsent(ip.source(), address -> new Peer());
    }

    /** ip_frag_too_far. */
    private boolean distant(Puzzle puzzle) {
        int most = unset() ? DISTANCE : stack.sysctls().fragmentDistance;
        int before = puzzle.seen;
        puzzle.seen = ++peer().pieces;
        return most != 0 && !puzzle.runs.isEmpty() && puzzle.seen - before > most;
    }

    /** ip_frag_queue; returns why the piece cannot be had, or null. */
    private IpStack.Drop place(Puzzle puzzle, Frame frame) {
        int offset = ip.fragmentOffset();
        int end = offset + ip.limit() - ip.payload();
        if (ip.mf()) {
            end -= end & 7;
            if (end > puzzle.length && puzzle.lastIn) {
                return IpStack.Drop.REASSEMBLY_FAILED;
            }
            puzzle.length = Math.max(puzzle.length, end);
        } else {
            if (end < puzzle.length || puzzle.lastIn && end != puzzle.length) {
                return IpStack.Drop.REASSEMBLY_FAILED;
            }
            puzzle.lastIn = true;
            puzzle.length = end;
        }
        if (end <= offset) {
            return IpStack.Drop.REASSEMBLY_FAILED;
        }
        IpStack.Drop refusal = insert(puzzle, frame, offset, end);
        if (refusal != null) {
            return refusal;
        }
        note(puzzle, frame, offset, end);
        return null;
    }

    private void note(Puzzle puzzle, Frame frame, int offset, int end) {
        frame.length(ip.payload() + end - offset - frame.start());
        puzzle.bytes += end - offset;
        puzzle.memory += weight(frame);
        memory += weight(frame);
        puzzle.firstIn |= offset == 0;
        puzzle.congestion |= 1 << (ip.tos() & 3);
        int size = frame.length() - Ethernet.LENGTH;
        puzzle.largest = Math.max(puzzle.largest, size);
        if (ip.df()) {
            puzzle.largestWhole = Math.max(puzzle.largestWhole, size);
        }
    }

    /** What an sk_buff of so many bytes takes: its own 256, and room by powers of two with headroom and shared info. */
    private static int weight(Frame frame) {
        return 256 + Math.max(512, Integer.highestOneBit(frame.length() + 350) << 1);
    }

    /** inet_frag_queue_insert. */
    private static IpStack.Drop insert(Puzzle puzzle, Frame frame, int from, int to) {
        List<Run> runs = puzzle.runs;
        if (runs.isEmpty()) {
            runs.add(new Run(frame, from, to));
            return null;
        }
        Run last = puzzle.last();
        if (last.to < to) {
            if (from < last.to) {
                return IpStack.Drop.FRAGMENTS_OVERLAP;
            } else if (from == last.to) {
                last.pieces.add(frame);
                last.to = to;
            } else {
                runs.add(new Run(frame, from, to));
            }
            return null;
        }
        int at = 0;
        for (Run each : runs) {
            if (from >= each.to) {
                at++;
            } else if (to > each.from) {
                return from >= each.from && to <= each.to
                        ? IpStack.Drop.DUPLICATE_FRAGMENT
                        : IpStack.Drop.FRAGMENTS_OVERLAP;
            }
        }
        runs.add(at, new Run(frame, from, to));
        return null;
    }

    /** ip_frag_reasm. */
    private Frame complete(Puzzle puzzle, Port ingress) {
        remove(puzzle);
        cuts.clear().largest(puzzle.largest);
        Frame whole = puzzle.runs.get(0).pieces.get(0);
        ip.wrap(whole, whole.start() + Ethernet.LENGTH);
        if (ip.headerLength() + puzzle.length > 0xffff || !congestionOk(puzzle.congestion)) {
            // A first piece with options makes the whole larger than its end says.
            count(IpCounter.REASM_FAILS);
            drop(puzzle, ingress, IpStack.Drop.REASSEMBLY_FAILED);
            return null;
        }
        count(IpCounter.REASM_OKS);
        int head = whole.length() - length(whole);
        for (Run run : puzzle.runs) {
            for (Frame next : run.pieces) {
                cuts.add(length(next) + (next == whole ? 0 : whole.length() - head));
                if (next != whole) {
                    append(whole, next);
                    ingress.consume(next);
                }
            }
        }
        ip.wrap(whole, whole.start() + Ethernet.LENGTH);
        ip.totalLength(whole.length() - Ethernet.LENGTH)
                .mf(false)
                .fragmentOffset(0)
                .df(puzzle.largestWhole == puzzle.largest);
        if ((puzzle.congestion & 8) != 0) {
            ip.tos(ip.tos() | 3);
        }
        ip.seal();
        return whole;
    }

    private int length(Frame of) {
        return of.end() - piece.wrap(of, of.start() + Ethernet.LENGTH).payload();
    }

    private void append(Frame whole, Frame next) {
        int length = length(next);
        int end = whole.length();
        whole.length(end + length);
        System.arraycopy(next.bytes(), piece.payload(), whole.bytes(), whole.start() + end, length);
    }

    /** RFC 3168, section 5.3: pieces that are not of one transport do not make a packet (ip_frag_ecn_table). */
    private static boolean congestionOk(int marks) {
        boolean not = (marks & 1) != 0;
        return !not || (marks & ~1) == 0;
    }

    private void remove(Puzzle puzzle) {
        puzzles.remove(puzzle);
        List<Puzzle> bucket = buckets.get(bucket(puzzle.source, puzzle.key >>> 8));
        bucket.remove(puzzle);
        memory -= puzzle.memory;
    }

    private void forget(Puzzle puzzle, IpStack.Drop reason) {
        count(IpCounter.REASM_FAILS);
        remove(puzzle);
        drop(puzzle, puzzle.ingress, reason);
    }

    private static void drop(Puzzle puzzle, Port where, IpStack.Drop reason) {
        puzzle.runs.forEach(run -> run.pieces.forEach(frame -> where.drop(frame, reason)));
    }

    long nextDeadline() {
        return puzzles.isEmpty() ? Long.MAX_VALUE : puzzles.get(0).deadline;
    }

    /** ip_expire: whose first piece has come is told, as far as it came here. */
    void expire(long now) {
        while (!puzzles.isEmpty() && puzzles.get(0).deadline <= now) {
            Puzzle puzzle = puzzles.get(0);
            remove(puzzle);
            count(IpCounter.REASM_FAILS);
            count(IpCounter.REASM_TIMEOUT);
            if (puzzle.firstIn && local(puzzle)) {
                Frame first = puzzle.runs.get(0).pieces.get(0);
                stack.icmpReplies().error(puzzle.in, first, Icmp.TIME_EXCEEDED, 1, 0, now);
            }
            drop(puzzle, puzzle.ingress, IpStack.Drop.REASSEMBLY_TIMEOUT);
        }
    }

    int size() {
        return puzzles.size();
    }

    /** Only the end of the way says that pieces are lacking; netfilter puts together what passes as well. */
    private boolean local(Puzzle puzzle) {
        Route route = stack == null ? null : stack.lookup(puzzle.destination);
        return route != null && route.ofLocalTable();
    }

    int held() {
        int frames = 0;
        for (Puzzle each : puzzles) {
            for (Run run : each.runs) {
                frames += run.pieces.size();
            }
        }
        return frames;
    }

    /** The pieces lie at ports of this node: they stay behind. */
    void leave() {
        puzzles.forEach(puzzle ->
                puzzle.runs.forEach(run -> run.pieces.forEach(frame -> puzzle.ingress.drop(frame, Host.Drop.AWAY))));
        clear();
    }

    void release() {
        puzzles.forEach(puzzle -> puzzle.runs.forEach(
                run -> run.pieces.forEach(frame -> puzzle.ingress.node().discard(frame))));
        clear();
    }

    private void clear() {
        puzzles.clear();
        buckets.clear();
        peers.clear();
        memory = 0;
    }
}
