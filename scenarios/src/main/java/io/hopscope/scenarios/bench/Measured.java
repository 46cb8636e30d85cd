package io.hopscope.scenarios.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** How measurements are told: median, spread, machine. */
final class Measured {
    private Measured() {}

    static double median(double[] rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    static String spread(double[] rounds) {
        return spread(rounds, 1);
    }

    static String spread(double[] rounds, int digits) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        String format = "%." + digits + "f-%." + digits + "f";
        return String.format(Locale.ROOT, format, sorted[0], sorted[sorted.length - 1]);
    }

    static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    static void machine(Map<String, Object> into, int workers) {
        into.put("workers", workers);
        into.put("jdk", System.getProperty("java.version"));
        into.put("cpus", Runtime.getRuntime().availableProcessors());
        into.put("cpu", cpu());
    }

    private static String cpu() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
