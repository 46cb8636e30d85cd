package io.hopscope.devices.tc;

import io.hopscope.core.Impairment;
import io.hopscope.core.qdisc.Chance;
import io.hopscope.core.qdisc.Delay;
import io.hopscope.core.qdisc.Distribution;
import io.hopscope.core.qdisc.Loss;
import io.hopscope.core.qdisc.NetemSpec;
import io.hopscope.core.qdisc.Pace;
import java.util.ArrayList;
import java.util.List;

/**
 * The words behind {@code tc qdisc add dev X root netem}, which are those of a cable's impairments as well. No slots, no
 * seed.
 */
public final class NetemWords {
    private static final List<String> COMMON =
            List.of("delay", "loss", "ecn", "reorder", "corrupt", "gap", "duplicate", "distribution", "rate");

    private final TcWords words;
    private final boolean cable;
    private int limit = NetemSpec.LIMIT;
    private long mean;
    private long jitter;
    private long delayCorrelation;
    private Distribution distribution;
    private int distributionAt;
    private Loss loss;
    private boolean ecn;
    private Chance duplicate = Chance.NEVER;
    private Chance corrupt = Chance.NEVER;
    private Chance reorder = Chance.NEVER;
    private int gap;
    private Pace pace = Pace.NONE;
    private boolean damagedPass;

    private NetemWords(TcWords words, boolean cable) {
        this.words = words;
        this.cable = cable;
    }

    /**
     * What befalls frames on a cable: netem's words, without {@code limit}, and {@code rx-all} where the receiver is to
     * take frames whose frame check sequence is wrong.
     *
     * @throws TcFault says what is wrong with which of the words
     */
    public static Impairment impairment(List<String> words) {
        if (words.isEmpty()) {
            throw TcFault.incomplete(0);
        }
        NetemWords read = new NetemWords(new TcWords(words), true);
        return new Impairment(read.read(), read.damagedPass);
    }

    static NetemSpec netem(TcWords words) {
        return new NetemWords(words, false).read();
    }

    private List<String> known() {
        List<String> all = new ArrayList<>(COMMON);
        all.add(cable ? "rx-all" : "limit");
        return all;
    }

    private NetemSpec read() {
        while (words.more()) {
            word(keyword(words.next()));
        }
        complete();
        return new NetemSpec(
                limit,
                new Delay(mean, jitter, delayCorrelation, distribution == null ? Distribution.UNIFORM : distribution),
                loss == null ? Loss.NONE : loss,
                ecn,
                duplicate,
                corrupt,
                reorder,
                gap,
                pace);
    }

    /** As tc takes them, cut short. */
    private String keyword(String word) {
        for (String each : List.of(
                "limit",
                "latency",
                "delay",
                "loss",
                "drop",
                "ecn",
                "reorder",
                "corrupt",
                "gap",
                "duplicate",
                "distribution",
                "rate",
                "rx-all")) {
            boolean here = cable ? !each.equals("limit") : !each.equals("rx-all");
            if (here && each.startsWith(word)) {
                return each.equals("latency") ? "delay" : each.equals("drop") ? "loss" : each;
            }
        }
        if (word.equals("slot") || word.equals("seed")) {
            throw TcFault.unknown(words.at(), "netem's \"" + word + "\" is not implemented", word, known());
        }
        throw TcFault.unknown(words.at(), "What is \"" + word + "\"?", word, known());
    }

    private void word(String keyword) {
        switch (keyword) {
            case "limit" -> limit = (int) words.number(Integer.MAX_VALUE, "Illegal \"limit\"");
            case "delay" -> delay();
            case "loss" -> loss();
            case "ecn" -> ecn = true;
            case "reorder" -> reorder = chance("reorder");
            case "corrupt" -> corrupt = chance("corrupt");
            case "duplicate" -> duplicate = chance("duplicate");
            case "gap" -> gap = (int) words.number(Integer.MAX_VALUE, "Illegal \"gap\"");
            case "distribution" -> distribution();
            case "rate" -> rate();
            default -> damagedPass = true;
        }
    }

    private Chance chance(String what) {
        long probability = words.percent("Illegal \"" + what + "\"");
        return new Chance(probability, words.number() ? words.percent("Illegal \"" + what + "\"") : 0);
    }

    private void delay() {
        mean = words.time("Illegal \"latency\"");
        if (words.number()) {
            jitter = words.time("Illegal \"latency\"");
            if (words.number()) {
                delayCorrelation = words.percent("Illegal \"latency\"");
            }
        }
    }

    private void distribution() {
        String name = words.next();
        distributionAt = words.at();
        if (!Distribution.words().contains(name)) {
            throw TcFault.unknown(words.at(), "No distribution data for " + name, name, Distribution.words());
        }
        for (Distribution each : Distribution.values()) {
            distribution = each.word().equals(name) ? each : distribution;
        }
    }

    private void loss() {
        if (loss != null) {
            throw words.fault("Illegal \"duplicate loss argument\"");
        } else if (words.number()) {
            loss = new Loss.Random(random());
            return;
        }
        switch (words.next()) {
            case "random" -> loss = new Loss.Random(random());
            case "state" -> states();
            case "gemodel" -> gemodel();
            default ->
                throw TcFault.unknown(
                        words.at(),
                        "Unknown loss parameter: " + words.last(),
                        words.last(),
                        List.of("random", "state", "gemodel"));
        }
    }

    private Chance random() {
        long probability = words.percent("Illegal \"loss percent\"");
        return new Chance(probability, words.number() ? words.percent("Illegal \"loss correllation\"") : 0);
    }

    private long another(String message, long otherwise) {
        return words.number() ? words.percent(message) : otherwise;
    }

    private void states() {
        long p13 = words.percent("Illegal \"loss p13\"");
        long p31 = another("Illegal \"loss p31\"", Chance.ALWAYS - p13);
        long p32 = another("Illegal \"loss p32\"", 0);
        long p23 = another("Illegal \"loss p23\"", Chance.ALWAYS);
        long p14 = another("Illegal \"loss p14\"", 0);
        loss = new Loss.FourStates(p13, p31, p32, p23, p14);
    }

    private void gemodel() {
        long p = words.percent("Illegal \"loss gemodel p\"");
        long r = another("Illegal \"loss gemodel r\"", Chance.ALWAYS - p);
        long bad = another("Illegal \"loss gemodel h\"", Chance.ALWAYS);
        long good = another("Illegal \"loss gemodel k\"", 0);
        loss = new Loss.GilbertElliott(p, r, bad, good);
    }

    private void rate() {
        long rate = words.rate("Illegal \"rate\"");
        int overhead = optional("Illegal \"packet overhead\"");
        int cell = optional("Illegal \"cell size\"");
        int cellOverhead = optional("Illegal \"cell overhead\"");
        if (cell < 0) {
            throw words.fault("Illegal \"cell size\"");
        }
        pace = new Pace(rate, overhead, cell, cellOverhead);
    }

    private int optional(String message) {
        boolean there = words.number() || words.peek().matches("-[0-9].*");
        return there ? words.integer(message) : 0;
    }

    private void complete() {
        if (!reorder.never()) {
            if (mean == 0) {
                throw words.fault("reordering not possible without specifying some delay");
            }
            gap = gap == 0 ? 1 : gap;
        } else if (gap > 0) {
            throw words.fault("gap specified without reorder probability");
        }
        if (distribution != null && (mean == 0 || jitter == 0)) {
            throw TcFault.of(distributionAt, "distribution specified but no latency and jitter values");
        }
    }
}
