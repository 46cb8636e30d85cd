package io.hopscope.protocols.netfilter;

import java.util.List;

/** xt_rpfilter: whether the way back to the source leads out of the interface that the packet came in by. */
final class ReversePathMatch extends Match {
    private static final List<String> OPTIONS = List.of("--loose", "--validmark", "--accept-local", "--invert");
    private static final int LIMITED_BROADCAST = -1;

    private final boolean[] given = new boolean[OPTIONS.size()];

    @Override
    String name() {
        return "rpfilter";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    @Override
    List<String> hooks() {
        return List.of("PREROUTING");
    }

    @Override
    void option(String option, boolean not, Words words) {
        if (not) {
            throw words.missing("'!' before " + option, "--invert");
        }
        given[OPTIONS.indexOf(option)] = true;
    }

    @Override
    boolean matches(Packet p) {
        boolean inverted = given[3];
        boolean local = p.destination >>> 28 == 0xe || p.destination == LIMITED_BROADCAST;
        boolean fits = "lo".equals(p.in)
                || local && p.source == 0
                || p.in != null
                        && p.surroundings.leadsBack(
                                p.source, p.destination, given[1] ? p.mark : 0, p.in, given[0], given[2]);
        return fits != inverted;
    }

    @Override
    void print(StringBuilder out) {
        for (int i = 0; i < given.length; i++) {
            out.append(given[i] ? " " + OPTIONS.get(i) : "");
        }
    }

    /** Routes change, and nothing tells. */
    @Override
    int needs() {
        return VOLATILE;
    }

    @Override
    void list(StringBuilder out) {
        out.append(" rpfilter");
        for (int i = 0; i < given.length; i++) {
            out.append(given[i] ? " " + OPTIONS.get(i).substring(2) : "");
        }
    }
}
