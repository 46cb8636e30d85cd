package io.hopscope.cli;

import io.hopscope.encap.Printer;
import io.hopscope.traces.Durations;
import io.hopscope.traces.Explanation;
import io.hopscope.traces.Hop;
import io.hopscope.traces.Journey;
import io.hopscope.traces.Style;
import io.hopscope.traces.diff.CaptureDiff;
import io.hopscope.traces.diff.CaptureSource;
import io.hopscope.traces.diff.Difference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hopscope diff}. */
@Command(
        name = "diff",
        description =
                "Compares two runs, or captures, port by port: the first packet that differs, and what was decided.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A run is its folder; a folder of captures is one a port. Exit code 0 if every port saw the",
            "same, 1 if not."
        })
final class DiffCommand implements Callable<Integer> {
    /** What differs is no failure of the command's. */
    private static final int DIFFERENT = 1;

    @Parameters(index = "0", paramLabel = "A", description = "The folder of a run, or a capture.")
    String left;

    @Parameters(index = "1", paramLabel = "B", description = "Another.")
    String right;

    @Option(names = "--ignore-time", description = "A packet may come at another instant; its order at a port counts.")
    boolean untimed;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Option(names = "--wide", description = "MAC addresses whole, lines as long as need be.")
    boolean wide;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        CaptureDiff diff = CaptureDiff.of(source(left), source(right), !untimed);
        Difference first = diff.first();
        RunDiff runs = new RunDiff(Path.of(left), Path.of(right));
        if (format == Format.JSON) {
            terminal.line(Json.text(json(diff, first, runs)));
        } else {
            terminal.lines(text(diff, first, runs, terminal.style()));
        }
        terminal.flush();
        return diff.equal() ? Hopscope.OK : DIFFERENT;
    }

    private static CaptureSource source(String name) {
        CaptureSource source = CaptureSource.of(Path.of(name));
        if (source == null) {
            throw new WrongUse(
                    "no capture at '" + name + "'",
                    "the folder of a run, a pcapng or pcap file, or a folder of them",
                    null);
        }
        return source;
    }

    private List<String> text(CaptureDiff diff, Difference first, RunDiff runs, Style style) {
        List<String> lines = new ArrayList<>();
        if (diff.equal()) {
            lines.add("equal: " + diff.packets() + " packets at " + diff.ports().size()
                    + (diff.ports().size() == 1 ? " port" : " ports"));
            return lines;
        }
        if (first == null) {
            lines.add("the " + diff.ports().size() + " ports that both have saw the same");
        } else {
            first(first, style, lines);
        }
        diff.only(true).forEach((port, packets) -> lines.add("only in a   " + port + ", " + packets + " packets"));
        diff.only(false).forEach((port, packets) -> lines.add("only in b   " + port + ", " + packets + " packets"));
        summary(diff, runs, style, lines);
        return lines;
    }

    private static void summary(CaptureDiff diff, RunDiff runs, Style style, List<String> lines) {
        if (diff.different().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(style.strong("all in all"));
        diff.different().forEach((port, packets) -> {
            String counts = packets[0] == packets[1] ? packets[0] + " packets each" : packets[0] + " -> " + packets[1];
            lines.add(String.format(Locale.ROOT, "  packets  %-30s %s", port, counts));
        });
        if (runs.known()) {
            runs.drops()
                    .forEach(each -> lines.add(String.format(
                            Locale.ROOT,
                            "  drops    %-30s %d -> %d",
                            each.get("reason"),
                            each.get("a"),
                            each.get("b"))));
            for (Map<String, Object> each : runs.outputs()) {
                lines.add("  output   " + CommandText.cut((String) each.get("command")) + ", line " + each.get("line"));
                lines.add("           a  " + printed(each.get("a")));
                lines.add("           b  " + printed(each.get("b")));
            }
        }
    }

    private static String printed(Object line) {
        return line == null ? "nothing more" : CommandText.cut((String) line);
    }

    private void first(Difference first, Style style, List<String> lines) {
        lines.add(style.strong("first difference: " + first.port() + ", packet " + first.number() + " there, at "
                + Durations.text(first.picos())));
        lines.add("  a  " + brief(first.a()));
        lines.add("  b  " + brief(first.b()));
        for (Difference.Field each : first.fields()) {
            lines.add("     " + each.name() + "  " + (each.a() == null ? "none" : each.a()) + " -> "
                    + (each.b() == null ? "none" : each.b()));
        }
        if (first.decision() >= 0) {
            Hop one = first.wayA().get(first.decision());
            Hop other = first.wayB().get(first.decision());
            lines.add("");
            lines.add(style.strong("decided at " + one.port() + (one.inbound() ? " in" : " out")));
            lines.add("  a  " + said(one));
            lines.add("  b  " + (other.port().equals(one.port()) ? "" : "at " + other.port() + ": ") + said(other));
        }
        way("a", first.wayA(), style, lines);
        way("b", first.wayB(), style, lines);
    }

    private void way(String side, List<Hop> hops, Style style, List<String> lines) {
        lines.add("");
        if (hops.isEmpty()) {
            lines.add("In " + side + " there is no such journey.");
            return;
        }
        lines.add("The way there in " + side + ":");
        lines.addAll(
                new Explanation(style, wide, true).of(new Journey(hops.get(0).journey(), hops)));
    }

    private static String brief(Hop hop) {
        return hop == null
                ? "no more packets there"
                : (hop.inbound() ? "in  " : "out ") + Printer.brief(hop.bytes(), 0, hop.bytes().length);
    }

    private static String said(Hop hop) {
        return hop.comment() == null ? "nothing was said" : hop.comment();
    }

    private static Map<String, Object> json(CaptureDiff diff, Difference first, RunDiff runs) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("equal", diff.equal());
        all.put("packets", diff.packets());
        all.put("ports", diff.ports().size());
        all.put("onlyInA", diff.only(true));
        all.put("onlyInB", diff.only(false));
        all.put("first", first == null ? null : json(first));
        List<Map<String, Object>> differs = new ArrayList<>();
        diff.different().forEach((port, packets) -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("port", port);
            each.put("a", packets[0]);
            each.put("b", packets[1]);
            differs.add(each);
        });
        all.put("differs", differs);
        if (runs.known()) {
            all.put("drops", runs.drops());
            all.put("outputs", runs.outputs());
        }
        return all;
    }

    private static Map<String, Object> json(Difference first) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("port", first.port());
        all.put("packet", first.number());
        all.put("nanos", first.picos() / 1000);
        all.put("a", first.a() == null ? null : brief(first.a()));
        all.put("b", first.b() == null ? null : brief(first.b()));
        List<Map<String, Object>> fields = new ArrayList<>();
        for (Difference.Field each : first.fields()) {
            Map<String, Object> field = new LinkedHashMap<>();
            field.put("name", each.name());
            field.put("a", each.a());
            field.put("b", each.b());
            fields.add(field);
        }
        all.put("fields", fields);
        Map<String, Object> decision = new LinkedHashMap<>();
        if (first.decision() >= 0) {
            Hop one = first.wayA().get(first.decision());
            decision.put("port", one.port());
            decision.put("a", one.comment());
            decision.put("b", first.wayB().get(first.decision()).comment());
        }
        all.put("decision", decision.isEmpty() ? null : decision);
        all.put("wayA", way(first.wayA()));
        all.put("wayB", way(first.wayB()));
        return all;
    }

    private static Object way(List<Hop> hops) {
        return hops.isEmpty() ? null : Json.journey(new Journey(hops.get(0).journey(), hops));
    }
}
