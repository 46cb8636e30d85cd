package io.hopscope.cli;

import io.hopscope.scenarios.DuplicateAddresses;
import io.hopscope.scenarios.Lab;
import io.hopscope.scenarios.Runner;
import io.hopscope.scenarios.Scenario;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hopscope check}. */
@Command(
        name = "check",
        description = "Finds every mistake in a scenario without running it.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A YAML file, or a built-in scenario.")
    String scenario;

    @Mixin
    ScenarioOptions options;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        Scenario read = options.read(scenario);
        Lab lab = Runner.check(read);
        DuplicateAddresses.warnings(lab).forEach(each -> terminal.error("hopscope: warning: " + each));
        int nodes = lab.network().nodes().size();
        int ports = lab.network().nodes().stream()
                .flatMap(node -> node.devices().stream())
                .mapToInt(device -> (int)
                        device.ports().stream().filter(port -> !port.hidden()).count())
                .sum();
        if (format == Format.JSON) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("scenario", read.name());
            all.put("ok", true);
            all.put("nodes", nodes);
            all.put("ports", ports);
            terminal.line(Json.text(all));
        } else {
            terminal.line(scenario + ": well formed: " + nodes + " nodes, " + ports + " ports");
        }
        terminal.flush();
        return Hopscope.OK;
    }
}
