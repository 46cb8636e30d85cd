package io.hopscope.traces.diff;

import io.hopscope.traces.Hop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares what each port saw in two captures, packet by packet in order. Of a packet eight bytes are kept, so that captures
 * larger than the memory can be compared; what differs is read again.
 */
public final class CaptureDiff {
    /** Hops of one journey that are told. */
    private static final int LONGEST_WAY = 1000;

    /** A packet of each capture, by their positions at a port. */
    private record Spot(String port, int index, long picos) {}

    /** What a port saw. */
    private static final class Log {
        private long[] hashes = new long[64];
        private int count;

        void add(long hash) {
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, count * 2);
            }
            hashes[count++] = hash;
        }
    }

    private final CaptureSource a;
    private final CaptureSource b;
    private final boolean timed;
    private final Map<String, Log> left = new LinkedHashMap<>();
    private final Map<String, Integer> right = new LinkedHashMap<>();
    private final Set<String> different = new TreeSet<>();
    private Spot first;
    private long packets;

    private CaptureDiff(CaptureSource a, CaptureSource b, boolean timed) {
        this.a = a;
        this.b = b;
        this.timed = timed;
    }

    /**
     * @param timed whether a packet at another instant is another packet
     */
    public static CaptureDiff of(CaptureSource a, CaptureSource b, boolean timed) {
        CaptureDiff diff = new CaptureDiff(a, b, timed);
        diff.compare();
        return diff;
    }

    private void compare() {
        a.read(hop -> {
            packets++;
            left.computeIfAbsent(hop.port(), port -> new Log()).add(hash(hop));
        });
        b.read(hop -> {
            int index = right.merge(hop.port(), 1, Integer::sum) - 1;
            Log log = left.get(hop.port());
            if (log != null && (index >= log.count || log.hashes[index] != hash(hop))) {
                found(new Spot(hop.port(), index, hop.picos()));
            }
        });
        Map<String, Integer> seen = new LinkedHashMap<>();
        a.read(hop -> {
            int index = seen.merge(hop.port(), 1, Integer::sum) - 1;
            Integer there = right.get(hop.port());
            if (there != null && index == there) {
                found(new Spot(hop.port(), index, hop.picos()));
            }
        });
    }

    private void found(Spot spot) {
        different.add(spot.port);
        if (first == null || spot.picos < first.picos) {
            first = spot;
        }
    }

    private long hash(Hop hop) {
        long hash = Arrays.hashCode(hop.bytes()) * 0x9e3779b97f4a7c15L;
        for (byte each : hop.bytes()) {
            hash = (hash ^ each) * 0x100000001b3L;
        }
        hash = (hash ^ hop.originalLength()) * 0x100000001b3L + (hop.inbound() ? 1 : 0);
        return timed ? (hash ^ hop.picos()) * 0x100000001b3L : hash;
    }

    /** Packets of the left capture. */
    public long packets() {
        return packets;
    }

    /** Ports that both have. */
    public Set<String> ports() {
        Set<String> both = new TreeSet<>(left.keySet());
        both.retainAll(right.keySet());
        return both;
    }

    /** Ports that both have and that saw something else, with how many packets in each. */
    public Map<String, int[]> different() {
        Map<String, int[]> found = new LinkedHashMap<>();
        different.forEach(port -> found.put(port, new int[] {left.get(port).count, right.get(port)}));
        return found;
    }

    /** Ports that only one of them has, with their packets: on the left, or on the right. */
    public Map<String, Integer> only(boolean onTheLeft) {
        Map<String, Integer> found = new LinkedHashMap<>();
        if (onTheLeft) {
            left.forEach((port, log) -> found.put(port, log.count));
            found.keySet().removeAll(right.keySet());
        } else {
            found.putAll(right);
            found.keySet().removeAll(left.keySet());
        }
        return found;
    }

    /** Whether every port saw the same. */
    public boolean equal() {
        return first == null && left.keySet().equals(right.keySet());
    }

    /** The first packet that differs; null where none does at the ports that both have. */
    public Difference first() {
        if (first == null) {
            return null;
        }
        Hop one = at(a, first);
        Hop other = at(b, first);
        List<Hop> wayA = way(a, one, other);
        List<Hop> wayB = way(b, other, one);
        return new Difference(
                first.port,
                first.index + 1L,
                one,
                other,
                Fields.different(one, other, timed),
                wayA,
                wayB,
                decision(wayA, wayB));
    }

    private static Hop at(CaptureSource source, Spot spot) {
        int[] index = {0};
        Hop[] found = {null};
        source.read(hop -> {
            if (hop.port().equals(spot.port) && index[0]++ == spot.index) {
                found[0] = hop;
            }
        });
        return found[0];
    }

    /** The journey as far as the packet; where this side has no such packet, the journey that the other side's is of. */
    private static List<Hop> way(CaptureSource source, Hop of, Hop otherwise) {
        long journey = of != null ? of.journey() : otherwise.journey();
        List<Hop> way = new ArrayList<>();
        if (journey == 0) {
            return of == null ? List.of() : List.of(of);
        }
        boolean[] over = {false};
        source.read(hop -> {
            if (hop.journey() == journey && !over[0] && way.size() < LONGEST_WAY) {
                way.add(hop);
                over[0] = of != null && same(hop, of);
            }
        });
        return way;
    }

    private static boolean same(Hop a, Hop b) {
        return a.port().equals(b.port())
                && a.inbound() == b.inbound()
                && a.picos() == b.picos()
                && Arrays.equals(a.bytes(), b.bytes());
    }

    /** The first hop of both ways where the packet is still the same, and what is said of it is not. */
    private static int decision(List<Hop> wayA, List<Hop> wayB) {
        for (int i = 0; i < Math.min(wayA.size(), wayB.size()); i++) {
            Hop one = wayA.get(i);
            Hop other = wayB.get(i);
            if (!String.valueOf(one.comment()).equals(String.valueOf(other.comment()))) {
                return i;
            }
            if (!one.port().equals(other.port()) || !Arrays.equals(one.bytes(), other.bytes())) {
                return i > 0 ? i - 1 : -1;
            }
        }
        int shorter = Math.min(wayA.size(), wayB.size());
        return wayA.size() != wayB.size() && shorter > 0 ? shorter - 1 : -1;
    }
}
