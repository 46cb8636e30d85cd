package io.hopscope.scenarios.traffic;

/** How long a sender waits from one packet, or flow, to the next. */
public enum Arrivals {
    /** Always the same, from a random phase on. */
    CONSTANT("constant"),
    /** Exponentially distributed: a Poisson process. */
    EXPONENTIAL("exponential");

    private final String text;

    Arrivals(String text) {
        this.text = text;
    }

    /** As a scenario writes it. */
    public String text() {
        return text;
    }
}
