package io.hopscope.scenarios.report;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraResult.TableUse;
import io.hopscope.traces.chart.Axis;
import io.hopscope.traces.chart.Chart;
import io.hopscope.traces.chart.Line;
import io.hopscope.traces.chart.Line.Dots;
import io.hopscope.traces.chart.Line.Point;
import io.hopscope.traces.chart.Palette;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The figures of a {@link CapacityReport}. */
public final class CapacityFigures {
    /** A subnet of this length is the largest that is built; what is said of larger ones is extrapolated. */
    public static final int LARGEST_MEASURED = 18;

    private static final int LARGEST = 16;

    private static final Map<String, String> COLOURS = Map.of(
            "bare-metal", Palette.PURPLE,
            "vm", Palette.GREEN,
            "container-l2", Palette.ORANGE,
            "container-routed", Palette.BLUE);

    private static final Map<String, String> WORDS = Map.of(
            "bare-metal", "bare metal",
            "vm", "virtual machines",
            "container-l2", "containers, large layer 2",
            "container-routed", "containers, routed");

    private final CapacityReport report;

    public CapacityFigures(CapacityReport report) {
        this.report = report;
    }

    /** Those that there are results for. */
    public List<Figure> all() {
        List<Figure> all = new ArrayList<>();
        all.add(entries());
        if (report.sweep().size() > 1) {
            all.add(loss());
        }
        if (!report.arp().isEmpty()) {
            all.add(arp());
        }
        return all;
    }

    static String words(String era) {
        return WORDS.getOrDefault(era, era);
    }

    private static String colour(String era) {
        return COLOURS.getOrDefault(era, Palette.INK);
    }

    private Figure entries() {
        double most = 1;
        TreeMap<Integer, Integer> limits = new TreeMap<>();
        for (EraResult era : report.eras()) {
            most = Math.max(most, era.endpoints());
            limits.put(limiting(era).capacity(), limiting(era).usable());
        }
        Chart chart = new Chart(
                "Entries in the core against endpoints",
                entriesInWords(),
                Axis.linear("endpoints that have come", 0, most),
                Axis.linear("entries in the core's table that fills first", 0, limits.lastKey()));
        limits.forEach((capacity, usable) -> {
            chart.guide(capacity, Counts.of(capacity) + " nominal", false);
            chart.guide(usable, Counts.of(usable) + " (70 %)", true);
        });
        List<EraResult> largestFirst = new ArrayList<>(report.eras());
        largestFirst.sort(
                (a, b) -> Integer.compare(limiting(b).entries(), limiting(a).entries()));
        for (EraResult era : largestFirst) {
            List<Point> points = new ArrayList<>();
            era.curve().forEach(point -> points.add(new Point(point.endpoints(), point.entries())));
            chart.line(Line.of(ending(era), colour(era.name()), points).dots(Dots.END));
            if (era.firstFailure() >= 0) {
                chart.mark(
                        era.firstFailure(),
                        entriesAt(era, era.firstFailure()),
                        "the first entry without room:\n" + Counts.of(era.firstFailure()) + " endpoints",
                        colour(era.name()));
            }
        }
        return new Figure("entries", "Entries against endpoints", chart, entriesCaption());
    }

    /** What a line is called where it ends. */
    private static String ending(EraResult era) {
        TableUse table = limiting(era);
        String text = words(era.name()) + "\n" + Counts.of(table.entries()) + " entries, " + Counts.of(era.endpoints())
                + " endpoints";
        return table.missing() > 0 ? text + "\n" + Counts.of(table.missing()) + " have none" : text;
    }

    private static TableUse limiting(EraResult era) {
        return era.tables().getOrDefault(era.limiting(), new TableUse(1, 1, 0, 0, 0, 0));
    }

    private static double entriesAt(EraResult era, int endpoints) {
        double before = 0;
        for (EraResult.Point point : era.curve()) {
            if (point.endpoints() > endpoints) {
                break;
            }
            before = point.entries();
        }
        return before;
    }

    private String entriesInWords() {
        StringBuilder text = new StringBuilder("");
        for (EraResult era : report.eras()) {
            text.append(' ')
                    .append(words(era.name()))
                    .append(": ")
                    .append(Verdict.because(era))
                    .append('.');
        }
        return text.toString();
    }

    private String entriesCaption() {
        return "Entries that the first core held while the endpoints came, read from its tables every time a share of them"
                + " had announced itself. Solid grey: a table's capacity; dashed: 70 % of it, up to which its two-hash"
                + " buckets of eight hold whatever comes. A ring marks the first entry that found both its buckets full.";
    }

