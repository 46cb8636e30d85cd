package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/**
 * What goes out and when (RFC 9293, section 3.8.6; Nagle's algorithm with Minshall's change; bursts as Linux's TSO makes
 * them, cut into segments at once).
 */
final class Sender {
    /** Bits of how the last data is to be treated. */
    static final int NODELAY = 1;

    static final int CORK = 2;
    static final int PUSH = 4;
    /** One segment, though the congestion window says no: a loss probe. */
    static final int PROBE = 2;

    /** The largest burst: GSO_LEGACY_MAX_SIZE less MAX_TCP_HEADER. */
    private static final int MOST_BURST = 65215;

    private final TcpTable table;
    private final Segment out = new Segment();
    private boolean held;

    Sender(TcpTable table) {
        this.table = table;
    }

    private int nagle(Connection c) {
        return (c.noDelay ? NODELAY : 0) | (c.cork ? CORK : 0);
    }

    /** Sends what may be sent; where nothing is under way and nothing may, the peer's window will be asked for. */
    void push(Connection c, long now) {
        push(c, nagle(c), now);
    }

    void push(Connection c, int nagle, long now) {
        if (c.unsentBytes() != 0 && write(c, nagle, 0, now)) {
            table.timers.probeLater(c, now);
        }
    }

    /** Returns whether there is data to send and nothing under way: nobody else will ask again. */
    boolean write(Connection c, int nagle, int mode, long now) {
        int mss = c.currentMss();
        // A socket looks for another route only as a segment goes out: what is too large for that one stays.
        boolean narrower = table.follow(c);
        int burst = burst(c, mss);
        int sent = 0;
        held = false;
        while (c.unsentBytes() != 0) {
            int quota = quota(c, mode);
            if (quota == 0) {
                break;
            }
            int length = next(c, nagle, mode, Math.min(quota, burst), mss, now);
            if (length < 0 || throttles(c) || narrower && Math.min(length, mss) > c.mss) {
                break;
            }
            sent += burst(c, length, mss, now);
            if (mode != 0) {
                break;
            }
        }
        boolean full = c.inFlight() >= c.cwnd;
        if (sent > 0 || full || held) {
            Window.validate(c, full || held, now);
        }
        if (sent > 0) {
            if (Recovery.reducing(c)) {
                c.flight.memory.prrOut += sent;
            }
            if (mode != PROBE) {
                table.retransmission.schedule(c, false, now);
            }
            return false;
        }
        return c.packetsOut() == 0 && c.unsentBytes() != 0;
    }

    private static int quota(Connection c, int mode) {
        int room = c.cwnd - c.inFlight();
        if (room <= 0) {
            return mode == PROBE ? 1 : 0;
        }
        return Math.min(room, Math.max(1, c.cwnd >> 1));
    }

    /** Small queues (tcp_small_queue_check): a millisecond's worth is enough in the queues of this host. */
    private boolean throttles(Connection c) {
        if (c.queue == null || c.packetsOut() < 2 || !crowded(c)) {
            return false;
        }
        c.throttled = true;
        return true;
    }

    boolean crowded(Connection c) {
        long millisecond = Window.pacingRate(c) >> 10;
        long most = Math.max(2L * ReceiveWindow.memory(c.mss), Math.min(millisecond, table.settings.limitOutput));
        return c.queue.memory > most;
    }

    /** Segments in a burst (tcp_tso_autosize): a millisecond's worth, or all that fits where the peer is near. */
    static int burst(Connection c, int mss) {
        long bytes = Window.pacingRate(c) >> 10;
        int far = c.minRtt >> 9;
        if (far < 31) {
            bytes += MOST_BURST >> far;
        }
        return (int) Math.max(2, Math.min(bytes, MOST_BURST) / mss);
    }

    /** Bytes that go out next; -1 if they have to wait, and {@link #held} if for the sake of a larger burst. */
    private int next(Connection c, int nagle, int mode, int segments, int mss, long now) {
        int data = Math.min(c.writeSeq - c.sndNxt, goal(c, mss));
        int window = c.sndUna + c.sndWnd - c.sndNxt;
        boolean last = c.sndNxt + data == c.writeSeq;
        boolean fin = c.finQueued && last;
        if (data <= mss) {
            boolean fits = data + (fin ? 1 : 0) <= window;
            return fits && (fin || !last || !small(c, nagle, data < mss)) ? data : -1;
        }
        if (mss > window || mode == 0 && defers(c, data, segments, fin, now)) {
            return -1;
        }
        int most = mss * segments;
        if (most <= window && (!last || most <= data)) {
            return Math.min(most, data);
        }
        int length = Math.min(most, Math.min(data, window));
        int partial = length % mss;
        if (length == most || partial == 0) {
            return length;
        }
        return small(c, nagle, true) && !(fin && length == data) ? length - partial : length;
    }

