package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BuiltInTest {
    static List<String> names() {
        return BuiltIn.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void meetsItsOwnExpectations(String name) {
        RunResult result = Runner.run(BuiltIn.find(name, Map.of()), new RunPlan(), () -> 0);
        assertThat(result.outcomes()).isNotEmpty().allSatisfy(outcome -> assertThat(outcome.seen())
                .as("%s: %s", outcome.where(), outcome.text())
                .isNull());
    }
}
