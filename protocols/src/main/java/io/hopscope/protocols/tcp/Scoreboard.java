package io.hopscope.protocols.tcp;

/** What the peer has, by its SACK blocks (RFC 2018, RFC 6675), and what came twice (RFC 2883). */
final class Scoreboard {
    private static final int MOST_REORDERING = 300;

    private final TcpTable table;

    Scoreboard(TcpTable table) {
        this.table = table;
    }

    /** Takes the blocks of an acknowledgment into account. */
    void receive(Connection c, Segment segment, Ack ack) {
        Flight flight = c.flight;
        if (flight == null) {
            return;
        }
        boolean duplicate = duplicate(c, segment, ack);
        if (Seq.before(segment.ack, ack.priorUna - c.maxWindow) || flight.count() == 0) {
            return;
        }
        int first = sort(segment);
        for (int i = 0; i < segment.blocks; i++) {
            boolean twice = i == first && duplicate;
            if (valid(c, twice, segment.left[i], segment.right[i])) {
                mark(c, segment.left[i], segment.right[i], twice, ack);
            } else {
                ignored(c, segment, i, twice);
            }
        }
        c.delivered += ack.sackDelivered;
        if (c.caState != Recovery.LOSS || flight.memory.undoable) {
            reordering(c, ack.reordered, false);
        }
    }

    /** In order of sequence, so that nothing looks overtaken that was only told of late; returns where the first went. */
    private static int sort(Segment segment) {
        int first = 0;
        for (int i = segment.blocks - 1; i > 0; i--) {
            for (int k = 0; k < i; k++) {
                if (Seq.after(segment.left[k], segment.left[k + 1])) {
                    swap(segment.left, k);
                    swap(segment.right, k);
                    first = first == k ? k + 1 : first == k + 1 ? k : first;
                }
            }
        }
        return first;
    }

    private static void swap(int[] of, int k) {
        int kept = of[k];
        of[k] = of[k + 1];
        of[k + 1] = kept;
    }

    private void ignored(Connection c, Segment segment, int block, boolean twice) {
        if (twice) {
            table.count(c.flight.memory.undoable ? TcpCounter.DSACK_IGNORED_OLD : TcpCounter.DSACK_IGNORED_NO_UNDO);
        } else if (segment.ack == c.sndUna || Seq.after(segment.right[block], c.sndUna)) {
            // Those that are old because acknowledgments overtook one another are nobody's mistake.
            table.count(TcpCounter.SACK_DISCARD);
        }
    }

    private static boolean valid(Connection c, boolean twice, int left, int right) {
        if (Seq.after(right, c.sndNxt) || !Seq.before(left, right) || !Seq.before(left, c.sndNxt)) {
            return false;
        }
        if (Seq.after(left, c.sndUna)) {
            return true;
        }
        Memory memory = c.flight.memory;
        if (!twice || !memory.undoable || Seq.after(right, c.sndUna)) {
            return false;
        }
        return !Seq.before(left, memory.undoMarker)
                || Seq.after(right, memory.undoMarker) && !Seq.before(left, right - c.maxWindow);
    }

    /** Whether the first block tells of a duplicate (tcp_check_dsack). */
    private boolean duplicate(Connection c, Segment segment, Ack ack) {
        int left = segment.left[0];
        int right = segment.right[0];
        if (Seq.before(left, segment.ack)) {
            table.count(TcpCounter.DSACK_RECV);
        } else if (segment.blocks > 1 && !Seq.after(right, segment.right[1]) && !Seq.before(left, segment.left[1])) {
            table.count(TcpCounter.DSACK_OFO_RECV);
        } else {
            return false;
        }
        int length = right - left;
        int segments = length > c.mss ? (length + c.mss - 1) / c.mss : 1;
        Memory memory = c.flight.memory;
        if (memory.duplicates + segments > c.retransmitted) {
            // Not of our making: the network duplicates.
            table.count(TcpCounter.DSACK_IGNORED_DUBIOUS);
            return false;
        }
        if (memory.probing && memory.probeSeq == right) {
            ack.duplicateOfProbe = true;
        } else {
            memory.duplicateSeen = true;
        }
        memory.duplicates += segments;
        ack.duplicate = true;
        ack.sackDelivered += segments;
        table.count(TcpCounter.DSACK_RECV_SEGS, segments);
        if (memory.undoable
                && memory.undoAgain > 0
                && !Seq.after(right, ack.priorUna)
                && Seq.after(right, memory.undoMarker)) {
            memory.undoAgain = Math.max(0, memory.undoAgain - segments);
        }
        return true;
    }

