package io.hopscope.devices.tc;

import io.hopscope.core.qdisc.FifoSpec;
import io.hopscope.core.qdisc.FqCodelSpec;
import io.hopscope.core.qdisc.PrioSpec;
import io.hopscope.core.qdisc.QdiscSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Queue disciplines in tc's words: {@code fq_codel limit 300}. */
public final class QdiscWords {
    /** The kinds there are. */
    public static final List<String> KINDS = List.of("pfifo", "bfifo", "prio", "tbf", "fq_codel", "netem");

    private final TcWords words;
    private final QdiscSpec base;

    private QdiscWords(TcWords words, QdiscSpec base) {
        this.words = words;
        this.base = base;
    }

    /**
     * @param kind and parameters, as they stand behind {@code root}
     * @throws TcFault says what is wrong with which of the words
     */
    public static QdiscSpec parse(List<String> kind) {
        return parse(kind, null);
    }

    /**
     * The same where there is one already: fq_codel keeps what nothing is said of.
     *
     * @param base of the same kind, or null
     */
    public static QdiscSpec parse(List<String> kind, QdiscSpec base) {
        return new QdiscWords(new TcWords(kind), base).read();
    }

    private QdiscSpec read() {
        String kind = words.next();
        return switch (kind) {
            case "pfifo", "bfifo" -> fifo(kind);
            case "prio" -> prio();
            case "tbf" -> new TbfWords(words).read();
            case "fq_codel" -> fqCodel();
            case "netem" -> NetemWords.netem(words);
            default -> throw TcFault.unknown(words.at(), "Error: Specified qdisc kind is unknown.", kind, KINDS);
        };
    }

    private QdiscSpec fifo(String kind) {
        long limit = -1;
        while (words.more()) {
            String word = words.next();
            if (!word.equals("limit")) {
                throw TcFault.unknown(
                        words.at(), kind + ": unknown parameter \"" + word + "\"", word, List.of("limit"));
            }
            limit = words.size(kind + ": Illegal value for \"limit\": \"" + words.peek() + "\"");
        }
        return new FifoSpec(kind.equals("bfifo"), limit);
    }

    private QdiscSpec prio() {
        int bands = PrioSpec.DEFAULT.bands();
        List<Integer> map = new ArrayList<>(PrioSpec.DEFAULT.map());
        while (words.more()) {
            String word = words.next();
            if (word.equals("bands")) {
                bands = (int) words.number(Integer.MAX_VALUE, "Illegal \"bands\"");
                if (bands < 2 || bands > 16) {
                    throw words.fault("RTNETLINK answers: Invalid argument");
                }
            } else if (word.equals("priomap")) {
                priomap(map, bands);
            } else {
                throw TcFault.unknown(words.at(), "What is \"" + word + "\"?", word, List.of("bands", "priomap"));
            }
        }
        if (Collections.max(map) >= bands) {
            throw words.fault("RTNETLINK answers: Invalid argument");
        }
        return new PrioSpec(bands, map);
    }

    private void priomap(List<Integer> map, int bands) {
        int at = 0;
        do {
            long band = words.number(255, "Illegal \"priomap\" element");
            if (band >= bands) {
                throw words.fault("\"priomap\" element is out of bands");
            } else if (at == 16) {
                throw words.fault("\"priomap\" index > TC_PRIO_MAX=15");
            }
            map.set(at++, (int) band);
        } while (words.number());
    }

    private QdiscSpec fqCodel() {
        FqCodelSpec d = base instanceof FqCodelSpec known ? known : FqCodelSpec.DEFAULT;
        long limit = d.limit();
        long flows = d.flows();
        long quantum = d.quantum();
        long target = d.target();
        long interval = d.interval();
        long memory = d.memory();
        boolean ecn = d.ecn();
        long markAbove = d.markAbove();
        long batch = d.batch();
        while (words.more()) {
            String word = words.next();
            switch (word) {
                case "limit" -> limit = words.number(Integer.MAX_VALUE, "Illegal \"limit\"");
                case "flows" -> flows = flows();
                case "quantum" -> quantum = words.number(1 << 20, "Illegal \"quantum\"");
                case "target" -> target = words.time("Illegal \"target\"");
                case "interval" -> interval = Math.max(1000, words.time("Illegal \"interval\""));
                case "memory_limit" -> memory = words.size("Illegal \"memory_limit\"");
                case "ecn" -> ecn = true;
                case "noecn" -> ecn = false;
                case "ce_threshold" -> markAbove = words.time("Illegal \"ce_threshold\"");
                case "drop_batch" -> batch = Math.max(1, words.number(1 << 16, "Illegal \"drop_batch\""));
                default ->
                    throw TcFault.unknown(
                            words.at(),
                            "What is \"" + word + "\"?",
                            word,
                            List.of(
                                    "limit",
                                    "flows",
                                    "quantum",
                                    "target",
                                    "interval",
                                    "memory_limit",
                                    "ecn",
                                    "noecn",
                                    "ce_threshold",
                                    "drop_batch"));
            }
        }
        return new FqCodelSpec(
                (int) limit, (int) flows, (int) quantum, target, interval, memory, ecn, markAbove, (int) batch);
    }

    private long flows() {
        long flows = words.number(Integer.MAX_VALUE, "Illegal \"flows\"");
        if (flows < 1 || flows > 65536) {
            throw words.fault("RTNETLINK answers: Invalid argument");
        }
        return flows;
    }
}
