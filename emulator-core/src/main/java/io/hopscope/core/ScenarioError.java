package io.hopscope.core;

/** What the user asked for cannot be run: a loop without delay, a port joined twice. */
public final class ScenarioError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ScenarioError(String message) {
        super(message);
    }
}
