package io.hopscope.scenarios;

import io.hopscope.core.Drop;
import io.hopscope.core.Totals;
import io.hopscope.devices.Task;
import io.hopscope.encap.MacAddress;
import io.hopscope.traces.Hop;
import io.hopscope.traces.HopView;
import io.hopscope.traces.Journey;
import io.hopscope.traces.JourneyLog;
import io.hopscope.traces.PacketFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares what a scenario expects with what happened. */
final class Expectations {
    private static final Pattern RECEIVED = Pattern.compile("(\\d+) packets transmitted, (\\d+) received.*");
    /** What a traceroute makes of its probes: a TTL that runs out, a port where nobody listens. */
    private static final List<String> PROBED = List.of("TTL_EXPIRED", "NO_SOCKET");

    private static final Pattern TTL = Pattern.compile(".* ttl=(\\d+) .*");

    private final Scenario scenario;
    private final Lab lab;
    private final List<RunResult.Command> commands;
    private final Problems problems;
    /** Read-outs that are no step, by their expectation. */
    private final Map<Value, Task> atEnd = new LinkedHashMap<>();

    Expectations(Scenario scenario, Lab lab, List<RunResult.Command> commands, Problems problems) {
        this.scenario = scenario;
        this.lab = lab;
        this.commands = commands;
        this.problems = problems;
    }

    /** Finds what cannot be judged, before anything runs. */
    void check() {
        scenario.expectations().forEach(each -> problems.attempt(() -> check(each)));
    }

    private void check(Value each) {
        if (each.entries().size() != 1) {
            problems.add(
                    each.where(),
                    each.entries().size() + " keys",
                    "one expectation an item: ping, path, drops, output or traffic");
        }
        Value ping = each.get("ping");
        if (ping != null && lab.place(ping.text("from", "")) == null) {
            problems.unknown(ping.where("from"), "node or device", ping.text("from"), lab.names());
        } else if (ping != null && pingTask(ping) == null) {
            problems.add(
                    ping.where(),
                    "no step in which " + ping.text("from") + " pings " + ping.text("to"),
                    "a ping under 'run:'");
        }
        if (each.has("output")) {
            checkOutput(each.get("output"));
        }
        if (each.has("traffic")) {
            TrafficExpectation.check(each.get("traffic"), scenario, problems);
        }
        checkPorts(each);
        for (String key : List.of("path", "drops")) {
            if (each.has(key) && each.get(key).has("reason")) {
                DropReasons.check(each.get(key).get("reason"), problems);
            }
        }
    }

    /** A port that is not there can neither be crossed nor drop anything. */
    private void checkPorts(Value each) {
        List<Value> named = new ArrayList<>();
        Value path = each.get("path");
        if (path != null) {
            named.addAll(path.items("ports"));
            path.items("rows").stream().filter(row -> row.has("port")).forEach(row -> named.add(row.get("port")));
            named.addAll(path.items("at"));
        }
        if (each.has("drops")) {
            named.addAll(each.get("drops").items("port"));
        }
        List<String> all = named.isEmpty() ? List.of() : lab.ports();
        for (Value port : named) {
            String glob = String.valueOf(port.text());
            if (all.stream().noneMatch(name -> Glob.matches(glob, name)) && !lab.doubtful(glob)) {
                problems.unknown(port.where(), "port", glob, all);
            }
        }
    }

    private void checkOutput(Value output) {
        boolean step = step(output) != null;
        String line = output.text("exec", "");
        new CommandCheck(lab, problems)
                .known(output.where("node"), output.text("node", ""), output.where("exec"), line, step);
        if (!step && line.matches("\\s*(ping|traceroute)\\b.*")) {
            problems.add(output.where("exec"), "'" + line + "', which is no step", "the same command under 'run:'");
        }
    }

    private Task pingTask(Value ping) {
        Lab.Place from = lab.place(ping.text("from", ""));
        for (RunResult.Command each : commands) {
            List<String> words = each.task().words();
            if (from != null
                    && from.name().equals(each.place())
                    && words.get(0).equals("ping")
                    && words.contains(ping.text("to", ""))) {
                return each.task();
            }
        }
        return null;
    }

