package io.hopscope.protocols.netfilter;

import java.util.List;

/** xt_physdev: the ports of the bridge that a packet passes. */
final class PhysdevMatch extends Match {
    private static final List<String> OPTIONS =
            List.of("--physdev-is-in", "--physdev-in", "--physdev-is-out", "--physdev-out", "--physdev-is-bridged");
    private static final int IS_IN = 1;
    private static final int IN = 2;
    private static final int IS_OUT = 4;
    private static final int OUT = 8;
    private static final int BRIDGED = 16;

    private int asked;
    private int inverted;
    private InterfaceName in;
    private InterfaceName out;

    @Override
    String name() {
        return "physdev";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    /** The port that a packet of the host's own leaves a bridge by is not known in OUTPUT (physdev_mt_check). */
    @Override
    List<String> hooks() {
        boolean bridged = is(BRIDGED) && !not(BRIDGED);
        return (is(OUT) || is(IS_OUT)) && !bridged
                ? List.of("PREROUTING", "INPUT", "FORWARD", "POSTROUTING")
                : List.of();
    }

    @Override
    void option(String option, boolean not, Words words) {
        int bit = 1 << OPTIONS.indexOf(option);
        asked |= bit;
        inverted |= not ? bit : 0;
        if (bit == IN) {
            in = InterfaceName.read(words);
        } else if (bit == OUT) {
            out = InterfaceName.read(words);
        }
    }

    @Override
    void complete(Words words) {
        if (asked == 0) {
            throw words.missing("physdev without an option", "one of " + String.join(", ", OPTIONS));
        }
    }

    private boolean is(int bit) {
        return (asked & bit) != 0;
    }

    private boolean not(int bit) {
        return (inverted & bit) != 0;
    }

    @Override
    boolean matches(Packet p) {
        if (!p.bridged) {
            // Only what is asked the other way round.
            return (asked & ~inverted) == 0;
        }
        boolean known = p.bridgeOut != null;
        if (is(BRIDGED) && known == not(BRIDGED)
                || is(IS_IN) && (p.bridgeIn != null) == not(IS_IN)
                || is(IS_OUT) && known == not(IS_OUT)
                || is(IN) && p.bridgeIn != null && in.matches(p.bridgeIn) == not(IN)) {
            return false;
        }
        return !is(OUT) || known && out.matches(p.bridgeOut) != not(OUT);
    }

    @Override
    void print(StringBuilder to) {
        for (int i = 0; i < OPTIONS.size(); i++) {
            int bit = 1 << i;
            if (is(bit)) {
                not(to, not(bit));
                to.append(' ').append(OPTIONS.get(i));
                to.append(bit == IN ? " " + in : bit == OUT ? " " + out : "");
            }
        }
    }

    @Override
    int needs() {
        return 0;
    }

    @Override
    void list(StringBuilder to) {
        to.append(" PHYSDEV match");
        print(to);
    }
}
