package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/** How connections begin (RFC 9293, section 3.5), from either side or from both at once. */
final class Handshakes {
    /** TCP_TIMEOUT_MIN at 250 Hz. */
    private static final long SOON = 8 * Time.MILLI;

    private final TcpTable table;

    Handshakes(TcpTable table) {
        this.table = table;
    }

    /** The socket has its addresses and stands in the table. */
    void open(TcpSocket c, long now) {
        table.count(TcpCounter.ACTIVE_OPENS);
        c.pathMtu = table.wire.mtu(c.local, c.remote);
        c.advMss = Math.max(TcpTable.LEAST_MSS, clamped(c, c.pathMtu - 40));
        c.mssClamp = c.userMss > 0 ? c.userMss : TcpTable.MOST_MSS;
        c.timestamps = table.settings.timestamps;
        table.syncMss(c, c.pathMtu);
        ReceiveWindow.initial(c, c.advMss, table.settings.windowScaling);
        c.rcvMss = Math.max(88, Math.min(536, Math.min(c.advMss, Math.min(c.mss, c.rcvWnd / 2))));
        c.bytesBase = 1;
        c.sndUna = table.initialSequence(c.local, c.remote, c.ports, now);
        c.writeSeq = c.sndUna + 1;
        c.pushedSeq = c.writeSeq;
        c.sndNxt = c.writeSeq;
        c.sndSml = c.sndUna;
        c.cwnd = 1;
        c.state = TcpState.SYN_SENT;
        c.flight().lastFirst = now;
        c.flight.add(c.sndUna, c.sndNxt, Flight.SYN, now, c);
        table.sender.syn(c, now);
        table.timers.retransmitLater(c, now);
    }

    private static int clamped(Connection c, int mss) {
        return c.userMss > 0 ? Math.min(mss, c.userMss) : mss;
    }

    /** An answer to our SYN, or a SYN that has crossed it (tcp_rcv_synsent_state_process). */
    void answer(TcpSocket c, Segment segment, long now) {
        c.segmentsIn++;
        if (segment.has(Tcp.ACK)) {
            if (!Seq.after(segment.ack, c.sndUna) || Seq.after(segment.ack, c.sndNxt)) {
                if (c.retransmits == 0) {
                    // It may be the end of an earlier connection: ask again soon.
                    table.timers.set(c, Timers.RETRANSMIT, now + SOON);
                }
                table.refuse(c, segment, now);
                return;
            }
            boolean echoed = segment.timestamps && segment.echo != 0;
            if (echoed && !Seq.between(firstStamp(c), segment.echo, c.stamp(now))) {
                table.count(TcpCounter.PAWS_ACTIVE);
                table.refuse(c, segment, now);
                return;
            }
            if (segment.has(Tcp.RST)) {
                table.fail(c, TcpError.REFUSED, now);
            } else if (segment.has(Tcp.SYN)) {
                connect(c, segment, now);
            }
        } else if (segment.has(Tcp.SYN) && !segment.has(Tcp.RST)) {
            cross(c, segment, now);
        }
    }

    private void connect(TcpSocket c, Segment segment, long now) {
        boolean spurious = segment.timestamps && segment.echo == firstStamp(c);
        options(c, segment, now);
        start(c, segment);
        table.acknowledgments.receive(c, segment, false, now);
        c.sndWnd = segment.window;
        c.maxWindow = c.sndWnd;
        c.sndWl1 = segment.seq;
        finish(c, now);
        // RFC 5681, section 3.1, unless it was the first SYN that was answered.
        c.cwnd = c.retransmitted > 1 && !spurious ? 1 : table.settings.initialWindow;
        c.lastReceived = now;
        c.events |= TcpSocket.CONNECTED;
        if (segment.length > 0 || segment.has(Tcp.FIN)) {
            segment.seq++;
            segment.flags &= ~Tcp.SYN;
            table.delivery.receive(c, segment, now);
        }
        if (c.unsentBytes() > 0) {
            // The answer goes with the data that waits for it.
            DelayedAck.schedule(c);
            table.sender.push(c, now);
        }
        if (DelayedAck.scheduled(c) || c.unsentBytes() == 0 && c.packetsOut() == 0) {
            table.sender.ack(c, now);
        }
    }

    /** The timestamp of the first SYN. */
    private static int firstStamp(Connection c) {
        return (int) (c.flight.lastFirst / Time.MILLI) + c.tsOffset;
    }

    /** Both have opened at once (RFC 9293, figure 8). */
    private void cross(TcpSocket c, Segment segment, long now) {
        options(c, segment, now);
        start(c, segment);
        c.sndWnd = segment.window;
        c.sndWl1 = segment.seq;
        c.maxWindow = c.sndWnd;
        c.state = TcpState.SYN_RECEIVED;
        table.sender.synAck(c, now);
        table.timers.retransmitLater(c, now);
    }

    private static void start(Connection c, Segment segment) {
        c.rcvNxt = segment.seq + 1;
        c.rcvWup = c.rcvNxt;
        c.copiedSeq = c.rcvNxt;
    }

