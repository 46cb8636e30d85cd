package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficScenarioTest {
    private static final String LAB = """
            name: t
            cost: none
            topology:
              nodes:
                h1: {address: 10.0.0.1/24}
                h2: {address: 10.0.0.2/24}
                h3: {address: 10.0.0.3/24, mtu: 1400}
                sw: {kind: switch}
              links:
                - endpoints: ["h1:eth0", "sw:eth1"]
                - endpoints: ["h2:eth0", "sw:eth2"]
                - endpoints: ["h3:eth0", "sw:eth3"]
            """;

    private static RunResult run(String more) {
        return Runner.run(Scenario.parse("t.yaml", LAB + more, Map.of()), new RunPlan(), () -> 0);
    }

    private static void refused(String line, String... messages) {
        assertThatThrownBy(() -> run("traffic:\n  - " + line + "\n"))
                .isInstanceOf(ScenarioException.class)
                .satisfies(e -> assertThat(((ScenarioException) e)
                                .problems().stream().map(Problem::toString).toList())
                        .containsExactly(messages));
    }

    @Test
    void everyMatrixCarriesPacketsBetweenHostsOfItsNames() {
        for (String matrix : List.of("north-south", "east-west", "all-to-all", "incast", "pairs")) {
            RunResult result = run("traffic: {name: all, matrix: " + matrix
                    + ", from: [h1, h3], to: [\"h*\"], rate: 1000, duration: 20ms}\n");
            assertThat(result.traffic()).hasSize(1);
            assertThat(result.traffic().get(0).report().total().sent())
                    .as(matrix)
                    .isBetween(10L, 100L);
            assertThat(result.traffic().get(0).report().total().lost())
                    .as(matrix)
                    .isZero();
        }
    }

    @Test
    void flowsRepliesSizesAndMixesAreTakenAsTheyAreWritten() {
        RunResult result = run("""
                traffic:
                  - {name: a, mix: {north-south: 80, east-west: 20}, from: h1, to: [h2, h3], rate: 500, replies: 300,
                     sizes: data-centre, arrivals: constant, start: 5ms, duration: 100ms, local: 1, port: 53}
                  - {name: b, matrix: pairs, from: "h*", rate: 10, flows: {least: 2, most: 50, shape: 1.1, pace: 100Mbps}}
                  - {name: c, matrix: pairs, from: "h*", rate: 10, flows: 7, sizes: 1000}
                """);
        assertThat(result.traffic().get(0).report().answered()).isEqualTo(150);
        assertThat(result.traffic().get(0).report().total().sentBits()).isBetween(150 * 1600L, 150 * 11200L);
        assertThat(result.traffic().get(1).report().flowsBegun()).isPositive();
        assertThat(result.traffic().get(2).report().total().sent())
                .isEqualTo(result.traffic().get(2).report().flowsBegun() * 7);
        assertThat(result.traffic()).allMatch(each -> each.report().total().lost() == 0);
    }

    @Test
    void whatIsExpectedOfTrafficIsComparedWithWhatItCameTo() {
        RunResult result = run("""
                traffic:
                  - {name: a, matrix: pairs, from: "h*", rate: 1000, arrivals: constant, duration: 10ms}
                expect:
                  - traffic: {name: a, sent: 30, lost: 0, loss-percent: {max: 0}, latency-max: {min: 2us, max: 50us}}
                  - traffic: {name: a, received: {min: 31}, throughput: {max: 1Mbps}, latency-min: {max: 1us}}
                """);
        assertThat(result.outcomes().get(0).met()).isTrue();
        assertThat(result.outcomes().get(0).text())
                .isEqualTo("traffic a: sent 30, lost 0, loss-percent up to 0, latency-max 2us to 50us");
        assertThat(result.outcomes().get(1).met()).isFalse();
        assertThat(result.outcomes().get(1).seen()).startsWith("received 30; throughput 1.44 Mbps; latency-min 2.");
    }

    @Test
    void mistakesAreSaidWithTheirPlace() {
        refused(
                "{name: a, matrix: pears, from: \"h*\", rate: 1}",
                "t.yaml:14:23: found matrix 'pears'; expected north-south, east-west, all-to-all, incast, pairs"
                        + " (did you mean pairs?)");
        refused(
                "{name: a, matrix: pairs, from: [h1, h4], rate: 1}",
                "t.yaml:14:41: found node or device 'h4'; expected h1, h2, h3, sw (did you mean h1?)");
        refused(
                "{name: a, matrix: pairs, from: \"x*\", rate: 1}",
                "t.yaml:14:36: found 'x*', which no host with an address is called; expected names of hosts");
        refused(
                "{name: a, matrix: pairs, from: [h1, sw], rate: 1}",
                "t.yaml:14:41: found 'sw', which has no address; expected a host with an address");
        refused(
                "{name: a, matrix: incast, from: \"h*\", rate: 1}",
                "t.yaml:14:5: found incast without 'to'; expected 'to': who receives");
        refused(
                "{name: a, from: \"h*\", rate: 1}",
                "t.yaml:14:5: found traffic with neither; expected 'matrix' or 'mix'");
        refused(
                "{name: a, matrix: pairs, from: \"h*\", rate: 0}",
                "t.yaml:14:48: found '0'; expected packets a second, such as 100");
        refused(
                "{name: a, matrix: pairs, from: \"h*\", rate: 1, sizes: 1514}",
                "t.yaml:14:51: found frames of 1514 bytes; expected at most 1414, by the MTU of h3");
        refused(
                "{name: a, matrix: pairs, from: h1, rate: 1}",
                "t.yaml:14:5: found traffic a: pairs has nobody to send, or nobody else to send to;"
                        + " expected somebody else to send to");
        refused(
                "{name: a, matrix: pairs, from: \"h*\", rate: 1, flows: {least: 5, most: 2}}",
                "t.yaml:14:69: found '2'; expected 5 or more, as 'least' says");
    }

    @Test
    void twoThatWantOnePortAreAMistake() {
        refused(
                "{name: a, matrix: pairs, from: \"h*\", rate: 1, port: 7}\n"
                        + "  - {name: b, matrix: pairs, from: \"h*\", rate: 1, port: 7}",
                "t.yaml:15:51: found UDP port 7, in use on h1; expected a free one");
    }

    @Test
    void anExpectationOfUnknownTrafficIsAMistake() {
        assertThatThrownBy(() -> run("traffic:\n  - {name: a, matrix: pairs, from: \"h*\", rate: 1}\n"
                        + "expect:\n  - traffic: {name: b, lost: 0}\n"))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("t.yaml:16:15: found traffic 'b'; expected a (did you mean a?)");
    }
}
