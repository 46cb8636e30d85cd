package io.hopscope.cli;

import io.hopscope.scenarios.eras.EraResult;
import io.hopscope.scenarios.eras.EraSpec;
import io.hopscope.scenarios.eras.Eras;
import io.hopscope.scenarios.report.ArpCost;
import io.hopscope.scenarios.report.CapacityPage;
import io.hopscope.scenarios.report.CapacityPlan;
import io.hopscope.scenarios.report.CapacityReport;
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
        List<EraSpec> asked = report == null
                ? List.of()
                : specs.stream()
                        .flatMap(each -> CapacityPlan.arp(each).stream())
                        .toList();
        runs = specs.size() + sizes.size() + asked.size();
        progress = terminal.progress();
        List<EraResult> eras = new ArrayList<>();
        List<EraResult> swept = new ArrayList<>();
        List<ArpCost> arp = new ArrayList<>();
        try {
            specs.forEach(each -> eras.add(run(each, "")));
            sizes.forEach(each -> swept.add(run(each, " x " + each.servers() * each.density())));
            asked.forEach(each -> arp.add(arp(each)));
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

    private ArpCost arp(EraSpec spec) {
        EraResult result = run(spec, " ARP in /" + spec.subnetSize());
        return new ArpCost(spec.name(), spec.subnetSize(), result.endpoints(), result.arpFrames());
    }

    private Map<String, Object> json(List<EraResult> eras, List<EraResult> swept, List<ArpCost> arp) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("parameters", options.parameters());
        all.put("eras", eras.stream().map(CapacityJson::era).toList());
        if (report != null) {
            all.put("sweep", swept.stream().map(CapacityJson::era).toList());
            all.put("arp", arp.stream().map(CapacityJson::arp).toList());
            all.put("report", report.resolve("index.html").toString());
        }
        all.put("jdk", System.getProperty("java.version"));
        all.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        all.put("processors", Runtime.getRuntime().availableProcessors());
        return all;
    }

    private void write(List<EraResult> eras, List<EraResult> swept, List<ArpCost> arp, Map<String, Object> json) {
        List<EraResult> all = new ArrayList<>(swept);
        for (EraResult each : eras) {
            if (each.name().equals(Eras.CONTAINER_L2)) {
                all.add(each);
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
