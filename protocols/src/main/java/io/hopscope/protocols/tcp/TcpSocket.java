package io.hopscope.protocols.tcp;

/**
 * A TCP socket: what an application does with a connection. Calls take the instant they are made at; what follows from
 * them on the wire goes out at once, and events are told to the {@link TcpUser}.
 */
public final class TcpSocket extends Connection {
    /** MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL. */
    private static final int MOST_KEEP = 32767;

    static final int CONNECTED = 1;
    static final int READABLE = 2;
    static final int WRITABLE = 4;
    static final int FINISHED = 8;
    static final int ENDED = 16;

    /** Free for the application. */
    public Object attachment;

    TcpSocket(TcpTable table) {
        super(table);
        congestion = table.congestion(table.settings.congestion);
        rcvBuf = table.settings.receiveBuffer[1];
        sndBuf = table.settings.sendBuffer[1];
    }

    /** Who is told of events; null for nobody. */
    public TcpSocket handler(TcpUser to) {
        handler = to;
        return this;
    }

    /** TCP_NODELAY: small segments do not wait. */
    public TcpSocket noDelay(boolean on, long now) {
        noDelay = on;
        if (on && state.synchronised()) {
            table.sender.push(this, Sender.NODELAY | Sender.PUSH, now);
            table.settle(this, now);
        }
        return this;
    }

    /** TCP_CORK: partial segments wait until this is off, or 200 ms. */
    public TcpSocket cork(boolean on, long now) {
        cork = on;
        if (!on && state.synchronised()) {
            table.sender.push(this, now);
            table.settle(this, now);
        }
        return this;
    }

    /** SO_LINGER: with 0 a close resets the connection; -1 for off. */
    public TcpSocket linger(int seconds) {
        linger = (short) Math.min(seconds, Short.MAX_VALUE);
        return this;
    }

    /** SO_KEEPALIVE. */
    public TcpSocket keepAlive(boolean on, long now) {
        keepAlive = on;
        if (state.synchronised()) {
            keepAt = on ? now + keepAliveTime() : Time.NEVER;
            table.settle(this, now);
        }
        return this;
    }

    /** TCP_KEEPIDLE and TCP_KEEPINTVL in seconds; 0 for what holds of all connections. */
    public TcpSocket keepAlive(int idle, int interval) {
        keepIdle = (char) Math.min(idle, MOST_KEEP);
        keepInterval = (char) Math.min(interval, MOST_KEEP);
        return this;
    }

    /** SO_SNDBUF; like Linux, twice what is asked for. */
    public TcpSocket sendBuffer(int bytes) {
        sndBuf = Math.max(4608, 2 * Math.min(bytes, 1 << 29));
        sndBufLocked = true;
        return this;
    }

    /** SO_RCVBUF; like Linux, twice what is asked for. */
    public TcpSocket receiveBuffer(int bytes) {
        rcvBuf = Math.max(2304, 2 * Math.min(bytes, 1 << 29));
        rcvBufLocked = true;
        return this;
    }

    /** TCP_MAXSEG. */
    public TcpSocket maxSegment(int bytes) {
        userMss = (char) Math.max(0, Math.min(bytes, TcpTable.MOST_MSS));
        return this;
    }

    /** TCP_CONGESTION: {@code cubic} or {@code reno}; before the connection is made. */
    public TcpSocket congestion(String name) {
        congestion = table.congestion(name);
        return this;
    }

    /** IP_TOS. */
    public TcpSocket tos(int value) {
        tos = (byte) value;
        return this;
    }

    /** IP_TTL. */
    public TcpSocket ttl(int hops) {
        ttl = (byte) hops;
        return this;
    }

    /** What comes in is counted and forgotten: {@link #bytesReceived} says how much there was. */
    public TcpSocket sink(boolean on) {
        sink = on;
        return this;
    }

    void take(TcpSocket options) {
        noDelay = options.noDelay;
        cork = options.cork;
        linger = options.linger;
        keepAlive = options.keepAlive;
        keepIdle = options.keepIdle;
        keepInterval = options.keepInterval;
        sndBuf = options.sndBuf;
        sndBufLocked = options.sndBufLocked;
        rcvBuf = options.rcvBuf;
        rcvBufLocked = options.rcvBufLocked;
        userMss = options.userMss;
        congestion = options.congestion;
        tos = options.tos;
        ttl = options.ttl;
        sink = options.sink;
    }

    /** Bytes that a write would take now. */
    public int room() {
        return state.writes() && !finQueued || state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED
                ? Math.max(0, sndBuf - (writeSeq - sndUna))
                : 0;
    }

