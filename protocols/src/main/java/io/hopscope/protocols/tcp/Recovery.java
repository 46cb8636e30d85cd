package io.hopscope.protocols.tcp;

/**
 * The congestion state machine (RFC 5681, RFC 6582, RFC 6675; Linux's Open, Disorder, CWR, Recovery and Loss), with
 * proportional rate reduction (RFC 6937), F-RTO (RFC 5682) and Eifel's undoing (RFC 3522, RFC 4015).
 */
final class Recovery {
    static final int INFINITE = 0x7fff_ffff;
    static final int OPEN = 0;
    static final int DISORDER = 1;
    static final int REDUCED = 2;
    static final int RECOVERY = 3;
    static final int LOSS = 4;

    private static final int PERSIST = 16;

    /** What is to be sent once the window is known. */
    static final int NOTHING = 0;

    static final int WHAT_IS_LOST = 1;
    static final int NEW_DATA = 2;

    private final TcpTable table;

    Recovery(TcpTable table) {
        this.table = table;
    }

    static boolean reducing(Connection c) {
        return c.caState == REDUCED || c.caState == RECOVERY;
    }

    private static void state(Connection c, int to, long now) {
        c.congestion.state(c, to, now);
        c.caState = (byte) to;
    }

    /** A segment is lost, or lost once more. */
    void lose(Connection c, int index) {
        Flight flight = c.flight;
        boolean again = flight.is(index, Flight.LOST);
        if (flight.lose(index)) {
            flight.memory.lost++;
            if (again) {
                table.count(TcpCounter.LOST_RETRANSMIT);
            }
        }
    }

    /** Something unusual was acknowledged; returns what is to be sent (tcp_fastretrans_alert). */
    int alert(Connection c, Ack ack, int duplicates) {
        Flight flight = c.flight;
        Memory memory = flight.memory;
        if (flight.count() == 0) {
            flight.sackedOut = 0;
        }
        if (ack.reneging && ack.advanced) {
            // The peer is given a moment to mean it.
            long wait = Math.max((c.srtt >> 4) * Time.MICRO, 10 * Time.MILLI);
            table.timers.set(c, Timers.RETRANSMIT, ack.now + wait);
            ack.timer = false;
            return NOTHING;
        }
        if (c.caState == OPEN) {
            memory.stamped = false;
        } else if (!Seq.before(c.sndUna, memory.highSeq) && leaves(c, ack)) {
            return NOTHING;
        }
        return switch (c.caState) {
            case RECOVERY -> recovering(c, ack, duplicates);
            case LOSS -> {
                int then = losing(c, ack, duplicates);
                identify(c, ack);
                yield c.caState == OPEN || ack.lostAgain ? suspecting(c, ack, duplicates, then) : then;
            }
            default -> suspecting(c, ack, duplicates, NOTHING);
        };
    }

    /** All that was sent before the state began has arrived. */
    private boolean leaves(Connection c, Ack ack) {
        if (c.caState == REDUCED && c.sndUna != c.flight.memory.highSeq) {
            complete(c, ack.now);
            state(c, OPEN, ack.now);
        } else if (c.caState == RECOVERY) {
            if (!c.sack) {
                c.flight.sackedOut = 0;
            }
            if (undoRecovery(c, ack)) {
                return true;
            }
            complete(c, ack.now);
        }
        return false;
    }

    private int recovering(Connection c, Ack ack, int duplicates) {
        if (!ack.advanced) {
            if (!c.sack) {
                table.scoreboard.countDuplicates(c, duplicates);
            }
        } else if (undoPartial(c, ack)) {
            return NOTHING;
        }
        if (undoByDuplicates(c, ack.now)) {
            keepOpen(c, ack.now);
        }
        identify(c, ack);
        if (c.caState != RECOVERY) {
            if (c.flight.lostOut == 0) {
                return NOTHING;
            }
            enter(c, ack.now);
        }
        return WHAT_IS_LOST;
    }

