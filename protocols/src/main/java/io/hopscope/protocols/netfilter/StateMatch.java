package io.hopscope.protocols.netfilter;

import java.util.List;

/** xt_state, the older word for {@link ConntrackMatch}'s {@code --ctstate}. */
final class StateMatch extends Match {
    private static final List<String> STATES = List.of("INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED");
    private static final int[] BITS = {Packet.INVALID, Packet.NEW, Packet.RELATED, Packet.ESTABLISHED, Packet.UNTRACKED
    };

    private int states;
    private boolean inverted;

    @Override
    String name() {
        return "state";
    }

    @Override
    List<String> options() {
        return List.of("--state");
    }

    @Override
    void option(String option, boolean not, Words words) {
        inverted = not;
        states = ConntrackMatch.bits(words, "a state", STATES, BITS);
    }

    @Override
    void complete(Words words) {
        if (states == 0) {
            throw words.missing("state without an option", "--state");
        }
    }

    @Override
    boolean matches(Packet p) {
        return (states & p.state) != 0 != inverted;
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(" --state");
        char lead = ' ';
        for (int i = 0; i < BITS.length; i++) {
            if ((states & BITS[i]) != 0) {
                out.append(lead).append(STATES.get(i));
                lead = ',';
            }
        }
    }

    @Override
    int needs() {
        return 0;
    }

    @Override
    void list(StringBuilder out) {
        StringBuilder own = new StringBuilder();
        print(own);
        out.append(own.toString().replace("--state", "state"));
    }
}
