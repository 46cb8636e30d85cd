package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import java.util.List;

/** xt_multiport: ports and ranges of ports, fifteen at most. */
final class MultiportMatch extends Match {
    private static final List<String> OPTIONS = List.of("--sports", "--dports", "--ports");
    private static final List<String> ALIASES = List.of("--source-ports", "--destination-ports");
    private static final int MOST = 15;

    private int which = -1;
    private int[] ranges = {};
    private boolean inverted;

    @Override
    String name() {
        return "multiport";
    }

    @Override
    List<String> options() {
        return List.of("--sports", "--dports", "--ports", "--source-ports", "--destination-ports");
    }

    @Override
    void option(String option, boolean not, Words words) {
        if (which >= 0) {
            throw words.wrong("one list of ports a multiport");
        }
        which = OPTIONS.contains(option) ? OPTIONS.indexOf(option) : ALIASES.indexOf(option);
        inverted = not;
        String[] each = words.take("ports").split(",", -1);
        ranges = new int[each.length];
        int taken = 0;
        for (int i = 0; i < each.length; i++) {
            ranges[i] = words.ports(each[i]);
            taken += each[i].indexOf(':') < 0 ? 1 : 2;
        }
        if (taken > MOST) {
            throw words.wrong("15 ports at most, of which a range counts as two");
        }
    }

    @Override
    void complete(Words words) {
        if (which < 0) {
            throw words.missing("multiport without an option", "--sports, --dports or --ports");
        }
    }

    @Override
    boolean matches(Packet p) {
        return p.transport && p.protocol != Ipv4.ICMP && any(p) != inverted;
    }

    private boolean any(Packet p) {
        for (int range : ranges) {
            if (which != 1 && within(p.sourcePort, range) || which != 0 && within(p.destinationPort, range)) {
                return true;
            }
        }
        return false;
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(' ').append(OPTIONS.get(which));
        char lead = ' ';
        for (int range : ranges) {
            out.append(lead).append(portText(range));
            lead = ',';
        }
    }

    @Override
    int needs() {
        return PORTS;
    }

    @Override
    void list(StringBuilder out) {
        out.append(" multiport ")
                .append(OPTIONS.get(which).substring(2))
                .append(' ')
                .append(inverted ? " !" : "");
        String lead = "";
        for (int range : ranges) {
            out.append(lead).append(portText(range));
            lead = ",";
        }
    }
}
