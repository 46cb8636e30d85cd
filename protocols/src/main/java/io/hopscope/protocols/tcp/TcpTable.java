package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** All of a host's TCP: its connections, listeners and timers, and what it counts. */
public final class TcpTable {
    private static final int SPARE = 64;
    static final int LEAST_MSS = 48;
    static final int MOST_MSS = 65495;

    TcpSettings settings;
    final Wire wire;
    final LongSupplier random;
    final Sender sender = new Sender(this);
    final Acknowledgments acknowledgments = new Acknowledgments(this);
    final Arrivals arrivals = new Arrivals(this);
    final Delivery delivery = new Delivery(this);
    final SynCookies cookies = new SynCookies(this);
    final Pressure pressure = new Pressure(this);
    final Handshakes handshakes = new Handshakes(this);
    final Scoreboard scoreboard = new Scoreboard(this);
    final Rack rack = new Rack(this);
    final Recovery recovery = new Recovery(this);
    final Retransmission retransmission = new Retransmission(this);
    final Expiry expiry = new Expiry(this);
    final Timers timers = new Timers();
    final Segment reply = new Segment();
    final Buffers buffers = new Buffers();

    private final EndpointMap endpoints = new EndpointMap();
    private final List<TcpListener> listeners = new ArrayList<>(1);
    private final long[] counters = new long[TcpCounter.values().length];
    private final long secret;
    private final Stranger stranger = new Stranger();
    private final List<Flight> idleFlights = new ArrayList<>();

    /** Who a segment without a connection came from. */
    private static final class Stranger extends Endpoint {
        @Override
        public int nextIdentification() {
            return 0;
        }

        @Override
        public TcpState state() {
            return TcpState.CLOSED;
        }

        @Override
        public void copy(int seq, byte[] to, int at, int length) {}

        @Override
        long deadline() {
            return Time.NEVER;
        }

        @Override
        void wake(long now) {}

        @Override
        void receive(Segment segment, long now) {}
    }

    public TcpTable(TcpSettings settings, Wire wire, LongSupplier random) {
        this.settings = settings;
        this.wire = wire;
        this.random = random;
        secret = random.getAsLong();
    }

    public TcpSettings settings() {
        return settings;
    }

    /** Others hold from now on. */
    public void settings(TcpSettings others) {
        settings = others;
    }

    void count(TcpCounter what) {
        counters[what.ordinal()]++;
    }

    void count(TcpCounter what, int by) {
        counters[what.ordinal()] += by;
    }

    public long counter(TcpCounter what) {
        return counters[what.ordinal()];
    }

    /** A segment could not be read: its checksum is wrong, or it is too short. */
    public void bad(boolean checksum) {
        count(TcpCounter.IN_SEGS);
        count(TcpCounter.IN_ERRS);
        if (checksum) {
            count(TcpCounter.IN_CSUM_ERRORS);
        }
    }

    /** A socket without a connection, for its options to be set. */
    public TcpSocket socket() {
        return new TcpSocket(this);
    }

    /**
     * Begins a connection.
     *
     * @param localPort 0 for any that is free
     * @return what is wrong, or null: the handler will be told how it ends
     */
    public TcpError connect(TcpSocket socket, int local, int localPort, int remote, int port, long now) {
        int from = localPort != 0 ? localPort : freePort(local, remote, port);
        int ports = from << 16 | port;
        if (from == 0) {
            return TcpError.ADDRESS_NOT_AVAILABLE;
        }
        if (endpoints.find(local, remote, ports) != null) {
            return TcpError.ADDRESS_IN_USE;
        }
        if (wire.mtu(local, remote) == 0) {
            return TcpError.NET_UNREACHABLE;
        }
        socket.local = local;
        socket.remote = remote;
        socket.ports = ports;
        socket.tsOffset = stampOffset(local, remote);
        socket.identification = (short) random.getAsLong();
        endpoints.add(socket);
        handshakes.open(socket, now);
        settle(socket, now);
        return null;
    }

    /** Even ports first, from a random place on, as Linux's connect takes them. */
    private int freePort(int local, int remote, int port) {
        int range = settings.lastPort - settings.firstPort + 1;
        int offset = (int) ((random.getAsLong() >>> 32) * range >>> 32) & ~1;
        for (int parity = 0; parity < 2; parity++) {
            for (int i = 0; i < range; i += 2) {
                int candidate = settings.firstPort + (offset + i) % range + parity;
                if (candidate <= settings.lastPort
                        && endpoints.find(local, remote, candidate << 16 | port) == null
                        && listener(local, candidate) == null) {
                    return candidate;
                }
            }
        }
        return 0;
    }

