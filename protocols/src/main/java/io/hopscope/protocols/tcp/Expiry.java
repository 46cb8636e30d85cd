package io.hopscope.protocols.tcp;

/** What happens when a connection's time has come: retransmission, window probes, keepalives (RFC 9293, section 3.8). */
final class Expiry {
    private final TcpTable table;

    Expiry(TcpTable table) {
        this.table = table;
    }

    void wake(TcpSocket c, long now) {
        if (c.ackAt <= now) {
            DelayedAck.expire(c, now);
        }
        if (c.timerAt <= now) {
            int kind = c.timer;
            table.timers.clear(c);
            switch (kind) {
                case Timers.RETRANSMIT -> retransmit(c, now);
                case Timers.PROBE -> probe(c, now);
                default -> {}
            }
        }
        if (c.keepAt <= now) {
            c.keepAt = Time.NEVER;
            keepAlive(c, now);
        }
    }

    /** A router on the way takes less (RFC 1191): what is under way and too large goes out again, cut anew. */
    void narrow(TcpSocket c, long now) {
        int mtu = table.wire.mtu(c.local, c.remote);
        if (mtu > 0 && mtu < c.pathMtu && c.state.synchronised()) {
            table.syncMss(c, mtu);
            table.recovery.recut(c, now);
        }
    }

    private int retries(Connection c) {
        return switch (c.state) {
            case SYN_SENT -> table.settings.synRetries;
            case SYN_RECEIVED -> table.settings.synAckRetries;
            default -> c.orphan ? table.settings.orphanRetries : table.settings.retries2;
        };
    }

    private void retransmit(TcpSocket c, long now) {
        if (c.packetsOut() == 0) {
            return;
        }
        if (c.retransmits >= retries(c)) {
            table.count(TcpCounter.ABORT_ON_TIMEOUT);
            table.fail(c, TcpError.TIMED_OUT, now);
            return;
        }
        table.count(TcpCounter.TIMEOUTS);
        c.retransmits++;
        c.backoff++;
        table.recovery.timeout(c, now);
        table.timers.retransmitLater(c, now);
    }

    private void probe(TcpSocket c, long now) {
        if (c.packetsOut() > 0 || c.unsentBytes() == 0) {
            c.probes = 0;
            return;
        }
        if (c.probes >= retries(c)) {
            table.fail(c, TcpError.TIMED_OUT, now);
            return;
        }
        table.recovery.probe(c, now);
    }

    private void keepAlive(TcpSocket c, long now) {
        if (!c.keepAlive || c.state == TcpState.CLOSED) {
            return;
        }
        long idle = now - Math.max(c.heard, c.lastReceived);
        if (c.packetsOut() > 0 || c.unsentBytes() > 0 || idle < table.settings.keepAliveTime) {
            c.keepAt = now + table.settings.keepAliveTime - Math.min(idle, table.settings.keepAliveTime - 1);
            return;
        }
        if (c.probes >= table.settings.keepAliveProbes) {
            table.sender.reset(c, now);
            table.fail(c, TcpError.TIMED_OUT, now);
            return;
        }
        c.probes++;
        table.count(TcpCounter.KEEP_ALIVE);
        table.sender.probe(c, c.sndUna - 1, now);
        c.keepAt = now + table.settings.keepAliveInterval;
    }
}
