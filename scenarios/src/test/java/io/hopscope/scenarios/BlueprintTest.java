package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BlueprintTest {
    private static RunResult run(String text) {
        return Runner.run(Scenario.parse("s.yaml", text, Map.of()), new RunPlan(), () -> 0);
    }

    @Test
    void aLeafSpineRoutesBetweenServersOfTwoLeaves() {
        RunResult result = run("""
                name: fabric
                topology:
                  blueprints: [{kind: leaf-spine, leaves: 3, spines: 2, servers: 2}]
                run:
                  - {node: server1-1, exec: ping -c 2 server3-2}
                  - {node: server1-1, exec: ping -c 2 server1-2}
                  - {node: server2-1, exec: traceroute -n server3-1}
                expect:
                  - ping: {from: server1-1, to: server3-2, received: 2, ttl: 61}
                  - ping: {from: server1-1, to: server1-2, received: 2, ttl: 64}
                  - output: {node: server2-1, exec: traceroute -n server3-1, contains: " 4  10.1.3.2"}
                """);
        assertThat(result.outcomes())
                .allSatisfy(outcome -> assertThat(outcome.seen()).isNull());
    }

    @Test
    void hostsStandInOneSubnetOnOneSwitch() {
        RunResult result = run("""
                name: many
                topology:
                  nodes: {sw: {kind: switch}}
                  blueprints: [{kind: hosts, prefix: h, count: 40, subnet: 10.0.0.0/24, attach: sw}]
                run: [{node: h1, exec: ping -c 1 h40}]
                expect:
                  - ping: {from: h1, to: h40, received: 1, ttl: 64}
                  - drops: none
                """);
        assertThat(result.outcomes())
                .allSatisfy(outcome -> assertThat(outcome.seen()).isNull());
    }

    @Test
    void aBlueprintSaysWhatDoesNotFit() {
        assertThat(catchProblems("name: s\ntopology:\n  nodes: {sw: {kind: switch}}\n"
                        + "  blueprints: [{kind: hosts, prefix: h, count: 300, subnet: 10.0.0.0/24, attach: sw}]\n"))
                .contains("s.yaml:4:")
                .contains("10.0.0.0/24 has room for");
    }

    private static String catchProblems(String text) {
        try {
            run(text);
            return "";
        } catch (ScenarioException e) {
            return e.getMessage();
        }
    }
}
