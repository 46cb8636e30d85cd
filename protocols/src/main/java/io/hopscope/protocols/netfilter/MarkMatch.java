package io.hopscope.protocols.netfilter;

import java.util.List;

/** xt_mark and xt_connmark: a mark of the packet, or of its connection. */
final class MarkMatch extends Match {
    private final boolean ofConnection;
    private int value;
    private int mask;
    private boolean inverted;
    private boolean given;

    MarkMatch(boolean ofConnection) {
        this.ofConnection = ofConnection;
    }

    @Override
    String name() {
        return ofConnection ? "connmark" : "mark";
    }

    @Override
    List<String> options() {
        return List.of("--mark");
    }

    @Override
    void option(String option, boolean not, Words words) {
        long both = words.valueAndMask();
        value = (int) (both >>> 32);
        mask = (int) both;
        inverted = not;
        given = true;
    }

    @Override
    void complete(Words words) {
        if (!given) {
            throw words.missing(name() + " without an option", "--mark");
        }
    }

    @Override
    boolean matches(Packet p) {
        if (!ofConnection) {
            return (p.mark & mask) == value != inverted;
        }
        return p.connection >= 0 && (p.conntrack.mark(p.connection) & mask) == value != inverted;
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(" --mark");
        hex(out, value, mask);
    }

    @Override
    int needs() {
        return ofConnection ? CONNMARK : MARK;
    }

    @Override
    void list(StringBuilder out) {
        out.append(ofConnection ? " connmark match " : " mark match")
                .append(!inverted ? "" : ofConnection ? "!" : " !");
        hex(out, value, mask);
    }
}
