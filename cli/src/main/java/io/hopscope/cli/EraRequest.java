package io.hopscope.cli;

import io.hopscope.scenarios.eras.EraResult;

/**
 * Which era is to be run, and how it differs from what it was: null where it does not.
 *
 * @param table a profile, or how many entries the limiting table has
 * @param subnet prefix length
 */
record EraRequest(
        String era,
        Integer racks,
        Integer perRack,
        Integer density,
        String table,
        Integer subnet,
        boolean copp,
        boolean crash,
        boolean warm,
        long seed,
        int workers) {
    /** Where results come from. */
    interface Source {
        EraResult run(EraRequest request, ProgressBar progress);
    }

    EraRequest density(int endpoints) {
        return new EraRequest(era, racks, perRack, endpoints, table, subnet, copp, crash, warm, seed, workers);
    }
}
