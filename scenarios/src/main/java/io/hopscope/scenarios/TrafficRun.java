package io.hopscope.scenarios;

import io.hopscope.scenarios.traffic.LinkUtilisation;
import io.hopscope.scenarios.traffic.Traffic;

/** Traffic of a scenario, and the cables while it is sent. */
record TrafficRun(Traffic traffic, LinkUtilisation links) {
    TrafficResult result(long now) {
        return new TrafficResult(
                traffic.spec(), traffic.report(now), links.busiest(TrafficResult.LINKS), traffic.flowLosses());
    }
}
