package io.hopscope.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Runs a network in virtual time, window by window. A window starts at the earliest event anywhere and is as long as no
 * cell can hear of another one's doings within it; every cell with something to do in it runs once. With more than one
 * worker the cells of a window run side by side; the result is the same.
 */
public final class Engine {
    /** No window is longer than this, in picoseconds. */
    private static final long LONGEST = 1_000_000_000L;

    /** About as many frames as the caches of a core hold. */
    private static final int CROWD = 4096;

    /** How a run is to be done. */
    public static final class Options {
        private int workers = 1;
        private long longestWindow = LONGEST;
        private int crowd = CROWD;
        private final List<CaptureSink> sinks = new ArrayList<>();
        private Predicate<Port> ports = port -> true;
        private boolean tracing;
        private long traceLimit = Long.MAX_VALUE;
        private int snapLength = 262_144;

        public Options workers(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("at least one worker is needed, not " + count);
            }
            workers = count;
            return this;
        }

        /**
         * @param picoseconds windows are cut to this; changes no result
         */
        public Options longestWindow(long picoseconds) {
            longestWindow = Math.min(LONGEST, Math.max(1, picoseconds));
            return this;
        }

        /**
         * @param frames from so many on, what a window will touch is read ahead; changes no result
         */
        public Options crowd(int frames) {
            crowd = frames;
            return this;
        }

        public Options capture(CaptureSink sink) {
            sinks.add(sink);
            return this;
        }

        /** Hidden ports are never captured. */
        public Options ports(Predicate<Port> selected) {
            ports = selected;
            return this;
        }

        /**
         * @param journeysPerNode the first so many journeys of each node carry what their devices decided
         */
        public Options trace(long journeysPerNode) {
            tracing = journeysPerNode > 0;
            traceLimit = journeysPerNode;
            return this;
        }