    private int suspecting(Connection c, Ack ack, int duplicates, int then) {
        Flight flight = c.flight;
        if (!c.sack) {
            if (ack.advanced) {
                flight.sackedOut = 0;
            }
            table.scoreboard.countDuplicates(c, duplicates);
        }
        if (c.caState <= DISORDER) {
            undoByDuplicates(c, ack.now);
        }
        identify(c, ack);
        if (flight.lostOut == 0) {
            if (!anythingAgain(flight)) {
                flight.memory.stamped = false;
            }
            if (c.caState != REDUCED) {
                keepOpen(c, ack.now);
            }
            return then;
        }
        enter(c, ack.now);
        return WHAT_IS_LOST;
    }

    private void identify(Connection c, Ack ack) {
        Flight flight = c.flight;
        if (flight.count() == 0) {
            return;
        }
        if (!c.sack) {
            int first = flight.first();
            boolean suspicious = c.caState < RECOVERY && flight.sackedOut >= flight.memory.reordering
                    || c.caState == RECOVERY && ack.advanced;
            if (suspicious && !flight.is(first, Flight.LOST)) {
                lose(c, first);
            }
            return;
        }
        int before = flight.againOut;
        if (table.rack.mark(c, ack.now)) {
            ack.timer = false;
        }
        ack.lostAgain |= before > flight.againOut;
    }

    private static boolean anythingAgain(Flight flight) {
        return flight.againOut > 0 || flight.count() > 0 && flight.is(flight.first(), Flight.EVER);
    }

    private void keepOpen(Connection c, long now) {
        Flight flight = c.flight;
        int to = flight.sackedOut + flight.lostOut > 0 || anythingAgain(flight) ? DISORDER : OPEN;
        if (c.caState != to) {
            state(c, to, now);
            flight.memory.highSeq = c.sndNxt;
        }
    }

    /** Fast retransmission begins. */
    void enter(Connection c, long now) {
        table.count(c.sack ? TcpCounter.SACK_RECOVERY : TcpCounter.RENO_RECOVERY);
        Memory memory = c.flight.memory;
        memory.priorSsthresh = 0;
        beginUndo(c);
        if (!reducing(c)) {
            memory.priorSsthresh = currentSsthresh(c);
            beginReduction(c);
        }
        state(c, RECOVERY, now);
    }

    private static void beginUndo(Connection c) {
        Memory memory = c.flight.memory;
        memory.undoable = true;
        memory.undoMarker = c.sndUna;
        memory.undoAgain = c.flight.againOut > 0 ? c.flight.againOut : -1;
    }

    private static int currentSsthresh(Connection c) {
        return reducing(c) ? c.ssthresh : Math.max(c.ssthresh, (c.cwnd >> 1) + (c.cwnd >> 2));
    }

    private static void beginReduction(Connection c) {
        Memory memory = c.flight.memory;
        memory.highSeq = c.sndNxt;
        memory.probing = false;
        c.cwndCount = 0;
        memory.priorCwnd = c.cwnd;
        memory.prrDelivered = 0;
        memory.prrOut = 0;
        c.ssthresh = c.congestion.threshold(c);
    }

    /** Lets as much out as comes to the threshold in the course of a round trip (RFC 6937, section 3). */
    void reduce(Connection c, int delivered, int lost, boolean advanced) {
        Memory memory = c.flight.memory;
        if (delivered <= 0 || memory.priorCwnd == 0) {
            return;
        }
        int pipe = c.inFlight();
        int room = c.ssthresh - pipe;
        memory.prrDelivered += delivered;
        int count;
        if (room < 0) {
            long share = (long) c.ssthresh * memory.prrDelivered + memory.priorCwnd - 1;
            count = (int) (share / memory.priorCwnd) - memory.prrOut;
        } else {
            count = Math.max(memory.prrDelivered - memory.prrOut, delivered);
            count = Math.min(room, advanced && lost == 0 ? count + 1 : count);
        }
        c.cwnd = Math.max(1, pipe + Math.max(count, memory.prrOut > 0 ? 0 : 1));
    }

    private static void complete(Connection c, long now) {
        if (c.ssthresh < INFINITE && (c.caState == REDUCED || c.flight.memory.undoable)) {
            c.cwnd = c.ssthresh;
            c.cwndStamp = (int) (now / Time.MILLI);
        }
    }