    /**
     * Begins to listen; null if the port is taken.
     *
     * @param local the address; 0 for any
     */
    public TcpListener listen(int local, int port, int backlog, TcpListener.Accept accept) {
        for (TcpListener each : listeners) {
            if (each.port() == port && (each.local() == local || each.local() == 0 || local == 0)) {
                return null;
            }
        }
        TcpListener listener = new TcpListener(this, local, port, backlog, accept);
        listeners.add(listener);
        return listener;
    }

    public List<TcpListener> listeners() {
        return List.copyOf(listeners);
    }

    void unlisten(TcpListener listener) {
        listeners.remove(listener);
        // Whose handshake goes on hears of it when it goes on: its ACK finds nobody.
        for (Endpoint each : endpoints.all()) {
            if (each instanceof TcpSocket socket && socket.listener == listener) {
                finish(socket);
            }
        }
    }

    private TcpListener listener(int local, int port) {
        TcpListener any = null;
        for (int i = 0; i < listeners.size(); i++) {
            TcpListener each = listeners.get(i);
            if (each.port() == port) {
                if (each.local() == local) {
                    return each;
                }
                any = each.local() == 0 ? each : any;
            }
        }
        return any;
    }

    /** Connections and what is left of them, in order of address and port. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>(List.of(endpoints.all()));
        all.sort((a, b) -> {
            int by = Integer.compareUnsigned(a.local, b.local);
            by = by != 0 ? by : Integer.compare(a.localPort(), b.localPort());
            by = by != 0 ? by : Integer.compareUnsigned(a.remote, b.remote);
            return by != 0 ? by : Integer.compare(a.remotePort(), b.remotePort());
        });
        return all;
    }

    public int size() {
        return endpoints.size();
    }

    void add(Endpoint e) {
        endpoints.add(e);
    }

    void remove(Endpoint e) {
        endpoints.remove(e);
        timers.remove(e);
    }

    /** A segment has come in, its checksum is right. */
    public void receive(int local, int remote, Segment segment, int localPort, int remotePort, long now) {
        count(TcpCounter.IN_SEGS);
        int ports = localPort << 16 | remotePort;
        Endpoint to = endpoints.find(local, remote, ports);
        if (to != null) {
            to.receive(segment, now);
            after(to, now);
            return;
        }
        TcpListener listener = segment.has(Tcp.RST) ? null : listener(local, localPort);
        if (listener != null && segment.has(Tcp.SYN) && !segment.has(Tcp.ACK)) {
            if (!segment.has(Tcp.FIN)) {
                open(listener, local, remote, ports, segment, 0, now);
            }
        } else if (listener != null
                && segment.has(Tcp.ACK)
                && cookies.complete(listener, local, remote, ports, segment, now)) {
            after(endpoints.find(local, remote, ports), now);
        } else if (!segment.has(Tcp.RST)) {
            stranger.local = local;
            stranger.remote = remote;
            stranger.ports = ports;
            refuse(stranger, segment, now);
        }
    }

    private void open(TcpListener listener, int local, int remote, int ports, Segment segment, int isn, long now) {
        TcpSocket c = handshakes.request(listener, local, remote, ports, segment, isn, now);
        if (c != null) {
            after(c, now);
        }
    }

    /** A SYN for a connection that was: a new one may take its place. */
    boolean reopen(TimeWait old, Segment segment, int isn, long now) {
        TcpListener listener = listener(old.local, old.localPort());
        if (listener == null) {
            return false;
        }
        remove(old);
        open(listener, old.local, old.remote, old.ports, segment, isn == 0 ? 1 : isn, now);
        return true;
    }

    /** A segment for a connection whose handshake a listener sees to (tcp_check_req); whether it is to be looked at. */
    boolean mayComplete(TcpSocket c, Segment segment, long now) {
        boolean same = segment.seq == c.rcvNxt - 1 && segment.has(Tcp.SYN) && !segment.has(Tcp.ACK | Tcp.RST);
        if (same) {
            // Their SYN once more: our answer was lost, or is still under way.
            if (!arrivals.limited(c, TcpCounter.ACK_SKIPPED_SYN_RECV, now)) {
                count(TcpCounter.RETRANS_SEGS);
                sender.synAck(c, now);
            }
            return false;
        }
        boolean completes = segment.has(Tcp.ACK) && !segment.has(Tcp.RST | Tcp.SYN) && segment.ack == c.sndNxt;
        if (completes && c.listener.full()) {
            count(TcpCounter.LISTEN_OVERFLOWS);
            if (settings.abortOnOverflow) {
                refuse(c, segment, now);
                finish(c);
            }
            return false;
        }
        return true;
    }

