package io.hopscope.scenarios.traffic;

/** Who talks to whom. */
public enum Matrix {
    /** Clients outside and servers: each client to a random server; without replies each server to a random client as well. */
    NORTH_SOUTH("north-south"),
    /** Each server to a random other server. */
    EAST_WEST("east-west"),
    /** Each sender to a random other endpoint. */
    ALL_TO_ALL("all-to-all"),
    /** Many senders to one endpoint, or spread over a few. */
    INCAST("incast"),
    /** Each sender to one endpoint of its own: a permutation. */
    PAIRS("pairs");

    private final String text;

    Matrix(String text) {
        this.text = text;
    }

    /** As a scenario writes it. */
    public String text() {
        return text;
    }
}
