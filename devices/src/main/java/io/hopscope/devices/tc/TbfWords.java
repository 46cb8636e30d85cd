package io.hopscope.devices.tc;

import io.hopscope.core.qdisc.QdiscSpec;
import io.hopscope.core.qdisc.TbfSpec;
import java.util.List;

/** The words of a token bucket. */
final class TbfWords {
    private static final List<String> KNOWN = List.of(
            "limit", "latency", "burst", "buffer", "maxburst", "mtu", "minburst", "rate", "peakrate", "overhead");

    private final TcWords words;
    private long rate;
    private long burst;
    private long limit = -1;
    private long latency = -1;
    private long peakRate;
    private long mtu;
    private int overhead;

    TbfWords(TcWords words) {
        this.words = words;
    }

    QdiscSpec read() {
        while (words.more()) {
            String word = words.next();
            switch (word) {
                case "limit" -> limit = words.size(illegal("limit"));
                case "latency" -> latency = words.time(illegal("latency"));
                case "burst", "buffer", "maxburst" -> burst = words.size(illegal("burst"));
                case "mtu", "minburst" -> mtu = words.size(illegal("mtu"));
                case "rate" -> rate = words.rate(illegal("rate"));
                case "peakrate" -> peakRate = words.rate(illegal("peakrate"));
                case "overhead" -> overhead = (int) words.number(65535, illegal("overhead"));
                default -> throw TcFault.unknown(words.at(), "tbf: unknown parameter \"" + word + "\"", word, KNOWN);
            }
            if (limit >= 0 && latency >= 0) {
                throw words.fault("tbf: specifying both \"limit\" and \"/latency\" is not allowed");
            }
        }
        complete();
        return new TbfSpec(rate, burst, limit, peakRate, mtu, overhead);
    }

    private String illegal(String what) {
        return "tbf: illegal value for \"" + what + "\": \"" + words.peek() + "\"";
    }

    private void complete() {
        if (rate == 0) {
            throw words.fault("tbf: the \"rate\" parameter is mandatory.");
        } else if (burst == 0) {
            throw words.fault("tbf: the \"burst\" parameter is mandatory.");
        } else if (peakRate > 0 && mtu == 0) {
            throw words.fault("tbf: when \"peakrate\" is specified, \"mtu\" must also be specified.");
        } else if (limit < 0 && latency < 0) {
            throw words.fault("tbf: either \"limit\" or \"latency\" is required.");
        }
        if (latency >= 0) {
            double most = rate / 8.0 * latency / 1e12 + burst;
            double peak = peakRate == 0 ? most : peakRate / 8.0 * latency / 1e12 + mtu;
            limit = (long) Math.min(most, peak);
        }
    }
}
