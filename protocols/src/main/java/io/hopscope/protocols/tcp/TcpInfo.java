package io.hopscope.protocols.tcp;

/**
 * What the kernel tells of a connection (struct tcp_info), as {@code ss -i} shows it. Times are in microseconds unless they
 * say otherwise, rates in bytes a second.
 *
 * @param congestion {@code cubic} or {@code reno}
 * @param caState 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss
 * @param rto with its doublings
 * @param ssthresh {@link Integer#MAX_VALUE} as long as there was no loss
 * @param timer 0 none, 1 retransmission, 2 window probe, 3 loss probe, 4 reordering, 5 keepalive
 * @param timerLeft until the timer expires, in milliseconds
 * @param probes keepalives or window probes without an answer
 * @param lastSent milliseconds since data was sent
 * @param lastReceived milliseconds since data came
 * @param lastAck milliseconds since an acknowledgment came
 * @param minRtt 0 while none is known
 * @param busy milliseconds in which data was under way
 */
public record TcpInfo(
        TcpState state,
        String congestion,
        int caState,
        boolean timestamps,
        boolean sack,
        boolean scaled,
        int sndScale,
        int rcvScale,
        int rto,
        int backoff,
        int retransmits,
        int probes,
        int rtt,
        int rttvar,
        int ato,
        int mss,
        int pathMtu,
        int rcvMss,
        int advMss,
        int cwnd,
        int ssthresh,
        long bytesSent,
        long bytesRetransmitted,
        long bytesAcked,
        long bytesReceived,
        int segmentsOut,
        int segmentsIn,
        int dataSegmentsOut,
        int dataSegmentsIn,
        int timer,
        long timerLeft,
        long lastSent,
        long lastReceived,
        long lastAck,
        long pacingRate,
        long deliveryRate,
        int delivered,
        boolean appLimited,
        long busy,
        int unacknowledged,
        int retransmitsOut,
        int retransmitsTotal,
        int lost,
        int sacked,
        int dsackDuplicates,
        int reordering,
        int reorderings,
        int rcvRtt,
        int rcvSpace,
        int rcvSsthresh,
        int minRtt,
        int sndWindow,
        int rcvWindow,
        int unsent,
        int sendQueue,
        int receiveQueue,
        int sendBuffer,
        int receiveBuffer,
        int receiveMemory) {
    /** Bits a second that a window a round trip comes to: {@code send} of {@code ss}. */
    public long sendRate() {
        return rtt == 0 ? 0 : (long) cwnd * mss * 8_000_000L / rtt;
    }

    static TcpInfo of(TcpSocket c, long now) {
        Memory memory = c.flight == null ? null : c.flight.memory;
        boolean syn = c.state == TcpState.SYN_SENT || c.state == TcpState.SYN_RECEIVED;
        boolean finOut = c.finQueued && c.sndNxt == c.sendEnd();
        long sent = c.bytesAcked + (c.sndNxt - c.sndUna) - (syn ? 1 : c.bytesBase) - (finOut ? 1 : 0);
        boolean keeping = c.timer == Timers.NONE && c.keepAt != Time.NEVER;
        long until = keeping ? c.keepAt : c.timerAt;
        return new TcpInfo(
                c.state,
                c.congestion.name(),
                c.caState,
                c.timestamps,
                c.sack,
                c.scaled,
                c.sndScale,
                c.rcvScale,
                (int) (RttEstimator.backedOff(c) / Time.MICRO),
                c.backoff,
                c.retransmits,
                c.probes,
                c.srtt >> 3,
                c.mdev >> 2,
                c.ato,
                c.mss,
                c.pathMtu,
                c.rcvMss,
                c.advMss,
                c.cwnd,
                c.ssthresh,
                Math.max(0, sent) + c.bytesRetransmitted,
                c.bytesRetransmitted,
                c.bytesAcked,
                c.bytesReceived + (c.finReceived ? 1 : 0),
                c.segmentsOut,
                c.segmentsIn,
                c.dataSegmentsOut,
                c.dataSegmentsIn,
                keeping ? 5 : c.timer,
                until == Time.NEVER ? 0 : Math.max(0, until - now) / Time.MILLI,
                (now - c.lastSent) / Time.MILLI,
                (now - c.lastReceived) / Time.MILLI,
                (now - c.heard) / Time.MILLI,
                Window.pacingRate(c),
                DeliveryRate.bytesPerSecond(c),
                c.delivered,
                c.rateAppLimited,
                c.busy(now) / Time.MILLI,
                c.packetsOut(),
                c.flight == null ? 0 : c.flight.againOut,
                c.retransmitted,
                c.flight == null ? 0 : c.flight.lostOut,
                c.flight == null ? 0 : c.flight.sackedOut,
                memory == null ? 0 : memory.duplicates,
                memory == null ? c.table.settings.reordering : memory.reordering,
                memory == null ? 0 : memory.reorderings,
                c.tuned() ? c.tuning().rtt >> 3 : 0,
                c.tuned() ? c.tuning().space : Math.min(c.rcvWnd, 10 * c.advMss),
                c.rcvSsthresh,
                c.minRtt == Integer.MAX_VALUE ? 0 : c.minRtt,
                c.sndWnd,
                c.rcvWnd,
                c.unsentBytes(),
                Math.max(0, c.sendEnd() - c.sndUna),
                c.available(),
                c.sndBuf,
                c.rcvBuf,
                c.charged);
    }
}
