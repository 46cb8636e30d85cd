package io.hopscope.core;

/** What the user asked for cannot be run: a loop without delay, a port joined twice. */
public final class ScenarioError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String expected;

    public ScenarioError(String message) {
        this(message, "a network that comes to an end");
    }

    /**
     * @param expected what would have been right
     */
    public ScenarioError(String message, String expected) {
        super(message);
        this.expected = expected;
    }

    public String expected() {
        return expected;
    }
}