    /** A timeout: all that is old enough is lost (tcp_enter_loss). */
    void lose(Connection c, long now) {
        Flight flight = c.flight;
        Memory memory = flight.memory;
        boolean fresh = c.caState < RECOVERY;
        markOnTimeout(c, now);
        if (c.caState <= DISORDER || !Seq.after(memory.highSeq, c.sndUna) || c.caState == LOSS && c.retransmits == 0) {
            memory.priorSsthresh = currentSsthresh(c);
            memory.priorCwnd = c.cwnd;
            c.ssthresh = c.congestion.threshold(c);
            beginUndo(c);
        }
        c.cwnd = c.inFlight() + 1;
        c.cwndCount = 0;
        c.cwndStamp = (int) (now / Time.MILLI);
        int usual = table.settings.reordering;
        if (c.caState <= DISORDER && flight.sackedOut >= usual) {
            memory.reordering = Math.min(memory.reordering, usual);
        }
        state(c, LOSS, now);
        memory.highSeq = c.sndNxt;
        memory.frto = table.settings.frto > 0 && (fresh || c.retransmits > 0);
    }

    private void markOnTimeout(Connection c, long now) {
        Flight flight = c.flight;
        Memory memory = flight.memory;
        int first = flight.first();
        boolean reneged = flight.is(first, Flight.SACKED);
        if (reneged) {
            table.count(TcpCounter.SACK_RENEGING);
            memory.reneged = true;
            flight.forgetSacks();
        } else if (!c.sack) {
            flight.sackedOut = 0;
        }
        for (int i = first; i != flight.limit(); i++) {
            boolean recent = memory.rackRtt - (now - flight.sent(i)) / Time.MICRO > 0;
            if (reneged || i == first || !recent || !c.sack) {
                lose(c, i);
            }
        }
    }

    /** In the state of loss (tcp_process_loss). */
    private int losing(Connection c, Ack ack, int duplicates) {
        Memory memory = c.flight.memory;
        boolean recovered = !Seq.before(c.sndUna, memory.highSeq);
        if (ack.advanced && undoLoss(c, ack, false)) {
            return NOTHING;
        }
        if (memory.frto) {
            if (ack.original && undoLoss(c, ack, true)) {
                return NOTHING;
            }
            if (Seq.after(c.sndNxt, memory.highSeq)) {
                if (ack.sacked || duplicates > 0) {
                    memory.frto = false;
                }
            } else if (ack.advanced && !recovered) {
                memory.highSeq = c.sndNxt;
                if (c.unsentBytes() > 0 && Seq.after(c.sndUna + c.sndWnd, c.sndNxt)) {
                    return NEW_DATA;
                }
                memory.frto = false;
            }
        }
        if (recovered) {
            undoRecovery(c, ack);
            return NOTHING;
        }
        if (!c.sack) {
            if (Seq.after(c.sndNxt, memory.highSeq) && duplicates > 0) {
                table.scoreboard.countDuplicates(c, duplicates);
            } else if (ack.advanced) {
                c.flight.sackedOut = 0;
            }
        }
        return WHAT_IS_LOST;
    }

    // What was done for nothing is undone.

    private static boolean delayed(Memory memory, Ack ack) {
        return memory.stamped && ack.echoes && Seq.before(ack.echo, memory.firstAgain);
    }

    private static boolean mayUndo(Memory memory, Ack ack) {
        return memory.undoable && (memory.undoAgain == 0 || delayed(memory, ack));
    }

    private static void undo(Connection c, boolean losses, long now) {
        Memory memory = c.flight.memory;
        if (losses) {
            c.flight.forgetLosses();
        }
        if (memory.priorSsthresh != 0) {
            c.cwnd = c.congestion.undo(c);
            c.ssthresh = Math.max(c.ssthresh, memory.priorSsthresh);
        }
        c.cwndStamp = (int) (now / Time.MILLI);
        memory.undoable = false;
        memory.rackAdvanced = true;
    }

    /** Without SACK the state is kept until something above is acknowledged (RFC 6582, section 5). */
    private static boolean keeps(Connection c) {
        Memory memory = c.flight.memory;
        if (c.sndUna == memory.highSeq && !c.sack) {
            if (!anythingAgain(c.flight)) {
                memory.stamped = false;
            }
            return true;
        }
        return false;
    }

