package io.hopscope.protocols.tcp;

import java.util.Arrays;

/**
 * The timers of a host's connections: a heap by deadline. A deadline moved later is looked at when it expires, and a
 * connection that waits for nothing does not stand in the heap.
 */
final class Timers {
    /** What {@link Connection#timer} waits for. */
    static final int NONE = 0;

    static final int RETRANSMIT = 1;
    static final int PROBE = 2;
    static final int LOSS_PROBE = 3;
    static final int REORDER = 4;

    private Endpoint[] heap = {};
    /** What each stands in the heap for: not later than what it wants. */
    private long[] standing = {};

    private int size;

    void retransmitLater(Connection c, long now) {
        set(c, RETRANSMIT, now + RttEstimator.backedOff(c));
    }

    /** There was progress: the timeout begins anew; after a probe or a wait, what is left of it goes on (tcp_rearm_rto). */
    void rearm(Connection c, long now) {
        if (c.packetsOut() == 0) {
            clear(c);
            return;
        }
        long wait = RttEstimator.backedOff(c);
        if (c.timer == REORDER || c.timer == LOSS_PROBE) {
            long left = c.flight.sent(c.flight.first()) + c.rto * Time.MICRO - now;
            wait = Math.max(left, Time.MILLI);
        }
        set(c, RETRANSMIT, now + wait);
    }

    /** The peer's window is closed, or nothing may be sent: ask after a timeout. */
    void probeLater(Connection c, long now) {
        if (c.timer == NONE) {
            long base = Math.max(c.rto * Time.MICRO, c.table.settings.minRto);
            set(c, PROBE, now + Math.min(base << Math.min(c.backoff, 20), RttEstimator.MOST_RTO * Time.MICRO));
        }
    }

    void set(Connection c, int kind, long at) {
        c.timer = (byte) kind;
        c.timerAt = at;
    }

    void clear(Connection c) {
        c.timer = NONE;
        c.timerAt = Time.NEVER;
    }

    long deadline() {
        return size == 0 ? Time.NEVER : standing[0];
    }

    /** The endpoint may want another instant than before. */
    void settle(Endpoint e) {
        long at = e.deadline();
        if (e.slot < 0) {
            if (at != Time.NEVER) {
                insert(e, at);
            }
        } else if (at < standing[e.slot]) {
            up(e.slot, e, at);
        }
    }

    /** The first whose deadline has come, out of the heap; null if there is none. */
    Endpoint poll(long now) {
        while (size > 0 && standing[0] <= now) {
            Endpoint first = heap[0];
            long at = first.deadline();
            if (at <= now) {
                remove(first);
                return first;
            }
            if (at == Time.NEVER) {
                remove(first);
            } else {
                down(0, first, at);
            }
        }
        return null;
    }

    void remove(Endpoint e) {
        if (e.slot < 0) {
            return;
        }
        int at = e.slot;
        e.slot = -1;
        Endpoint last = heap[--size];
        heap[size] = null;
        if (at < size) {
            long instant = standing[size];
            up(at, last, instant);
            down(last.slot, last, instant);
        }
    }

    private void insert(Endpoint e, long at) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.max(4, size * 2));
            standing = Arrays.copyOf(standing, heap.length);
        }
        up(size++, e, at);
    }

    private void up(int from, Endpoint e, long instant) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (standing[parent] <= instant) {
                break;
            }
            put(at, heap[parent], standing[parent]);
            at = parent;
        }
        put(at, e, instant);
    }

    private void down(int from, Endpoint e, long instant) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && standing[child + 1] < standing[child]) {
                child++;
            }
            if (instant <= standing[child]) {
                break;
            }
            put(at, heap[child], standing[child]);
            at = child;
        }
        put(at, e, instant);
    }

    private void put(int at, Endpoint e, long instant) {
        heap[at] = e;
        standing[at] = instant;
        e.slot = at;
    }
}
