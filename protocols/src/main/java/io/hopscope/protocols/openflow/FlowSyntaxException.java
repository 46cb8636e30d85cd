package io.hopscope.protocols.openflow;

/** A flow that does not follow the syntax of ovs-ofctl(8), and where. */
public final class FlowSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int column;
    private final String found;
    private final String expected;
    private final String nearest;

    FlowSyntaxException(int column, String found, String expected, String nearest) {
        super("column " + column + ": found " + (found.isEmpty() ? "nothing" : "'" + found + "'") + ", expected "
                + expected + (nearest == null ? "" : "; the nearest is '" + nearest + "'"));
        this.column = column;
        this.found = found;
        this.expected = expected;
        this.nearest = nearest;
    }

    /** Where in the line, 1 for the first character. */
    public int column() {
        return column;
    }

    public String found() {
        return found;
    }

    public String expected() {
        return expected;
    }

    /** The nearest valid name; null where no name was expected or none is near. */
    public String nearest() {
        return nearest;
    }
}
