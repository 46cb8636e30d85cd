package io.hopscope.scenarios;

import io.hopscope.core.Impairment;
import java.util.List;

/**
 * Something that happens to the network at an instant, or from one to another, as it was read: names are words still.
 *
 * @param at in picoseconds
 * @param until when it is over; -1 where nothing is said of that
 * @param on whether a link, node or port works from then on
 * @param subject the link's ends in all the ways its text can be split, or one name
 * @param period of a flap, how long each state lasts; otherwise 0
 * @param impairment what an {@code impair} does; otherwise null
 * @param words of the impairment, as they are told
 * @param target where a virtual machine goes, and {@code downtime} if it is said; otherwise null
 */
record TimelineEvent(
        Kind kind,
        long at,
        long until,
        boolean on,
        Ends subject,
        long period,
        Impairment impairment,
        String words,
        Target target) {
    enum Kind {
        LINK,
        NODE,
        PORT,
        IMPAIR,
        CLEAR,
        MIGRATE
    }

    /** A word of the text. */
    record Word(String text, int offset) {}

    /**
     * The ends of a link, or a name alone.
     *
     * @param splits pairs of words; of a name, one of one word
     * @param directed whether but the way from the first end to the second is meant
     */
    record Ends(List<List<Word>> splits, boolean directed) {
        Word name() {
            return splits.get(0).get(0);
        }
    }

    /**
     * Where a virtual machine goes.
     *
     * @param time as it stands there
     * @param downtime null where it is not said
     */
    record Target(Word node, Word time, Word downtime) {}
}