    /** Answers a segment that belongs to nothing (RFC 9293, section 3.5.2). */
    void refuse(Endpoint from, Segment segment, long now) {
        if (segment.has(Tcp.RST)) {
            return;
        }
        int seq = segment.has(Tcp.ACK) ? segment.ack : 0;
        int ack = segment.has(Tcp.ACK) ? 0 : segment.end();
        int flags = segment.has(Tcp.ACK) ? Tcp.RST : Tcp.RST | Tcp.ACK;
        Segment answer = reply.clear();
        answer.seq = seq;
        answer.ack = ack;
        answer.flags = flags;
        count(TcpCounter.OUT_SEGS);
        count(TcpCounter.OUT_RSTS);
        Endpoint as = from instanceof Connection ? as(from) : from;
        wire.send(as, answer, now);
    }

    private Endpoint as(Endpoint from) {
        stranger.local = from.local;
        stranger.remote = from.remote;
        stranger.ports = from.ports;
        return stranger;
    }

    /** The connection is over, for a reason. */
    void fail(TcpSocket c, TcpError why, long now) {
        if (c.state == TcpState.CLOSED) {
            return;
        }
        if (c.state == TcpState.SYN_SENT || c.state == TcpState.SYN_RECEIVED) {
            count(TcpCounter.ATTEMPT_FAILS);
        } else if (c.state == TcpState.ESTABLISHED || c.state == TcpState.CLOSE_WAIT) {
            count(TcpCounter.ESTAB_RESETS);
        }
        c.error = why;
        finish(c);
    }

    /** The connection is over, as it should be. */
    void end(TcpSocket c, long now) {
        finish(c);
    }

    private void finish(TcpSocket c) {
        if (c.listener != null) {
            c.listener.handshakes--;
            c.listener = null;
        }
        c.state = TcpState.CLOSED;
        c.ackAt = Time.NEVER;
        c.keepAt = Time.NEVER;
        timers.clear(c);
        remove(c);
        c.events |= TcpSocket.ENDED;
    }

    /** Nothing is left to do but to answer for a while. */
    void linger(TcpSocket c, TcpState as, long now) {
        TimeWait left = new TimeWait(c, as, now + (as == TcpState.TIME_WAIT ? settings.timeWait : settings.finTimeout));
        if (as == TcpState.TIME_WAIT) {
            count(TcpCounter.TIME_WAITED);
        }
        finish(c);
        endpoints.add(left);
        timers.settle(left);
    }

    /** The application closes (tcp_close). */
    void close(TcpSocket c, long now) {
        boolean unread = c.available() > 0;
        switch (c.state) {
            case CLOSED -> {}
            case SYN_SENT -> finish(c);
            case SYN_RECEIVED -> {
                sender.reset(c, now);
                finish(c);
            }
            case FIN_WAIT_2 -> linger(c, TcpState.FIN_WAIT_2, now);
            default -> {
                if (unread || c.linger == 0) {
                    count(unread ? TcpCounter.ABORT_ON_CLOSE : TcpCounter.ABORT_ON_DATA);
                    sender.reset(c, now);
                    finish(c);
                } else {
                    c.shutdown(now);
                }
            }
        }
    }

    /** After something has happened to a connection: timers, then events. */
    void settle(TcpSocket c, long now) {
        timers.settle(c);
        wire.rearm();
    }

    private void after(Endpoint e, long now) {
        if (e instanceof TcpSocket c) {
            if (c.state != TcpState.CLOSED) {
                timers.settle(c);
            }
            tell(c, now);
        }
    }

    /** Tells the application what has happened. */
    void tell(TcpSocket c, long now) {
        while (c.events != 0 && c.handler != null) {
            int event = Integer.lowestOneBit(c.events);
            c.events &= ~event;
            TcpUser to = c.handler;
            switch (event) {
                case TcpSocket.CONNECTED -> to.connected(c, now);
                case TcpSocket.READABLE -> to.readable(c, now);
                case TcpSocket.WRITABLE -> to.writable(c, now);
                case TcpSocket.FINISHED -> to.finished(c, now);
                default -> to.closed(c, c.error, now);
            }
        }
    }

    /** Whether a connection has sent a segment with that number, and does not know yet that it has arrived. */
    public boolean sent(int local, int remote, int localPort, int remotePort, int seq) {
        TcpSocket c = sender(local, remote, localPort, remotePort, seq);
        return c != null && c.listener == null;
    }

    private TcpSocket sender(int local, int remote, int localPort, int remotePort, int seq) {
        if (!(endpoints.find(local, remote, localPort << 16 | remotePort) instanceof TcpSocket c)) {
            return null;
        }
        if (Seq.between(c.sndUna, seq, c.sndNxt)) {
            return c;
        }
        count(TcpCounter.OUT_OF_WINDOW_ICMPS);
        return null;
    }