    private void mark(Connection c, int left, int right, boolean twice, Ack ack) {
        Flight flight = c.flight;
        int i = flight.find(left);
        while (i != flight.limit() && !Seq.after(flight.end(i), right)) {
            if (!Seq.before(flight.seq(i), left)) {
                if (twice) {
                    again(c, i, ack);
                }
                if (!flight.is(i, Flight.SACKED)) {
                    one(c, i, ack);
                }
                if (twice && flight.is(i, Flight.AGAIN)) {
                    flight.unset(i, Flight.AGAIN);
                    flight.againOut--;
                }
            }
            i = twice ? i + 1 : flight.unsacked(i + 1);
        }
    }

    /** A duplicate of something that is still under way. */
    private static void again(Connection c, int index, Ack ack) {
        Flight flight = c.flight;
        Memory memory = flight.memory;
        if (!flight.is(index, Flight.EVER)) {
            return;
        }
        if (memory.undoable && memory.undoAgain > 0 && Seq.after(flight.end(index), memory.undoMarker)) {
            memory.undoAgain--;
        }
        if (flight.is(index, Flight.SACKED) && Seq.before(flight.seq(index), ack.reordered)) {
            ack.reordered = flight.seq(index);
        }
    }

    /** One segment has arrived (tcp_sacktag_one). */
    private void one(Connection c, int index, Ack ack) {
        Flight flight = c.flight;
        int seq = flight.seq(index);
        table.rack.advance(c, flight, index, ack.now);
        boolean lost = flight.is(index, Flight.LOST);
        if (flight.is(index, Flight.AGAIN)) {
            // Not lost, and sent again all the same: the second one is still under way.
            if (lost) {
                flight.unset(index, Flight.LOST | Flight.AGAIN);
                flight.lostOut--;
                flight.againOut--;
            }
        } else {
            if (!flight.is(index, Flight.EVER)) {
                if (Seq.before(seq, flight.highestSacked(c)) && Seq.before(seq, ack.reordered)) {
                    ack.reordered = seq;
                }
                ack.original |= !Seq.after(flight.end(index), flight.memory.highSeq);
                ack.firstSacked = ack.firstSacked < 0 ? flight.sent(index) : ack.firstSacked;
                ack.lastSacked = flight.sent(index);
            }
            if (lost) {
                flight.unset(index, Flight.LOST);
                flight.lostOut--;
            }
        }
        flight.sack(index);
        ack.sacked = true;
        ack.sackDelivered++;
        DeliveryRate.delivered(flight, index, ack);
    }

    /** Something overtaken has arrived without having been sent again (tcp_check_sack_reordering). */
    void reordering(Connection c, int low, boolean byTimestamp) {
        Flight flight = c.flight;
        Memory memory = flight.memory;
        int highest = flight.highestSacked(c);
        if (!Seq.before(low, highest)) {
            return;
        }
        int distance = highest - low;
        if (distance > memory.reordering * c.mss) {
            memory.reordering = Math.min((distance + c.mss - 1) / c.mss, MOST_REORDERING);
        }
        memory.reorderings++;
        table.count(byTimestamp ? TcpCounter.TS_REORDER : TcpCounter.SACK_REORDER);
    }

    /** Without SACK duplicates are counted, as if each told of one segment (RFC 6582). */
    void countDuplicates(Connection c, int duplicates) {
        if (duplicates == 0) {
            return;
        }
        Flight flight = c.flight;
        int before = flight.sackedOut;
        flight.sackedOut += duplicates;
        tooMany(c, 0);
        c.delivered += Math.max(0, flight.sackedOut - before);
    }

    /** An acknowledgment takes the counted duplicates away: one segment was missing, the rest had come. */
    void countAcknowledged(Connection c, int acked) {
        Flight flight = c.flight;
        if (acked > 0) {
            c.delivered += Math.max(acked - flight.sackedOut, 1);
            flight.sackedOut = acked - 1 >= flight.sackedOut ? 0 : flight.sackedOut - (acked - 1);
        }
        tooMany(c, acked);
    }

    private void tooMany(Connection c, int more) {
        Flight flight = c.flight;
        int holes = Math.min(Math.max(flight.lostOut, 1), flight.count());
        if (flight.sackedOut + holes > flight.count()) {
            flight.sackedOut = flight.count() - holes;
            flight.memory.reordering = Math.min(flight.count() + more, MOST_REORDERING);
            flight.memory.reorderings++;
            table.count(TcpCounter.RENO_REORDER);
        }
    }
}
