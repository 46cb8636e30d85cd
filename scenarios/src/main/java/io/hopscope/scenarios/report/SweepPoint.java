package io.hopscope.scenarios.report;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraResult.Load;

/**
 * A design at one of several sizes.
 *
 * @param copp whether the cores policed what their CPUs were given
 */
public record SweepPoint(boolean copp, EraResult result) {
    /** The load that all sizes have in common. */
    Load load() {
        for (Load each : result.loads()) {
            if (each.perEndpoint() == CapacityPlan.RATE) {
                return each;
            }
        }
        return null;
    }
}