        public Options snapLength(int bytes) {
            snapLength = bytes;
            return this;
        }
    }

    private final Network network;
    private final Options options;
    private final Worker[] workers;
    private final Cell[] cells;
    private final Soonest next;
    private final long lookahead;
    private final Recorder recorder;
    private final Crew crew;
    /** The cells that run in a window, and how far each. */
    private final int[] active;

    private final long[] ends;
    private long now;
    private long windows;
    private boolean started;
    private volatile boolean stopped;

    public Engine(Network network, Options options) {
        this.network = network;
        this.options = options;
        cells = network.cells();
        lookahead = network.lookahead();
        workers = new Worker[Math.min(options.workers, Math.max(1, cells.length))];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i, options.crowd);
            workers[i].cells(cells.length);
        }
        next = new Soonest(cells.length);
        active = new int[cells.length];
        ends = new long[cells.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i].assign(workers[(int) ((long) i * workers.length / cells.length)]);
        }
        network.nodes().forEach(node -> node.prepare(network.nodes().size()));
        recorder = options.sinks.isEmpty() ? null : tap();
        network.tracing = options.tracing && recorder != null;
        network.traceLimit = options.traceLimit;
        crew = workers.length > 1 ? new Crew(workers, cells, next, active, ends) : null;
    }

    private Recorder tap() {
        List<Port> captured = new ArrayList<>();
        for (Node node : network.nodes()) {
            for (Device device : node.devices()) {
                for (Port port : device.ports()) {
                    port.tapped = !port.hidden() && options.ports.test(port);
                    if (port.tapped) {
                        port.captureIndex = captured.size();
                        captured.add(port);
                    }
                }
            }
        }
        return new Recorder(workers, options.sinks, captured, options.snapLength);
    }

    public Network network() {
        return network;
    }

    public int workers() {
        return workers.length;
    }

    /** Instant up to which everything has happened, in picoseconds. */
    public long now() {
        return now;
    }

    /** Windows run so far. */
    public long windows() {
        return windows;
    }

    /** Frames handed to devices so far. */
    public long deliveries() {
        return sum(0);
    }

    /** Asks the run to end at the next window's edge; any thread may. */
    public void stop() {
        stopped = true;
    }

    public boolean stopped() {
        return stopped;
    }

    /**
     * Runs until nothing is left to do, or to an instant.
     *
     * @param until the last instant that happens, in picoseconds
     * @return whether events remain
     */
    public boolean run(long until) {
        try {
            begin();
            boolean remains = windows(until);
            if (!stopped && (remains || until != Long.MAX_VALUE)) {
                now = Math.max(now, until);
            }
            return remains;
        } catch (RuntimeException e) {
            abort();
            throw e;
        }
    }

    private void begin() {
        if (!started) {
            started = true;
            for (Node node : network.nodes()) {
                node.at(0, node::begin);
            }
        }
        // What was scheduled from outside since the last run is news to the cells as well.
        for (Cell cell : cells) {
            next.lower(cell.index, cell.next());
        }
    }

    private boolean windows(long until) {
        while (!stopped) {
            long first = next.first();
            if (first > until || first == Long.MAX_VALUE) {
                return first != Long.MAX_VALUE;
            }
            long limit = until == Long.MAX_VALUE ? until : until + 1;
            long end = Math.min(limit - first, Math.min(lookahead, options.longestWindow)) + first;
            int count = next.before(end, active);
            ends(count, first, end, Math.min(limit - first, options.longestWindow) + first);
            window(count, end);
            now = Math.max(now, first);
            windows++;
        }
        return true;
    }

    /** How far each cell of a window may run: to its end, or further where its neighbours are quiet. */
    private void ends(int count, long first, long end, long most) {
        for (int i = 0; i < count; i++) {
            // What is observed early would have to wait for the others, and be copied meanwhile.
            ends[i] = recorder != null ? end : Math.min(most, cells[active[i]].horizon(first, next));
        }
    }

    private void window(int count, long end) {
        if (crew != null && count > 1) {
            crew.run(count);
        } else {
            boolean crowded = workers[0].crowded();
            for (int i = 0; i < count; i++) {
                if (crowded && i % Cell.GROUP == 0) {
                    workers[0].looked += Cell.readAhead(cells, active, i, count);
                }
                int cell = active[i];
                next.ran(cell, cells[cell].run(ends[i]));
            }
        }
        next.settle(active, count);
        edge(end);
    }

    private void edge(long end) {
        for (Worker worker : workers) {
            worker.tell(next);
            if (!worker.outgrown.isEmpty()) {
                worker.outgrown.forEach(Medium::grow);
                worker.outgrown.clear();
            }
        }
        if (recorder != null) {
            long watermark = end;
            for (Node node : network.nodes()) {
                watermark = Math.min(watermark, node.oldest());
            }
            recorder.edge(watermark);
            recorder.check();
        }
        if (crew != null) {
            crew.edge();
        }
    }

    /** After a bug: what was seen so far still reaches the capture. */
    private void abort() {
        stopped = true;
        if (crew != null) {
            crew.dismiss();
        }
        if (recorder != null) {
            recorder.close();
        }
    }

    /** Ends the run: flushes the capture, counts what is in flight, and checks that no frame was lost or freed twice. */
    public Totals finish() {
        if (crew != null) {
            crew.dismiss();
        }
        if (recorder != null) {
            recorder.close();
        }
        long inFlight = 0;
        for (Node node : network.nodes()) {
            inFlight += node.abandon();
        }
        Totals totals = new Totals(sum(1), sum(2), sum(3), sum(4), inFlight, drops(), sum(0));
        long made = 0;
        long pooled = 0;
        for (Worker worker : workers) {
            made += worker.pool.made();
            pooled += worker.pool.pooled();
        }
        if (made != pooled) {
            throw new Bug("frames leak: " + made + " made, " + pooled + " back in the pools", null);
        }
        if (totals.originated() + totals.copied() != totals.delivered() + totals.dropped() + inFlight) {
            throw new Bug("frames are not conserved: " + totals, null);
        }
        return totals;
    }

    private long sum(int what) {
        long[] sums = new long[5];
        for (Worker worker : workers) {
            sums[0] += worker.events;
            sums[1] += worker.originated;
            sums[2] += worker.copied;
            sums[3] += worker.consumed;
            sums[4] += worker.dropped;
        }
        return sums[what];
    }

    private List<Drop> drops() {
        List<Drop> drops = new ArrayList<>();
        for (Node node : network.nodes()) {
            for (Device device : node.devices()) {
                for (Port port : device.ports()) {
                    port.drops().forEach(count -> drops.add(new Drop(port, count.reason(), count.frames())));
                }
            }
        }
        return drops;
    }

    @Override
    public String toString() {
        return "engine of " + cells.length + " cells, " + Arrays.toString(workers);
    }
}