    /** What both sides know of, by their SYNs. */
    private void options(Connection c, Segment segment, long now) {
        c.timestamps = table.settings.timestamps && segment.timestamps;
        c.sack = table.settings.sack && segment.sackPermitted;
        c.scaled = table.settings.windowScaling && segment.windowScale >= 0;
        if (c.scaled) {
            c.sndScale = (byte) segment.windowScale;
        } else {
            c.sndScale = 0;
            c.rcvScale = 0;
            c.windowClamp = Math.min(c.windowClamp, 65535);
        }
        if (c.timestamps) {
            c.advMss -= TcpOptions.TIMESTAMPS;
            c.tsRecent = segment.value;
            c.tsRecentAt = (int) (now / Time.SECOND);
        }
        int theirs = segment.mss > 0 ? segment.mss : 536;
        c.mssClamp = Math.min(c.mssClamp, Math.max(TcpTable.LEAST_MSS, theirs));
        table.syncMss(c, c.pathMtu);
    }

    /** A SYN for a listener; returns the connection that comes of it, or null (tcp_conn_request). */
    TcpSocket request(TcpListener listener, int local, int remote, int ports, Segment segment, int isn, long now) {
        int cookies = table.settings.synCookies;
        // Whoever was in TIME-WAIT is known to be there: it needs none.
        boolean cookie = isn == 0 && (cookies == 2 || listener.crowded());
        if (cookie) {
            table.count(cookies == 0 ? TcpCounter.REQ_Q_FULL_DROP : TcpCounter.REQ_Q_FULL_DO_COOKIES);
        }
        boolean full = listener.full();
        if (full && !(cookie && cookies == 0)) {
            table.count(TcpCounter.LISTEN_OVERFLOWS);
        }
        if (full || cookie && cookies == 0 || isn == 0 && cookies == 0 && reserved(listener)) {
            table.count(TcpCounter.LISTEN_DROPS);
            return null;
        }
        if (cookie) {
            table.cookies.answer(listener, local, remote, ports, segment, now);
            return null;
        }
        int first = isn != 0 ? isn : table.initialSequence(local, remote, ports, now);
        TcpSocket c = begin(listener, local, remote, ports, segment, first, now);
        enter(c, now);
        table.sender.synAck(c, now);
        table.timers.retransmitLater(c, now);
        return c;
    }

    /** Without cookies a quarter of the backlog is for peers that have proven to be there, which nobody here has. */
    private boolean reserved(TcpListener listener) {
        int most = table.settings.maxSynBacklog;
        return most - listener.handshakes < most >> 2;
    }

    /** It counts, and stands in the table. */
    void enter(TcpSocket c, long now) {
        c.listener.handshakes++;
        table.add(c);
        c.flight().lastFirst = now;
        c.flight.add(c.sndUna, c.sndNxt, Flight.SYN, now, c);
    }

    /** The connection of a SYN, as yet in nobody's books. */
    TcpSocket begin(TcpListener listener, int local, int remote, int ports, Segment segment, int isn, long now) {
        TcpSocket c = new TcpSocket(table);
        c.take(listener.options());
        c.listener = listener;
        c.bytesAcked = -1;
        c.local = local;
        c.remote = remote;
        c.ports = ports;
        c.pathMtu = table.wire.mtu(local, remote);
        c.advMss = Math.max(TcpTable.LEAST_MSS, clamped(c, c.pathMtu - 40));
        c.mssClamp = c.userMss > 0 ? c.userMss : TcpTable.MOST_MSS;
        c.tsOffset = table.stampOffset(local, remote);
        options(c, segment, now);
        ReceiveWindow.initial(c, c.advMss, c.scaled);
        start(c, segment);
        c.rcvMss = Math.max(88, Math.min(536, Math.min(c.advMss, Math.min(c.mss, c.rcvWnd / 2))));
        c.sndUna = isn;
        c.sndNxt = c.sndUna + 1;
        c.writeSeq = c.sndNxt;
        c.pushedSeq = c.writeSeq;
        c.sndSml = c.sndUna;
        c.sndWnd = segment.window;
        c.sndWl1 = segment.seq;
        c.cwnd = table.settings.initialWindow;
        c.state = TcpState.SYN_RECEIVED;
        return c;
    }

    /** The last ACK of the handshake has come. */
    void established(TcpSocket c, Segment segment, long now) {
        c.sndWnd = c.scaled(segment.window);
        c.maxWindow = c.sndWnd;
        table.syncMss(c, c.pathMtu);
        c.sndWl1 = segment.seq;
        finish(c, now);
        if (c.listener == null) {
            c.events |= TcpSocket.CONNECTED;
            return;
        }
        table.count(TcpCounter.PASSIVE_OPENS);
        c.identification = (short) table.random.getAsLong();
        c.listener.handshakes--;
        TcpListener from = c.listener;
        c.listener = null;
        from.established(c, now);
    }

    private void finish(TcpSocket c, long now) {
        c.state = TcpState.ESTABLISHED;
        c.lastSent = now;
        c.heard = now;
        ReceiveWindow.begin(c);
        table.sendRoom(c);
        if (c.keepAlive) {
            c.keepAt = now + c.keepAliveTime();
        }
    }
}
