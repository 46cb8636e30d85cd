package io.hopscope.scenarios;

import io.hopscope.scenarios.traffic.LinkUtilisation;
import io.hopscope.scenarios.traffic.TrafficReport;
import io.hopscope.scenarios.traffic.TrafficSpec;
import java.util.List;

/**
 * What traffic of a scenario came to.
 *
 * @param links the busiest directions of cables while it was sent, fullest first
 * @param flows each, in order
 */
public record TrafficResult(
        TrafficSpec spec,
        TrafficReport report,
        List<LinkUtilisation.Direction> links,
        List<TrafficReport.FlowLoss> flows) {
    /** How many directions of cables are told of. */
    static final int LINKS = 10;
}
