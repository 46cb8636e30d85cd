package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/** What happens when a segment arrives at a connection (RFC 9293, section 3.10.7; RFC 5961; RFC 7323, section 5). */
final class Arrivals {
    private final TcpTable table;

    Arrivals(TcpTable table) {
        this.table = table;
    }

    /** To a connection in a synchronised state, or one that waits for the last ACK of the handshake. */
    void receive(TcpSocket c, Segment segment, long now) {
        c.segmentsIn++;
        if (segment.length > 0) {
            c.dataSegmentsIn++;
        }
        if (!valid(c, segment, now)) {
            return;
        }
        if (!segment.has(Tcp.ACK)) {
            return;
        }
        boolean waiting = c.state == TcpState.SYN_RECEIVED;
        if (waiting && !Seq.between(c.sndUna + 1, segment.ack, c.sndNxt)) {
            table.refuse(c, segment, now);
            return;
        }
        if (!table.acknowledgments.receive(c, segment, true, now)) {
            return;
        }
        if (waiting) {
            table.handshakes.established(c, segment, now);
        }
        if (!afterClose(c, segment)) {
            closing(c, segment, now);
            if (c.state == TcpState.CLOSED) {
                return;
            }
        } else {
            table.count(TcpCounter.ABORT_ON_DATA);
            table.refuse(c, segment, now);
            table.fail(c, TcpError.RESET, now);
            return;
        }
        if (segment.span() > 0) {
            table.delivery.receive(c, segment, now);
        }
        if (c.state != TcpState.CLOSED) {
            table.sender.push(c, now);
            room(c);
            DelayedAck.check(c, now);
        }
    }

    /** Data that nobody will read any more is answered by a reset (RFC 9293, section 3.6.1). */
    private static boolean afterClose(Connection c, Segment segment) {
        return c.orphan && segment.length > 0 && Seq.after(segment.seq + segment.length, c.rcvNxt);
    }

    /** There is room to write again when a third of the buffer is free; a buffer that holds the window back grows. */
    void room(Connection c) {
        if (c.wantsRoom && c.inFlight() < c.cwnd) {
            table.sendRoom(c);
        }
        if (c.wantsRoom && c.state.writes() && c.writeSeq - c.sndUna <= c.sndBuf - (c.sndBuf / 3)) {
            c.wantsRoom = false;
            c.events |= TcpSocket.WRITABLE;
        }
    }

    private boolean valid(TcpSocket c, Segment segment, long now) {
        boolean reset = segment.has(Tcp.RST);
        if (c.timestamps && segment.timestamps && old(c, segment, now) && !reset) {
            if (segment.has(Tcp.SYN)) {
                table.count(TcpCounter.SYN_CHALLENGE);
                challenge(c, now);
                return false;
            }
            table.count(TcpCounter.PAWS_ESTAB);
            unacceptable(c, segment, TcpCounter.ACK_SKIPPED_PAWS, now);
            return false;
        }
        if (outside(c, segment)) {
            if (reset) {
                // After a FIN the peer may reset with the number before it (RFC 5961 does not know this).
                if (segment.seq == c.rcvNxt - 1 && c.finReceived) {
                    reset(c, now);
                }
            } else if (segment.has(Tcp.SYN)) {
                table.count(TcpCounter.SYN_CHALLENGE);
                challenge(c, now);
            } else {
                unacceptable(c, segment, TcpCounter.ACK_SKIPPED_SEQ, now);
            }
            return false;
        }
        if (reset) {
            boolean edge =
                    c.sack && c.received != null && c.received.gaps() > 0 && segment.seq == c.received.end(c.rcvNxt);
            if (segment.seq == c.rcvNxt || edge) {
                reset(c, now);
            } else {
                challenge(c, now);
            }
            return false;
        }
        if (segment.has(Tcp.SYN)) {
            return again(c, segment, now);
        }
        return true;
    }

