package io.hopscope.scenarios.report;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraResult.TableUse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A {@link CapacityReport} as one page that needs nothing else, to read, to print, or to send. */
public final class CapacityPage {
    private final CapacityReport report;
    private final List<Figure> figures;

    public CapacityPage(CapacityReport report) {
        this.report = report;
        figures = new CapacityFigures(report).all();
    }

    /** Writes {@code index.html} and each picture into a folder, which is made if there is none. Returns the page. */
    public Path write(Path folder) {
        return page().write(folder, "index.html", figures);
    }

    /** Well-formed XML as well as HTML. */
    public String html() {
        return page().html();
    }

    private Page page() {
        Page page = new Page("What fills the core's tables").raw("<p>" + summary() + "</p>\n");
        figures.forEach(each -> page.figure(each, "Hopscope, " + report.machine() + "."));
        return page.heading("What the switches held")
                .raw("<div class=\"wide\">" + held() + "</div>\n")
                .heading("What became of the traffic")
                .raw("<div class=\"wide\">" + traffic() + "</div>\n")
                .heading("Parameters")
                .raw(parameters())
                .raw("<p>The same again:</p>\n<pre>" + escape(report.command()) + "</pre>\n");
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
                rows.append(cell(uncovered(load)));
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

    /** A share of few is another thing than one of many. */
    private static String uncovered(EraResult.Load load) {
        String percent = Counts.percent(load.uncoveredLossPercent());
        return load.uncoveredSent() == 0 ? percent : percent + " of " + exact(load.uncoveredSent());
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
        return Page.escape(text);
    }
}
