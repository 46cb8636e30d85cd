package io.hopscope.scenarios.report;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraResult.TableUse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A {@link CapacityReport} as one page that needs nothing else, to read, to print, or to send. */
public final class CapacityPage {
    private static final String STYLE = """
            :root { color-scheme: light; }
            body { font: 16px/1.5 Charter, 'Bitstream Charter', Georgia, 'Times New Roman', serif; color: #222;
              background: #fff; max-width: 46rem; margin: 2.5rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
            h2 { font-size: 1.1rem; margin: 2.2rem 0 .5rem; }
            figure { margin: 2rem 0; break-inside: avoid; }
            figure svg { width: 100%; height: auto; display: block; }
            figcaption { font-size: .85rem; line-height: 1.45; color: #444; margin-top: .4rem; }
            table { border-collapse: collapse; font: 12.5px/1.5 'Helvetica Neue', Helvetica, Arial, sans-serif;
              font-variant-numeric: tabular-nums; border-top: 1.5px solid #222; border-bottom: 1.5px solid #222; }
            th, td { padding: .15rem .6rem .15rem 0; text-align: right; vertical-align: top; font-weight: normal; }
            thead th { border-bottom: .75px solid #222; vertical-align: bottom; }
            th:first-child, td.word, th.word { text-align: left; }
            tr.era th, tr.era td { border-top: .75px solid #ccc; }
            .wide { overflow-x: auto; }
            code, pre { font: 13px/1.45 ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
            pre { background: #f5f5f5; padding: .6rem .8rem; white-space: pre-wrap; }
            .overflows { color: #a03000; font-weight: 600; } .fits { color: #006b4e; } .tight { font-weight: 600; }
            @media print { body { max-width: none; margin: 0; font-size: 10.5pt; } pre { border: .75px solid #ccc; } }
            """;

    private final CapacityReport report;
    private final List<Figure> figures;

    public CapacityPage(CapacityReport report) {
        this.report = report;
        figures = new CapacityFigures(report).all();
    }

