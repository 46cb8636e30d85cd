package io.hopscope.cli;

import io.hopscope.encap.Nearest;
import io.hopscope.scenarios.bench.ConnectionsBench;
import io.hopscope.scenarios.bench.FabricBench;
import io.hopscope.scenarios.bench.PathBench;
import io.hopscope.scenarios.bench.ProviderBench;
import io.hopscope.scenarios.bench.TcpBench;
import io.hopscope.scenarios.bench.TrafficBench;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hopscope bench}. */
@Command(
        name = "bench",
        description =
                "Measures forwarding, along a path of 18 elements, through security groups or across a fabric of servers, making traffic, and TCP.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private static final List<String> WHAT = List.of("path", "hybrid", "fabric", "traffic", "tcp", "connections");

    @Parameters(paramLabel = "path|hybrid|fabric|traffic|tcp|connections", description = "What is measured.")
    String what;

    @Option(
            names = "--frames",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "path, hybrid: frames after warm-up.")
    long frames;

    @Option(names = "--servers", paramLabel = "N", defaultValue = "2000", description = "fabric, traffic: servers.")
    int servers;

    @Option(
            names = "--endpoints",
            paramLabel = "N",
            defaultValue = "75",
            description = "fabric, traffic: endpoints a server.")
    int endpoints;

    @Option(names = "--flows", paramLabel = "N", defaultValue = "100000", description = "fabric: flows in flight.")
    int flows;

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "500",
            description = "tcp: virtual milliseconds in each of 5 rounds.")
    long millis;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "100000",
            description = "connections: how many at once.")
    int connections;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "1", description = "Threads (default: 1).")
    int workers;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        if (!WHAT.contains(what)) {
            throw new WrongUse(
                    "'" + what + "'", "path, hybrid, fabric, traffic, tcp or connections", Nearest.of(what, WHAT));
        }
        if (frames < 100 || servers < 1 || servers > 5000 || endpoints < 1 || endpoints > 120 || flows < 1) {
            throw new WrongUse("a size out of range", "--frames from 100, --servers to 5000, --endpoints to 120", null);
        }
        if (millis < 1 || millis > 100_000 || connections < 1 || connections > 1_000_000) {
            throw new WrongUse("a size out of range", "--millis to 100,000, --connections to 1,000,000", null);
        }
        ProgressBar bar = terminal.progress();
        bar.step("bench " + what);
        Map<String, Object> result;
        try {
            result = measure(bar);
        } finally {
            bar.end();
        }
        if (format == Format.JSON) {
            terminal.line(Json.text(result));
        } else {
            result.forEach((name, value) -> terminal.line(String.format(Locale.ROOT, "%-32s %s", words(name), value)));
        }
        terminal.flush();
        return Hopscope.OK;
    }

    private Map<String, Object> measure(ProgressBar bar) {
        return switch (what) {
            case "path" -> PathBench.measure(frames, workers, bar::at, System::nanoTime);
            case "hybrid" -> ProviderBench.hybrid(frames, bar::at, System::nanoTime);
            case "fabric" -> FabricBench.measure(servers, endpoints, flows, workers, bar::at, System::nanoTime);
            case "tcp" -> TcpBench.measure(millis, bar::at, System::nanoTime);
            case "connections" -> ConnectionsBench.measure(connections, bar::at, System::nanoTime);
            default -> TrafficBench.measure(servers, endpoints, workers, bar::at, System::nanoTime);
        };
    }

    /** {@code nsPerElement} as a person writes it: the unit is in the name. */
    private static String words(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
    }
}