    private Task step(Value output) {
        Lab.Place place = lab.place(output.text("node", ""));
        List<String> words = Programs.words(output.text("exec", ""));
        for (RunResult.Command each : commands) {
            if (place != null
                    && each.place().equals(place.name())
                    && each.task().words().equals(words)) {
                return each.task();
            }
        }
        return null;
    }

    /** Runs the read-outs that are no step, while the network still stands. */
    void readOuts(long now) {
        for (Value each : scenario.expectations()) {
            Value output = each.get("output");
            if (output != null && step(output) == null) {
                Lab.Place place = lab.place(output.text("node"), now);
                Task task = new Task(Programs.words(output.text("exec")), lab::address);
                Programs.find(task.words().get(0)).start(place.node(), place.host(), task, now);
                atEnd.put(output, task);
            }
        }
    }

    List<RunResult.Outcome> judge(JourneyLog journeys, Totals totals, List<TrafficResult> traffic) {
        List<RunResult.Outcome> all = new ArrayList<>();
        for (Value each : scenario.expectations()) {
            if (each.has("ping")) {
                all.add(ping(each.get("ping")));
            } else if (each.has("path")) {
                all.add(path(each.get("path"), journeys));
            } else if (each.has("drops")) {
                all.add(drops(each.get("drops"), totals));
            } else if (each.has("output")) {
                all.add(output(each.get("output")));
            } else if (each.has("traffic")) {
                all.add(TrafficExpectation.judge(each.get("traffic"), traffic));
            }
        }
        return all;
    }

    private static RunResult.Outcome outcome(Value at, String text, List<String> faults) {
        return new RunResult.Outcome(
                at.where(), text, faults.isEmpty(), faults.isEmpty() ? null : String.join("; ", faults));
    }

    private RunResult.Outcome ping(Value ping) {
        Task task = pingTask(ping);
        List<String> faults = new ArrayList<>();
        long wanted = ping.number("received", -1);
        long sent = 0;
        long received = -1;
        for (String line : task.lines()) {
            Matcher matcher = RECEIVED.matcher(line);
            if (matcher.matches()) {
                sent = Long.parseLong(matcher.group(1));
                received = Long.parseLong(matcher.group(2));
            }
            Matcher ttl = TTL.matcher(line);
            if (ping.has("ttl") && ttl.matches() && !ttl.group(1).equals(ping.text("ttl"))) {
                faults.add("ttl " + ttl.group(1));
            }
        }
        wanted = wanted < 0 ? Math.max(1, sent) : wanted;
        if (received != wanted) {
            faults.add(0, received < 0 ? "no end of the ping" : received + " of " + sent + " received");
        }
        return outcome(
                ping,
                ping.text("from") + " pings " + ping.text("to") + ": " + wanted + " received"
                        + (ping.has("ttl") ? ", ttl " + ping.text("ttl") : ""),
                faults);
    }

    private RunResult.Outcome path(Value path, JourneyLog journeys) {
        int nth = (int) path.number("nth", 1);
        List<Value> rows = new ArrayList<>(path.items("rows"));
        path.items("ports").forEach(port -> rows.add(Value.of(Map.of("port", port.text()), port.where())));
        long hops = path.number("hops", rows.isEmpty() ? -1 : rows.size());
        boolean lost = path.flag("lost", path.has("at") || path.has("reason"));
        String text = "'" + path.text("filter") + "'" + (nth == 1 ? "" : " number " + nth)
                + (hops < 0 ? "" : " crosses " + hops + " ports") + (rows.isEmpty() ? "" : " as listed")
                + (lost ? ", lost" + (path.has("at") ? " at " + path.text("at") : "") : ", not lost");
        List<Journey> found = journeys.startingWith(PacketFilter.parse(path.text("filter")));
        List<String> faults = new ArrayList<>();
        if (found.size() < nth) {
            faults.add(found.size() + " such journeys");
            return outcome(path, text, faults);
        }
        Journey journey = found.get(nth - 1);
        if (hops >= 0 && journey.hops().size() != hops) {
            faults.add("journey " + journey.id() + " crosses " + journey.hops().size() + ": "
                    + journey.hops().stream().map(Hop::port).collect(Collectors.joining(", ")));
        } else if (hops >= 0) {
            for (int i = 0; i < rows.size() && i < journey.hops().size(); i++) {
                row(i, rows.get(i), HopView.of(journey.hops().get(i)), faults);
            }
        }
        fate(path, journey, lost, faults);
        return outcome(path, text, faults);
    }