    /** What a piece of the queue holds at most (tcp_xmit_size_goal). */
    static int goal(Connection c, int mss) {
        int half = c.maxWindow > 536 ? c.maxWindow >> 1 : c.maxWindow;
        return Math.max(1, Math.min(MOST_BURST, half) / mss) * mss;
    }

    /** Whether a small segment waits for those before it (tcp_nagle_check). */
    private static boolean small(Connection c, int nagle, boolean partial) {
        if (!partial || (nagle & PUSH) != 0) {
            return false;
        }
        boolean smallOut = Seq.after(c.sndSml, c.sndUna) && !Seq.after(c.sndSml, c.sndNxt);
        return (nagle & CORK) != 0 || (nagle & NODELAY) == 0 && c.packetsOut() > 0 && smallOut;
    }

    /** Whether a burst waits to become larger (tcp_tso_should_defer). */
    private boolean defers(Connection c, int data, int segments, boolean fin, long now) {
        if (c.caState >= Recovery.RECOVERY || now - c.lastSent > Time.MILLI || c.packetsOut() == 0) {
            return false;
        }
        int window = c.sndUna + c.sndWnd - c.sndNxt;
        long congestion = (long) (c.cwnd - c.inFlight()) * c.mss;
        long limit = Math.min(window, congestion);
        boolean last = c.sndNxt + data == c.writeSeq;
        long chunk = Math.min(c.sndWnd, (long) c.cwnd * c.mss) / 3;
        if (limit >= (long) segments * c.mss || !last && limit >= data || limit >= chunk) {
            return false;
        }
        // The next acknowledgment would come too late.
        if ((now - c.flight.sent(c.flight.first())) / Time.MICRO < c.srtt >> 4) {
            return false;
        }
        boolean byCongestion = congestion < window;
        if (byCongestion ? congestion <= data : window <= data) {
            held = byCongestion;
            return true;
        }
        return !fin;
    }

    /** Sends new data as segments of a burst; returns how many. */
    private int burst(Connection c, int length, int mss, long now) {
        Flight flight = c.flight();
        int segments = 0;
        int left = length;
        if (flight.busySince == Time.NEVER) {
            flight.busySince = now;
        }
        do {
            int part = Math.min(left, mss);
            left -= part;
            int seq = c.sndNxt;
            boolean fin = left == 0 && c.finQueued && seq + part == c.writeSeq;
            boolean push = part > 0 && c.unsent.pushes(seq + part);
            int flags = (push ? Flight.PUSH : 0) | (fin ? Flight.FIN : 0);
            boolean first = flight.count() == 0;
            DeliveryRate.sending(flight, now);
            if (c.inFlight() == 0) {
                c.congestion.resume(c, now);
            }
            flight.add(seq, seq + part + (fin ? 1 : 0), segments > 0 ? flags | Flight.JOINED : flags, now, c);
            c.sndNxt = seq + part + (fin ? 1 : 0);
            if (part < mss) {
                c.sndSml = c.sndNxt;
            }
            table.count(TcpCounter.ORIG_DATA_SENT);
            // A burst ends with PSH; what is sent again of it does not.
            data(c, seq, part, left == 0 && segments > 0 ? flags | Flight.PUSH : flags, now);
            if (first || c.timer == Timers.LOSS_PROBE) {
                table.timers.rearm(c, now);
            }
            segments++;
        } while (left > 0);
        return segments;
    }

    /** Whether the peer's window has room for what goes out next. */
    boolean fits(Connection c) {
        int data = Math.min(c.writeSeq - c.sndNxt, c.currentMss());
        int fin = c.finQueued && c.sndNxt + data == c.writeSeq ? 1 : 0;
        return data + fin <= c.sndUna + c.sndWnd - c.sndNxt;
    }

    /** As much as a window that is too small lets through, or a question for a larger one (tcp_write_wakeup). */
    void wake(Connection c, long now) {
        int window = c.sndUna + c.sndWnd - c.sndNxt;
        if (window <= 0) {
            table.count(TcpCounter.WIN_PROBE);
            probe(c, c.sndUna - 1, now);
            return;
        }
        int length = Math.min(Math.min(window, c.currentMss()), c.writeSeq - c.sndNxt);
        if (length > 0) {
            c.unsent.pushFirst(c.sndNxt + length);
        }
        burst(c, length, Math.max(1, length), now);
    }

    /**
     * A segment of the flight once more.
     *
     * @param last of several that go out together
     */
    void again(Connection c, int index, boolean last, long now) {
        Flight flight = c.flight;
        int flags = flight.flags(index);
        if ((flags & Flight.SYN) != 0) {
            synAck(c, now);
        } else {
            data(c, flight.seq(index), flight.length(index), last ? flags | Flight.PUSH : flags, now);
        }
    }

