package io.hopscope.cli;

import io.hopscope.scenarios.TrafficResult;
import io.hopscope.scenarios.traffic.LinkUtilisation;
import io.hopscope.scenarios.traffic.TrafficReport;
import io.hopscope.scenarios.traffic.TrafficSpec;
import io.hopscope.traces.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What traffic came to: for people in at most 100 columns, for machines, and a line for each flow. */
final class TrafficTable {
    private static final int TOLD = 3;
    private static final String LEAD = "         ";
    private static final String ROW = "%-12s%9s %9s %9s %9s %9s %9s %9s %9s";

    private final Style style;
    private final List<String> lines = new ArrayList<>();

    TrafficTable(Style style) {
        this.style = style;
    }

    List<String> of(List<TrafficResult> results) {
        for (TrafficResult each : results) {
            lines.add("");
            add(each);
        }
        return lines;
    }

    private void add(TrafficResult result) {
        TrafficReport report = result.report();
        TrafficReport.Count total = report.total();
        lines.add("traffic  " + style.strong(report.name()) + " · " + matrices(result.spec()) + " · "
                + report.senders() + (report.senders() == 1 ? " sender · " : " senders · ")
                + rate(report.offeredRate()) + " sent, " + rate(report.throughput()) + " arrived");
        String lost = total.lost() + " lost (" + percent(total.lossPercent()) + ")";
        lines.add(LEAD + "packets  " + total.sent() + " sent, " + total.received() + " received, "
                + (total.lost() == 0 ? lost : style.bad(lost)) + ", " + report.reordered() + " reordered"
                + (report.flowsBegun() == 0 ? "" : ", in " + report.flowsBegun() + " flows"));
        if (report.replies() > 0) {
            lines.add(LEAD + "replies  " + report.replies() + " sent, " + report.answered() + " received");
        }
        lines.add(LEAD + row("delay", "min", "mean", "p50", "p90", "p99", "p99.9", "max", ""));
        delays("one way", total.latency());
        delays("round trip", report.roundTrip());
        flows(report);
        links(result.links());
    }

    private void delays(String name, TrafficReport.Latency latency) {
        if (latency.count() > 0) {
            lines.add(LEAD
                    + row(
                            name,
                            time(latency.min()),
                            time(latency.mean()),
                            time(latency.p50()),
                            time(latency.p90()),
                            time(latency.p99()),
                            time(latency.p999()),
                            time(latency.max()),
                            ""));
        }
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, ROW, cells).stripTrailing();
    }

    private void flows(TrafficReport report) {
        String bands = report.losses().stream()
                .filter(each -> each.flows() > 0)
                .map(each -> each.flows() + " lost " + each.name())
                .collect(Collectors.joining(", "));
        lines.add(LEAD + "flows    " + (bands.isEmpty() ? "none sent" : bands));
        String lead = "worst    ";
        for (TrafficReport.FlowLoss each : first(report.worst())) {
            String to = each.to() == null ? "whom it drew" : each.to();
            lines.add(LEAD
                    + lead
                    + String.format(
                            Locale.ROOT,
                            "%-46s %8s of %d",
                            each.from() + " -> " + to,
                            percent(each.lossPercent()),
                            each.sent()));
            lead = LEAD;
        }
    }

    private void links(List<LinkUtilisation.Direction> links) {
        String lead = "links    ";
        for (LinkUtilisation.Direction each : first(links)) {
            if (each.bits() > 0) {
                lines.add(LEAD
                        + lead
                        + String.format(
                                Locale.ROOT,
                                "%-46s %8s of %s",
                                each.from() + " -> " + each.to(),
                                percent(each.percent()),
                                rate(each.from().rate())));
                lead = LEAD;
            }
        }
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(TOLD, all.size()));
    }

    private static String matrices(TrafficSpec spec) {
        return spec.mix().stream().map(each -> each.matrix().text()).collect(Collectors.joining(", "));
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f %%", value);
    }

    private static String rate(double bits) {
        return bits < 1e6
                ? String.format(Locale.ROOT, "%.1f Kbps", bits / 1e3)
                : bits < 1e9
                        ? String.format(Locale.ROOT, "%.1f Mbps", bits / 1e6)
                        : String.format(Locale.ROOT, "%.1f Gbps", bits / 1e9);
    }

    private static String time(long picos) {
        return picos < 1_000_000_000L
                ? String.format(Locale.ROOT, "%.2f us", picos / 1e6)
                : picos < 1_000_000_000_000L
                        ? String.format(Locale.ROOT, "%.2f ms", picos / 1e9)
                        : String.format(Locale.ROOT, "%.2f s", picos / 1e12);
    }

    static Map<String, Object> json(TrafficResult result) {
        TrafficReport report = result.report();
        TrafficReport.Count total = report.total();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", report.name());
        all.put(
                "matrices",
                result.spec().mix().stream().map(each -> each.matrix().text()).toList());
        all.put("senders", report.senders());
        all.put("flowsBegun", report.flowsBegun());
        all.put("nanos", report.picoseconds() / 1000);
        all.put("sent", total.sent());
        all.put("received", total.received());
        all.put("lost", total.lost());
        all.put("lossPercent", total.lossPercent());
        all.put("reordered", report.reordered());
        all.put("replies", report.replies());
        all.put("answered", report.answered());
        all.put("offeredBps", Math.round(report.offeredRate()));
        all.put("throughputBps", Math.round(report.throughput()));
        all.put("latencyNanos", latency(total.latency()));
        all.put("roundTripNanos", latency(report.roundTrip()));
        all.put("flowsByLoss", report.losses().stream().map(each -> band(each)).toList());
        all.put("worst", report.worst().stream().map(TrafficTable::flow).toList());
        all.put("links", result.links().stream().map(TrafficTable::link).toList());
        return all;
    }

    private static Map<String, Object> latency(TrafficReport.Latency latency) {
        if (latency.count() == 0) {
            return null;
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("min", latency.min() / 1000);
        all.put("mean", latency.mean() / 1000);
        all.put("p50", latency.p50() / 1000);
        all.put("p90", latency.p90() / 1000);
        all.put("p99", latency.p99() / 1000);
        all.put("p999", latency.p999() / 1000);
        all.put("max", latency.max() / 1000);
        return all;
    }

    private static Map<String, Object> band(TrafficReport.Band band) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", band.name());
        all.put("flows", band.flows());
        return all;
    }

    private static Map<String, Object> flow(TrafficReport.FlowLoss flow) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("from", flow.from());
        all.put("to", flow.to());
        all.put("sent", flow.sent());
        all.put("received", flow.received());
        all.put("reordered", flow.reordered());
        return all;
    }

    private static Map<String, Object> link(LinkUtilisation.Direction link) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("from", link.from().toString());
        all.put("to", link.to().toString());
        all.put("bits", link.bits());
        all.put("percent", link.percent());
        return all;
    }

    /** A line for each flow; no destination where each packet has its own. */
    static StringBuilder csv(List<TrafficResult> results) {
        StringBuilder csv = new StringBuilder("traffic,flow,from,to,sent,received,lost,reordered\n");
        for (TrafficResult result : results) {
            for (TrafficReport.FlowLoss each : result.flows()) {
                csv.append(result.report().name())
                        .append(',')
                        .append(each.flow())
                        .append(',');
                csv.append(each.from())
                        .append(',')
                        .append(each.to() == null ? "" : each.to())
                        .append(',');
                csv.append(each.sent()).append(',').append(each.received()).append(',');
                csv.append(each.lost()).append(',').append(each.reordered()).append('\n');
            }
        }
        return csv;
    }
}
