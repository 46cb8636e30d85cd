package io.hopscope.core;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The parallel driver's threads. The caller is worker 0; the others wait for a window, run their cells of it, and
 * report. Nothing but the window's number and who runs which cells is shared while it runs.
 */
final class Crew {
    /** Where there are more threads than processors, who spins takes the time of who works. */
    private static final int SPINS = 2_000;

    private static final int YIELDS = 50;
    /** Fewer cells are done before a thread that sleeps would have woken. */
    private static final int WAKING = 8;

    /** What a thread has to do with a window: a number of it, four times, and one of these. */
    private static final int OPEN = 0;

    private static final int JOINED = 1;
    private static final int DONE = 2;
    private static final int STATES = 4;

    private static final class Hand extends Thread {
        final AtomicLong turn = new AtomicLong(DONE);
        volatile boolean parked;

        Hand(Runnable work, int index) {
            super(work, "hopscope-worker-" + index);
            setDaemon(true);
        }
    }

    private final Worker[] workers;
    private final Cell[] cells;
    private final Soonest next;
    private final int[] active;
    private final Hand[] hands;
    private final Throwable[] failures;
    private final Portions portions;
    private final long[] ends;
    private final int spins;
    private long window;
    private volatile boolean over;
    private int windows;

    Crew(Worker[] workers, Cell[] cells, Soonest next, int[] active, long[] ends) {
        this.workers = workers;
        this.cells = cells;
        this.next = next;
        this.active = active;
        this.ends = ends;
        portions = new Portions(workers.length);
        failures = new Throwable[workers.length];
        hands = new Hand[workers.length - 1];
        spins = workers.length > Runtime.getRuntime().availableProcessors() ? 0 : SPINS;
        for (int i = 0; i < hands.length; i++) {
            int index = i + 1;
            hands[i] = new Hand(() -> work(index), index);
            hands[i].start();
        }
    }

    void run(int activeCells) {
        portions.deal(activeCells);
        long open = ++window * STATES;
        for (Hand hand : hands) {
            hand.turn.set(open);
            if (hand.parked && activeCells >= WAKING) {
                LockSupport.unpark(hand);
            }
        }
        runCells(workers[0]);
        for (Hand hand : hands) {
            // Nothing is left to do: who has not come yet need not.
            if (!hand.turn.compareAndSet(open, open + DONE)) {
                for (int i = 0; hand.turn.get() != open + DONE; i++) {
                    pause(i);
                }
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
            boolean crowded = worker.crowded();
            for (long some = portions.take(worker.index); some >= 0; some = portions.take(worker.index)) {
                int from = (int) some;
                int to = (int) (some >>> 32);
                if (crowded) {
                    worker.looked += Cell.readAhead(cells, active, from, to);
                }
                for (int i = from; i < to; i++) {
                    Cell cell = cells[active[i]];
                    cell.assign(worker);
                    next.ran(cell.index, cell.run(ends[i]));
                }
            }
        } catch (RuntimeException | Error e) {
            failures[worker.index] = e;
        }
    }

    private void work(int index) {
        Hand me = hands[index - 1];
        while (!over) {
            long turn = me.turn.get();
            for (int i = 0; turn % STATES != OPEN && !over; i++) {
                rest(me, i);
                turn = me.turn.get();
            }
            if (!over && me.turn.compareAndSet(turn, turn + JOINED)) {
                runCells(workers[index]);
                me.turn.set(turn + DONE);
            }
        }
    }

    private void pause(int i) {
        if (i < spins) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private void rest(Hand me, int i) {
        if (i < spins + YIELDS) {
            pause(i);
            return;
        }
        me.parked = true;
        if (me.turn.get() % STATES != OPEN && !over) {
            LockSupport.park(this);
        }
        me.parked = false;
    }

    /** Between windows: levels the pools. */
    void edge() {
        if ((++windows & 63) == 0) {
            for (int i = 1; i < workers.length; i++) {
                workers[i - 1].pool.level(workers[i].pool);
            }
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
