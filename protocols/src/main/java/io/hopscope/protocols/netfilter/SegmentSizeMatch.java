package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import java.util.List;

/** xt_tcpmss: how large segments may be, as a SYN says. */
final class SegmentSizeMatch extends Match {
    private int range;
    private boolean given;
    private boolean inverted;

    @Override
    String name() {
        return "tcpmss";
    }

    @Override
    List<String> options() {
        return List.of("--mss");
    }

    @Override
    void option(String option, boolean not, Words words) {
        given = true;
        inverted = not;
        range = words.ports();
    }

    @Override
    void complete(Words words) {
        if (!given) {
            throw words.missing("tcpmss without an option", "--mss");
        }
    }

    /** A segment that says nothing of it matches only what is inverted; one that is cut off nothing. */
    @Override
    boolean matches(Packet p) {
        if (!p.transport || p.protocol != Ipv4.TCP) {
            return false;
        }
        int at = SegmentSize.find(p);
        return at < 0 ? inverted : within(SegmentSize.of(p, at), range) != inverted;
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(" --mss ").append(portText(range));
    }

    @Override
    int needs() {
        return VOLATILE;
    }

    @Override
    void list(StringBuilder out) {
        out.append(" tcpmss match ").append(inverted ? "!" : "").append(portText(range));
    }
}
