package io.hopscope.protocols.tcp;

/** What goes out once more: what is lost, what a timeout suspects, and the probe for a lost tail (RFC 8985, section 7). */
final class Retransmission {
    private final TcpTable table;

    Retransmission(TcpTable table) {
        this.table = table;
    }

    /** As much of what is lost as the window lets out (tcp_xmit_retransmit_queue). */
    void lost(Connection c, long now) {
        Flight flight = c.flight;
        if (flight.count() == 0) {
            return;
        }
        table.follow(c);
        boolean timer = false;
        int together = 0;
        int most = Sender.burst(c, c.currentMss());
        int i = flight.lost(flight.lostFrom());
        while (i != flight.limit() && flight.againOut < flight.lostOut) {
            int room = c.cwnd - flight.inFlight();
            if (room <= 0 || !prepare(c, i)) {
                break;
            }
            together++;
            boolean ends = together == most || room == 1 || !goesOn(flight, i + 1);
            again(c, i, ends && together > 1, now);
            together = ends ? 0 : together;
            table.count(c.caState == Recovery.LOSS ? TcpCounter.SLOW_START_RETRANS : TcpCounter.FAST_RETRANS);
            if (Recovery.reducing(c)) {
                flight.memory.prrOut++;
            }
            timer |= i == flight.first() && c.timer != Timers.REORDER;
            i = flight.lost(i + 1);
        }
        flight.lostFrom(i);
        if (timer) {
            table.timers.retransmitLater(c, now);
        }
    }

    /** Whether a segment goes out with the one before it: it did so the first time, and is lost like it. */
    private static boolean goesOn(Flight flight, int index) {
        int wanted = Flight.JOINED | Flight.LOST;
        if (index == flight.limit() || flight.againOut + 1 >= flight.lostOut) {
            return false;
        }
        if ((flight.flags(index) & (wanted | Flight.AGAIN | Flight.SACKED)) == wanted) {
            return true;
        }
        flight.unset(index, Flight.JOINED);
        return false;
    }

    /** One segment again; returns whether the peer's window let it. */
    boolean send(Connection c, int index, long now) {
        table.follow(c);
        if (!prepare(c, index)) {
            return false;
        }
        if (index + 1 != c.flight.limit()) {
            c.flight.unset(index + 1, Flight.JOINED);
        }
        again(c, index, false, now);
        return true;
    }

    /** Cuts a segment, or fills it up, to what fits now; returns whether the peer's window lets it out. */
    private boolean prepare(Connection c, int index) {
        Flight flight = c.flight;
        int mss = c.currentMss();
        int room = c.sndUna + c.sndWnd - flight.seq(index);
        if (room <= 0) {
            if (flight.seq(index) != c.sndUna) {
                return false;
            }
            // A window that was closed is asked for by this.
            room = mss;
        }
        int most = Math.min(mss, room);
        if (flight.length(index) > most) {
            flight.split(index, most);
        } else if (table.settings.retransmitCollapse && !flight.is(index, Flight.SYN)) {
            collapse(c, index, most);
        }
        return true;
    }

    private void again(Connection c, int index, boolean last, long now) {
        Memory memory = c.flight.memory;
        if (!memory.stamped) {
            memory.stamped = true;
            memory.firstAgain = c.stamp(now);
            memory.firstAgainAt = now;
        }
        memory.undoAgain = Math.max(0, memory.undoAgain) + 1;
        c.flight.countAgain(index);
        emit(c, index, last, now);
    }

    private void emit(Connection c, int index, boolean last, long now) {
        c.retransmitted++;
        c.bytesRetransmitted += c.flight.length(index);
        table.count(TcpCounter.RETRANS_SEGS);
        c.flight.again(index, now, c);
        table.sender.again(c, index, last, now);
    }

    /** Small segments that follow go with it (tcp_retrans_try_collapse). */
    private static void collapse(Connection c, int index, int most) {
        Flight flight = c.flight;
        while (index + 1 != flight.limit()
                && !flight.is(index + 1, Flight.SACKED)
                && !flight.is(index, Flight.FIN)
                && flight.length(index) + flight.length(index + 1) <= most
                && !Seq.after(flight.end(index + 1), c.sndUna + c.sndWnd)) {
            flight.merge(index);
        }
    }

    /** Whether a loss probe is due before a timeout, and its timer set (tcp_schedule_loss_probe). */
    boolean schedule(Connection c, boolean fromNow, long now) {
        int out = c.packetsOut();
        boolean calm = c.caState == Recovery.OPEN || c.caState == Recovery.REDUCED;
        if (table.settings.earlyRetransmit < 3 || out == 0 || !c.sack || !calm || !c.state.synchronised()) {
            return false;
        }
        long wait = Time.SECOND;
        if (c.srtt != 0) {
            long more = out == 1 ? table.settings.minRto : 2 * Time.MILLI;
            wait = (c.srtt >> 2) * Time.MICRO + more;
        }
        long rto = c.rto * Time.MICRO;
        long left = fromNow ? rto : c.flight.sent(c.flight.first()) + rto - now;
        table.timers.set(c, Timers.LOSS_PROBE, now + (left > 0 ? Math.min(wait, left) : wait));
        return true;
    }

    /** Nothing has been heard for two round trips: new data, or the last segment again. */
    void probe(Connection c, long now) {
        Flight flight = c.flight;
        Memory memory = flight.memory;
        if (!memory.probing && flight.count() > 0) {
            memory.probeAgain = false;
            int before = flight.count();
            boolean fresh = c.unsentBytes() != 0 && table.sender.fits(c);
            if (fresh) {
                table.sender.write(c, Sender.NODELAY, Sender.PROBE, now);
            }
            boolean sent = flight.count() > before;
            if (!fresh) {
                last(c, now);
                memory.probeAgain = true;
                sent = true;
            }
            if (sent) {
                memory.probing = true;
                memory.probeSeq = c.sndNxt;
                table.count(TcpCounter.LOSS_PROBES);
                table.timers.clear(c);
            }
        }
        table.timers.rearm(c, now);
    }

    /** What is sent again for a probe counts as under way once. */
    private void last(Connection c, long now) {
        Flight flight = c.flight;
        int last = flight.limit() - 1;
        table.follow(c);
        int mss = c.currentMss();
        if (flight.length(last) > mss) {
            flight.split(last, (flight.length(last) - 1) / mss * mss);
            last++;
        }
        emit(c, last, false, now);
    }
}
