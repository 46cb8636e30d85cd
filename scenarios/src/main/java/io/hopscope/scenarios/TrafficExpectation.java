package io.hopscope.scenarios;

import io.hopscope.scenarios.traffic.TrafficReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What a scenario expects of its traffic: exact values, or from {@code min} to {@code max}. */
final class TrafficExpectation {
    /** One figure: what may stand there, how it is read, and where it is seen. */
    private record Figure(
            Type type,
            Function<String, Number> read,
            ToDoubleFunction<TrafficResult> seen,
            String unit,
            double scale,
            String meaning) {}

    private static final Map<String, Figure> FIGURES = figures();

    static final Keys KEYS = keys();

    private TrafficExpectation() {}

    private static Map<String, Figure> figures() {
        Map<String, Figure> all = new LinkedHashMap<>();
        all.put("sent", count(report -> report.total().sent(), "packets"));
        all.put("received", count(report -> report.total().received(), "packets that arrived"));
        all.put("lost", count(report -> report.total().lost(), "packets that did not"));
        all.put("reordered", count(TrafficReport::reordered, "packets that came after one sent later"));
        all.put("answered", count(TrafficReport::answered, "replies that came back"));
        all.put("loss-percent", percent(result -> result.report().total().lossPercent(), "of the packets sent"));
        all.put(
                "link-percent",
                percent(
                        result -> result.links().isEmpty()
                                ? 0
                                : result.links().get(0).percent(),
                        "of the fullest cable's rate"));
        all.put("throughput", rate(TrafficReport::throughput, "bits a second that arrived"));
        all.put("latency-min", time(report -> report.total().latency().min(), "shortest delay one way"));
        all.put("latency-p50", time(report -> report.total().latency().p50(), "delay one way"));
        all.put("latency-p90", time(report -> report.total().latency().p90(), "delay one way"));
        all.put("latency-p99", time(report -> report.total().latency().p99(), "delay one way"));
        all.put("latency-p999", time(report -> report.total().latency().p999(), "delay one way"));
        all.put("latency-max", time(report -> report.total().latency().max(), "longest delay one way"));
        all.put("round-trip-p99", time(report -> report.roundTrip().p99(), "from request to reply"));
        return all;
    }

    private static Figure count(ToDoubleFunction<TrafficReport> seen, String meaning) {
        return new Figure(Language.COUNT, Long::decode, result -> seen.applyAsDouble(result.report()), "", 1, meaning);
    }

    private static Figure percent(ToDoubleFunction<TrafficResult> seen, String meaning) {
        Type type = Type.parsed("a number from 0 to 100", null, TrafficExpectation::hundred);
        return new Figure(type, TrafficExpectation::hundred, seen, " %", 1, meaning);
    }

    private static Figure time(ToDoubleFunction<TrafficReport> seen, String meaning) {
        return new Figure(
                Language.TIME, Units::time, result -> seen.applyAsDouble(result.report()), " us", 1e-6, meaning);
    }

    private static Figure rate(ToDoubleFunction<TrafficReport> seen, String meaning) {
        return new Figure(
                Language.RATE, Units::rate, result -> seen.applyAsDouble(result.report()), " Mbps", 1e-6, meaning);
    }

    private static Double hundred(String text) {
        double value = Double.parseDouble(text);
        if (!(value >= 0 && value <= 100)) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static Keys keys() {
        Keys keys = new Keys("what traffic came to").required("name", Language.NAME, "the traffic's");
        FIGURES.forEach((name, figure) -> {
            Keys range = new Keys("a range").key("min", figure.type, "at least").key("max", figure.type, "at most");
            keys.key(name, Type.either(figure.type, range), figure.meaning);
        });
        return keys;
    }

    /** Finds what cannot be judged. */
    static void check(Value wanted, Scenario scenario, Problems problems) {
        List<String> names =
                scenario.traffic().stream().map(each -> each.text("name", "")).toList();
        if (!names.contains(wanted.text("name"))) {
            problems.unknown(wanted.where("name"), "traffic", wanted.text("name"), names);
        }
        if (wanted.entries().size() < 2) {
            problems.add(wanted.where(), "nothing that is expected of it", String.join(", ", FIGURES.keySet()));
        }
    }

    static RunResult.Outcome judge(Value wanted, List<TrafficResult> results) {
        TrafficResult result = results.stream()
                .filter(each -> each.spec().name().equals(wanted.text("name")))
                .findFirst()
                .orElseThrow();
        List<String> expected = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        wanted.entries().forEach((key, value) -> {
            Figure figure = FIGURES.get(key);
            if (figure != null) {
                String least = value.isText() ? value.text() : value.text("min");
                String most = value.isText() ? value.text() : value.text("max");
                expected.add(key + " " + said(value, least, most));
                double seen = figure.seen.applyAsDouble(result);
                boolean low = least != null && seen < figure.read.apply(least).doubleValue();
                boolean high = most != null && seen > figure.read.apply(most).doubleValue();
                if (low || high) {
                    faults.add(key + " " + rounded(seen * figure.scale) + figure.unit);
                }
            }
        });
        return new RunResult.Outcome(
                wanted.where(),
                "traffic " + wanted.text("name") + ": " + String.join(", ", expected),
                faults.isEmpty(),
                faults.isEmpty() ? null : String.join("; ", faults));
    }

    private static String said(Value value, String least, String most) {
        if (value.isText()) {
            return least;
        }
        return least == null ? "up to " + most : most == null ? "from " + least : least + " to " + most;
    }

    private static String rounded(double value) {
        double rounded = StrictMath.rint(value * 1000) / 1000;
        return rounded == StrictMath.rint(rounded) ? String.valueOf((long) rounded) : String.valueOf(rounded);
    }
}
