package io.hopscope.core;

/** Something a scenario does to a node at an instant. */
@FunctionalInterface
public interface Action {
    /**
     * @param now the instant, in picoseconds since the start of the run
     */
    void run(long now);
}
