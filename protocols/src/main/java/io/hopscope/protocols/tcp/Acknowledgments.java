package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/** The acknowledgment field (RFC 9293, section 3.10.7.4; RFC 5961, section 5): what has arrived, and the peer's window. */
final class Acknowledgments {
    private static final int MIN_RTT_SECONDS = 300;

    private final TcpTable table;
    private final Ack ack = new Ack();

    Acknowledgments(TcpTable table) {
        this.table = table;
    }

    /**
     * Takes an acknowledgment into account.
     *
     * @param challenge whether a nonsensical one is answered
     * @return whether the segment may be looked at further
     */
    boolean receive(TcpSocket c, Segment segment, boolean challenge, long now) {
        ack.begin(c, segment, now);
        if (Seq.before(segment.ack, c.sndUna)) {
            return old(c, segment, challenge);
        }
        if (Seq.after(segment.ack, c.sndNxt)) {
            // RFC 5961, section 5.2: two ends that are confused must not answer each other for ever.
            if (challenge) {
                table.arrivals.challenge(c, now);
            }
            return false;
        }
        ack.advanced = Seq.after(segment.ack, c.sndUna);
        if (ack.advanced) {
            c.retransmits = 0;
        }
        if (ack.advanced && predicted(c, segment)) {
            table.count(TcpCounter.HP_ACKS);
        } else if (!ack.carries) {
            table.count(TcpCounter.PURE_ACKS);
        }
        replaceRecent(c, segment, now);
        ack.window = window(c, segment);
        Flight flight = c.flight;
        boolean idle = flight == null || flight.count() == 0;
        if (flight != null) {
            ack.priorHighest = c.sack ? flight.highestSacked(c) : c.sndUna;
            ack.priorLost = flight.memory.lost;
        }
        c.bytesAcked += segment.ack - c.sndUna;
        c.sndUna = segment.ack;
        if (segment.blocks > 0 && c.sack) {
            table.scoreboard.receive(c, segment, ack);
        }
        c.probes = 0;
        if (flight != null) {
            flight.memory.softError = null;
        }
        c.heard = now;
        if (idle) {
            nothingOut(c, segment);
        } else {
            something(c, segment);
        }
        return true;
    }

    /** Whether it is what was to be expected next, so that the kernel takes its fast path (header prediction). */
    private static boolean predicted(Connection c, Segment segment) {
        return c.state == TcpState.ESTABLISHED
                && segment.seq == c.rcvNxt
                && (segment.flags & ~Tcp.PSH) == Tcp.ACK
                && segment.blocks == 0
                && segment.timestamps == c.timestamps
                && c.scaled(segment.window) == c.sndWnd
                && (c.received == null || c.received.gaps() == 0);
    }

    private boolean old(TcpSocket c, Segment segment, boolean challenge) {
        long back = Math.min(c.maxWindow, c.bytesAcked);
        if (c.sndUna - segment.ack > back) {
            if (challenge) {
                table.arrivals.challenge(c, ack.now);
            }
            return false;
        }
        if (segment.blocks > 0 && c.sack && c.flight != null) {
            table.scoreboard.receive(c, segment, ack);
            send(c, table.recovery.alert(c, ack, 0));
            newlyDelivered(c);
        }
        return true;
    }

    private void something(TcpSocket c, Segment segment) {
        Flight flight = c.flight;
        clean(c, segment);
        Rack.adapt(c, ack);
        if (flight.memory.probing) {
            table.recovery.probed(c, segment, ack);
        }
        int then = Recovery.NOTHING;
        if (ack.dubious(c)) {
            boolean duplicate = !ack.advanced && !ack.notDuplicate() && !ack.duplicate;
            then = table.recovery.alert(c, ack, duplicate ? 1 : 0);
        }
        if (ack.timer && !table.retransmission.schedule(c, true, ack.now)) {
            table.timers.rearm(c, ack.now);
        }
        int delivered = newlyDelivered(c);
        DeliveryRate.conclude(c, ack, delivered);
        if (Recovery.reducing(c)) {
            table.recovery.reduce(c, delivered, flight.memory.lost - ack.priorLost, ack.advanced);
        } else if (ack.data || flight.memory.reordering > table.settings.reordering && ack.sacked) {
            c.congestion.grow(c, delivered, ack.now);
            c.cwndStamp = (int) (ack.now / Time.MILLI);
        }
        c.confirms |= ack.data || ack.syn || ack.sacked || !ack.notDuplicate();
        send(c, then);
        table.rest(c);
    }

