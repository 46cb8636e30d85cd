package io.hopscope.scenarios.eras;

import io.hopscope.devices.TimeSeries;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.scenarios.eras.EraResult.Point;
import io.hopscope.scenarios.eras.EraResult.TableUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a core has counted up to an instant. */
final class CoreReading {
    /** The rule of thumb, and SONiC's lower threshold of a warning. */
    private static final int USABLE_PERCENT = 70;

    private final TimeSeries series;
    private final AsicProfile profile;

    CoreReading(AsicSwitch core, long now) {
        series = core.metrics(now);
        profile = core.spec().tables();
    }

    long value(String name) {
        return series.last(name);
    }

    /**
     * @param missing endpoints that the core has no host entry for
     */
    Map<String, TableUse> tables(int missing) {
        Map<String, TableUse> all = new LinkedHashMap<>();
        all.put("host", hash("host", profile.host().capacity(), missing));
        all.put("fdb", hash("fdb", profile.fdb().capacity(), 0));
        int used = (int) value("lpm.used");
        // A TCAM has no collisions: it may be filled to the last entry.
        all.put(
                "lpm",
                new TableUse(
                        profile.lpm(), profile.lpm(), used, (int) value("lpm.watermark"), value("lpm.refused"), 0));
        return all;
    }

    private TableUse hash(String name, int capacity, int missing) {
        return new TableUse(
                capacity,
                (int) (capacity * (long) USABLE_PERCENT / 100),
                (int) value(name + ".entries"),
                (int) value(name + ".watermark"),
                value(name + ".collisions"),
                missing);
    }

    /**
     * How a table filled.
     *
     * @param come how many endpoints had come at an instant
     */
    List<Point> curve(String counter, java.util.function.LongToIntFunction come) {
        int column = series.names().indexOf(counter);
        List<Point> all = new ArrayList<>();
        int step = Math.max(1, series.size() / 200);
        for (int row = 0; row < series.size(); row += step) {
            Point point = new Point(come.applyAsInt(series.instant(row)), (int) series.value(row, column));
            if (all.isEmpty() || all.get(all.size() - 1).endpoints() < point.endpoints()) {
                all.add(point);
            }
        }
        return all;
    }
}
