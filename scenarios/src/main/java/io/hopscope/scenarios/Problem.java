package io.hopscope.scenarios;

/**
 * One mistake in a scenario.
 *
 * @param found what stands there
 * @param expected what should
 * @param nearest the valid name that was probably meant, or null
 */
public record Problem(Where where, String found, String expected, String nearest) {
    /** {@code file:line:column: found 'x'; expected y (did you mean z?)}. */
    @Override
    public String toString() {
        return where + ": found " + found + "; expected " + expected
                + (nearest == null ? "" : " (did you mean " + nearest + "?)");
    }
}