    private int newlyDelivered(Connection c) {
        int delivered = c.delivered - ack.priorDelivered;
        table.count(TcpCounter.DELIVERED, delivered);
        return delivered;
    }

    private void send(TcpSocket c, int what) {
        if (what == Recovery.NOTHING || c.state == TcpState.SYN_SENT) {
            return;
        }
        if (what == Recovery.NEW_DATA) {
            table.sender.push(c, Sender.NODELAY, ack.now);
            if (Seq.after(c.sndNxt, c.flight.memory.highSeq)) {
                return;
            }
            c.flight.memory.frto = false;
        }
        table.retransmission.lost(c, ack.now);
    }

    private void nothingOut(TcpSocket c, Segment segment) {
        if (ack.duplicate) {
            table.recovery.alert(c, ack, 0);
            newlyDelivered(c);
        }
        opened(c, ack.now);
        if (c.flight != null && c.flight.memory.probing) {
            table.recovery.probed(c, segment, ack);
        }
        table.rest(c);
    }

    /** RFC 7323, section 4.3: the latest timestamp of a segment that is to be acknowledged next or before. */
    private static void replaceRecent(Connection c, Segment segment, long now) {
        if (c.timestamps && segment.timestamps && !Seq.after(segment.seq, c.rcvWup)) {
            if (segment.value - c.tsRecent >= 0 || stale(c, now)) {
                c.tsRecent = segment.value;
                c.tsRecentAt = (int) (now / Time.SECOND);
            }
        }
    }

    /** A timestamp that is 24 days old says nothing. */
    static boolean stale(Connection c, long now) {
        return (int) (now / Time.SECOND) - c.tsRecentAt >= 24 * 24 * 3600;
    }

    /** SND.WL1 and SND.WL2 of RFC 9293: only a segment that is not older changes the window. */
    private boolean window(Connection c, Segment segment) {
        int window = segment.has(Tcp.SYN) ? segment.window : c.scaled(segment.window);
        boolean newer = Seq.after(segment.ack, c.sndUna)
                || Seq.after(segment.seq, c.sndWl1)
                || segment.seq == c.sndWl1 && (window > c.sndWnd || window == 0);
        if (!newer) {
            return false;
        }
        c.sndWl1 = segment.seq;
        if (c.sndWnd != window) {
            c.sndWnd = window;
            if (c.unsentBytes() > 0) {
                Window.afterIdle(c, ack.now);
            }
            if (window > c.maxWindow) {
                c.maxWindow = window;
                table.syncMss(c, c.pathMtu);
            }
        }
        return true;
    }

    /** Nothing was under way: the window may be open again (tcp_ack_probe). */
    private void opened(Connection c, long now) {
        if (c.unsentBytes() == 0) {
            return;
        }
        if (table.sender.fits(c)) {
            c.backoff = 0;
            if (c.timer == Timers.PROBE) {
                table.timers.clear(c);
            }
        } else {
            table.timers.clear(c);
            table.timers.probeLater(c, now);
        }
    }

