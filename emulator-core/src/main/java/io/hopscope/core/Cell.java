package io.hopscope.core;

/** Nodes so close to one another that they run together, in one order: the unit of sequential execution. */
final class Cell {
    /** How many cells are looked at ahead of the first of them. */
    static final int GROUP = 16;

    final int index;
    final Node[] nodes;
    Worker worker;
    /** Events handled since the work was last shared out. */
    long work;

    Cell(int index, Node[] nodes) {
        this.index = index;
        this.nodes = nodes;
        for (Node node : nodes) {
            node.cell = this;
        }
    }

    void assign(Worker to) {
        worker = to;
        for (Node node : nodes) {
            node.worker = to;
        }
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
        long before = worker.events;
        long next = nodes.length == 1 ? nodes[0].run(end) : together(end);
        work += worker.events - before;
        return next;
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
