package io.hopscope.cli;

import io.hopscope.scenarios.BuiltIn;
import io.hopscope.scenarios.Scenario;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What every command about a scenario takes. */
final class ScenarioOptions {
    @Option(names = "--seed", paramLabel = "N", description = "Seed of all randomness, instead of the scenario's.")
    Long seed;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads; the result is the same with any number (default: ${DEFAULT-VALUE}).")
    int workers;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a parameter of the scenario; may be repeated.")
    Map<String, String> set = new LinkedHashMap<>();

    Scenario read(String nameOrFile) {
        if (workers < 1 || workers > 256) {
            throw new WrongUse("--workers " + workers, "1 to 256", null);
        }
        return BuiltIn.find(nameOrFile, set);
    }
}
