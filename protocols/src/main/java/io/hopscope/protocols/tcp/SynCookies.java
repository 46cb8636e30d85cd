package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/**
 * Handshakes that nobody remembers (Bernstein; RFC 4987, section 3.6), as Linux does them: a number that only this host can
 * have made stands for the connection and for one of four segment sizes, the timestamp for window scale and SACK.
 */
final class SynCookies {
    private static final int[] SIZES = {536, 1300, 1440, 1460};
    private static final long MINUTE = 60 * Time.SECOND;
    /** Minutes that a cookie is good for. */
    private static final int AGE = 2;

    private static final int DATA = 0xffffff;
    /** Bits of the timestamp: 15 for no window scale. */
    private static final int STAMP_BITS = 6;

    private static final int NO_SCALE = 0xf;
    private static final int SACK = 0x10;

    private final TcpTable table;
    private final Segment syn = new Segment();

    SynCookies(TcpTable table) {
        this.table = table;
    }

    /** Sends what the connection of a SYN would have sent, with a cookie for its number. */
    void answer(TcpListener listener, int local, int remote, int ports, Segment segment, long now) {
        int size = SIZES.length - 1;
        int theirs = segment.mss > 0 ? segment.mss : 536;
        while (size > 0 && theirs < SIZES[size]) {
            size--;
        }
        if (!segment.timestamps || !table.settings.timestamps) {
            // There is no place to keep them in.
            segment.sackPermitted = false;
            segment.windowScale = -1;
        }
        int minute = (int) (now / MINUTE);
        int cookie = table.hash(local, remote, ports, 0)
                + segment.seq
                + (minute << 24)
                + (table.hash(local, remote, ports, 1L + minute) + size & DATA);
        TcpSocket c = table.handshakes.begin(listener, local, remote, ports, segment, cookie, now);
        listener.cookieAt = now;
        table.count(TcpCounter.COOKIES_SENT);
        table.sender.synAck(c, stamp(c, now), now);
    }

    /** cookie_init_timestamp: never later than now, and what both sides know of in the last bits. */
    private static int stamp(Connection c, long now) {
        int clock = (int) (now / Time.MILLI);
        int options = (c.scaled ? c.sndScale & 0xff : NO_SCALE) | (c.sack ? SACK : 0);
        int value = clock >>> STAMP_BITS << STAMP_BITS | options;
        return (value - clock > 0 ? value - (1 << STAMP_BITS) : value) + c.tsOffset;
    }

    /** Whether an ACK brings a cookie back; the connection stands in the table then, unless the queue is full. */
    boolean complete(TcpListener listener, int local, int remote, int ports, Segment segment, long now) {
        if (table.settings.synCookies == 0
                || segment.has(Tcp.SYN | Tcp.RST)
                || listener.cookieAt == Long.MIN_VALUE
                || now - listener.cookieAt > AGE * MINUTE) {
            return false;
        }
        int size = size(local, remote, ports, segment, now);
        if (size < 0) {
            table.count(TcpCounter.COOKIES_FAILED);
            return false;
        }
        table.count(TcpCounter.COOKIES_RECV);
        if (!remember(segment, SIZES[size], table.stampOffset(local, remote))) {
            return false;
        }
        if (listener.full()) {
            table.count(TcpCounter.LISTEN_OVERFLOWS);
            table.count(TcpCounter.LISTEN_DROPS);
            return true;
        }
        TcpSocket c = table.handshakes.begin(listener, local, remote, ports, syn, segment.ack - 1, now);
        table.handshakes.enter(c, now);
        // Nobody knows when it was sent: only its timestamp tells of the round trip.
        c.flight.set(c.flight.first(), Flight.EVER);
        c.receive(segment, now);
        return true;
    }

    /** Which of the sizes; -1 where it is no cookie, or an old one. */
    private int size(int local, int remote, int ports, Segment segment, long now) {
        int cookie = segment.ack - 1 - (segment.seq - 1) - table.hash(local, remote, ports, 0);
        int minute = (int) (now / MINUTE);
        int age = minute - (cookie >>> 24) & 0xff;
        if (age >= AGE) {
            return -1;
        }
        int data = cookie - table.hash(local, remote, ports, 1L + minute - age) & DATA;
        return data < SIZES.length ? data : -1;
    }

    /** The SYN as it was; whether this host would still have said what its timestamp says it has. */
    private boolean remember(Segment segment, int mss, int offset) {
        syn.clear();
        syn.seq = segment.seq - 1;
        syn.flags = Tcp.SYN;
        syn.window = segment.window;
        syn.mss = mss;
        if (!segment.timestamps) {
            return true;
        }
        syn.timestamps = true;
        syn.value = segment.value;
        int options = segment.echo - offset;
        int scale = options & NO_SCALE;
        syn.sackPermitted = (options & SACK) != 0;
        syn.windowScale = scale == NO_SCALE ? -1 : scale;
        return table.settings.timestamps
                && (!syn.sackPermitted || table.settings.sack)
                && (syn.windowScale < 0 || table.settings.windowScaling);
    }
}
