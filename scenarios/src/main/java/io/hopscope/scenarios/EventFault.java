package io.hopscope.scenarios;

import io.hopscope.encap.Nearest;
import java.util.Collection;

/** What is wrong with an event, and where in its text. */
final class EventFault extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int offset;
    private final String found;
    private final String expected;
    private final String nearest;

    /**
     * @param offset in the text, from 0
     */
    EventFault(int offset, String found, String expected, String nearest) {
        super("column " + (offset + 1) + ": found " + found + "; expected " + expected);
        this.offset = offset;
        this.found = found;
        this.expected = expected;
        this.nearest = nearest;
    }

    /** A word that is none of the valid ones. */
    static EventFault unknown(int offset, String word, Collection<String> valid) {
        return new EventFault(offset, "'" + word + "'", String.join(", ", valid), Nearest.of(word, valid));
    }

    /** As a mistake of the scenario. */
    Problem at(Value event) {
        return new Problem(event.where(offset), found + " in '" + event.text() + "'", expected, nearest);
    }
}
