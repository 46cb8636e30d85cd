package io.hopscope.cli;

import io.hopscope.core.Drop;
import io.hopscope.scenarios.RunResult;
import io.hopscope.scenarios.faults.Fault;
import io.hopscope.traces.Durations;
import io.hopscope.traces.Explanation;
import io.hopscope.traces.Floods;
import io.hopscope.traces.Journey;
import io.hopscope.traces.Style;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a person reads after a run, in at most 100 columns. */
final class Report {
    private static final int LEAST_ROOM = 20;
    private static final int MOST_FAULTS = 20;
    private static final int MOST_DROPS = 24;
    private static final String LEAD = "         ";

    private final RunResult result;
    private final Style style;
    private final int width;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param width columns that lines may have
     */
    Report(RunResult result, Style style, int width) {
        this.result = result;
        this.width = width;
        this.style = style;
    }

    List<String> lines(boolean wide) {
        head();
        commands(wide);
        Journey journey = result.telling();
        if (journey != null) {
            lines.add("");
            lines.addAll(new Explanation(style, wide, false)
                    .columns(width)
                    .all(wide)
                    .among(result.journeys())
                    .of(journey, result.journeys().cause(journey)));
        }
        lines.addAll(new TrafficTable(style).of(result.traffic()));
        lines.add("");
        expectations();
        faults();
        drops();
        floods();
        capture(journey);
        lesson();
        return lines;
    }