    /** One segment of the flight, for the first time or again. */
    void data(Connection c, int seq, int length, int flightFlags, long now) {
        int flags = Tcp.ACK;
        flags |= (flightFlags & Flight.PUSH) != 0 && length > 0 ? Tcp.PSH : 0;
        flags |= (flightFlags & Flight.FIN) != 0 ? Tcp.FIN : 0;
        Segment segment = start(c, seq, flags, now);
        segment.length = length;
        DelayedAck.sent(c, table);
        if (length > 0) {
            dataSent(c, now);
        }
        emit(c, segment, now);
    }

    private void dataSent(Connection c, long now) {
        c.dataSegmentsOut++;
        c.lastSent = now;
        if (now - c.lastReceived < c.ato * Time.MICRO) {
            DelayedAck.interactive(c);
        }
    }

    private Segment start(Connection c, int seq, int flags, long now) {
        Segment segment = out.clear();
        segment.seq = seq;
        segment.flags = flags;
        segment.ack = c.rcvNxt;
        segment.window = ReceiveWindow.announce(c);
        if (c.timestamps) {
            stamp(c, segment, now);
        }
        int blocks = c.sackBlocks();
        if (blocks > 0) {
            c.received.report(segment, c.dsack, blocks);
            c.dsack = false;
            table.buffers.read(c);
        }
        return segment;
    }

    private static void stamp(Connection c, Segment segment, long now) {
        segment.timestamps = true;
        segment.value = c.stamp(now);
        segment.echo = c.tsRecent;
    }

    private void emit(Connection c, Segment segment, long now) {
        c.segmentsOut++;
        table.count(TcpCounter.OUT_SEGS);
        table.wire.send(c, segment, now);
    }

    void ack(Connection c, long now) {
        if (!c.state.synchronised()) {
            return;
        }
        Segment segment = start(c, acceptable(c), Tcp.ACK, now);
        DelayedAck.sent(c, table);
        emit(c, segment, now);
    }

    /** An acknowledgment of a number that was acknowledged before: a keepalive, or a question for the window. */
    void probe(Connection c, int seq, long now) {
        Segment segment = start(c, seq, Tcp.ACK, now);
        emit(c, segment, now);
    }

    /** The number of a segment without data: within the peer's window even where that has shrunk. */
    private static int acceptable(Connection c) {
        int edge = c.sndUna + c.sndWnd;
        boolean shrunk = Seq.before(edge, c.sndNxt);
        return shrunk && c.scaled && c.sndNxt - edge >= 1 << c.rcvScale ? edge : c.sndNxt;
    }

    void reset(Connection c, long now) {
        Segment segment = out.clear();
        segment.seq = acceptable(c);
        segment.flags = Tcp.RST | Tcp.ACK;
        segment.ack = c.rcvNxt;
        segment.window = ReceiveWindow.announce(c);
        if (c.timestamps) {
            stamp(c, segment, now);
        }
        table.count(TcpCounter.OUT_RSTS);
        emit(c, segment, now);
    }

    void syn(Connection c, long now) {
        Segment segment = out.clear();
        segment.seq = c.sndUna;
        segment.flags = Tcp.SYN;
        segment.window = Math.min(c.rcvWnd, 65535);
        segment.mss = advertised(c);
        offer(c, segment, now);
        segment.windowScale = table.settings.windowScaling ? c.rcvScale : -1;
        emit(c, segment, now);
    }

    void synAck(Connection c, long now) {
        synAck(c, c.stamp(now), now);
    }

    /** The same with another timestamp, where it has to say something. */
    void synAck(Connection c, int value, long now) {
        Segment segment = out.clear();
        segment.seq = c.sndUna;
        segment.ack = c.rcvNxt;
        segment.flags = Tcp.SYN | Tcp.ACK;
        segment.window = Math.min(c.rcvWnd, 65535);
        segment.mss = advertised(c);
        segment.sackPermitted = c.sack;
        if (c.timestamps) {
            stamp(c, segment, now);
            segment.value = value;
        }
        segment.windowScale = c.scaled ? c.rcvScale : -1;
        emit(c, segment, now);
    }

    private void offer(Connection c, Segment segment, long now) {
        segment.sackPermitted = table.settings.sack;
        if (table.settings.timestamps) {
            stamp(c, segment, now);
        }
    }

    private static int advertised(Connection c) {
        return c.timestamps && c.state != TcpState.SYN_SENT ? c.advMss + TcpOptions.TIMESTAMPS : c.advMss;
    }
}