    /**
     * Writes as much as there is room for; if that is not all, {@link TcpUser#writable} tells when there is more.
     *
     * @return the bytes taken
     */
    public int write(byte[] bytes, int at, int length, long now) {
        int taken = Math.min(length, room());
        if (taken > 0) {
            unsent().write(sndUna, writeSeq, bytes, at, taken);
        }
        return written(taken, length, now);
    }

    /** The same with bytes that need not be kept: those from an offset of a source. */
    public int write(ByteSource source, long offset, int length, long now) {
        int taken = Math.min(length, room());
        if (taken > 0) {
            unsent().write(writeSeq, source, offset, taken);
        }
        return written(taken, length, now);
    }

    private SendBuffer unsent() {
        if (unsent == null) {
            unsent = table.buffers.send();
        }
        return unsent;
    }

    private int written(int taken, int wanted, long now) {
        if (taken > 0 && state.synchronised()) {
            if (unsentBytes() == 0) {
                DeliveryRate.starved(this);
            }
            Window.afterIdle(this, now);
        }
        if (taken > 0) {
            unsent.written(this, writeSeq, writeSeq + taken, Sender.goal(this, currentMss()));
        }
        writeSeq += taken;
        wantsRoom |= taken < wanted;
        if (taken > 0 && state.synchronised()) {
            table.sender.push(this, now);
            table.settle(this, now);
        }
        return taken;
    }

    /** Bytes that can be read. */
    public int available() {
        return state == TcpState.CLOSED && error != null ? 0 : unread();
    }

    /** Reads what there is, up to a number of bytes; returns how many that were. */
    public int read(byte[] into, int at, int length, long now) {
        int taken = Math.min(length, available());
        if (taken > 0) {
            received.get(copiedSeq, into, at, taken);
            took(taken, now);
        }
        return taken;
    }

    /** Reads and forgets. */
    public int skip(int length, long now) {
        int taken = Math.min(length, available());
        if (taken > 0) {
            took(taken, now);
        }
        return taken;
    }

    private void took(int bytes, long now) {
        int unread = unread();
        int behind = received.chargedBehindGaps();
        copiedSeq += bytes;
        charged = behind + (int) ((long) (charged - behind) * (unread - bytes) / unread);
        table.buffers.read(this);
        ReceiveWindow.read(this, now);
        if (state != TcpState.CLOSED) {
            DelayedAck.read(this, true, now);
            table.settle(this, now);
        }
    }

    /** Whether the peer has said that it sends no more, and all before that was read. */
    public boolean finished() {
        return finReceived && available() == 0;
    }

    /** Sends no more: a half close. What was written still goes out. */
    public void shutdown(long now) {
        if (finQueued) {
            return;
        }
        switch (state) {
            case ESTABLISHED, SYN_RECEIVED -> state = TcpState.FIN_WAIT_1;
            case CLOSE_WAIT -> state = TcpState.LAST_ACK;
            default -> {
                return;
            }
        }
        finQueued = true;
        table.sender.push(this, Sender.PUSH, now);
        table.settle(this, now);
    }

    /** Closes in order, or by a reset where data is unread or {@link #linger} is 0; the events go on until it is over. */
    public void close(long now) {
        if (orphan) {
            return;
        }
        orphan = true;
        table.close(this, now);
        table.settle(this, now);
    }

    /** Resets the connection. */
    public void abort(long now) {
        linger = 0;
        orphan = false;
        close(now);
    }

    /** What the kernel would tell of the connection. */
    public TcpInfo info(long now) {
        return TcpInfo.of(this, now);
    }

    public TcpError error() {
        return error;
    }

    public long bytesReceived() {
        return bytesReceived;
    }

    public long bytesAcked() {
        return bytesAcked;
    }

    /** Bytes written and not yet acknowledged. */
    public int unacknowledged() {
        return writeSeq - sndUna;
    }

    /** What waits in queues of this host; null for nothing. */
    public LocalQueue queue() {
        return queue;
    }

    public void queue(LocalQueue in) {
        queue = in;
        throttled &= in != null;
    }

    /** Segments have left the queue; what waited for that goes out, a moment later (tcp_tsq_handler). */
    void departed(long now) {
        if (throttled && flight != null && state != TcpState.CLOSED && !table.sender.crowded(this)) {
            throttled = false;
            flight.pushAt = now;
            table.settle(this, now);
        }
    }

    @Override
    void receive(Segment segment, long now) {
        if (state == TcpState.SYN_SENT) {
            table.handshakes.answer(this, segment, now);
        } else if (state == TcpState.SYN_RECEIVED && listener != null && !table.mayComplete(this, segment, now)) {
            return;
        } else {
            table.arrivals.receive(this, segment, now);
        }
    }

    @Override
    void wake(long now) {
        table.expiry.wake(this, now);
    }
}