    /** tcp_sequence: what ends beyond the window is taken only while nothing waits to be read. */
    private boolean outside(Connection c, Segment segment) {
        int edge = c.rcvNxt + c.receiveWindow();
        if (Seq.before(segment.end(), c.rcvWup) || Seq.after(segment.seq, edge)) {
            return true;
        }
        boolean beyond = Seq.after(segment.seq + segment.length, edge) && c.unread() > 0;
        if (beyond) {
            table.count(TcpCounter.BEYOND_WINDOW);
        }
        return beyond;
    }

    /** A SYN within the window (RFC 5961, section 4); in the handshake it may be the same once more. */
    private boolean again(TcpSocket c, Segment segment, long now) {
        if (c.state == TcpState.SYN_RECEIVED
                && c.listener == null
                && segment.has(Tcp.ACK)
                && segment.seq + 1 == c.rcvNxt
                && segment.ack == c.sndNxt) {
            // Both sides have opened: their SYN,ACK acknowledges ours.
            return true;
        }
        table.count(TcpCounter.SYN_CHALLENGE);
        challenge(c, now);
        return false;
    }

    /** Protection against wrapped sequence numbers (RFC 7323, section 5; tcp_paws_discard). */
    private static boolean old(Connection c, Segment segment, long now) {
        if (c.tsRecent == 0 || segment.value - c.tsRecent >= 0 || Acknowledgments.stale(c, now)) {
            return false;
        }
        // A pure ACK that was overtaken says nothing new and does no harm.
        boolean overtaken = segment.span() == 0
                && segment.has(Tcp.ACK)
                && segment.seq == c.rcvNxt
                && segment.ack == c.sndUna
                && c.scaled(segment.window) == c.sndWnd
                && c.tsRecent - segment.value <= c.rto / 1000;
        return !overtaken;
    }

    private void reset(TcpSocket c, long now) {
        switch (c.state) {
            case SYN_SENT, SYN_RECEIVED -> table.fail(c, TcpError.REFUSED, now);
            case CLOSE_WAIT -> table.fail(c, TcpError.BROKEN_PIPE, now);
            default -> table.fail(c, TcpError.RESET, now);
        }
    }

    /** An ACK says what is expected; segments without data or FIN get one in half a second (tcp_oow_rate_limited). */
    private void unacceptable(Connection c, Segment segment, TcpCounter skipped, long now) {
        if ((segment.span() == 0 || segment.has(Tcp.SYN)) && limited(c, skipped, now)) {
            return;
        }
        if (segment.span() > 0 && Seq.before(segment.seq, c.rcvNxt)) {
            table.count(TcpCounter.DELAYED_ACK_LOST);
            DelayedAck.quicken(c, DelayedAck.MOST_QUICK);
            Delivery.duplicate(c, segment.seq, Seq.earlier(segment.end(), c.rcvNxt));
        }
        table.sender.ack(c, now);
    }

    void challenge(Connection c, long now) {
        if (!limited(c, TcpCounter.ACK_SKIPPED_CHALLENGE, now)) {
            table.count(TcpCounter.CHALLENGE_ACK);
            table.sender.ack(c, now);
        }
    }

    boolean limited(Connection c, TcpCounter skipped, long now) {
        int millis = (int) (now / Time.MILLI);
        if (millis - c.lastChallenge < table.settings.invalidRateLimit / Time.MILLI) {
            table.count(skipped);
            return true;
        }
        c.lastChallenge = millis;
        return false;
    }

    /** Our FIN may be acknowledged now. */
    private void closing(TcpSocket c, Segment segment, long now) {
        if (!c.finQueued || c.sndUna != c.sendEnd()) {
            return;
        }
        switch (c.state) {
            case FIN_WAIT_1 -> {
                c.state = TcpState.FIN_WAIT_2;
                if (c.orphan && !segment.has(Tcp.FIN)) {
                    table.linger(c, TcpState.FIN_WAIT_2, now);
                }
            }
            case CLOSING -> table.linger(c, TcpState.TIME_WAIT, now);
            case LAST_ACK -> table.end(c, now);
            default -> {}
        }
    }
}
