package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/** Data in order, and data that has to wait for what is missing before it (tcp_data_queue). */
final class Delivery {
    private static final int EXPECTED_BLOCKS = 2;

    private final TcpTable table;

    Delivery(TcpTable table) {
        this.table = table;
    }

    void receive(TcpSocket c, Segment segment, long now) {
        int end = segment.end();
        if (!c.state.receives()) {
            // The peer's FIN has come: at most it comes once more.
            old(c, segment, now);
            return;
        }
        if (segment.seq == c.rcvNxt) {
            if (c.receiveWindow() == 0 && segment.length > 0) {
                table.count(TcpCounter.ZERO_WINDOW_DROP);
                outside(c);
            } else {
                expected(c, segment, 0, now);
            }
        } else if (!Seq.after(end, c.rcvNxt)) {
            old(c, segment, now);
        } else if (!Seq.before(segment.seq, c.rcvNxt + c.receiveWindow())) {
            outside(c);
        } else if (Seq.before(segment.seq, c.rcvNxt)) {
            duplicate(c, segment.seq, c.rcvNxt);
            if (c.receiveWindow() == 0) {
                outside(c);
            } else {
                expected(c, segment, c.rcvNxt - segment.seq, now);
            }
        } else {
            early(c, segment, now);
        }
    }

    /** What comes next is taken though there is no room for it, unless other data waits to be read. */
    private void expected(TcpSocket c, Segment segment, int known, long now) {
        if (!table.pressure.admits(c, segment.seq) && segment.length > 0 && c.unread() > 0) {
            table.count(TcpCounter.RCVQ_DROP);
            DelayedAck.schedule(c);
            c.pending |= DelayedAck.NOW | DelayedAck.NO_MEMORY;
            return;
        }
        inOrder(c, segment, known, now);
    }

    private void old(Connection c, Segment segment, long now) {
        if (!Seq.after(segment.end(), c.rcvNxt)) {
            duplicate(c, segment.seq, segment.end());
        }
        outside(c);
    }

    private static void outside(Connection c) {
        DelayedAck.quicken(c, DelayedAck.MOST_QUICK);
        DelayedAck.schedule(c);
    }

    /** What came twice is reported in the next acknowledgment (RFC 2883). */
    static void duplicate(Connection c, int from, int to) {
        if (!c.sack || !c.table.settings.dsack) {
            return;
        }
        c.table.count(Seq.before(from, c.rcvNxt) ? TcpCounter.DSACK_OLD_SENT : TcpCounter.DSACK_OFO_SENT);
        ReceiveBuffer received = c.received();
        received.duplicateLeft = from;
        received.duplicateRight = to;
        c.dsack = true;
    }

    private void inOrder(TcpSocket c, Segment segment, int known, long now) {
        int length = segment.length - known;
        if (length > 0) {
            c.bytesReceived += length;
            if (!c.sink) {
                c.received().put(c.copiedSeq, c.rcvNxt, segment.bytes, segment.at + known, length);
                c.charged += ReceiveWindow.memory(segment.length);
            }
            c.rcvNxt += length;
        }
        if (segment.length > 0) {
            DelayedAck.received(c, segment, now);
        }
        if (segment.has(Tcp.FIN)) {
            c.rcvNxt++;
            fin(c, now);
        } else if (c.received != null && c.received.gaps() > 0) {
            fill(c, now);
        }
        if (length > 0 || c.sink) {
            c.events |= TcpSocket.READABLE;
        }
        if (c.received != null) {
            table.buffers.read(c);
        }
        if (c.sink && c.state != TcpState.CLOSED) {
            c.copiedSeq = c.finReceived ? c.rcvNxt - 1 : c.rcvNxt;
            ReceiveWindow.read(c, now);
        }
    }

    /** What came before its turn has its turn now. */
    private void fill(TcpSocket c, long now) {
        int behind = c.received.chargedBehindGaps();
        int next = c.received.close(c.rcvNxt);
        boolean last = c.received.earlyFin && next == c.received.earlyFinSeq + 1;
        if (next != c.rcvNxt) {
            c.bytesReceived += next - c.rcvNxt - (last ? 1 : 0);
            c.rcvNxt = next;
            if (c.sink) {
                c.charged -= behind - c.received.chargedBehindGaps();
            }
        }
        if (c.received.gaps() == 0) {
            // RFC 5681, section 4.2: at once when a gap is filled.
            c.pending |= DelayedAck.NOW;
        }
        if (last) {
            c.received.earlyFin = false;
            fin(c, now);
        }
    }

    private void early(TcpSocket c, Segment segment, long now) {
        if (!table.pressure.admits(c, segment.seq)) {
            table.count(TcpCounter.OFO_DROP);
            return;
        }
        DelayedAck.schedule(c);
        table.count(TcpCounter.OFO_QUEUE);
        int to = segment.end();
        ReceiveBuffer received = c.received();
        if (segment.has(Tcp.FIN)) {
            received.earlyFin = true;
            received.earlyFinSeq = to - 1;
        }
        if (received.holds(segment.seq, to)) {
            table.count(TcpCounter.OFO_MERGE);
            duplicate(c, segment.seq, to);
            received.touch(segment.seq);
            return;
        }
        int memory = ReceiveWindow.memory(segment.length);
        if (c.compressed > 0 && received.rank(segment.seq, to) >= EXPECTED_BLOCKS) {
            // Before the blocks that wait to be told of become too many (tcp_sack_new_ofo_skb).
            table.sender.ack(c, now);
        }
        if (!c.sink) {
            received.put(c.copiedSeq, segment.seq, segment.bytes, segment.at, segment.length);
        }
        c.charged += memory;
        received.add(segment.seq, to, memory);
        ReceiveWindow.grow(c, segment.length);
    }

    private void fin(TcpSocket c, long now) {
        DelayedAck.schedule(c);
        c.finReceived = true;
        if (c.received != null) {
            c.received.earlyFin = false;
        }
        c.events |= TcpSocket.FINISHED;
        switch (c.state) {
            case ESTABLISHED, SYN_RECEIVED -> {
                c.state = TcpState.CLOSE_WAIT;
                DelayedAck.converse(c);
            }
            case FIN_WAIT_1 -> {
                table.sender.ack(c, now);
                c.state = TcpState.CLOSING;
            }
            case FIN_WAIT_2 -> {
                table.sender.ack(c, now);
                table.linger(c, TcpState.TIME_WAIT, now);
            }
            default -> {}
        }
    }
}
