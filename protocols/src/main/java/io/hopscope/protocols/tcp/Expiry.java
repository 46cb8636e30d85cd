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
        if (c.flight != null && c.flight.pushAt <= now) {
            c.flight.pushAt = Time.NEVER;
            table.sender.push(c, now);
        }
        if (c.timerAt <= now) {
            int kind = c.timer;
            table.timers.clear(c);
            switch (kind) {
                case Timers.RETRANSMIT -> retransmit(c, now);
                case Timers.PROBE -> probe(c, now);
                case Timers.LOSS_PROBE -> table.retransmission.probe(c, now);
                case Timers.REORDER -> table.rack.expire(c, now);
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

    private void retransmit(TcpSocket c, long now) {
        Flight flight = c.flight;
        if (flight == null || flight.count() == 0) {
            return;
        }
        if (c.state == TcpState.SYN_SENT || c.state == TcpState.SYN_RECEIVED) {
            synAgain(c, now);
            return;
        }
        if (c.sndWnd == 0 && !c.orphan) {
            // The peer has shrunk its window: as long as it answers, the connection lives.
            if (now - c.heard > RttEstimator.MOST_RTO * Time.MICRO && expired(c, now)) {
                giveUp(c, now);
                return;
            }
            table.recovery.lose(c, now);
        } else {
            table.count(TcpCounter.TIMEOUTS);
            if (expired(c, now)) {
                giveUp(c, now);
                return;
            }
            table.count(TcpCounter.TIMEOUT_REHASH);
            if (c.retransmits == 0) {
                failed(c);
            }
            table.recovery.lose(c, now);
        }
        c.retransmits = (short) Math.min(c.retransmits + 1, Short.MAX_VALUE);
        table.retransmission.send(c, flight.first(), now);
        c.backoff++;
        table.timers.retransmitLater(c, now);
    }

    private void failed(Connection c) {
        if (c.caState == Recovery.RECOVERY) {
            table.count(c.sack ? TcpCounter.SACK_RECOVERY_FAIL : TcpCounter.RENO_RECOVERY_FAIL);
        } else if (c.caState == Recovery.LOSS) {
            table.count(TcpCounter.LOSS_FAILURES);
        } else if (c.caState == Recovery.DISORDER || c.flight.sackedOut > 0) {
            table.count(c.sack ? TcpCounter.SACK_FAILURES : TcpCounter.RENO_FAILURES);
        }
    }

    /** As long as so many retransmissions would take that begin 200 ms after the first (retransmits_timed_out). */
    private boolean expired(Connection c, long now) {
        int most = c.orphan ? table.settings.orphanRetries : table.settings.retries2;
        Memory memory = c.flight.memory;
        return memory.stamped && now - memory.firstAgainAt >= span(most);
    }

    static long span(int retries) {
        long least = 200 * Time.MILLI;
        long most = RttEstimator.MOST_RTO * Time.MICRO;
        int doublings = 9;
        return retries <= doublings
                ? ((2L << retries) - 1) * least
                : ((2L << doublings) - 1) * least + (retries - doublings) * most;
    }

    private void giveUp(TcpSocket c, long now) {
        table.count(TcpCounter.ABORT_ON_TIMEOUT);
        TcpError soft = c.flight == null ? null : c.flight.memory.softError;
        table.fail(c, soft != null ? soft : TcpError.TIMED_OUT, now);
    }

    private void synAgain(TcpSocket c, long now) {
        boolean ours = c.state == TcpState.SYN_SENT;
        int linear = ours ? table.settings.synLinearTimeouts : 0;
        if (c.retransmits >= (ours ? table.settings.synRetries + linear : table.settings.synAckRetries)) {
            giveUp(c, now);
            return;
        }
        table.count(TcpCounter.TIMEOUTS);
        if (ours && c.retransmitted > 0) {
            // The one before was lost as well.
            table.count(TcpCounter.LOST_RETRANSMIT);
        }
        c.retransmits++;
        if (c.retransmits > linear) {
            c.backoff++;
        }
        if (ours) {
            table.count(TcpCounter.TIMEOUT_REHASH);
        }
        if (ours && c.queue != null) {
            // It waits for a neighbour, and goes out yet (skb_still_in_host_queue).
            table.count(TcpCounter.SPURIOUS_RTX_HOST_QUEUES);
        } else {
            sendAgain(c, ours, now);
        }
        table.timers.retransmitLater(c, now);
    }

    private void sendAgain(TcpSocket c, boolean ours, long now) {
        Flight flight = c.flight;
        if (!flight.memory.stamped) {
            flight.memory.stamped = true;
            flight.memory.firstAgain = c.stamp(now);
        }
        flight.again(flight.first(), now, c);
        c.retransmitted++;
        table.count(TcpCounter.RETRANS_SEGS);
        table.count(TcpCounter.SYN_RETRANS);
        if (ours) {
            table.sender.syn(c, now);
        } else {
            table.sender.synAck(c, now);
        }
    }

    private void probe(TcpSocket c, long now) {
        if (c.packetsOut() > 0 || c.unsentBytes() == 0) {
            c.probes = 0;
            return;
        }
        int most = table.settings.retries2;
        if (c.orphan) {
            boolean alive = RttEstimator.backedOff(c) < RttEstimator.MOST_RTO * Time.MICRO;
            most = table.settings.orphanRetries;
            if (!alive && c.backoff >= most) {
                giveUp(c, now);
                return;
            }
        }
        if (c.probes >= most) {
            giveUp(c, now);
            return;
        }
        table.sender.wake(c, now);
        if (c.packetsOut() > 0 || c.unsentBytes() == 0) {
            c.probes = 0;
            c.backoff = 0;
            return;
        }
        c.probes++;
        c.backoff = (short) Math.min(c.backoff + 1, table.settings.retries2);
        table.timers.probeLater(c, now);
    }

    private void keepAlive(TcpSocket c, long now) {
        if (!c.keepAlive || c.state == TcpState.CLOSED) {
            return;
        }
        long idle = now - Math.max(c.heard, c.lastReceived);
        if (c.packetsOut() > 0 || c.unsentBytes() > 0) {
            c.keepAt = now + c.keepAliveTime();
            return;
        }
        if (idle < c.keepAliveTime()) {
            c.keepAt = now + c.keepAliveTime() - idle;
            return;
        }
        if (c.probes >= table.settings.keepAliveProbes) {
            table.sender.reset(c, now);
            giveUp(c, now);
            return;
        }
        c.probes++;
        table.count(TcpCounter.KEEP_ALIVE);
        table.sender.probe(c, c.sndUna - 1, now);
        c.keepAt = now + c.keepAliveInterval();
    }
}
