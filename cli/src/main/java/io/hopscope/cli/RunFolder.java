package io.hopscope.cli;

import io.hopscope.devices.TimeSeries;
import io.hopscope.scenarios.BuiltIn;
import io.hopscope.scenarios.RunResult;
import io.hopscope.scenarios.watch.TcpPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a run's results go, replaced whole: capture.pcapng, run.json, output.txt, metrics.csv, traffic.csv, tcp.csv and figures, split captures. */
final class RunFolder {
    private static final List<String> OURS = List.of(
            "capture.pcapng",
            "run.json",
            "output.txt",
            "metrics.csv",
            "traffic.csv",
            "tcp.csv",
            "report.html",
            "cwnd.svg",
            "rtt.svg",
            "loss.svg");

    private static final Pattern FILE = Pattern.compile("\"scenarioFile\" : \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern CHANGES = Pattern.compile("\"changes\" : \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String BUILT_IN = "built in";

    private final Path folder;
    private final String file;
    private final String changes;

    private RunFolder(Path folder, String file, String changes) {
        this.folder = folder;
        this.file = file;
        this.changes = changes;
    }

    /**
     * A folder that was asked for.
     *
     * @param scenario a built-in one, or a file
     * @param changes what the command line adds to it or sets in it
     */
    static RunFolder of(Path folder, String scenario, String changes) {
        return new RunFolder(folder, file(scenario), changes);
    }

    /**
     * {@code runs/NAME-SEED}, or another where that one holds what a file of the same name made, a run with other changes, or
     * a capture that this run does not replace.
     *
     * @param captures whether this run writes one
     */
    static RunFolder named(String name, String scenario, String changes, boolean captures) {
        String file = file(scenario);
        Path folder = Path.of("runs", name);
        for (int i = 2; !free(folder, file, changes, captures); i++) {
            folder = Path.of("runs", name + "-" + i);
        }
        return new RunFolder(folder, file, changes);
    }

    private static String file(String scenario) {
        return BuiltIn.names().contains(scenario)
                ? BUILT_IN
                : Path.of(scenario).toAbsolutePath().normalize().toString();
    }

    private static boolean free(Path folder, String file, String changes, boolean captures) {
        try {
            Path run = folder.resolve("run.json");
            if (!Files.exists(run)) {
                return true;
            }
            String before = Files.readString(run);
            Matcher owner = FILE.matcher(before);
            if (!owner.find()) {
                return true;
            }
            if (!captures && Files.exists(folder.resolve("capture.pcapng")) || !changes.equals(changes(before))) {
                return false;
            }
            String other = owner.group(1).replaceAll("\\\\(.)", "$1");
            // A file that is no more, as one that was given another name, has no claim.
            return other.equals(file) || !other.equals(BUILT_IN) && !Files.exists(Path.of(other));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String changes(String run) {
        Matcher said = CHANGES.matcher(run);
        return said.find() ? said.group(1).replaceAll("\\\\(.)", "$1") : "";
    }

    /** Where results go. */
    Path path() {
        return folder;
    }

    /** An empty folder; what an earlier run left goes, what is not ours stays. */
    RunFolder prepare() {
        try {
            Files.createDirectories(folder);
            for (String name : OURS) {
                Files.deleteIfExists(folder.resolve(name));
            }
            if (Files.isDirectory(split())) {
                try (Stream<Path> files = Files.walk(split())) {
                    for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path capture() {
        return folder.resolve("capture.pcapng");
    }

    Path split() {
        return folder.resolve("split");
    }

    /** Which JDK and machine it was stands here and not in the capture, which is the same everywhere. */
    void write(RunResult result, Map<String, Object> json) {
        json.put("scenarioFile", file);
        json.put("changes", changes);
        json.put("jdk", System.getProperty("java.version"));
        json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        StringBuilder output = new StringBuilder();
        result.commands().forEach(each -> {
            output.append(each.place()).append("$ ").append(each.task()).append('\n');
            each.task().lines().forEach(line -> output.append(line).append('\n'));
            output.append('\n');
        });
        try {
            Files.writeString(folder.resolve("run.json"), Json.text(json) + "\n", StandardCharsets.UTF_8);
            Files.writeString(folder.resolve("output.txt"), output, StandardCharsets.UTF_8);
            if (!result.metrics().isEmpty()) {
                Files.writeString(folder.resolve("metrics.csv"), metrics(result.metrics()), StandardCharsets.UTF_8);
            }
            if (!result.traffic().isEmpty()) {
                Files.writeString(
                        folder.resolve("traffic.csv"), TrafficTable.csv(result.traffic()), StandardCharsets.UTF_8);
            }
            if (!result.connections().isEmpty()) {
                Files.writeString(folder.resolve("tcp.csv"), TcpPage.csv(result.connections()), StandardCharsets.UTF_8);
                new TcpPage(
                                result.scenario(),
                                result.connections(),
                                "Hopscope " + VersionCommand.version() + ", seed " + result.seed() + ".")
                        .write(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page with the figures; null where there is none. */
    Path report() {
        Path page = folder.resolve("report.html");
        return Files.exists(page) ? page : null;
    }

    /** A line for each value that has changed. */
    private static StringBuilder metrics(Map<String, TimeSeries> all) {
        StringBuilder csv = new StringBuilder("nanos,device,counter,value\n");
        all.forEach((device, series) -> {
            for (int row = 0; row < series.size(); row++) {
                for (int counter = 0; counter < series.names().size(); counter++) {
                    long value = series.value(row, counter);
                    if (row == 0 || value != series.value(row - 1, counter)) {
                        csv.append(series.instant(row) / 1000)
                                .append(',')
                                .append(device)
                                .append(',');
                        csv.append(series.names().get(counter))
                                .append(',')
                                .append(value)
                                .append('\n');
                    }
                }
            }
        });
        return csv;
    }
}
