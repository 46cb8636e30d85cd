package io.hopscope.protocols.netfilter;

import java.util.ArrayList;
import java.util.List;

/** xt_set: whether an ipset has what the packet has. */
final class SetMatch extends Match {
    private final IpSets sets;
    private IpSet set;
    private final List<Boolean> fromSource = new ArrayList<>();
    private boolean inverted;

    SetMatch(IpSets sets) {
        this.sets = sets;
    }

    @Override
    String name() {
        return "set";
    }

    @Override
    List<String> options() {
        return List.of("--match-set");
    }

    @Override
    void option(String option, boolean not, Words words) {
        inverted = not;
        String name = words.take("a set's name");
        set = sets.find(name);
        if (set == null) {
            throw words.wrong("a set that 'ipset' has made", sets.names());
        }
        String[] ways = words.take("src or dst, one for each dimension").split(",", -1);
        for (String each : ways) {
            if (!each.equals("src") && !each.equals("dst")) {
                throw words.wrong("src or dst, one for each dimension", List.of("src", "dst"));
            }
            fromSource.add(each.equals("src"));
        }
        if (ways.length < set.dimensions() && set.parts() == null) {
            throw words.wrong("src or dst for each of " + set.dimensions() + " dimensions of " + set.type());
        }
    }

    @Override
    void complete(Words words) {
        if (set == null) {
            throw words.missing("set without an option", "--match-set");
        }
    }

    @Override
    void use(int by) {
        set.use(by);
    }

    @Override
    boolean matches(Packet p) {
        return set.has(p, fromSource) != inverted;
    }

    @Override
    void print(StringBuilder out) {
        not(out, inverted);
        out.append(" --match-set ").append(set.name());
        char lead = ' ';
        for (boolean source : fromSource) {
            out.append(lead).append(source ? "src" : "dst");
            lead = ',';
        }
    }

    @Override
    int needs() {
        return ADDRESSES | PORTS | PROTOCOL | MAC | MARK | (set.live() ? VOLATILE : 0);
    }

    @Override
    void list(StringBuilder out) {
        StringBuilder own = new StringBuilder();
        print(own);
        out.append(own.toString().replace("--match-set", "match-set"));
    }
}