    /**
     * An ICMP error came about a segment of ours (tcp_v4_err, RFC 5927): what is not within the window is ignored.
     *
     * @param type 3, 11 or 12
     */
    public void unreachable(
            int local, int remote, int localPort, int remotePort, int seq, int type, int code, long now) {
        TcpSocket c = sender(local, remote, localPort, remotePort, seq);
        if (c == null) {
            return;
        }
        if (type == 3 && code == 4) {
            expiry.narrow(c, now);
            after(c, now);
            return;
        }
        TcpError error =
                type == 3 ? TcpError.unreachable(code) : type == 12 ? TcpError.PROTOCOL : TcpError.HOST_UNREACHABLE;
        if (error == null) {
            return;
        }
        if (c.listener != null) {
            // tcp_req_err: of one whose handshake goes on, only that there is no way.
            if (type == 3 && code <= 1) {
                count(TcpCounter.LISTEN_DROPS);
                finish(c);
            }
        } else if (c.state == TcpState.SYN_SENT || c.state == TcpState.SYN_RECEIVED) {
            fail(c, error, now);
        } else {
            c.flight().memory.softError = error;
        }
        after(c, now);
    }

    /** Every connection and listener is gone without a word. */
    public void forget() {
        for (Endpoint each : endpoints.all()) {
            timers.remove(each);
            if (each instanceof TcpSocket c) {
                c.state = TcpState.CLOSED;
                c.handler = null;
            }
        }
        endpoints.clear();
        listeners.clear();
    }

    /** The instant at which {@link #wake} is to be called. */
    public long nextDeadline() {
        return timers.deadline();
    }

    public void wake(long now) {
        for (Endpoint e = timers.poll(now); e != null; e = timers.poll(now)) {
            e.wake(now);
            if (e.slot < 0 && e.state() != TcpState.CLOSED && endpoints.find(e.local, e.remote, e.ports) == e) {
                timers.settle(e);
            }
            if (e instanceof TcpSocket c) {
                tell(c, now);
            }
        }
    }

    /** RFC 6528: a hash of the connection and a clock of 64 ns. */
    int initialSequence(int local, int remote, int ports, long now) {
        return (int) mix(mix(secret ^ (long) local << 32 ^ remote & 0xffff_ffffL) ^ ports) + (int) (now / 64_000);
    }

    int stampOffset(int local, int remote) {
        return settings.timestamps && settings.stampOffsets ? (int) mix(mix(~secret ^ (long) local << 32) ^ remote) : 0;
    }

    /** A secret number of a connection and something else. */
    int hash(int local, int remote, int ports, long of) {
        return (int) (mix(mix(mix(secret + of) ^ (long) local << 32 ^ remote & 0xffff_ffffL) ^ ports) >>> 32);
    }

    private static long mix(long value) {
        long z = value * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    Flight takeFlight() {
        return idleFlights.isEmpty() ? new Flight() : idleFlights.remove(idleFlights.size() - 1);
    }

    /** Nothing is under way, and nothing is to be remembered of what was: what an idle connection need not have. */
    void rest(Connection c) {
        Flight flight = c.flight;
        if (flight != null && flight.count() == 0 && c.caState == Recovery.OPEN && flight.memory.empty()) {
            c.flight = null;
            if (idleFlights.size() < SPARE) {
                flight.clear();
                idleFlights.add(flight);
            }
        }
    }

    CongestionControl congestion(String name) {
        return name.equals("reno") ? Reno.INSTANCE : CubicAhead.INSTANCE;
    }

    /** tcp_sync_mss: what fits the path and what the peer takes. */
    void syncMss(Connection c, int mtu) {
        c.pathMtu = mtu;
        int mss = Math.min(mtu - 40, c.mssClamp);
        mss = Math.max(mss, LEAST_MSS);
        if (c.timestamps) {
            mss -= TcpOptions.TIMESTAMPS;
        }
        // Never more than half of the largest window the peer has offered (tcp_bound_to_half_wnd).
        int most = c.maxWindow > 536 ? c.maxWindow >> 1 : c.maxWindow;
        if (most > 0 && mss > most) {
            mss = Math.max(most, 68 - c.headerLength());
        }
        c.mss = mss;
    }

    /** The way may be another by now, or what was said of it no longer believed; returns whether it takes less. */
    boolean follow(Connection c) {
        int before = c.pathMtu;
        int mtu = wire.mtu(c.local, c.remote);
        if (mtu > 0 && mtu != before) {
            syncMss(c, mtu);
        }
        return c.pathMtu < before;
    }

    /** The send buffer holds twice what the first flight takes (tcp_sndbuf_expand). */
    void sendRoom(Connection c) {
        if (!c.sndBufLocked) {
            int memory = Integer.highestOneBit(c.mssClamp + 640 - 1) * 2 + 256;
            int reordering = c.flight == null ? settings.reordering : c.flight.memory.reordering;
            int segments = Math.max(settings.initialWindow, Math.max(c.cwnd, reordering + 1));
            int room = (int) Math.min(settings.sendBuffer[2], 2L * segments * memory);
            c.sndBuf = Math.max(c.sndBuf, room);
        }
    }
}
