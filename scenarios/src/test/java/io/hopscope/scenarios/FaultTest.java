package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hopscope.core.Network;
import io.hopscope.core.Totals;
import io.hopscope.scenarios.faults.Fault;
import io.hopscope.scenarios.faults.FaultSpec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FaultTest {
    private static final long SECOND = 1_000_000_000_000L;

    static List<String> names() {
        return BuiltIn.names();
    }

    private static RunResult run(Scenario scenario, RunPlan plan) {
        return Runner.run(scenario, plan.withoutExpectations(), () -> 0);
    }

    private static String told(RunResult result) {
        StringBuilder told = new StringBuilder();
        result.faults()
                .forEach(each -> told.append(each.what()).append(each.at()).append(' '));
        result.commands().forEach(each -> told.append(each.task().lines())
                .append(each.task().exit()));
        result.totals()
                .drops()
                .forEach(each -> told.append(each.port()).append(each.reason()).append(each.frames()));
        return told.append(result.totals()).toString();
    }

    private static void accounted(RunResult result) {
        Totals totals = result.totals();
        assertThat(totals.originated() + totals.copied())
                .isEqualTo(totals.delivered() + totals.dropped() + totals.inFlight());
    }

    /** The engine fails a run in which a frame is neither delivered nor dropped nor on its way, or lives on as two. */
    @Test
    @Tag("fuzz")
    void thirtySeedsOfFaultsGiveTheSameBytesWithAnyNumberOfWorkersAndLoseNoFrame() {
        Scenario scenario = BuiltIn.find("fault-run", Map.of());
        Set<String> kinds = new HashSet<>();
        Set<String> hashes = new HashSet<>();
        for (long seed = 1; seed <= 30; seed++) {
            RunResult once =
                    run(scenario, new RunPlan().seed(seed).journeys(false).capture(new ByteArrayOutputStream()));
            accounted(once);
            for (int workers : new int[] {2, 4}) {
                RunResult again = run(
                        scenario,
                        new RunPlan()
                                .seed(seed)
                                .journeys(false)
                                .workers(workers)
                                .capture(new ByteArrayOutputStream()));
                assertThat(again.capture().sha256()).isEqualTo(once.capture().sha256());
                assertThat(told(again)).isEqualTo(told(once));
            }
            hashes.add(once.capture().sha256());
            once.totals().drops().forEach(each -> kinds.add(each.reason().name()));
            assertThat(once.faults()).isNotEmpty();
        }
        assertThat(hashes).hasSize(30);
        assertThat(kinds).contains("NO_POWER", "NO_CARRIER", "CUT");
    }

    /** Where a machine migrates nobody could say which node it dies with: there only links fail. */
    private static Scenario failing(String name) {
        String nodes = BuiltIn.source(name).contains("migrate:") ? "" : "nodes: \"*\", ";
        String text = BuiltIn.source(name) + "\nfaults: {links: \"*\", " + nodes
                + "mean-time-between: 50ms, mean-repair: 100ms, to: 3s}\n";
        return name.equals("fault-run") ? BuiltIn.find(name, Map.of()) : Scenario.parse(name + ".yaml", text, Map.of());
    }

    @ParameterizedTest
    @MethodSource("names")
    @Tag("fuzz")
    void everyScenarioOutlivesTheLossOfAnyNodeAtAnyTime(String name) {
        Scenario scenario = failing(name);
        long until = 20 * SECOND;
        RunResult once = run(scenario, new RunPlan().until(until).capture(new ByteArrayOutputStream()));
        accounted(once);
        RunResult again = run(
                scenario, new RunPlan().until(until).journeys(false).workers(2).capture(new ByteArrayOutputStream()));
        assertThat(again.capture().sha256()).isEqualTo(once.capture().sha256());
        assertThat(told(run(scenario, new RunPlan().until(until).journeys(false))))
                .isEqualTo(told(once));
        assertThat(once.faults().size()).isGreaterThan(10);
    }

    @Test
    void aNodeThatAMachineMigratesToMayNotLoseItsPower() {
        String text = BuiltIn.source("live-migration")
                + "\nfaults: {nodes: \"*\", mean-time-between: 50ms, mean-repair: 100ms, to: 3s}\n";
        assertThatThrownBy(() -> run(Scenario.parse("m.yaml", text, Map.of()), new RunPlan()))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("from or to which a virtual machine migrates; expected another node");
    }

    private static RunResult yaml(String text) {
        return Runner.run(Scenario.parse("s.yaml", text, Map.of()), new RunPlan(), () -> 0);
    }

    @Test
    void aNodeBootsWithTheConfigurationOfTheBeginning() {
        RunResult result = yaml("""
            name: s
            duration: 20s
            topology:
              nodes:
                a:
                  kind: linux
                  address: 10.0.0.1/24
                  routes: [10.9.0.0/16 via 10.0.0.2]
                  neighbours: [10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0]
                b: {kind: linux, address: 10.0.0.2/24}
              links: [{endpoints: ["a:eth0", "b:eth0"]}]
            run:
              - {at: 1s, node: a, exec: ["ip route add 10.8.0.0/16 via 10.0.0.2", "ip route del 10.9.0.0/16 via 10.0.0.2"]}
              - {at: 1s, node: a, exec: "ip neigh add 10.0.0.8 lladdr 02:00:00:00:00:08 dev eth0"}
              - {at: 2s, node: a, exec: "ping -c 100 10.0.0.2"}
              - {at: 4500ms, node: a, state: down}
              - {at: 5s, node: a, exec: "ip route"}
              - {at: 6s, node: a, state: up}
              - {at: 7s, node: a, exec: ["ip neigh", "ip route"]}
              - {at: 8s, node: a, exec: "ping -c 1 10.0.0.2"}
            """);
        var commands = result.commands();
        assertThat(commands.get(3).task().exit()).isEqualTo(137);
        assertThat(commands.get(3).task().lines()).hasSize(4);
        assertThat(commands.get(4).task().lines()).containsExactly("a: no power");
        assertThat(commands.get(4).task().exit()).isEqualTo(255);
        assertThat(commands.get(5).task().lines())
                .containsExactly("10.0.0.9 dev eth0 lladdr 02:00:00:00:00:09 PERMANENT ");
        assertThat(commands.get(6).task().lines())
                .containsExactly(
                        "10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 ",
                        "10.9.0.0/16 via 10.0.0.2 dev eth0 ");
        assertThat(commands.get(7).task().lines()).anyMatch(line -> line.contains("1 received"));
        assertThat(result.faults()).singleElement().satisfies(each -> {
            assertThat(each.what()).isEqualTo("node a");
            assertThat(each.at()).isEqualTo(4_500_000_000_000L);
            assertThat(each.until()).isEqualTo(6 * SECOND);
        });
    }

    @Test
    void aSwitchForgetsItsStationsAndServicesRunAgain() {
        RunResult result = yaml("""
            name: s
            duration: 60s
            topology:
              nodes:
                sw: {kind: switch}
                a: {kind: linux, interfaces: {eth0: {}}}
                d: {kind: linux, address: 10.0.0.2/24, services: ["dnsmasq --dhcp-range=10.0.0.100,10.0.0.150,1h"]}
              links: [{endpoints: ["a:eth0", "sw:eth1"]}, {endpoints: ["d:eth0", "sw:eth2"]}]
            run:
              - {at: 1s, node: a, exec: "udhcpc -i eth0 -q"}
              - {at: 8s, node: sw, exec: "bridge fdb"}
              - {at: 9s, node: sw, state: down}
              - {at: 9s, node: d, state: down}
              - {at: 10s, node: sw, state: up}
              - {at: 10s, node: d, state: up}
              - {at: 11s, node: sw, exec: "bridge fdb"}
              - {at: 12s, node: a, exec: "udhcpc -i eth0 -q"}
            """);
        List<List<String>> lines = new ArrayList<>();
        result.commands().forEach(each -> lines.add(each.task().lines()));
        assertThat(result.commands().get(0).task().toString()).startsWith("dnsmasq");
        assertThat(lines.get(1)).anyMatch(line -> line.contains("lease of 10.0.0."));
        assertThat(lines.get(2)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(lines.get(3)).isEmpty();
        assertThat(lines.get(4)).anyMatch(line -> line.contains("lease of 10.0.0."));
    }

    @Test
    void faultsAreDrawnAsTheirMeansSayAndNothingFailsTwiceAtATime() {
        Network network = new Network(7);
        var nodes = List.of(network.node("a"), network.node("b"), network.node("c"));
        FaultSpec spec = new FaultSpec(SECOND, SECOND / 10, SECOND, 1001 * SECOND);
        List<Fault> all = spec.draw(network.seed().stream("faults"), List.of(), nodes);
        assertThat(all.size()).isBetween(900, 1100);
        double mean = all.stream()
                .mapToLong(each -> each.until() - each.at())
                .average()
                .orElse(0);
        assertThat(mean / SECOND).isBetween(0.09, 0.11);
        for (var node : nodes) {
            long until = 0;
            for (Fault each : all) {
                if (each.node() == node) {
                    assertThat(each.at()).isGreaterThan(until);
                    until = each.until();
                }
            }
            assertThat(until).isBetween(SECOND, 1001 * SECOND);
        }
        assertThat(new Network(7).seed().stream("faults").nextLong())
                .isEqualTo(new Network(7).seed().stream("faults").nextLong());
    }
}