    private static void fate(Value path, Journey journey, boolean lost, List<String> faults) {
        Hop drop = journey.drop();
        if (lost != journey.lost()) {
            faults.add(drop == null ? "not lost" : "lost at " + drop.port() + ": " + drop.dropReason());
        } else if (lost && path.has("at") && !Glob.matches(path.text("at"), drop.port())) {
            faults.add("lost at " + drop.port());
        } else if (lost && path.has("reason") && !DropReasons.means(path.text("reason"), drop.dropReason())) {
            faults.add("lost because of: " + drop.dropReason());
        }
    }

    private static void row(int index, Value row, HopView view, List<String> faults) {
        String at = "row " + (index + 1) + ": ";
        if (row.has("port") && !Glob.matches(row.text("port"), view.hop().port())) {
            faults.add(at + "port " + view.hop().port());
        }
        differ(at + "eth-src ", mac(row.text("eth-src")), view.ethSrc(), faults);
        differ(at + "eth-dst ", mac(row.text("eth-dst")), view.ethDst(), faults);
        differ(
                at + "vlan ",
                row.text("vlan"),
                view.vlan() == null ? "-" : view.vlan().toString(),
                faults);
        differ(at + "ttl ", row.text("ttl"), String.valueOf(view.ttl()), faults);
    }

    private static String mac(String text) {
        return text == null ? null : MacAddress.text(MacAddress.bits(text));
    }

    private static void differ(String what, String wanted, String seen, List<String> faults) {
        if (wanted != null && !wanted.equals(seen)) {
            faults.add(what + seen);
        }
    }

    private RunResult.Outcome drops(Value drops, Totals totals) {
        List<String> faults = new ArrayList<>();
        if (drops.isText()) {
            List<Drop> losses = totals.losses();
            losses.forEach(drop -> faults.add(describe(drop)));
            if (!faults.isEmpty() && losses.stream().allMatch(this::traced)) {
                faults.add("traceroute lives on such drops: expect them by reason and count instead, as {reason: "
                        + losses.get(0).reason().text() + ", count: "
                        + losses.get(0).frames() + "}");
            }
            return outcome(drops, "no drops", faults);
        }
        long seen = 0;
        for (Drop drop : totals.drops()) {
            boolean reason = drops.has("reason")
                    ? DropReasons.means(drops.text("reason"), drop.reason())
                    : !drop.reason().discard();
            if (reason
                    && (!drops.has("port")
                            || Glob.matches(drops.text("port"), drop.port().toString()))) {
                seen += drop.frames();
            }
        }
        long wanted = drops.number("count", -1);
        if (wanted < 0 ? seen == 0 : seen != wanted) {
            String others = totals.drops().stream().map(Expectations::describe).collect(Collectors.joining(", "));
            faults.add(seen + " such drops" + (others.isEmpty() ? "" : "; all: " + others));
        }
        return outcome(
                drops,
                (wanted < 0 ? "drops" : wanted + " drops")
                        + (drops.has("port") ? " at " + drops.text("port") : "")
                        + (drops.has("reason") ? ": " + drops.text("reason") : ""),
                faults);
    }

    /** Whether a traceroute among the steps asked for it. */
    private boolean traced(Drop drop) {
        return PROBED.contains(drop.reason().name())
                && commands.stream().anyMatch(each -> each.task().words().get(0).equals("traceroute"));
    }

    private static String describe(Drop drop) {
        return drop.frames() + " at " + drop.port() + ": " + drop.reason().text();
    }

    private RunResult.Outcome output(Value output) {
        Task task = step(output);
        task = task == null ? atEnd.get(output) : task;
        String printed = String.join("\n", task.lines());
        List<String> faults = new ArrayList<>();
        for (Value each : output.items("contains")) {
            if (!printed.contains(each.text())) {
                faults.add("'" + each.text() + "' is missing from: " + printed.replace("\n", " / "));
            }
        }
        for (Value each : output.items("lacks")) {
            if (printed.contains(each.text())) {
                faults.add("'" + each.text() + "' is there");
            }
        }
        if (task.exit() != output.number("exit", 0)) {
            faults.add("exit code " + task.exit());
        }
        return outcome(output, output.text("node") + "$ " + output.text("exec"), faults);
    }
}
