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
import java.util.function.ToDoubleFunction;

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

    private static final Map<String, String> SHORT = Map.of(
            "bare-metal", "bare metal", "vm", "VMs", "container-l2", "containers", "container-routed", "containers");

    private static final ToDoubleFunction<EraResult.Load> LOSS = EraResult.Load::lossPercent;
    private static final ToDoubleFunction<EraResult.Load> CPU = EraResult.Load::cpuPercent;

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
            limits.merge(limiting(era).capacity(), limiting(era).usable(), Math::min);
        }
        Chart chart = new Chart(
                "Entries in the core against endpoints",
                entriesInWords(),
                Axis.linear("endpoints that have come", 0, most),
                Axis.linear("entries in the core's table that fills first", 0, limits.lastKey()));
        limits.forEach((capacity, usable) -> {
            chart.guide(capacity, Counts.of(capacity) + " nominal\n" + owners(capacity), false);
            if (usable < capacity) {
                chart.guide(usable, Counts.of(usable) + " (70 %)", true);
            }
        });
        List<EraResult> largestFirst = new ArrayList<>(report.eras());
        largestFirst.sort(
                (a, b) -> Integer.compare(limiting(b).entries(), limiting(a).entries()));
        for (EraResult era : largestFirst) {
            List<Point> points = new ArrayList<>();
            era.curve().forEach(point -> points.add(new Point(point.endpoints(), point.entries())));
            points.add(new Point(era.endpoints(), limiting(era).entries()));
            chart.line(Line.of(ending(era), colour(era.name()), points).dots(Dots.END));
            if (era.firstFailure() >= 0 && !era.curve().isEmpty()) {
                chart.mark(
                        era.firstFailure(),
                        entriesAt(era, era.firstFailure()),
                        "the first entry without room:\n" + Counts.of(era.firstFailure()) + " endpoints",
                        colour(era.name()));
            }
        }
        return new Figure("entries", "Entries against endpoints", chart, entriesCaption());
    }

    /** Whose table has so many entries, in a few words. */
    private String owners(int capacity) {
        List<String> names = new ArrayList<>();
        for (EraResult era : report.eras()) {
            if (limiting(era).capacity() == capacity) {
                String word = SHORT.getOrDefault(era.name(), era.name());
                if (!names.contains(word)) {
                    names.add(word);
                }
            }
        }
        return String.join(", ", names);
    }

    /** What a line is called where it ends. */
    private static String ending(EraResult era) {
        TableUse table = limiting(era);
        String text = words(era.name()) + "\n" + Counts.of(table.entries()) + " entries, " + Counts.of(era.endpoints())
                + " endpoints";
        return table.missing() > 0
                ? text + "\n" + Counts.of(table.missing()) + (table.missing() == 1 ? " has none" : " have none")
                : text;
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
        boolean preloaded = report.eras().stream().allMatch(era -> era.curve().isEmpty());
        return (preloaded
                        ? "Entries that the first core held. They were preloaded: how they came is not known."
                        : "Entries that the first core held while the endpoints came, each of which announced itself once.")
                + " Solid grey: the capacity of the tables of those named; dashed: 70 % of it, up to which two-hash buckets of eight hold whatever"
                + " comes." + (preloaded ? "" : " A ring marks the first entry that found both its buckets full.");
    }

    private Figure loss() {
        int most = report.sweep().stream()
                .mapToInt(each -> each.result().endpoints())
                .max()
                .orElse(1);
        TableUse table = limiting(report.sweep().get(0).result());
        Chart chart = new Chart(
                "Loss and CPU against endpoints on the large layer 2",
                lossInWords(),
                Axis.linear("endpoints on the large layer 2", 0, most),
                Axis.linear("percent", 0, 100));
        for (boolean copp : new boolean[] {true, false}) {
            List<SweepPoint> some = sweep(copp);
            if (!some.isEmpty()) {
                String which = copp ? "with CoPP" : "without CoPP";
                chart.line(Line.of("packets lost\n" + which, copp ? Palette.ORANGE : Palette.PURPLE, points(some, LOSS))
                        .dots(Dots.FULL));
                chart.line(Line.of("CPU busy\n" + which, copp ? Palette.BLUE : Palette.GREEN, points(some, CPU))
                        .dots(Dots.FULL));
            }
        }
        chart.upright(table.usable(), "70 %", true).upright(table.capacity(), "table full", false);
        return new Figure(
                "loss", "Loss and CPU against endpoints", chart, """
                Packets lost of all that were sent, and utilisation of the first core's CPU, while every endpoint sent RATE \
                packet/s to random others of other subnets. Each dot is a run of its own; but for the eras' own run, entries \
                were preloaded by the code of the tables. Upright lines: 70 % and 100 % of the table that fills first.\
                """.replace("RATE", Axis.text(CapacityPlan.RATE)));
    }

    private List<SweepPoint> sweep(boolean copp) {
        return report.sweep().stream()
                .filter(each -> each.copp() == copp && each.load() != null)
                .sorted((a, b) ->
                        Integer.compare(a.result().endpoints(), b.result().endpoints()))
                .toList();
    }

    private static List<Point> points(List<SweepPoint> some, ToDoubleFunction<EraResult.Load> value) {
        return some.stream()
                .map(each -> new Point(each.result().endpoints(), value.applyAsDouble(each.load())))
                .toList();
    }

    private String lossInWords() {
        StringBuilder text = new StringBuilder();
        for (boolean copp : new boolean[] {true, false}) {
            for (SweepPoint each : sweep(copp)) {
                text.append(Counts.of(each.result().endpoints())).append(" endpoints ");
                text.append(copp ? "with" : "without").append(" CoPP: ");
                text.append(Counts.percent(each.load().lossPercent())).append(" lost, CPU ");
                text.append(Counts.percent(each.load().cpuPercent())).append(". ");
            }
        }
        return text.toString().strip();
    }

    private Figure arp() {
        List<Axis.Tick> ticks = new ArrayList<>();
        int first = report.arp().stream().mapToInt(ArpCost::prefix).max().orElse(24);
        for (int prefix = first; prefix >= LARGEST; prefix--) {
            int hosts = CapacityPlan.hosts(prefix);
            ticks.add(new Axis.Tick(hosts, prefix % 2 == 0 ? "/" + prefix + "\n" + Counts.of(hosts) : ""));
        }
        double most = 100;
        for (EraResult era : report.eras()) {
            List<Point> all = new ArrayList<>(counted(era.name()));
            all.addAll(beyond(all));
            most = Math.max(
                    most, all.isEmpty() ? 0 : 1.5 * all.get(all.size() - 1).y());
        }
        String below = "prefix of the subnet, and addresses for hosts in it";
        Chart chart = new Chart(
                "Frames that one ARP request costs against the size of the subnet",
                arpInWords(),
                Axis.log(below, CapacityPlan.hosts(first), CapacityPlan.hosts(LARGEST))
                        .ticks(ticks),
                Axis.log("frames for one ARP request", 1, most));
        report.eras().forEach(era -> lines(chart, era.name(), counted(era.name())));
        return new Figure("arp", "What one ARP request costs", chart, arpCaption());
    }

    private List<Point> counted(String era) {
        return report.arp().stream()
                .filter(cost -> cost.era().equals(era))
                .map(cost -> new Point(CapacityPlan.hosts(cost.prefix()), cost.frames()))
                .toList();
    }

    /** The slope of the last two, at the lengths that are left. */
    private static List<Point> beyond(List<Point> counted) {
        List<Point> all = new ArrayList<>();
        if (counted.size() > 1) {
            Point last = counted.get(counted.size() - 1);
            Point before = counted.get(counted.size() - 2);
            double slope = (last.y() - before.y()) / (last.x() - before.x());
            for (int prefix = LARGEST_MEASURED; prefix >= LARGEST; prefix--) {
                double hosts = CapacityPlan.hosts(prefix);
                if (hosts > last.x()) {
                    all.add(new Point(hosts, last.y() + slope * (hosts - last.x())));
                }
            }
        }
        return all;
    }

    /** Measured with a full line and full dots; beyond that dotted and hollow. */
    private static void lines(Chart chart, String era, List<Point> counted) {
        if (counted.isEmpty()) {
            return;
        }
        String name = words(era);
        String colour = colour(era);
        List<Point> beyond = beyond(counted);
        if (!beyond.isEmpty()) {
            String far =
                    Counts.of(StrictMath.round(beyond.get(beyond.size() - 1).y()));
            chart.line(Line.of("", colour, List.of(counted.get(counted.size() - 1), beyond.get(0)))
                    .dashed(true));
            chart.line(Line.of(name + "\n" + far + " (extrapolated)", colour, beyond)
                    .dashed(true)
                    .dots(Dots.HOLLOW));
        }
        chart.line(Line.of(beyond.isEmpty() ? name : "", colour, counted).dots(Dots.FULL));
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
        return "Frames handed from port to port because one station broadcast one ARP request, beside those of an equally"
                + " long quiet time. Full dots and lines: counted, in a network whose one subnet is full. Hollow dots and"
                + " dotted lines: extrapolated with the slope of the last two counts, above /" + LARGEST_MEASURED
                + " or what the era is large enough for. In the routed design the broadcast ends at the server's own router:"
                + " only its containers hear it.";
    }
}
