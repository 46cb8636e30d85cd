package io.hopscope.cli;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraSpec;
import io.hopscope.scenarios.eras.Eras;
import io.hopscope.scenarios.report.ArpCost;
import io.hopscope.scenarios.report.CapacityPage;
import io.hopscope.scenarios.report.CapacityPlan;
import io.hopscope.scenarios.report.CapacityReport;
import io.hopscope.scenarios.report.SweepPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hopscope capacity}. */
@Command(
        name = "capacity",
        description = "Fills the tables of the data centre's eras with real frames, and tells what became of them.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: hopscope capacity --era vm --quick"})
final class CapacityCommand implements Callable<Integer> {
    @Mixin
    CapacityOptions options;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Writes a page with figures there; runs more for them.")
    Path report;

    @Option(
            names = "--sweep",
            paramLabel = "N",
            split = ",",
            description = "Endpoints of the report's further runs of container-l2 (default: five sizes).")
    List<Integer> sweep = new ArrayList<>();

    @Spec
    CommandLine.Model.CommandSpec command;

    private ProgressBar progress;
    private int runs;
    private int run;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        List<EraSpec> specs = options.specs();
        List<EraSpec> sizes = sizes(specs);
        folder();
        runs = specs.size() + sizes.size();
        specs.forEach(each -> runs += asked(each).size());
        progress = terminal.progress();
        List<EraResult> eras = new ArrayList<>();
        List<SweepPoint> swept = new ArrayList<>();
        List<ArpCost> arp = new ArrayList<>();
        try {
            specs.forEach(each -> eras.add(run(each, "")));
            sizes.forEach(each -> swept.add(new SweepPoint(each.copp(), run(each, name(each)))));
            specs.forEach(each -> asked(each).forEach(one -> arp.add(arp(each.name(), one))));
        } finally {
            progress.end();
        }
        Map<String, Object> json = json(eras, swept, arp);
        if (report != null) {
            write(eras, swept, arp, json);
        }
        print(terminal, eras, json);
        return Hopscope.OK;
    }

    /** Made now: that it cannot be written to is better known before the runs than after. */
    private void folder() {
        if (report == null && !sweep.isEmpty()) {
            throw new WrongUse("--sweep without --report", "--report DIR, whose second figure the sizes are for", null);
        }
        try {
            if (report != null) {
                Files.createDirectories(report);
                Files.writeString(report.resolve("index.html"), "", StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<EraSpec> sizes(List<EraSpec> specs) {
        for (int each : sweep) {
            CapacityOptions.between("--sweep", each, 1, 10_000_000);
        }
        List<EraSpec> all = new ArrayList<>();
        for (EraSpec each : specs) {
            if (report != null && each.name().equals(Eras.CONTAINER_L2)) {
                all.addAll(CapacityPlan.sweep(each, sweep));
            }
        }
        return all;
    }

    private EraResult run(EraSpec spec, String what) {
        progress.step(++run + "/" + runs + " " + spec.name() + what);
        String[] phase = {""};
        try {
            return Eras.run(
                    spec,
                    (now, done, total) -> {
                        phase[0] = now;
                        progress.at(now, done, total);
                    },
                    System::nanoTime);
        } catch (IllegalArgumentException e) {
            // Only what is being built can be of an impossible size.
            if (phase[0].equals("building")) {
                throw new WrongUse(spec.name() + ": " + e.getMessage(), "a size that can be built", null);
            }
            throw e;
        }
    }

    private static String name(EraSpec size) {
        return " x " + size.servers() * size.density() + (size.copp() ? "" : ", no CoPP");
    }

    private List<EraSpec> asked(EraSpec era) {
        return report == null ? List.of() : CapacityPlan.arp(era);
    }

    private ArpCost arp(String era, EraSpec spec) {
        EraResult result = run(spec, " ARP in /" + spec.subnetSize());
        return new ArpCost(era, spec.subnetSize(), result.endpoints(), result.arpFrames());
    }

    private Map<String, Object> json(List<EraResult> eras, List<SweepPoint> swept, List<ArpCost> arp) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("parameters", options.parameters());
        all.put("eras", eras.stream().map(CapacityJson::era).toList());
        if (report != null) {
            all.put("sweep", swept.stream().map(CapacityJson::size).toList());
            all.put("arp", arp.stream().map(CapacityJson::arp).toList());
            all.put("report", report.resolve("index.html").toString());
        }
        all.put("jdk", System.getProperty("java.version"));
        all.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        all.put("processors", Runtime.getRuntime().availableProcessors());
        return all;
    }

    private void write(List<EraResult> eras, List<SweepPoint> swept, List<ArpCost> arp, Map<String, Object> json) {
        List<SweepPoint> all = new ArrayList<>(swept);
        for (EraResult each : eras) {
            if (each.name().equals(Eras.CONTAINER_L2)) {
                all.add(new SweepPoint(!options.noCopp, each));
            }
        }
        List<String> words = new ArrayList<>(List.of("hopscope", "capacity"));
        command.commandLine().getParseResult().originalArgs().stream()
                .filter(word -> !word.equals("capacity"))
                .map(word -> word.matches("[\\w./,=-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .forEach(words::add);
        new CapacityPage(new CapacityReport(eras, all, arp, options.parameters(), String.join(" ", words), machine()))
                .write(report);
        try {
            Files.writeString(report.resolve("capacity.json"), Json.text(json) + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As Linux names the processor, if it is Linux. */
    private static String machine() {
        String processor = System.getProperty("os.arch");
        try {
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
                if (line.startsWith("model name")) {
                    processor = line.substring(line.indexOf(':') + 1).strip();
                    break;
                }
            }
        } catch (IOException e) {
            // Elsewhere the architecture has to do.
        }
        return "Java " + System.getProperty("java.version") + " on " + System.getProperty("os.name") + ", "
                + Runtime.getRuntime().availableProcessors() + " x " + processor;
    }

    private void print(Terminal terminal, List<EraResult> eras, Map<String, Object> json) {
        if (format == Format.JSON) {
            terminal.line(Json.text(json));
        } else {
            terminal.lines(new CapacityTable(eras, terminal.style()).lines());
            if (report != null) {
                terminal.line("");
                terminal.line("report            " + terminal.style().strong(report.resolve("index.html") + ""));
            }
        }
        terminal.flush();
    }
}
