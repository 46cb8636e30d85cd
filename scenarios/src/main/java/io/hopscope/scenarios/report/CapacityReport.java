package io.hopscope.scenarios.report;

import io.hopscope.scenarios.eras.EraResult;
import java.util.List;
import java.util.Map;

/**
 * Everything that a page about the eras shows.
 *
 * @param sweep the large layer 2 at several sizes; may be empty
 * @param arp measured costs, by era and size
 * @param parameters of the run, by name
 * @param command what makes the same again
 * @param machine processors, operating system and JDK
 */
public record CapacityReport(
        List<EraResult> eras,
        List<SweepPoint> sweep,
        List<ArpCost> arp,
        Map<String, String> parameters,
        String command,
        String machine) {}
