package io.hopscope.scenarios.traffic;

import io.hopscope.core.RandomStream;
import java.util.Arrays;
import java.util.List;

/** One matrix of a mix: who sends, and to whom. Positions are those of all endpoints of the traffic. */
final class Part {
    final Matrix matrix;
    final int[] senders;
    /** The flow of the first sender. */
    int base;
    /** Picoseconds from one packet, or flow, of a sender to the next. */
    double interval;

    /** Where each sender has one destination for good. */
    private int[] fixed;
    /** Where destinations are drawn: in order of group. Null where that is all endpoints as they are numbered. */
    private int[] pool;

    private int size;
    /** Position in the pool; -1 for what is not there. Null with the pool. */
    private int[] places;

    private double local = -1;
    /** Of a place in the pool, the first and the first not of the same group. */
    private int[] groupStart;

    private int[] groupEnd;

    private Part(Matrix matrix, int[] senders) {
        this.matrix = matrix;
        this.senders = senders;
    }

    /** Senders to one destination each, which is none of their own. */
    static Part incast(int[] senders, int[] targets) {
        int[] others = targets.length == 1
                ? Arrays.stream(senders).filter(sender -> sender != targets[0]).toArray()
                : senders;
        Part part = new Part(Matrix.INCAST, others);
        part.fixed = new int[others.length];
        for (int i = 0; i < others.length; i++) {
            int target = targets[i % targets.length];
            part.fixed[i] = target == others[i] ? targets[(i + 1) % targets.length] : target;
        }
        return part;
    }

    /** A random permutation; where both sides are the same, one single cycle (Sattolo 1986), so that nobody meets himself. */
    static Part pairs(int[] senders, int[] targets, RandomStream random) {
        Part part = new Part(Matrix.PAIRS, senders);
        int[] order = targets.clone();
        boolean same = Arrays.equals(senders, targets);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(same ? i : i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        part.fixed = new int[senders.length];
        for (int i = 0; i < senders.length; i++) {
            int target = order[i % order.length];
            part.fixed[i] = target == senders[i] ? order[(i + 1) % order.length] : target;
        }
        return part;
    }

    /**
     * Senders to whomever they draw.
     *
     * @param local the share of the sender's own group; below 0 for as it falls
     */
    static Part random(Matrix matrix, int[] senders, int[] targets, List<Endpoint> all, double local) {
        Part part = new Part(matrix, senders);
        part.local = local;
        long[] sorted = new long[targets.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (long) all.get(targets[i]).group() << 32 | targets[i];
        }
        Arrays.sort(sorted);
        part.size = sorted.length;
        boolean everybody = sorted.length == all.size();
        for (int i = 0; i < sorted.length; i++) {
            everybody &= (int) sorted[i] == i;
        }
        if (!everybody) {
            part.pool(sorted, all.size());
        }
        if (local >= 0) {
            part.groups(sorted);
        }
        return part;
    }

    private void pool(long[] sorted, int endpoints) {
        pool = new int[size];
        places = new int[endpoints];
        Arrays.fill(places, -1);
        for (int i = 0; i < size; i++) {
            pool[i] = (int) sorted[i];
            places[pool[i]] = i;
        }
    }

    private int at(int place) {
        return pool == null ? place : pool[place];
    }

    private void groups(long[] sorted) {
        groupStart = new int[sorted.length];
        groupEnd = new int[sorted.length];
        for (int i = 1; i < sorted.length; i++) {
            groupStart[i] = sorted[i] >> 32 == sorted[i - 1] >> 32 ? groupStart[i - 1] : i;
        }
        for (int i = sorted.length - 1; i >= 0; i--) {
            boolean last = i == sorted.length - 1 || groupStart[i + 1] == i + 1;
            groupEnd[i] = last ? i + 1 : groupEnd[i + 1];
        }
    }

    /** Whether what a sender sends comes in at one place, in order. */
    boolean steady() {
        return fixed != null;
    }

    /** Whether a sender would have nobody but itself to send to. */
    boolean alone() {
        if (fixed != null) {
            for (int i = 0; i < fixed.length; i++) {
                if (fixed[i] == senders[i]) {
                    return true;
                }
            }
            return false;
        }
        return size == 0 || size == 1 && Arrays.stream(senders).anyMatch(each -> each == at(0));
    }

    /** The destination of a sender's next packet, or flow. */
    int destination(int flow, RandomStream random) {
        if (fixed != null) {
            return fixed[flow - base];
        }
        int sender = senders[flow - base];
        int place = places == null ? sender : places[sender];
        if (place < 0) {
            return at(random.nextInt(size));
        }
        if (local >= 0) {
            int others = groupEnd[place] - groupStart[place] - 1;
            boolean stays = random.nextDouble() < local;
            if (stays && others > 0) {
                return at(other(groupStart[place], others, place, 1, random));
            }
            if (!stays && others + 1 < size) {
                return at(other(0, size - others - 1, groupStart[place], others + 1, random));
            }
        }
        return at(other(0, size - 1, place, 1, random));
    }

    /** One of so many places from a first one on, past those that are left out. */
    private static int other(int first, int count, int leftOut, int howMany, RandomStream random) {
        int drawn = first + random.nextInt(count);
        return drawn < leftOut ? drawn : drawn + howMany;
    }
}
