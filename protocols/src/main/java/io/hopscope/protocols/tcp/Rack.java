package io.hopscope.protocols.tcp;

/**
 * Losses by time (RFC 8985): what was sent before something that has arrived, and has itself not arrived a moment later, is
 * lost. Where no reordering has been seen, three segments sacked make that moment none, which is the rule of RFC 6675.
 */
final class Rack {
    private static final int PERSIST = 16;
    private static final int MOST_STEPS = 255;
    /** TCP_TIMEOUT_MIN. */
    private static final long SLACK = 2 * Time.MILLI;

    private final TcpTable table;

    Rack(TcpTable table) {
        this.table = table;
    }

    private static boolean after(long sent, int end, long thanSent, int thanEnd) {
        return sent > thanSent || sent == thanSent && Seq.after(end, thanEnd);
    }

    /** A segment has arrived. */
    void advance(Connection c, Flight flight, int index, long now) {
        Memory memory = flight.memory;
        long sent = flight.sent(index);
        int rtt = (int) ((now - sent) / Time.MICRO);
        if (rtt < c.minRtt && flight.is(index, Flight.EVER)) {
            // It may be the first one that has arrived.
            return;
        }
        memory.rackAdvanced = true;
        memory.rackRtt = rtt;
        if (after(sent, flight.end(index), memory.rackSent, memory.rackEnd)) {
            memory.rackSent = sent;
            memory.rackEnd = flight.end(index);
        }
    }

    /** How long a segment may be late, in microseconds. */
    private static int patience(Connection c, Memory memory) {
        if (memory.reorderings == 0 && (c.caState >= Recovery.RECOVERY || c.flight.sackedOut >= memory.reordering)) {
            return 0;
        }
        int least = c.minRtt == Integer.MAX_VALUE ? 0 : c.minRtt >> 2;
        return (int) Math.min((long) least * memory.rackSteps, c.srtt >> 3);
    }

    /** Marks what is lost; returns in how many picoseconds more may be, or 0. */
    long detect(Connection c, long now) {
        Flight flight = c.flight;
        Memory memory = flight.memory;
        int patience = patience(c, memory);
        long latest = 0;
        for (int i = flight.unsacked(flight.first()); i != flight.limit(); i = flight.unsacked(i + 1)) {
            int flags = flight.flags(i);
            if ((flags & (Flight.LOST | Flight.AGAIN)) == Flight.LOST) {
                continue;
            }
            if (!after(memory.rackSent, memory.rackEnd, flight.sent(i), flight.end(i))) {
                if ((flags & Flight.EVER) == 0) {
                    // Whatever comes after this one was sent later.
                    break;
                }
                continue;
            }
            long left = memory.rackRtt + patience - (now - flight.sent(i)) / Time.MICRO;
            if (left <= 0) {
                table.recovery.lose(c, i);
            } else {
                latest = Math.max(latest, left);
            }
        }
        return latest * Time.MICRO;
    }

    /** Looks for losses if something new has arrived; returns whether a timer runs for the rest. */
    boolean mark(Connection c, long now) {
        Memory memory = c.flight.memory;
        if (!memory.rackAdvanced) {
            return false;
        }
        memory.rackAdvanced = false;
        long wait = detect(c, now);
        if (wait > 0) {
            long most = RttEstimator.backedOff(c);
            table.timers.set(c, Timers.REORDER, now + Math.min(most, wait + SLACK));
        }
        return wait > 0;
    }

    /** The wait for what is late is over. */
    void expire(TcpSocket c, long now) {
        Flight flight = c.flight;
        int before = flight.inFlight();
        int lost = flight.memory.lost;
        detect(c, now);
        if (before != flight.inFlight()) {
            if (c.caState != Recovery.RECOVERY) {
                table.recovery.enter(c, now);
                table.recovery.reduce(c, 1, flight.memory.lost - lost, false);
            }
            table.retransmission.lost(c, now);
        }
        if (c.timer != Timers.RETRANSMIT) {
            table.timers.rearm(c, now);
        }
    }

    /** Duplicates say that the patience was too short; without them for a while it is as before. */
    static void adapt(Connection c, Ack ack) {
        Memory memory = c.flight.memory;
        if (ack.ratePrior < 0) {
            return;
        }
        if (Seq.before(ack.rateDelivered, memory.rackDelivered)) {
            memory.duplicateSeen = false;
        }
        if (memory.duplicateSeen) {
            memory.rackSteps = Math.min(MOST_STEPS, memory.rackSteps + 1);
            memory.duplicateSeen = false;
            memory.rackDelivered = c.delivered;
            memory.rackPersist = PERSIST;
        } else if (memory.rackPersist == 0) {
            memory.rackSteps = 1;
        }
    }
}
