package io.hopscope.core;

import java.util.Arrays;

/** Nodes so close to one another that they run together, in one order: the unit of sequential execution. */
final class Cell {
    /** How many cells are looked at ahead of the first of them. */
    static final int GROUP = 16;

    final int index;
    final Node[] nodes;
    /** The cells that cables lead to, and what a frame takes from there at least. */
    private int[] neighbours = {};

    private long[] distances = {};
    /** From a neighbour's neighbour, or from here and back. */
    private long far = Long.MAX_VALUE;

    private Worker worker;

    Cell(int index, Node[] nodes) {
        this.index = index;
        this.nodes = nodes;
        for (Node node : nodes) {
            node.cell = this;
        }
    }

    /** Who runs it changes between windows, and nothing else does. */
    void assign(Worker to) {
        if (worker != to) {
            worker = to;
            for (Node node : nodes) {
                node.worker = to;
            }
        }
    }

    /** A cable leads to another cell; to be called for each. */
    void near(Cell other, long distance) {
        int at = neighbours.length;
        neighbours = Arrays.copyOf(neighbours, at + 1);
        distances = Arrays.copyOf(distances, at + 1);
        neighbours[at] = other.index;
        distances[at] = distance;
    }

    /** To be called when all is near that is. */
    void survey(Cell[] cells) {
        for (int i = 0; i < neighbours.length; i++) {
            Cell other = cells[neighbours[i]];
            long least = Long.MAX_VALUE;
            for (long each : other.distances) {
                least = Math.min(least, each);
            }
            far = Math.min(far, least + other.transit() + distances[i]);
        }
    }

    /** What a frame that comes in takes at least before anything can go out for its sake. */
    private long transit() {
        return nodes.length == 1 ? nodes[0].transit() : 0;
    }

    /**
     * How far the cell may run when nothing happens anywhere before {@code first}: what its neighbours have to do is known,
     * and what they do not know of yet must reach them first.
     */
    long horizon(long first, Soonest next) {
        long horizon = far == Long.MAX_VALUE ? far : first + far;
        for (int i = 0; i < neighbours.length; i++) {
            long theirs = next.of(neighbours[i]);
            if (theirs < horizon) {
                horizon = Math.min(horizon, theirs + distances[i]);
            }
        }
        return horizon;
    }

    /** Reads what the next few cells to run will read first, so that the waits for memory overlap; means nothing. */
    static long readAhead(Cell[] cells, int[] active, int from, int count) {
        int to = Math.min(count, from + GROUP);
        long sum = 0;
        for (int step = 0; step < 3; step++) {
            for (int i = from; i < to; i++) {
                sum += cells[active[i]].nodes[0].touch(step);
            }
        }
        return sum;
    }

    long next() {
        long next = Long.MAX_VALUE;
        for (Node node : nodes) {
            next = Math.min(next, node.nextOwn());
        }
        return next;
    }

    long run(long end) {
        return nodes.length == 1 ? nodes[0].run(end) : together(end);
    }

    /** One instant of one node at a time: what it sends may be the next event of its neighbour. */
    private long together(long end) {
        while (true) {
            Node first = null;
            long soonest = Long.MAX_VALUE;
            for (Node node : nodes) {
                long next = node.run(Long.MIN_VALUE);
                if (next < soonest) {
                    soonest = next;
                    first = node;
                }
            }
            if (soonest >= end) {
                return soonest;
            }
            first.run(soonest + 1);
        }
    }
}