    /** Writes {@code index.html} and each picture into a folder, which is made if there is none. Returns the page. */
    public Path write(Path folder) {
        try {
            Files.createDirectories(folder);
            for (Figure figure : figures) {
                Files.writeString(folder.resolve(figure.name() + ".svg"), figure.svg(), StandardCharsets.UTF_8);
            }
            return Files.writeString(folder.resolve("index.html"), html(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Well-formed XML as well as HTML. */
    public String html() {
        StringBuilder page =
                new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                        + "<title>What fills the core's tables</title>\n<style>\n" + STYLE
                        + "</style>\n</head>\n<body>\n"
                        + "<h1>What fills the core's tables</h1>\n<p>" + summary() + "</p>\n");
        int number = 1;
        for (Figure figure : figures) {
            page.append("<figure>\n")
                    .append(figure.svg())
                    .append("<figcaption><b>Figure ")
                    .append(number++)
                    .append(". ");
            page.append(escape(figure.title()))
                    .append(".</b> ")
                    .append(escape(figure.caption()))
                    .append(" Hopscope, ");
            page.append(escape(report.machine())).append(".</figcaption>\n</figure>\n");
        }
        page.append("<h2>What the switches held</h2>\n<div class=\"wide\">")
                .append(held())
                .append("</div>\n");
        page.append("<h2>What became of the traffic</h2>\n<div class=\"wide\">")
                .append(traffic())
                .append("</div>\n");
        page.append("<h2>Parameters</h2>\n").append(parameters());
        page.append("<p>The same again:</p>\n<pre>")
                .append(escape(report.command()))
                .append("</pre>\n");
        return page.append("</body>\n</html>\n").toString();
    }

    private String summary() {
        StringBuilder text = new StringBuilder();
        for (EraResult era : report.eras()) {
            String verdict = Verdict.of(era).word();
            text.append("<b>").append(escape(CapacityFigures.words(era.name()))).append("</b> ");
            text.append("<span class=\"")
                    .append(verdict)
                    .append("\">")
                    .append(verdict)
                    .append("</span>: ");
            text.append(escape(Verdict.because(era))).append(".<br/>\n");
        }
        return text.toString();
    }

    private String held() {
        StringBuilder rows = new StringBuilder("<table>\n<thead><tr><th>era</th><th>servers</th><th>endpoints</th>"
                + "<th class=\"word\">table</th><th>entries</th><th>usable</th><th>nominal</th><th>most held</th>"
                + "<th>collisions</th><th>missing</th></tr></thead>\n<tbody>\n");
        for (EraResult era : report.eras()) {
            boolean first = true;
            for (Map.Entry<String, TableUse> each : era.tables().entrySet()) {
                TableUse table = each.getValue();
                rows.append(first ? "<tr class=\"era\"><th>" + escape(era.name()) : "<tr><th>")
                        .append("</th>");
                rows.append(cell(first ? exact(era.nodes()) : "")).append(cell(first ? exact(era.endpoints()) : ""));
                rows.append("<td class=\"word\">").append(escape(each.getKey())).append("</td>");
                rows.append(cell(exact(table.entries()))).append(cell(exact(table.usable())));
                rows.append(cell(exact(table.capacity()))).append(cell(exact(table.watermark())));
                rows.append(cell(exact(table.collisions())))
                        .append(cell(exact(table.missing())))
                        .append("</tr>\n");
                first = false;
            }
        }
        return rows.append("</tbody>\n</table>").toString();
    }

    private String traffic() {
        StringBuilder rows = new StringBuilder("<table>\n<thead><tr><th>era</th><th>packets/s each</th><th>sent</th>"
                + "<th>lost</th><th>lost without entry</th><th>expected</th><th>CPU</th><th>p50</th><th>p99</th>"
                + "</tr></thead>\n<tbody>\n");
        for (EraResult era : report.eras()) {
            boolean first = true;
            for (EraResult.Load load : era.loads()) {
                rows.append(first ? "<tr class=\"era\"><th>" + escape(era.name()) : "<tr><th>")
                        .append("</th>");
                rows.append(cell(number(load.perEndpoint()))).append(cell(exact(load.sent())));
                rows.append(cell(Counts.percent(load.lossPercent())));
                rows.append(cell(Counts.percent(load.uncoveredLossPercent())));
                rows.append(cell(Counts.percent(load.expectedLossPercent())));
                rows.append(cell(Counts.percent(load.cpuPercent())));
                rows.append(cell(Counts.nanos(load.latency().p50())))
                        .append(cell(Counts.nanos(load.latency().p99())));
                rows.append("</tr>\n");
                first = false;
            }
        }
        return rows.append("</tbody>\n</table>").toString();
    }

    private String parameters() {
        StringBuilder rows = new StringBuilder("<table>\n<tbody>\n");
        report.parameters().forEach((name, value) -> rows.append("<tr><th>")
                .append(escape(name))
                .append("</th><td class=\"word\">")
                .append(escape(value))
                .append("</td></tr>\n"));
        for (EraResult era : report.eras()) {
            rows.append("<tr><th>").append(escape(era.name())).append("</th><td class=\"word\">built in ");
            rows.append(Counts.millis(era.setupMillis())).append(", ran for ").append(Counts.millis(era.wallMillis()));
            rows.append(", at most ").append(Counts.bytes(era.peakHeapBytes())).append(" of heap");
            era.notes().forEach(note -> rows.append("; ").append(escape(note)));
            rows.append("</td></tr>\n");
        }
        return rows.append("</tbody>\n</table>\n").toString();
    }

    private static String cell(String text) {
        return "<td>" + escape(text) + "</td>";
    }

    private static String exact(long value) {
        return String.format(java.util.Locale.ROOT, "%,d", value);
    }

    private static String number(double value) {
        return java.math.BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
