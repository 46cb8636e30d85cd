package io.hopscope.protocols.netfilter;

import java.util.List;

/** What the chains of one or two tables come to at one hook, remembered for each connection. */
final class Phase {
    private static final Chain[] NONE = {};
    /** Ways that are remembered without a connection. */
    private static final int ALONE = 256;

    private final String hook;
    private final List<String> tables;
    private final int slot;
    private final Walk walk;
    private final Trails trails;
    private final Trail.Before before = new Trail.Before();
    private Chain[] chains = NONE;
    private Trail[] alone = {};

    /**
     * @param slot where a connection keeps what it has come to, 0 to 2; -1 for hooks that come before it is known
     */
    Phase(String hook, List<String> tables, int slot, Walk walk, Trails trails) {
        this.hook = hook;
        this.tables = tables;
        this.slot = slot;
        this.walk = walk;
        this.trails = trails;
    }

    /** The rules have changed. */
    void compile(Ruleset rules) {
        chains = tables.stream()
                .map(rules::table)
                .filter(table -> table != null)
                .map(table -> table.chain(hook))
                .filter(chain -> chain != null)
                .toArray(Chain[]::new);
        if (slot < 0 && chains.length > 0) {
            settle();
            alone = new Trail[ALONE];
        }
    }

    boolean empty() {
        return chains.length == 0;
    }

    void settle() {
        for (Trail each : alone) {
            if (each != null) {
                each.settle();
            }
        }
    }

    /** One of {@link Target}'s verdicts. */
    int run(Packet p, Story story) {
        if (chains.length == 0) {
            return Target.ACCEPT;
        } else if (slot < 0) {
            // Over lo a packet comes with its connection: what is remembered here knows none.
            return p.connection < 0 ? alone(p, story) : walk(p, story);
        } else if (p.connection < 0 || p.state != Packet.ESTABLISHED && p.state != Packet.NEW) {
            return walk(p, story);
        }
        int which = p.direction * 3 + slot;
        int both = p.conntrack.trail(p.connection, which, trails.epoch());
        Trail known = both == 0 ? null : trails.get(both & 0xffff);
        if (known == null || !known.fits(p)) {
            known = both >>> 16 == 0 ? null : trails.get(both >>> 16);
        }
        if (known != null && known.fits(p)) {
            return follow(known, p, story);
        }
        before.of(p);
        int verdict = walk(p, story);
        if ((walk.needs() & Match.VOLATILE) == 0 && (p.conntrack.status(p.connection) & Conntrack.CONFIRMED) != 0) {
            Trail taken = trails.of(walk, before, p, verdict);
            int kept = p.conntrack.trail(p.connection, which, trails.epoch());
            p.conntrack.trail(p.connection, which, kept << 16 | taken.number, trails.epoch());
        }
        return verdict;
    }

    private int follow(Trail known, Packet p, Story story) {
        known.count(p.length);
        if (known.marks()) {
            p.mark = known.markAfter;
        }
        if (known.marksConnection()) {
            p.conntrack.mark(p.connection, known.connmarkAfter);
        }
        p.decided = known.decided;
        if (p.traced) {
            story.walked(known.steps, known.steps.length);
        }
        return known.verdict;
    }

    private int alone(Packet p, Story story) {
        int place = (p.in == null ? 0 : p.in.hashCode()) + (p.bridgeIn == null ? 0 : p.bridgeIn.hashCode() * 31);
        place = (place ^ place >>> 8) & ALONE - 1;
        Trail known = alone[place];
        if (known != null && known.fitsAlone(p)) {
            p.zone = known.zone;
            p.zoneDirections = known.zoneDirections;
            p.notrack = known.notrack;
            return follow(known, p, story);
        }
        before.of(p);
        int verdict = walk(p, story);
        if ((walk.needs() & (Match.VOLATILE | Match.TUPLES)) == 0) {
            if (known != null) {
                known.settle();
            }
            alone[place] = new Trail(
                    before,
                    p,
                    verdict,
                    walk.needs(),
                    walk.flags(),
                    java.util.Arrays.copyOf(walk.steps(), walk.taken()));
        }
        return verdict;
    }

    private int walk(Packet p, Story story) {
        walk.begin();
        int verdict = Target.ACCEPT;
        for (int i = 0; i < chains.length && verdict == Target.ACCEPT; i++) {
            p.decided = null;
            verdict = walk.run(chains[i], p);
        }
        if (p.traced) {
            story.walked(walk.steps(), walk.taken());
        }
        return verdict;
    }
}
