package io.hopscope.cli;

import io.hopscope.core.Drop;
import io.hopscope.devices.TimeSeries;
import io.hopscope.scenarios.Problem;
import io.hopscope.scenarios.RunResult;
import io.hopscope.scenarios.faults.Fault;
import io.hopscope.traces.HopView;
import io.hopscope.traces.Journey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;

/** What machines read: the shape is documented in docs/json.md and stays as it is. */
final class Json {
    private Json() {}

    static String text(Object value) {
        var indenter = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
        return JsonMapper.builder().build().writer().with(printer).writeValueAsString(value);
    }

    static Map<String, Object> run(RunResult result) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("scenario", result.scenario());
        all.put("seed", result.seed());
        all.put("workers", result.workers());
        all.put("virtualNanos", result.virtualPicos() / 1000);
        all.put("wallMillis", result.wallNanos() / 1_000_000);
        all.put("ok", result.ok());
        all.put("interrupted", result.interrupted());
        all.put("commands", result.commands().stream().map(Json::command).toList());
        all.put("expectations", result.outcomes().stream().map(Json::outcome).toList());
        all.put(
                "journeys",
                result.journeys().journeys().stream().map(Json::journey).toList());
        all.put("hopsLeftOut", result.journeys().left());
        all.put("drops", byReason(result.totals().losses()));
        all.put("dropsByPort", result.totals().losses().stream().map(Json::drop).toList());
        all.put("discards", byReason(result.totals().discards()));
        all.put(
                "discardsByPort",
                result.totals().discards().stream().map(Json::drop).toList());
        all.put("frames", frames(result));
        Map<String, Object> metrics = new LinkedHashMap<>();
        result.metrics().forEach((device, series) -> metrics.put(device, last(series)));
        all.put("metrics", metrics);
        all.put("traffic", result.traffic().stream().map(TrafficTable::json).toList());
        all.put("faults", result.faults().stream().map(Json::fault).toList());
        all.put("capture", result.capture() == null ? null : capture(result.capture()));
        return all;
    }

    private static Map<String, Long> byReason(List<Drop> drops) {
        Map<String, Long> all = new TreeMap<>();
        drops.forEach(drop -> all.merge(drop.reason().name(), drop.frames(), Long::sum));
        return all;
    }

    private static Map<String, Long> last(TimeSeries series) {
        Map<String, Long> all = new LinkedHashMap<>();
        series.names().forEach(name -> all.put(name, series.last(name)));
        return all;
    }

    private static Map<String, Object> fault(Fault fault) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("what", fault.what());
        all.put("nanos", fault.at() / 1000);
        all.put("untilNanos", fault.until() == Long.MAX_VALUE ? null : (Long) (fault.until() / 1000));
        return all;
    }

    private static Map<String, Object> frames(RunResult result) {
        Map<String, Object> frames = new LinkedHashMap<>();
        frames.put("originated", result.totals().originated());
        frames.put("copied", result.totals().copied());
        frames.put("delivered", result.totals().delivered());
        frames.put("dropped", result.totals().dropped());
        frames.put("inFlight", result.totals().inFlight());
        return frames;
    }

    static Map<String, Object> command(RunResult.Command command) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("node", command.place());
        all.put("nanos", command.at() / 1000);
        all.put("command", command.task().toString());
        all.put("exit", command.task().exit());
        all.put("output", command.task().lines());
        return all;
    }

    private static Map<String, Object> outcome(RunResult.Outcome outcome) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("expected", outcome.text());
        all.put("ok", outcome.met());
        all.put("seen", outcome.seen());
        all.put("file", outcome.where().file());
        all.put("line", outcome.where().line());
        all.put("column", outcome.where().column());
        return all;
    }

    private static Map<String, Object> drop(Drop drop) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("port", drop.port().toString());
        all.put("reason", drop.reason().name());
        all.put("text", drop.reason().text());
        all.put("frames", drop.frames());
        return all;
    }

    private static Map<String, Object> capture(RunResult.Capture capture) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("path", capture.path() == null ? "-" : capture.path().toString());
        all.put("packets", capture.packets());
        all.put("interfaces", capture.interfaces());
        all.put("bytes", capture.bytes());
        all.put("sha256", capture.sha256());
        return all;
    }

    static Map<String, Object> journey(Journey journey) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("id", journey.id());
        all.put("title", journey.title());
        all.put("lost", journey.lost());
        List<Object> hops = new ArrayList<>();
        journey.hops().forEach(hop -> hops.add(hop(HopView.of(hop))));
        all.put("hops", hops);
        return all;
    }

    private static Map<String, Object> hop(HopView view) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("port", view.hop().port());
        all.put("direction", view.hop().inbound() ? "in" : "out");
        all.put("nanos", view.hop().picos() / 1000);
        all.put("ethSrc", view.ethSrc());
        all.put("ethDst", view.ethDst());
        all.put("vlan", view.vlan());
        all.put("ttl", view.ttl());
        all.put("encapsulation", view.encapsulation());
        all.put("length", view.hop().originalLength());
        all.put("decision", view.hop().comment());
        all.put("drop", view.hop().dropReason());
        return all;
    }

    static Map<String, Object> errors(List<Problem> problems) {
        List<Object> errors = new ArrayList<>();
        for (Problem problem : problems) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("file", problem.where().file());
            all.put("line", problem.where().line());
            all.put("column", problem.where().column());
            all.put("found", problem.found());
            all.put("expected", problem.expected());
            all.put("nearest", problem.nearest());
            errors.add(all);
        }
        return Map.of("errors", errors);
    }
}
