package io.hopscope.traces;

import io.hopscope.encap.Nearest;
import java.util.List;

/** What is wrong with a filter, and in which column. */
public final class FilterFault extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int column;
    private final String found;
    private final String expected;
    private final String nearest;

    FilterFault(int column, String found, String expected, String nearest) {
        super("filter column " + column + ": found " + found + "; expected " + expected
                + (nearest == null ? "" : " (did you mean " + nearest + "?)"));
        this.column = column;
        this.found = found;
        this.expected = expected;
        this.nearest = nearest;
    }

    /**
     * @param word as it stands there; empty at the end
     */
    static FilterFault at(int column, String word, String expected, List<String> known) {
        // A right word at the wrong place is not meant to be itself.
        String nearest = known.contains(word) ? null : Nearest.of(word, known);
        return new FilterFault(column, word.isEmpty() ? "the end" : "'" + word + "'", expected, nearest);
    }

    /** Counted from 1. */
    public int column() {
        return column;
    }

    /**
     * What was found, and in which column.
     *
     * @param where the option or key that has the filter
     */
    public String found(String where) {
        return found + " in column " + column + " of " + where;
    }

    public String expected() {
        return expected;
    }

    /** The valid word that was probably meant, or null. */
    public String nearest() {
        return nearest;
    }

    /** The same place, and something else to say of it. */
    FilterFault because(String why, String wanted) {
        return new FilterFault(column, found + why, wanted, null);
    }
}
