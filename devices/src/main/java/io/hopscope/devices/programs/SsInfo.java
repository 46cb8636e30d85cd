package io.hopscope.devices.programs;

import io.hopscope.protocols.tcp.TcpInfo;

/** What {@code ss -i} says of a connection, in the order of tcp_stats_print; what is 0 is not said. */
final class SsInfo {
    /** TCP_INIT_CWND: what a listener says of those to come. */
    static final int FIRST_WINDOW = 10;

    private static final int USUAL_REORDERING = 3;
    /** Microseconds. */
    private static final int TICK = 4000;

    private static final int NO_THRESHOLD = 0xffff;

    private final StringBuilder text = new StringBuilder();
    private final TcpInfo info;

    private SsInfo(TcpInfo info) {
        this.info = info;
    }

    static String of(TcpInfo info, boolean options, boolean numeric) {
        SsInfo made = new SsInfo(info);
        made.settings(options);
        made.times();
        made.amounts();
        made.rates(numeric);
        made.flight();
        made.receiving();
        return made.text.toString();
    }

    private void say(String word) {
        text.append(' ').append(word);
    }

    private void number(String name, long value) {
        if (value != 0) {
            say(name + ":" + value);
        }
    }

    private void settings(boolean options) {
        if (options && info.timestamps()) {
            say("ts");
        }
        if (options && info.sack()) {
            say("sack");
        }
        say(info.congestion());
        if (info.scaled()) {
            say("wscale:" + info.sndScale() + "," + info.rcvScale());
        }
    }

    private void times() {
        if (info.rto() != 0 && info.rto() != 3_000_000) {
            // The kernel counts its timers in ticks of 250 Hz, of which none ends too early.
            say("rto:" + (info.rto() + TICK - 1) / TICK * 4);
        }
        number("backoff", info.backoff());
        if (info.rtt() != 0) {
            say("rtt:" + Figures.millis(info.rtt()) + "/" + Figures.millis(info.rttvar()));
        }
        if (info.ato() != 0) {
            say("ato:" + Figures.millis(info.ato()));
        }
        number("mss", info.mss());
        number("pmtu", info.pathMtu());
        number("rcvmss", info.rcvMss());
        number("advmss", info.advMss());
        number("cwnd", info.cwnd());
        if (info.ssthresh() < NO_THRESHOLD) {
            number("ssthresh", info.ssthresh());
        }
    }

    private void amounts() {
        number("bytes_sent", info.bytesSent());
        number("bytes_retrans", info.bytesRetransmitted());
        number("bytes_acked", info.bytesAcked());
        number("bytes_received", info.bytesReceived());
        number("segs_out", info.segmentsOut());
        number("segs_in", info.segmentsIn());
        number("data_segs_out", info.dataSegmentsOut());
        number("data_segs_in", info.dataSegmentsIn());
    }

    private void rates(boolean numeric) {
        rate("send", info.sendRate(), numeric);
        number("lastsnd", info.lastSent());
        number("lastrcv", info.lastReceived());
        number("lastack", info.lastAck());
        rate("pacing_rate", 8 * info.pacingRate(), numeric);
        rate("delivery_rate", 8 * info.deliveryRate(), numeric);
        number("delivered", info.delivered());
        if (info.appLimited()) {
            say("app_limited");
        }
        if (info.busy() != 0) {
            say("busy:" + info.busy() + "ms");
        }
    }

    private void rate(String name, long bits, boolean numeric) {
        if (bits != 0) {
            say(name + " " + Figures.rate(bits, numeric));
        }
    }

    private void flight() {
        number("unacked", info.unacknowledged());
        if (info.retransmitsOut() != 0 || info.retransmitsTotal() != 0) {
            say("retrans:" + info.retransmitsOut() + "/" + info.retransmitsTotal());
        }
        number("lost", info.lost());
        number("sacked", info.sacked());
        number("dsack_dups", info.dsackDuplicates());
        if (info.reordering() != USUAL_REORDERING) {
            number("reordering", info.reordering());
        }
        number("reord_seen", info.reorderings());
    }

    private void receiving() {
        if (info.rcvRtt() != 0) {
            say("rcv_rtt:" + Figures.millis(info.rcvRtt()));
        }
        number("rcv_space", info.rcvSpace());
        number("rcv_ssthresh", info.rcvSsthresh());
        number("notsent", info.unsent());
        if (info.minRtt() != 0) {
            say("minrtt:" + Figures.millis(info.minRtt()));
        }
        number("snd_wnd", info.sndWindow());
    }
}
