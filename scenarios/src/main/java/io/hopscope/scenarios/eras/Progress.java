package io.hopscope.scenarios.eras;

/** Told how far an experiment has come. */
@FunctionalInterface
public interface Progress {
    /**
     * @param phase what is being done, in words
     * @param done of {@code total}, both in the phase's own unit
     */
    void at(String phase, long done, long total);
}
