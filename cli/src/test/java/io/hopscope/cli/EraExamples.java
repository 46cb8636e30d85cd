package io.hopscope.cli;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraResult.Latency;
import io.hopscope.scenarios.eras.EraResult.LinkUse;
import io.hopscope.scenarios.eras.EraResult.Load;
import io.hopscope.scenarios.eras.EraResult.Point;
import io.hopscope.scenarios.eras.EraResult.TableUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results of the shape and size that the article's eras have. */
final class EraExamples {
    private EraExamples() {}

    static List<EraResult> article() {
        return List.of(
                era("bare-metal", 2000, 4000, 16384, 4000, 0, 0, 0),
                era("vm", 3000, 31_000, 65536, 31_000, 0, 12, 0),
                era("container-l2", 2000, 150_000, 65536, 65_536, 84_464, 43_211_987, 56.31),
                era("container-routed", 2000, 150_000, 65536, 2000, 0, 0, 0));
    }

    static EraResult era(
            String name, int nodes, int endpoints, int capacity, int entries, int missing, long punts, double loss) {
        Map<String, TableUse> tables = new LinkedHashMap<>();
        int usable = (int) (capacity * 0.7);
        tables.put("host", new TableUse(capacity, usable, entries, entries, missing, missing));
        tables.put("fdb", new TableUse(4 * capacity, 4 * usable, entries, entries, 0, 0));
        tables.put("lpm", new TableUse(capacity, usable, 150, 150, 0, 0));
        double uncovered = missing == 0 ? Double.NaN : 99.97;
        Latency latency = new Latency(7_120, 11_000, 14_830, 22_000, 1_500_000);
        Load load = new Load(
                100, 15_000_000, 6_553_600, loss, 0, missing == 0 ? 0 : 9_000_000, uncovered, uncovered, 4.0, latency);
        List<Point> curve = new ArrayList<>();
        for (int n = 0; n <= 60; n++) {
            int come = (int) ((long) endpoints * n / 60);
            curve.add(new Point(come, Math.min(come, entries)));
        }
        return new EraResult(
                name,
                name,
                nodes,
                endpoints,
                "host",
                tables,
                punts,
                punts / 2,
                4.0,
                List.of(load),
                curve,
                missing == 0 ? -1 : 49_213,
                List.of(new LinkUse("core1:agg1", "agg1:core1", 81.5)),
                name.equals("container-routed") ? 2 : 1100,
                2_345,
                123_456,
                3L << 30,
                missing == 0 ? List.of() : List.of("entries were preloaded by the table's own code"));
    }
}
