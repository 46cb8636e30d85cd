package io.hopscope.protocols.netfilter;

import java.util.List;

/** xt_length: how long the packet is, header and data. */
final class LengthMatch extends Match {
    private int range;
    private boolean given;
    private boolean inverted;

    @Override
    String name() {
        return "length";
    }

    @Override
    List<String> options() {
        return List.of("--length");
    }

    @Override
    void option(String option, boolean not, Words words) {
        inverted = not;
        given = true;
        range = words.ports();
    }

    @Override
    void complete(Words words) {
        if (!given) {
            throw words.missing("length without an option", "--length");
        }
    }

    @Override
    boolean matches(Packet p) {
        return within(p.length, range) != inverted;
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(" --length ").append(portText(range));
    }

    @Override
    int needs() {
        return VOLATILE;
    }

    @Override
    void list(StringBuilder out) {
        out.append(" length ").append(inverted ? "!" : "").append(portText(range));
    }
}
