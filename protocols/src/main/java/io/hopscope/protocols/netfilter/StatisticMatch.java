package io.hopscope.protocols.netfilter;

import java.util.List;
import java.util.Locale;

/** xt_statistic: a share of the packets, drawn at random or counted. */
final class StatisticMatch extends Match {
    private static final List<String> OPTIONS = List.of("--mode", "--probability", "--every", "--packet");

    private int mode = -1;
    /** Of 2 to the power of 31. */
    private long probability = -1;

    private boolean inverted;
    private long every;
    private long packet;
    private long count;

    @Override
    String name() {
        return "statistic";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    @Override
    boolean inverts(String option) {
        return OPTIONS.indexOf(option) == 1 || OPTIONS.indexOf(option) == 2;
    }

    @Override
    List<String> exclusive() {
        return OPTIONS.subList(1, 3);
    }

    @Override
    void option(String option, boolean not, Words words) {
        switch (OPTIONS.indexOf(option)) {
            case 0 -> mode = words.choice("a mode", List.of("random", "nth"));
            case 1 -> {
                inverted = not;
                probability(words);
            }
            case 2 -> {
                inverted = not;
                every = words.number("a number of packets", 1, 0x7fff_ffffL);
            }
            default -> packet = words.number("a packet's number", 0, 0x7fff_ffffL);
        }
    }

    private void probability(Words words) {
        double share;
        try {
            share = Double.parseDouble(words.take("a probability"));
        } catch (NumberFormatException e) {
            share = -1;
        }
        if (!(share >= 0 && share <= 1)) {
            throw words.wrong("a probability from 0 to 1");
        }
        probability = Math.round(share * 0x8000_0000L);
    }

    @Override
    void complete(Words words) {
        if (mode < 0) {
            throw words.missing("statistic without --mode", "--mode random or --mode nth");
        } else if (mode == 0 && probability < 0) {
            throw words.missing("statistic --mode random without --probability", "it");
        } else if (mode == 1 && every == 0) {
            throw words.missing("statistic --mode nth without --every", "it");
        } else if (mode == 1 && packet >= every) {
            throw words.missing("--packet " + packet, "a number below that of --every, " + every);
        }
        // As in xt_statistic: counting begins so that the packet asked for is the first to match.
        count = every == 0 ? 0 : every - packet - 1;
    }

    @Override
    boolean matches(Packet p) {
        if (mode == 0) {
            return p.surroundings.random(0x7fff_ffff) < probability != inverted;
        }
        boolean hit = count == every - 1;
        count = hit ? 0 : count + 1;
        return hit != inverted;
    }

    @Override
    void print(StringBuilder out) {
        out.append(" --mode ").append(mode == 0 ? "random" : "nth");
        not(out, inverted);
        if (mode == 0) {
            out.append(String.format(Locale.ROOT, " --probability %.11f", probability / (double) 0x8000_0000L));
        } else {
            out.append(" --every ").append(every).append(" --packet ").append(packet);
        }
    }

    @Override
    int needs() {
        return VOLATILE;
    }

    @Override
    void list(StringBuilder out) {
        out.append(" statistic mode ").append(mode == 0 ? "random" : "nth");
        not(out, inverted);
        if (mode == 0) {
            out.append(String.format(Locale.ROOT, " probability %.11f", probability / (double) 0x8000_0000L));
        } else {
            out.append(" every ").append(every).append(packet == 0 ? "" : " packet " + packet);
        }
    }
}
