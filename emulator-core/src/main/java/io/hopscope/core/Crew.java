package io.hopscope.core;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * The parallel driver's threads. The caller is worker 0; the others wait for a window, run their cells of it, and
 * report. Nothing but the window's number is shared while it runs.
 */
final class Crew {
    private static final int SPINS = 2_000;
    private static final int YIELDS = 50;
    /** Windows between two looks at who has how much to do. */
    private static final int SHARING = 4096;

    private static final class Hand extends Thread {
        private final int index;
        volatile long done;
        volatile boolean parked;

        Hand(Runnable work, int index) {
            super(work, "hopscope-worker-" + index);
            this.index = index;
            setDaemon(true);
        }
    }

    private final Worker[] workers;
    private final Cell[] cells;
    private final Soonest next;
    private final int[] active;
    private final Hand[] hands;
    private final Throwable[] failures;
    private int count;
    private final long[] ends;
    private volatile long window;
    private volatile boolean over;
    private int windows;

    Crew(Worker[] workers, Cell[] cells, Soonest next, int[] active, long[] ends) {
        this.workers = workers;
        this.cells = cells;
        this.next = next;
        this.active = active;
        this.ends = ends;
        failures = new Throwable[workers.length];
        hands = new Hand[workers.length - 1];
        for (int i = 0; i < hands.length; i++) {
            int index = i + 1;
            hands[i] = new Hand(() -> work(index), index);
            hands[i].start();
        }
    }

    void run(int activeCells) {
        count = activeCells;
        long mine = window + 1;
        window = mine;
        for (Hand hand : hands) {
            if (hand.parked) {
                LockSupport.unpark(hand);
            }
        }
        runCells(workers[0]);
        for (Hand hand : hands) {
            for (int i = 0; hand.done != mine; i++) {
                pause(i);
            }
        }
        for (Throwable failure : failures) {
            if (failure instanceof RuntimeException e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            }
        }
    }

    private void runCells(Worker worker) {
        try {
            for (int i = 0; i < count; i++) {
                Cell cell = cells[active[i]];
                if (cell.worker == worker) {
                    next.ran(cell.index, cell.run(ends[i]));
                }
            }
        } catch (RuntimeException | Error e) {
            failures[worker.index] = e;
        }
    }

    private void work(int index) {
        Hand me = hands[index - 1];
        long seen = 0;
        while (true) {
            for (int i = 0; window == seen && !over; i++) {
                rest(me, i, seen);
            }
            if (over) {
                return;
            }
            seen = window;
            runCells(workers[index]);
            me.done = seen;
        }
    }

    private static void pause(int i) {
        if (i < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private void rest(Hand me, int i, long seen) {
        if (i < SPINS + YIELDS) {
            pause(i);
            return;
        }
        me.parked = true;
        if (window == seen && !over) {
            LockSupport.park(this);
        }
        me.parked = false;
    }

    /** Between windows: levels the pools, and now and then shares the cells out anew by the work they had. */
    void edge() {
        if ((++windows & 63) == 0) {
            for (int i = 1; i < workers.length; i++) {
                workers[i - 1].pool.level(workers[i].pool);
            }
        }
        if (windows == SHARING / 16 || windows % SHARING == 0) {
            share();
        }
    }

    /** Largest first to whoever has least: changes who does the work, never what comes of it. */
    private void share() {
        Cell[] byWork = cells.clone();
        Arrays.sort(byWork, (a, b) -> a.work != b.work ? Long.compare(b.work, a.work) : a.index - b.index);
        long[] load = new long[workers.length];
        for (Cell cell : byWork) {
            int least = 0;
            for (int i = 1; i < load.length; i++) {
                if (load[i] < load[least]) {
                    least = i;
                }
            }
            load[least] += cell.work + 1;
            cell.assign(workers[least]);
            cell.work = 0;
        }
    }

    void dismiss() {
        over = true;
        for (Hand hand : hands) {
            LockSupport.unpark(hand);
            boolean interrupted = false;
            while (hand.isAlive()) {
                try {
                    hand.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
