package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links and nodes of every built-in scenario fail at random: nothing is thrown, no frame is lost count of, and all the same twice. */
@Tag("fuzz")
class ChaosTest {
    private static final int SEEDS = 6;
    /** Longer than others by far, and of the same devices. */
    private static final String LONG = "tcp-under-loss";

    static List<String> names() {
        return BuiltIn.names().stream()
                .filter(name -> !name.equals(LONG) && !BuiltIn.source(name).contains("\nfaults:"))
                .toList();
    }

    private static RunResult run(String name, long seed, RunPlan plan) {
        String source = BuiltIn.source(name);
        // A machine moves neither from nor to a node without power: that is refused beforehand.
        String which = source.contains("migrate:") ? "links: \"*\"" : "links: \"*\", nodes: \"*\"";
        String faults =
                "\nfaults: {" + which + ", mean-time-between: 200ms, mean-repair: 150ms, from: 100ms, to: 2500ms}\n";
        return Runner.run(
                Scenario.parse(name + ".yaml", source + faults, Map.of()),
                plan.seed(seed).withoutExpectations().capture(new ByteArrayOutputStream()),
                () -> 0);
    }

    @ParameterizedTest
    @MethodSource("names")
    void whateverFailsEveryFrameIsAccountedForAndWorkersChangeNothing(String name) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            String once = run(name, seed, new RunPlan()).capture().sha256();
            assertThat(run(name, seed, new RunPlan().workers(2)).capture().sha256())
                    .as("seed " + seed)
                    .isEqualTo(once);
        }
    }
}
