package io.hopscope.protocols.tcp;

import io.hopscope.encap.Tcp;

/**
 * What is left of a connection that was closed (RFC 9293, section 3.6.1): it answers the peer's last segments for a
 * minute. Also that of one that nobody waits for any more, before the peer's FIN has come.
 */
final class TimeWait extends Endpoint {
    private final TcpTable table;
    private TcpState state;
    private final int sndNxt;
    private int rcvNxt;
    private final int rcvWnd;
    private final byte rcvScale;
    private final boolean timestamps;
    private int tsRecent;
    private final int tsOffset;
    private long until;
    private long lastAck = -Time.SECOND;

    TimeWait(Connection of, TcpState state, long until) {
        table = of.table;
        local = of.local;
        remote = of.remote;
        ports = of.ports;
        tos = of.tos;
        ttl = of.ttl;
        this.state = state;
        this.until = until;
        sndNxt = of.sndNxt;
        rcvNxt = of.rcvNxt;
        rcvWnd = of.receiveWindow();
        rcvScale = of.rcvScale;
        timestamps = of.timestamps;
        tsRecent = of.tsRecent;
        tsOffset = of.tsOffset;
    }

    @Override
    public TcpState state() {
        return state;
    }

    @Override
    public int nextIdentification() {
        return 0;
    }

    @Override
    public void copy(int seq, byte[] to, int at, int length) {
        throw new IllegalStateException("nothing is sent any more");
    }

    @Override
    long deadline() {
        return until;
    }

    @Override
    void wake(long now) {
        table.remove(this);
    }

    private void answer(long now) {
        Segment segment = table.reply.clear();
        segment.seq = sndNxt;
        segment.ack = rcvNxt;
        segment.flags = Tcp.ACK;
        segment.window = rcvWnd >> rcvScale;
        if (timestamps) {
            segment.timestamps = true;
            segment.value = (int) (now / Time.MILLI) + tsOffset;
            segment.echo = tsRecent;
        }
        table.count(TcpCounter.OUT_SEGS);
        table.wire.send(this, segment, now);
    }

    private void answerSometimes(Segment segment, long now) {
        boolean limited = segment.span() == 0 || segment.has(Tcp.SYN);
        if (limited && now - lastAck < table.settings.invalidRateLimit) {
            table.count(
                    state == TcpState.FIN_WAIT_2
                            ? TcpCounter.ACK_SKIPPED_FIN_WAIT_2
                            : TcpCounter.ACK_SKIPPED_TIME_WAIT);
            return;
        }
        lastAck = limited ? now : lastAck;
        answer(now);
    }

    @Override
    void receive(Segment segment, long now) {
        boolean old = timestamps && segment.timestamps && !segment.has(Tcp.RST) && segment.value - tsRecent < 0;
        if (state == TcpState.FIN_WAIT_2) {
            halfClosed(segment, old, now);
            return;
        }
        boolean reset = segment.has(Tcp.RST);
        if (!old && segment.seq == rcvNxt && (segment.span() == 0 || reset)) {
            if (reset) {
                table.remove(this);
                return;
            }
            extend(segment, now);
            return;
        }
        if (segment.has(Tcp.SYN) && !reset && !segment.has(Tcp.ACK) && !old && newer(segment)) {
            if (table.reopen(this, segment, sndNxt + 65535 + 2, now)) {
                return;
            }
        }
        if (old) {
            table.count(TcpCounter.PAWS_ESTAB);
        }
        if (!reset) {
            if (old || segment.has(Tcp.ACK)) {
                until = now + table.settings.timeWait;
            }
            answerSometimes(segment, now);
        }
    }

    private boolean newer(Segment segment) {
        return Seq.after(segment.seq, rcvNxt) || segment.timestamps && tsRecent - segment.value < 0;
    }

    private void extend(Segment segment, long now) {
        if (timestamps && segment.timestamps) {
            tsRecent = segment.value;
        }
        until = now + table.settings.timeWait;
    }

    private void halfClosed(Segment segment, boolean old, long now) {
        boolean inside = !Seq.before(segment.end(), rcvNxt) && !Seq.after(segment.seq, rcvNxt + rcvWnd);
        if (old || !inside) {
            if (!segment.has(Tcp.RST)) {
                answerSometimes(segment, now);
            }
        } else if (segment.has(Tcp.RST)) {
            table.remove(this);
        } else if (segment.has(Tcp.SYN) && !Seq.before(segment.seq, rcvNxt)) {
            table.refuse(this, segment, now);
        } else if (segment.has(Tcp.ACK) && Seq.after(segment.end(), rcvNxt) && segment.span() > 0) {
            if (!segment.has(Tcp.FIN) || segment.end() != rcvNxt + 1) {
                table.remove(this);
                table.refuse(this, segment, now);
                return;
            }
            state = TcpState.TIME_WAIT;
            rcvNxt = segment.end();
            extend(segment, now);
            answer(now);
        }
    }
}