    /** Takes what is acknowledged out of the flight, and measures (tcp_clean_rtx_queue). */
    private void clean(Connection c, Segment segment) {
        Flight flight = c.flight;
        int priorSacked = flight.sackedOut;
        long first = -1;
        long last = -1;
        int acked = 0;
        int low = c.sndNxt;
        while (flight.count() > 0 && !Seq.after(flight.end(flight.first()), c.sndUna)) {
            int i = flight.first();
            int flags = flight.flags(i);
            if ((flags & Flight.EVER) != 0) {
                ack.again = true;
            } else if ((flags & Flight.SACKED) == 0) {
                last = flight.sent(i);
                first = first < 0 ? last : first;
                low = Seq.earlier(low, flight.seq(i));
                ack.original |= !Seq.after(flight.end(i), flight.memory.highSeq);
            }
            if ((flags & Flight.SACKED) == 0 && c.sack) {
                c.delivered++;
                if (!spurious(c, i)) {
                    table.rack.advance(c, flight, i, ack.now);
                }
            }
            DeliveryRate.delivered(flight, i, ack);
            if ((flags & Flight.SYN) != 0) {
                ack.syn = true;
                flight.memory.stamped = false;
            } else {
                ack.data = true;
            }
            flight.removeFirst();
            acked++;
        }
        if (flight.count() > 0) {
            rest(c);
        } else if (flight.busySince != Time.NEVER) {
            c.busyBefore += ack.now - flight.busySince;
            flight.busySince = Time.NEVER;
        }
        if (acked > 0 && c.unsent != null) {
            table.buffers.acknowledged(c);
        }
        measure(c, segment, first, last, acked, priorSacked);
        conclude(c, acked, low);
        c.congestion.acked(c, ack.micros, ack.now);
    }

    /** What is left of a segment that was acknowledged in part; or one that is said to be there and is not. */
    private void rest(Connection c) {
        Flight flight = c.flight;
        int i = flight.first();
        if (Seq.before(flight.seq(i), c.sndUna)) {
            flight.trimFirst(c.sndUna);
        }
        ack.reneging = flight.is(i, Flight.SACKED);
    }

    /** Whether the echoed timestamp is older than the retransmission: it was the first one that arrived. */
    private boolean spurious(Connection c, int index) {
        Flight flight = c.flight;
        return flight.is(index, Flight.EVER)
                && ack.echoes
                && Seq.before(ack.echo, (int) (flight.sent(index) / Time.MILLI) + c.tsOffset);
    }

    private void measure(Connection c, Segment segment, long first, long last, int acked, int priorSacked) {
        int micros = -1;
        int latest = -1;
        if (first >= 0 && !ack.again) {
            micros = RttEstimator.micros(ack.now - first);
            latest = RttEstimator.micros(ack.now - last);
            ack.maybeDelayed = acked == 1
                    && priorSacked == 0
                    && c.sndUna - ack.priorUna < c.mss
                    && ack.priorDelivered + 1 == c.delivered
                    && !ack.sacked
                    && !ack.syn;
        }
        if (ack.firstSacked >= 0) {
            latest = RttEstimator.micros(ack.now - ack.lastSacked);
            micros = micros < 0 ? RttEstimator.micros(ack.now - ack.firstSacked) : micros;
        }
        if (micros < 0 && ack.echoes && (ack.data || ack.syn)) {
            // By its timestamp: Karn's algorithm has nothing to say here.
            micros = RttEstimator.byStamp(c, segment.echo, ack.now);
            latest = micros;
        }
        ack.micros = latest;
        if (micros < 0) {
            return;
        }
        least(c, Math.max(1, latest));
        RttEstimator.sample(c, micros);
        c.backoff = 0;
    }

    /** The least round trip of five minutes. */
    private void least(Connection c, int micros) {
        int seconds = (int) (ack.now / Time.SECOND);
        if (ack.maybeDelayed && micros > c.minRtt) {
            return;
        }
        if (micros <= c.minRtt || seconds - c.minRttAt > MIN_RTT_SECONDS) {
            c.minRtt = micros;
            c.minRttAt = seconds;
        }
    }

    private void conclude(Connection c, int acked, int low) {
        Flight flight = c.flight;
        if (ack.data || ack.syn) {
            ack.timer = true;
            if (!c.sack) {
                table.scoreboard.countAcknowledged(c, acked);
                ack.original &= !ack.again;
            } else if (Seq.before(low, ack.priorHighest)) {
                table.scoreboard.reordering(c, low, false);
            }
        } else if (flight.count() > 0 && ack.firstSacked >= 0 && ack.firstSacked < flight.sent(flight.first())) {
            ack.timer = true;
        }
    }
}
