package io.hopscope.cli;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.report.ArpCost;
import io.hopscope.scenarios.report.SweepPoint;
import io.hopscope.scenarios.report.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code hopscope capacity} prints for machines; its names stand in docs/json.md. */
final class CapacityJson {
    private CapacityJson() {}

    static Map<String, Object> era(EraResult era) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", era.name());
        all.put("title", era.title());
        all.put("nodes", era.nodes());
        all.put("endpoints", era.endpoints());
        all.put("verdict", Verdict.of(era).word());
        all.put("limiting", era.limiting());
        Map<String, Object> tables = new LinkedHashMap<>();
        era.tables().forEach((name, table) -> tables.put(name, table(table)));
        all.put("tables", tables);
        all.put("firstFailure", era.firstFailure() < 0 ? null : era.firstFailure());
        all.put("punts", era.punts());
        all.put("coppDrops", era.coppDrops());
        all.put("cpuPercent", number(era.cpuPercent()));
        all.put("lossPercent", number(era.lossPercent()));
        all.put("loads", era.loads().stream().map(CapacityJson::load).toList());
        all.put("curve", era.curve().stream().map(CapacityJson::point).toList());
        all.put("links", era.links().stream().map(CapacityJson::link).toList());
        all.put("arpFrames", era.arpFrames());
        all.put("setupMillis", era.setupMillis());
        all.put("wallMillis", era.wallMillis());
        all.put("peakHeapBytes", era.peakHeapBytes());
        all.put("notes", new ArrayList<>(era.notes()));
        return all;
    }

    static Map<String, Object> size(SweepPoint point) {
        Map<String, Object> all = era(point.result());
        all.put("copp", point.copp());
        return all;
    }

    static Map<String, Object> arp(ArpCost cost) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("era", cost.era());
        all.put("prefix", cost.prefix());
        all.put("hosts", cost.hosts());
        all.put("frames", cost.frames());
        return all;
    }

    private static Map<String, Object> table(EraResult.TableUse table) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("capacity", table.capacity());
        all.put("usable", table.usable());
        all.put("entries", table.entries());
        all.put("watermark", table.watermark());
        all.put("collisions", table.collisions());
        all.put("missing", table.missing());
        return all;
    }

    private static Map<String, Object> load(EraResult.Load load) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("perEndpoint", load.perEndpoint());
        all.put("sent", load.sent());
        all.put("received", load.received());
        all.put("lossPercent", number(load.lossPercent()));
        all.put("coveredLossPercent", number(load.coveredLossPercent()));
        all.put("uncoveredSent", load.uncoveredSent());
        all.put("uncoveredLossPercent", number(load.uncoveredLossPercent()));
        all.put("expectedLossPercent", number(load.expectedLossPercent()));
        all.put("cpuPercent", number(load.cpuPercent()));
        Map<String, Object> latency = new LinkedHashMap<>();
        latency.put("p50", load.latency().p50());
        latency.put("p90", load.latency().p90());
        latency.put("p99", load.latency().p99());
        latency.put("p999", load.latency().p999());
        latency.put("max", load.latency().max());
        all.put("latencyNanos", latency);
        return all;
    }

    private static List<Integer> point(EraResult.Point point) {
        return List.of(point.endpoints(), point.entries());
    }

    private static Map<String, Object> link(EraResult.LinkUse link) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("from", link.from());
        all.put("to", link.to());
        all.put("percent", number(link.percent()));
        return all;
    }

    /** JSON has no word for what is not a number. */
    private static Double number(double value) {
        return Double.isNaN(value) || Double.isInfinite(value) ? null : (Double) value;
    }
}
