package io.hopscope.protocols.netfilter;

import java.util.List;

/** CT: in which zone the connection of a packet is tracked, or that it is not tracked at all. */
final class CtTarget extends Target {
    private static final List<String> OPTIONS = List.of("--zone", "--zone-orig", "--zone-reply", "--notrack");

    private int zone;
    /** Bit 0 for packets as the connection began, bit 1 for answers. */
    private int directions;

    private boolean byMark;
    private boolean notrack;
    /** Written with its old name. */
    private boolean alias;

    static CtTarget notrack() {
        CtTarget made = new CtTarget();
        made.notrack = true;
        made.alias = true;
        return made;
    }

    @Override
    String name() {
        return alias ? "NOTRACK" : "CT";
    }

    @Override
    String listName() {
        return "CT";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    @Override
    void option(String option, Words words) {
        int which = OPTIONS.indexOf(option);
        if (which == 3) {
            notrack = true;
            return;
        }
        directions = which == 0 ? 3 : which;
        if (words.accept("mark")) {
            byMark = true;
        } else {
            zone = (int) words.number("a zone", 0, 65_535);
        }
    }

    @Override
    void complete(Words words, String table) {
        if (!table.equals("raw")) {
            throw words.missing("CT in table " + table, "it in table raw");
        }
    }

    @Override
    int apply(Packet p) {
        // The first rule decides (xt_ct_target: skb->_nfct is taken).
        if (p.connection < 0 && p.state != Packet.UNTRACKED && !p.template) {
            p.template = true;
            p.notrack |= notrack;
            p.zone = byMark ? p.mark & 0xffff : zone;
            p.zoneDirections = directions;
        }
        return CONTINUE;
    }

    private String zoneText(String dashes) {
        String which = directions == 3 ? "zone " : directions == 1 ? "zone-orig " : "zone-reply ";
        return directions == 0 ? "" : " " + dashes + which + (byMark ? "mark" : Integer.toString(zone));
    }

    @Override
    void print(StringBuilder out) {
        out.append(notrack && !alias ? " --notrack" : "").append(zoneText("--"));
    }

    @Override
    void list(StringBuilder out) {
        if (alias) {
            out.append(" NOTRACK");
            return;
        }
        out.append(" CT").append(notrack ? " notrack" : "").append(zoneText(""));
    }

    @Override
    int needs() {
        return byMark ? Match.MARK : 0;
    }

    @Override
    List<String> hooks() {
        return List.of("PREROUTING", "OUTPUT");
    }
}