    /** What a scenario is to teach. */
    private void lesson() {
        if (result.lesson().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(style.strong("lesson"));
        result.lesson().lines().forEach(line -> {
            String lead = "  ";
            String rest = line.stripTrailing();
            while (lead.length() + rest.length() > width && rest.lastIndexOf(' ', width - lead.length()) > 0) {
                int cut = rest.lastIndexOf(' ', width - lead.length());
                lines.add(lead + rest.substring(0, cut));
                rest = rest.substring(cut).strip();
                lead = LEAD;
            }
            lines.add(lead + rest);
        });
    }

    private void floods() {
        String lead = "floods   ";
        for (Floods.Flood each : new Floods(result.journeys()).many()) {
            wrap(
                    lead,
                    style.bad(String.format(Locale.ROOT, "%4d ", each.times())),
                    each.device() + ": to " + each.destination() + ", which it does not know");
            lead = LEAD;
        }
    }

    private void head() {
        lines.add(style.strong(result.scenario()) + " · seed " + result.seed() + " · " + result.workers()
                + (result.workers() == 1 ? " worker · " : " workers · ") + Durations.text(result.virtualPicos())
                + " of virtual time in " + seconds(result.wallNanos())
                + (result.interrupted() ? style.bad(" · interrupted") : ""));
    }

    static String seconds(long nanos) {
        return nanos < 1_000_000_000L
                ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
                : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    /** When it started, where that is not the beginning. */
    private String started(RunResult.Command command) {
        return command.at() == 0 ? "" : style.faint("[" + Durations.instant(command.at()) + "] ");
    }

    private void commands(boolean wide) {
        for (RunResult.Command each : result.commands()) {
            lines.add("");
            String command = each.place() + "$ " + each.task();
            lines.add(started(each) + style.strong(wide ? command : CommandText.cut(command)));
            List<String> printed = each.task().lines();
            lines.addAll(wide ? printed : CommandText.shortened(printed));
            if (!each.task().ended()) {
                lines.add(style.bad("(still running at the end)"));
            }
        }
    }

    private void expectations() {
        String lead = "expect   ";
        for (RunResult.Outcome each : result.outcomes()) {
            wrap(lead, (each.met() ? style.good("ok   ") : style.bad("FAIL ")), each.text());
            if (!each.met()) {
                wrap(LEAD, style.bad("     "), "seen: " + each.seen() + "  (" + each.where() + ")");
            }
            lead = LEAD;
        }
    }

    private void wrap(String lead, String mark, String text) {
        String rest = text;
        String before = lead + mark;
        int room = Math.max(LEAST_ROOM, width - LEAD.length() - 5);
        while (!rest.isEmpty()) {
            int cut = rest.length() <= room ? rest.length() : rest.lastIndexOf(' ', room);
            cut = cut <= 0 ? Math.min(room, rest.length()) : cut;
            lines.add(before + rest.substring(0, cut));
            rest = rest.substring(cut).strip();
            before = LEAD + "     ";
        }
    }

    private void faults() {
        List<Fault> faults = result.faults();
        String lead = "faults   ";
        if (faults.isEmpty() && result.faultsAsked()) {
            lines.add(lead + "none");
        }
        for (Fault each : faults.subList(0, Math.min(MOST_FAULTS, faults.size()))) {
            String until = each.until() == Long.MAX_VALUE ? "to the end" : "to " + instant(each.until());
            lines.add(lead + String.format(Locale.ROOT, "%-12s %-16s ", instant(each.at()), until) + each.what());
            lead = LEAD;
        }
        if (faults.size() > MOST_FAULTS) {
            lines.add(LEAD + (faults.size() - MOST_FAULTS) + " more, in run.json");
        }
    }

    private static String instant(long picos) {
        return String.format(Locale.ROOT, "%.6f s", picos / 1e12);
    }

    /** Where a line a port would be too many. */
    private void byReason(String head, List<Drop> drops) {
        Map<String, long[]> reasons = new LinkedHashMap<>();
        for (Drop drop : drops) {
            long[] sums = reasons.computeIfAbsent(drop.reason().text(), reason -> new long[2]);
            sums[0] += drop.frames();
            sums[1]++;
        }
        String lead = head;
        for (Map.Entry<String, long[]> each : reasons.entrySet()) {
            long[] sums = each.getValue();
            reason(
                    lead + mark(drops, String.format(Locale.ROOT, "%6d ", sums[0])),
                    String.format(Locale.ROOT, "at %4d %-6s ", sums[1], sums[1] == 1 ? "port" : "ports"),
                    each.getKey());
            lead = LEAD;
        }
        lines.add(LEAD + style.faint("each port: --format json, " + head.strip() + "ByPort"));
    }

    private String mark(List<Drop> drops, String count) {
        return drops.get(0).reason().discard() ? style.faint(count) : style.bad(count);
    }

    private void drops() {
        if (result.totals().losses().isEmpty()) {
            lines.add("drops    none");
        } else {
            listed("drops    ", result.totals().losses());
        }
        if (!result.totals().discards().isEmpty()) {
            listed("discards ", result.totals().discards());
        }
    }

    private void listed(String head, List<Drop> drops) {
        if (drops.size() > MOST_DROPS) {
            byReason(head, drops);
            return;
        }
        int longest = drops.stream()
                .mapToInt(drop -> drop.port().toString().length())
                .max()
                .orElse(0);
        String port = "%-" + (width < 100 ? longest : 30) + "s ";
        String lead = head;
        for (Drop drop : drops) {
            reason(
                    lead + mark(drops, String.format(Locale.ROOT, "%4d ", drop.frames())),
                    String.format(Locale.ROOT, port, drop.port()),
                    drop.reason().text());
            lead = LEAD;
        }
    }

    /** What is too long goes on below, indented as far as the ports. */
    private void reason(String lead, String port, String text) {
        String rest = text;
        String before = lead + port;
        int room = Math.max(LEAST_ROOM, width - LEAD.length() - 5 - port.length());
        while (!rest.isEmpty()) {
            int cut = rest.length() <= room ? rest.length() : rest.lastIndexOf(' ', room);
            cut = cut <= 0 ? Math.min(room, rest.length()) : cut;
            lines.add(before + rest.substring(0, cut));
            rest = rest.substring(cut).strip();
            before = LEAD + "       ";
            room = Math.max(LEAST_ROOM, width - before.length());
        }
    }

    private void capture(Journey journey) {
        RunResult.Capture capture = result.capture();
        if (capture == null) {
            return;
        }
        String path = capture.path() == null ? "standard output" : shown(capture.path());
        lines.add("capture  " + style.strong(path) + "   " + capture.interfaces() + " ports · " + capture.packets()
                + " packets");
        lines.add(LEAD + "sha256 " + capture.sha256());
        if (capture.splitFiles() > 0) {
            lines.add(LEAD + capture.splitFiles() + " files more, a port or a node each");
        }
        if (capture.path() != null && journey != null && capture.packets() > 0) {
            lines.add("look     wireshark " + path);
            lines.add(LEAD + "filter: frame.packet_id == " + journey.id());
        }
    }

    private static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path whole = path.toAbsolutePath().normalize();
        return whole.startsWith(here) ? here.relativize(whole).toString() : whole.toString();
    }
}
