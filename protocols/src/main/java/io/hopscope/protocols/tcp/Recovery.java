package io.hopscope.protocols.tcp;

/** Congestion states, and what is sent again in them (RFC 5681, RFC 6675, RFC 6937). */
final class Recovery {
    static final int INFINITE = 0x7fff_ffff;
    static final int OPEN = 0;
    static final int DISORDER = 1;
    static final int REDUCED = 2;
    static final int RECOVERY = 3;
    static final int LOSS = 4;

    private final TcpTable table;

    Recovery(TcpTable table) {
        this.table = table;
    }

    /** Bytes a second, as sk_pacing_rate: twice the rate in slow start, 1.2 times later. */
    static long pacingRate(Connection c) {
        if (c.srtt == 0) {
            return (long) c.cwnd * c.mss * 2_000L;
        }
        long rate = (long) c.mss * Math.max(c.cwnd, c.packetsOut()) * 8_000_000L / c.srtt;
        return c.cwnd < c.ssthresh / 2 ? rate * 2 : rate * 6 / 5;
    }

    /** Whether the window is what holds the sender back: only then does it grow. */
    static boolean usesWindow(Connection c) {
        return c.cwndLimited || c.cwnd < c.ssthresh && c.cwnd < 2 * c.mostOut;
    }

    void validate(Connection c, boolean limited, long now) {
        c.cwndLimited = limited;
        c.mostOut = Math.max(c.mostOut, c.packetsOut());
    }

    void timeout(TcpSocket c, long now) {
        Flight flight = c.flight;
        int first = flight.first();
        if (flight.is(first, Flight.SYN)) {
            c.retransmittedSyn = true;
            table.count(TcpCounter.RETRANS_SEGS);
            if (c.state == TcpState.SYN_SENT) {
                table.sender.syn(c, now);
            } else {
                table.sender.synAck(c, now);
            }
            flight.again(first, now);
            return;
        }
        c.ssthresh = c.congestion.threshold(c);
        c.cwnd = 1;
        int fin = flight.is(first, Flight.FIN) ? 1 : 0;
        table.count(TcpCounter.RETRANS_SEGS);
        table.sender.data(c, flight.seq(first), flight.end(first) - fin - flight.seq(first), flight.flags(first), now);
        flight.again(first, now);
    }

    void recut(TcpSocket c, long now) {}

    void probe(Connection c, long now) {
        c.probes++;
        c.backoff++;
        table.sender.probe(c, c.sndUna - 1, now);
        table.timers.probeLater(c, now);
    }

    void sending(Connection c, boolean first, long now) {}

    void sent(Connection c, int segments, int mode, long now) {}
}