    private Figure loss() {
        List<Point> loss = new ArrayList<>();
        List<Point> expected = new ArrayList<>();
        List<Point> cpu = new ArrayList<>();
        double most = 0;
        for (EraResult each : report.sweep()) {
            loss.add(new Point(each.endpoints(), each.lossPercent()));
            cpu.add(new Point(each.endpoints(), each.cpuPercent()));
            most = Math.max(most, each.endpoints());
        }
        TableUse table = limiting(report.sweep().get(report.sweep().size() - 1));
        Chart chart = new Chart(
                "Loss and CPU against endpoints on the large layer 2",
                lossInWords(),
                Axis.linear("endpoints on the large layer 2", 0, most),
                Axis.linear("percent", 0, 100));
        chart.line(Line.of("packets lost", Palette.ORANGE, loss).dots(Dots.FULL));
        chart.line(Line.of("core CPU busy", Palette.BLUE, cpu).dots(Dots.FULL));
        chart.upright(table.usable(), "70 %", true).upright(table.capacity(), "table full", false);
        return new Figure(
                "loss",
                "Loss and CPU against endpoints",
                chart,
                "Packets lost of all that were sent, and utilisation of the busier core's CPU, at "
                        + rate()
                        + " packets/s from every endpoint to random others. Each dot is a run of its own. Upright"
                        + " lines: 70 % and 100 % of the table that fills first.");
    }

    private String rate() {
        List<EraResult.Load> loads = report.sweep().get(0).loads();
        return loads.isEmpty() ? "no" : Axis.text(loads.get(loads.size() - 1).perEndpoint());
    }

    private String lossInWords() {
        StringBuilder text = new StringBuilder();
        for (EraResult each : report.sweep()) {
            text.append(Counts.of(each.endpoints())).append(" endpoints: ");
            text.append(Counts.percent(each.lossPercent())).append(" lost, CPU ");
            text.append(Counts.percent(each.cpuPercent())).append(". ");
        }
        return text.toString().strip();
    }

    private Figure arp() {
        List<Axis.Tick> ticks = new ArrayList<>();
        int first = report.arp().stream().mapToInt(ArpCost::prefix).max().orElse(24);
        for (int prefix = first; prefix >= LARGEST; prefix--) {
            ticks.add(new Axis.Tick(
                    hosts(prefix), prefix % 2 == 0 ? "/" + prefix + "\n" + Counts.of(hosts(prefix)) : ""));
        }
        double most = report.arp().stream().mapToLong(ArpCost::frames).max().orElse(10);
        Chart chart = new Chart(
                "Frames that one ARP request costs against the size of the subnet",
                arpInWords(),
                Axis.log("prefix of the subnet, and addresses for hosts in it", hosts(first), hosts(LARGEST))
                        .ticks(ticks),
                Axis.log("frames for one ARP request", 1, Math.max(100, most * 6)));
        for (EraResult era : report.eras()) {
            List<Point> measured = new ArrayList<>();
            for (ArpCost cost : report.arp()) {
                if (cost.era().equals(era.name())) {
                    measured.add(new Point(hosts(cost.prefix()), cost.frames()));
                }
            }
            lines(chart, era.name(), measured);
        }
        return new Figure("arp", "What one ARP request costs", chart, arpCaption());
    }

    /** Measured with a full line and full dots; beyond that the slope of the last two, dotted and hollow. */
    private static void lines(Chart chart, String era, List<Point> measured) {
        if (measured.isEmpty()) {
            return;
        }
        Point last = measured.get(measured.size() - 1);
        List<Point> beyond = new ArrayList<>();
        if (measured.size() > 1) {
            Point before = measured.get(measured.size() - 2);
            double slope = (last.y() - before.y()) / (last.x() - before.x());
            for (int prefix = LARGEST_MEASURED; prefix >= LARGEST; prefix--) {
                if (hosts(prefix) > last.x()) {
                    beyond.add(new Point(hosts(prefix), last.y() + slope * (hosts(prefix) - last.x())));
                }
            }
        }
        String name = words(era);
        if (!beyond.isEmpty()) {
            String far =
                    Counts.of(StrictMath.round(beyond.get(beyond.size() - 1).y()));
            chart.line(Line.of("", colour(era), List.of(last, beyond.get(0))).dashed(true));
            chart.line(Line.of(name + "\n" + far + " (extrapolated)", colour(era), beyond)
                    .dashed(true)
                    .dots(Dots.HOLLOW));
        }
        chart.line(Line.of(beyond.isEmpty() ? name : "", colour(era), measured).dots(Dots.FULL));
    }

    private static int hosts(int prefix) {
        return (1 << 32 - prefix) - 2;
    }

    private String arpInWords() {
        StringBuilder text = new StringBuilder("Both axes are logarithmic.");
        for (ArpCost each : report.arp()) {
            text.append(' ')
                    .append(words(each.era()))
                    .append(" /")
                    .append(each.prefix())
                    .append(": ");
            text.append(Counts.of(each.frames())).append(" frames.");
        }
        return text.toString();
    }

    private String arpCaption() {
        return "Frames seen at ports between the request of one station for another of its own subnet and the answer's"
                + " arrival. Full dots and lines: counted in a network whose subnet is full. Hollow dots and dotted lines:"
                + " above /" + LARGEST_MEASURED + " extrapolated with the slope of the last two measured sizes.";
    }
}
