package io.hopscope.protocols.netfilter;

/** A rule, a table or a set that does not follow the syntax of iptables(8) or ipset(8), and where. */
public final class RuleSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private static final String REFUSED = "a command that is refused: ";

    private final int line;
    private final int column;
    private final String found;
    private final String expected;
    private final String nearest;

    RuleSyntaxException(int line, int column, String found, String expected, String nearest) {
        super("line " + line + ", column " + column + ": found " + found + ", expected " + expected
                + (nearest == null ? "" : " (did you mean " + nearest + "?)"));
        this.line = line;
        this.column = column;
        this.found = found;
        this.expected = expected;
        this.nearest = nearest;
    }

    /** A command that is understood, and cannot be carried out as things are. */
    static RuleSyntaxException refused(int line, String message) {
        return new RuleSyntaxException(line, 1, REFUSED + message, "what can be", null);
    }

    /** Whether it is no matter of syntax. */
    public boolean refused() {
        return found.startsWith(REFUSED);
    }

    /** 1 for the first line. */
    public int line() {
        return line;
    }

    /** Where in the line, 1 for the first character. */
    public int column() {
        return column;
    }

    /** Whether it is a chain or a set that is not there: an earlier command may make it. */
    public boolean later() {
        return expected.contains("chain of table") || expected.contains("a set that");
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
