package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeterminismTest {
    static List<String> names() {
        return BuiltIn.names();
    }

    private static RunResult run(String name, RunPlan plan) {
        return Runner.run(BuiltIn.find(name, Map.of()), plan, () -> 0);
    }

    private static String hash(String name, RunPlan plan) {
        return run(name, plan.capture(new ByteArrayOutputStream())).capture().sha256();
    }

    private static String told(RunResult result) {
        StringBuilder told = new StringBuilder();
        result.commands().forEach(each -> told.append(each.task().lines()).append('\n'));
        result.outcomes()
                .forEach(each -> told.append(each.text()).append(each.seen()).append('\n'));
        result.totals()
                .drops()
                .forEach(each -> told.append(each.port()).append(each.reason()).append(each.frames()));
        return told.toString();
    }

    @ParameterizedTest
    @MethodSource("names")
    void sameScenarioAndSeedGiveTheSameBytesWithAnyNumberOfWorkers(String name) {
        String once = hash(name, new RunPlan());
        assertThat(hash(name, new RunPlan())).isEqualTo(once);
        assertThat(hash(name, new RunPlan().workers(2))).isEqualTo(once);
        assertThat(hash(name, new RunPlan().workers(4))).isEqualTo(once);
        assertThat(hash(name, new RunPlan().longestWindow(77_777))).isEqualTo(once);
        assertThat(hash(name, new RunPlan().crowd(0))).isEqualTo(once);
        assertThat(hash(name, new RunPlan().crowd(0).workers(2))).isEqualTo(once);
        assertThat(hash(name, new RunPlan().journeys(false))).isEqualTo(once);
    }

    @ParameterizedTest
    @MethodSource("names")
    void watchingChangesNoResult(String name) {
        String watched = told(run(name, new RunPlan().capture(new ByteArrayOutputStream())));
        assertThat(told(run(name, new RunPlan()))).isEqualTo(watched);
        assertThat(told(run(name, new RunPlan().ports(List.of("*:eth0")).capture(new ByteArrayOutputStream()))))
                .isEqualTo(watched);
        assertThat(told(run(name, new RunPlan().longestWindow(1_000_000)))).isEqualTo(watched);
        RunResult blind = run(name, new RunPlan().journeys(false).withoutExpectations());
        RunResult seeing = run(name, new RunPlan().withoutExpectations());
        assertThat(told(blind)).isEqualTo(told(seeing));
        assertThat(blind.virtualPicos()).isEqualTo(seeing.virtualPicos());
        assertThat(blind.totals().deliveries()).isEqualTo(seeing.totals().deliveries());
    }
}
