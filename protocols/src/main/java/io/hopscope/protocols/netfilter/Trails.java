package io.hopscope.protocols.netfilter;

import java.util.Arrays;

/** The ways that packets took through the rules, each once, as long as no rule changes. */
final class Trails {
    /** Connections refer to them by numbers of 16 bits. */
    private static final int MOST = 65_000;

    private Trail[] byNumber = new Trail[64];
    private Trail[] byHash = new Trail[64];
    private int count;
    /** Another one after each change: numbers of an older one mean nothing. */
    private int epoch = 1;

    int epoch() {
        return epoch;
    }

    Trail get(int number) {
        return byNumber[number];
    }

    /** The way a walk has taken, new or known. */
    Trail of(Walk walk, Trail.Before before, Packet p, int verdict) {
        int hash = Trail.hash(before, p, walk.steps(), walk.taken());
        for (Trail each = byHash[hash & byHash.length - 1]; each != null; each = each.next) {
            if (each.same(hash, p, before, walk.needs(), walk.flags(), walk.steps(), walk.taken())) {
                return each;
            }
        }
        if (count == MOST) {
            clear();
        }
        Trail made =
                new Trail(before, p, verdict, walk.needs(), walk.flags(), Arrays.copyOf(walk.steps(), walk.taken()));
        put(made);
        return made;
    }

    private void put(Trail made) {
        made.number = ++count;
        if (count == byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, count * 2);
            byHash = new Trail[count * 2];
            for (int i = 1; i < count; i++) {
                hang(byNumber[i]);
            }
        }
        byNumber[count] = made;
        hang(made);
    }

    private void hang(Trail each) {
        int at = each.hash() & byHash.length - 1;
        each.next = byHash[at];
        byHash[at] = each;
    }

    /** The rules' counters are to be right from now on. */
    void settle() {
        for (int i = 1; i <= count; i++) {
            byNumber[i].settle();
        }
    }

    /** The rules have changed. */
    void clear() {
        settle();
        Arrays.fill(byNumber, null);
        Arrays.fill(byHash, null);
        count = 0;
        epoch++;
    }
}
