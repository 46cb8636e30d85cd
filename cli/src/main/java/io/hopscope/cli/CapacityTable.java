package io.hopscope.cli;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraResult.Load;
import io.hopscope.scenarios.eras.EraResult.TableUse;
import io.hopscope.scenarios.report.Counts;
import io.hopscope.scenarios.report.Verdict;
import io.hopscope.traces.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The article's table, from what the switches held and what became of the packets, in at most 100 columns. */
final class CapacityTable {
    private static final int WIDTH = 100;
    private static final String EIGHTHS = "·▏▎▍▌▋▊▉█";
    private static final String HELD = "%-16s  %9s  %-5s %7s %7s %7s  %s  %10s  %7s";
    private static final String TRAFFIC = "%-16s  %8s  %8s  %8s  %10s  %7s  %7s  %8s  %8s";

    private final List<EraResult> eras;
    private final Style style;
    private final List<String> lines = new ArrayList<>();

    CapacityTable(List<EraResult> eras, Style style) {
        this.eras = eras;
        this.style = style;
    }

    List<String> lines() {
        held();
        lines.add("");
        traffic();
        lines.add("");
        verdicts();
        notes();
        return lines;
    }

    private void held() {
        lines.add(style.strong(line(
                HELD,
                "era",
                "endpoints",
                "table",
                "entries",
                "usable",
                "nominal",
                "filled |70 %    ",
                "collisions",
                "missing")));
        for (EraResult era : eras) {
            String name = era.name();
            String endpoints = Counts.of(era.endpoints());
            for (Map.Entry<String, TableUse> each : limitingFirst(era).entrySet()) {
                held(name, endpoints, each.getKey(), each.getValue());
                name = "";
                endpoints = "";
            }
        }
    }

    private void held(String era, String endpoints, String name, TableUse table) {
        String refused = column(10, Counts.of(table.collisions()), table.collisions() > 0);
        String missing = column(7, Counts.of(table.missing()), table.missing() > 0);
        lines.add(line(
                HELD,
                era,
                endpoints,
                name,
                Counts.of(table.entries()),
                Counts.of(table.usable()),
                Counts.of(table.capacity()),
                bar(table),
                refused,
                missing));
    }

    private static Map<String, TableUse> limitingFirst(EraResult era) {
        Map<String, TableUse> ordered = new TreeMap<>((a, b) -> {
            boolean first = a.equals(era.limiting());
            return first == b.equals(era.limiting()) ? a.compareTo(b) : first ? -1 : 1;
        });
        ordered.putAll(era.tables());
        return ordered;
    }

    /** Ten cells, with the usable limit between the seventh and the eighth. */
    private String bar(TableUse table) {
        double filled = table.capacity() == 0 ? 0 : (double) table.entries() / table.capacity();
        int eighths = (int) Math.min(80, Math.ceil(filled * 80));
        StringBuilder text = new StringBuilder();
        for (int cell = 0; cell < 10; cell++) {
            text.append(EIGHTHS.charAt(Math.max(0, Math.min(8, eighths - 8 * cell))));
            text.append(cell == 6 ? "|" : "");
        }
        text.append(String.format(Locale.ROOT, " %3.0f%%", Math.floor(filled * 100)));
        return switch (Verdict.of(table)) {
            case FITS -> style.good(text.toString());
            case TIGHT -> style.strong(text.toString());
            case OVERFLOWS -> style.bad(text.toString());
        };
    }

    private String column(int width, String text, boolean bad) {
        String padded = " ".repeat(Math.max(0, width - text.length())) + text;
        return bad ? style.bad(padded) : padded;
    }

    private void traffic() {
        lines.add(style.strong(
                line(TRAFFIC, "era", "nodes", "packets", "punts", "CoPP drops", "CPU", "loss", "p50", "p99")));
        for (EraResult era : eras) {
            Load last =
                    era.loads().isEmpty() ? null : era.loads().get(era.loads().size() - 1);
            lines.add(line(
                    TRAFFIC,
                    era.name(),
                    Counts.of(era.nodes()),
                    last == null ? "-" : Counts.of(last.sent()),
                    Counts.of(era.punts()),
                    Counts.of(era.coppDrops()),
                    Counts.percent(era.cpuPercent()),
                    column(7, last == null ? "-" : Counts.percent(era.lossPercent()), era.lossPercent() > 0),
                    last == null ? "-" : Counts.nanos(last.latency().p50()),
                    last == null ? "-" : Counts.nanos(last.latency().p99())));
        }
    }

    private void verdicts() {
        for (EraResult era : eras) {
            Verdict verdict = Verdict.of(era);
            String lead = String.format(Locale.ROOT, "%-16s  ", era.name());
            String word = String.format(Locale.ROOT, "%-9s  ", verdict.word());
            String mark =
                    switch (verdict) {
                        case FITS -> style.good(word);
                        case TIGHT -> style.strong(word);
                        case OVERFLOWS -> style.bad(word);
                    };
            wrap(lead + mark, lead.length() + word.length(), Verdict.because(era));
        }
    }

    /** What took how long, and what a reader must know. */
    private void notes() {
        lines.add("");
        for (EraResult era : eras) {
            wrap(
                    String.format(Locale.ROOT, "%-16s  ", era.name()),
                    18,
                    "built in " + Counts.millis(era.setupMillis()) + ", ran for " + Counts.millis(era.wallMillis())
                            + ", at most " + Counts.bytes(era.peakHeapBytes()) + " of heap");
            for (String note : era.notes()) {
                wrap(" ".repeat(18), 18, note);
            }
        }
    }

    private void wrap(String lead, int indent, String text) {
        String before = lead;
        String rest = text;
        int room = WIDTH - indent;
        while (!rest.isEmpty()) {
            int cut = rest.length() <= room ? rest.length() : rest.lastIndexOf(' ', room);
            // A number keeps its unit.
            cut = rest.startsWith(" %", cut) ? rest.lastIndexOf(' ', cut - 1) : cut;
            cut = cut <= 0 ? Math.min(room, rest.length()) : cut;
            lines.add(before + rest.substring(0, cut));
            rest = rest.substring(cut).strip();
            before = " ".repeat(indent);
        }
    }

    private static String line(String format, Object... cells) {
        return String.format(Locale.ROOT, format, cells).stripTrailing();
    }
}