    private boolean undoRecovery(Connection c, Ack ack) {
        Memory memory = c.flight.memory;
        if (mayUndo(memory, ack)) {
            table.count(c.caState == LOSS ? TcpCounter.LOSS_UNDO : TcpCounter.FULL_UNDO);
            undo(c, false, ack.now);
        } else if (memory.rackPersist > 0) {
            memory.rackPersist--;
        }
        if (keeps(c)) {
            return true;
        }
        state(c, OPEN, ack.now);
        memory.reneged = false;
        return false;
    }

    private boolean undoByDuplicates(Connection c, long now) {
        Memory memory = c.flight.memory;
        if (memory.undoable && memory.undoAgain == 0) {
            memory.rackPersist = Math.min(PERSIST, memory.rackPersist + 1);
            table.count(TcpCounter.DSACK_UNDO);
            undo(c, false, now);
            return true;
        }
        return false;
    }

    private boolean undoLoss(Connection c, Ack ack, boolean spurious) {
        Memory memory = c.flight.memory;
        if (!spurious && !mayUndo(memory, ack)) {
            return false;
        }
        undo(c, true, ack.now);
        table.count(TcpCounter.LOSS_UNDO);
        if (spurious) {
            table.count(TcpCounter.SPURIOUS_RTOS);
        }
        c.retransmits = 0;
        if (keeps(c)) {
            return true;
        }
        if (spurious || c.sack) {
            state(c, OPEN, ack.now);
            memory.reneged = false;
        }
        return true;
    }

    /** Returns whether nothing is to be sent again for now. */
    private boolean undoPartial(Connection c, Ack ack) {
        Memory memory = c.flight.memory;
        if (!memory.undoable || !delayed(memory, ack)) {
            return false;
        }
        table.scoreboard.reordering(c, ack.priorUna, true);
        if (c.flight.againOut > 0) {
            return true;
        }
        if (!anythingAgain(c.flight)) {
            memory.stamped = false;
        }
        undo(c, true, ack.now);
        table.count(TcpCounter.PARTIAL_UNDO);
        keepOpen(c, ack.now);
        return false;
    }

    /** A loss probe was answered (RFC 8985, section 7.4): if by an advance, something had been lost. */
    void probed(Connection c, Segment segment, Ack ack) {
        Memory memory = c.flight.memory;
        if (Seq.before(segment.ack, memory.probeSeq)) {
            return;
        }
        if (!memory.probeAgain || ack.duplicateOfProbe) {
            memory.probing = false;
        } else if (Seq.after(segment.ack, memory.probeSeq)) {
            beginReduction(c);
            state(c, REDUCED, ack.now);
            complete(c, ack.now);
            keepOpen(c, ack.now);
            table.count(TcpCounter.LOSS_PROBE_RECOVERY);
        } else if (!ack.advanced && !ack.notDuplicate() && !ack.sacked) {
            memory.probing = false;
        }
    }

    private static boolean joins(Flight flight, int index) {
        int flags = flight.flags(index);
        return (flags & Flight.JOINED) != 0 && (flags & (Flight.SACKED | Flight.LOST)) == 0;
    }

    /** Segments too large for the path are lost, though not by congestion (tcp_simple_retransmit). */
    void recut(Connection c, long now) {
        Flight flight = c.flight;
        if (flight == null) {
            return;
        }
        int mss = c.currentMss();
        for (int i = flight.first(); i != flight.limit(); i++) {
            if (flight.length(i) > mss) {
                while (i + 1 != flight.limit() && joins(flight, i + 1)) {
                    // What went out together is cut together.
                    flight.merge(i);
                }
                lose(c, i);
                for (; flight.length(i) > mss; i++) {
                    flight.split(i, mss);
                }
            }
        }
        if (flight.lostOut == 0) {
            return;
        }
        if (c.caState != LOSS) {
            flight.memory.highSeq = c.sndNxt;
            c.ssthresh = currentSsthresh(c);
            flight.memory.priorSsthresh = 0;
            flight.memory.undoable = false;
            state(c, LOSS, now);
        }
        table.retransmission.lost(c, now);
    }
}
