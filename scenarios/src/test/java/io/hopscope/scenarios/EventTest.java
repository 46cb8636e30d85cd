package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to links, nodes and ports, in words. */
class EventTest {
    private static final String LAB = """
            name: e
            duration: 30s
            topology:
              nodes:
                a: {kind: linux, address: 10.0.0.1/24, routes: [10.9.0.0/16 via 10.0.0.2]}
                b: {kind: linux, address: 10.0.0.2/24}
                s-1: {kind: switch}
                h--2: {kind: linux, interfaces: {eth1: {}, eth2: {}}}
              links:
                - endpoints: ["a:eth0", "s-1:eth1"]
                - endpoints: ["b:eth0", "s-1:eth2"]
                - endpoints: ["s-1:eth3", "h--2:eth1"]
                - endpoints: ["s-1:eth4", "h--2:eth2"]
            """;

    private static RunResult run(String rest, RunPlan plan) {
        return Runner.run(Scenario.parse("e.yaml", LAB + rest, Map.of()), plan, () -> 0);
    }

    private static List<String> output(RunResult result, int command) {
        return result.commands().get(command).task().lines();
    }

    private static List<String> faults(RunResult result) {
        return result.faults().stream()
                .map(each -> each.at() / 1_000_000_000 + "-"
                        + (each.until() == Long.MAX_VALUE ? "" : each.until() / 1_000_000_000) + " " + each.what())
                .toList();
    }

    /** What is lost with the power makes room in its socket, and whoever waited for that is gone as well. */
    @Test
    void noProgramWritesOnWhileItsNodeLosesPower() {
        RunResult result = run("""
                run:
                  - {node: b, exec: iperf -s -u}
                  - {node: a, exec: iperf -c 10.0.0.2 -u -b 3G -t 10}
                  - {node: a, exec: iperf -c 10.0.0.2 -t 10}
                """, new RunPlan().event("at 1s node a crash").event("at 2s node a start"));
        assertThat(faults(result)).containsExactly("1000-2000 node a");
        assertThat(result.totals().drops())
                .anySatisfy(
                        drop -> assertThat(drop.reason().text()).isEqualTo("was inside when the node lost its power"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "link a--b down",
                "at 5s link a -- b up",
                "at 5s link a:eth0--b:eth0 down",
                "from 5s to 9s link a--b flap 500ms",
                "from 5s to 9s link a--b down",
                "at 1ms node a crash",
                "node a start",
                "from 1s to 2s node a crash",
                "at 1s port a:eth0 down",
                "port x/br:p up",
                "impair a--b loss 1%",
                "at 3s impair a->b delay 10ms 2ms distribution normal loss gemodel 1% 10%",
                "from 1s to 2s impair a -> b corrupt 1% rx-all",
                "clear a--b",
                "at 9s clear a->b",
                "migrate vm3 to c2",
                "at 5s migrate vm3 to c2 downtime 60ms"
            })
    void eventsAreRead(String text) {
        assertThat(EventParser.parse(text)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|1|the end|at, from, link",
                "lnik a--b down|1|'lnik'|link",
                "at|3|the end|a time such as 5s",
                "at 5|4|time '5'|5s",
                "at 5x link a--b down|4|time '5x'|5ms",
                "at soon link a--b down|4|'soon'|a time such as 100ms",
                "from 5s link a--b down|9|'link'|to",
                "from 5s to 4s link a--b down|12|'4s'|a time after the first",
                "link a-b down|6|'a-b'|a link such as a--b",
                "link a--b|10|the end|down, up, flap",
                "link a--b dwon|11|'dwon'|down, up, flap",
                "link a->b down|6|one direction of a link|it is cut both ways",
                "link a--b flap 5s|11|'flap' without an end|'from TIME to TIME'",
                "from 1s to 2s link a--b flap 0|30|'0'|a time above 0",
                "link a--b down now|16|'now'|nothing more",
                "node a explode|8|'explode'|crash, start",
                "node|5|the end|the node's name",
                "port a:eth0 off|13|'off'|down, up",
                "impair a--b|12|the end|netem's words",
                "impair a--b loss|17|the end|netem's words",
                "impair a--b loss 1% dealy 5ms|21|'dealy' (What is \"dealy\"?)|delay, loss",
                "impair a--b limit 5|13|'limit' (What is \"limit\"?)|delay, loss",
                "clear a|7|'a'|a link such as a--b, or a->b",
                "migrate vm3 c2|13|'c2'|to",
                "migrate vm3 to c2 downtime x|28|'x'|a time such as 100ms"
            })
    void whatIsWrongIsSaidWithItsColumnAndWhatWasExpected(String text, int column, String found, String expected) {
        assertThatThrownBy(() -> EventParser.parse(text))
                .isInstanceOf(EventFault.class)
                .hasMessageStartingWith("column " + column + ": found " + found)
                .hasMessageContaining(expected);
    }

    @Test
    void everyEventOfTheDocumentIsOne() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "scenarios.md"));
        List<String> events = lines.subList(lines.indexOf("events:") + 1, lines.size()).stream()
                .takeWhile(line -> line.startsWith("  - "))
                .map(line -> line.substring(4).replaceFirst(" +#.*", ""))
                .toList();
        assertThat(events).hasSizeGreaterThan(8).allSatisfy(each -> assertThat(EventParser.parse(each))
                .isNotNull());
    }

    @Test
    void theNearestNameIsSaidAtTheWordOfTheFile() {
        assertThatThrownBy(() -> run("""
            events:
              - at 1s link a--s-2 down
              - "at 1s node bb crash"
              - at 1s impair s-1--h--2 loss 1%
              - at 1s link a--b down
              - impair a--s-1 lost 1%
            """, new RunPlan()))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("e.yaml:19:19: found 'lost'")
                .hasMessageContaining("(did you mean loss?)");
        assertThatThrownBy(() -> run("""
            events:
              - at 1s link a--s-2 down
              - "at 1s node bb crash"
              - at 1s impair s-1--h--2 loss 1%
              - at 1s link a--b down
            """, new RunPlan()))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("e.yaml:15:19: found node or port 's-2'")
                .hasMessageContaining("(did you mean s-1?)")
                .hasMessageContaining("e.yaml:16:17: found node 'bb'")
                .hasMessageContaining("e.yaml:17:18: found 's-1' and 'h--2', which 2 links join,")
                .hasMessageContaining("one of s-1:eth3--h--2:eth1, s-1:eth4--h--2:eth2")
                .hasMessageContaining("e.yaml:18:16: found 'a' and 'b', which no link joins,");
    }

    @Test
    void namesMayHaveDashesOfTheirOwn() {
        RunResult result = run(
                "events: [at 1s link s-1:eth3--h--2:eth1 down, at 2s link h--2:eth2--s-1:eth4 down]\n", new RunPlan());
        assertThat(faults(result))
                .containsExactly("1000- link s-1:eth3 -- h--2:eth1", "2000- link h--2:eth2 -- s-1:eth4");
    }

    @Test
    void aLinkThatFlapsIsDownAndUpInTurnAndUpInTheEnd() {
        RunResult result = run("events: [from 5s to 7100ms link a--s-1 flap 500ms]\n", new RunPlan());
        assertThat(faults(result))
                .containsExactly(
                        "5000-5500 link a:eth0 -- s-1:eth1",
                        "6000-6500 link a:eth0 -- s-1:eth1",
                        "7000-7100 link a:eth0 -- s-1:eth1");
    }

    @Test
    void bothEndsSeeThatTheCarrierIsLostAsLinuxShowsIt() {
        RunResult result = run("""
            events: [at 2s link a--s-1 down, at 6s link a--s-1 up]
            run:
              - {node: a, exec: ping -c 4 10.0.0.2}
              - {at: 2s, node: a, exec: [ip link show eth0, ip route, ip neigh]}
              - {at: 2s, node: s-1, exec: bridge link}
              - {at: 6s, node: a, exec: [ip link show eth0, ip route]}
            """, new RunPlan());
        assertThat(output(result, 1).get(0))
                .isEqualTo("2: eth0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT"
                        + " group default qlen 1000");
        assertThat(output(result, 2))
                .containsExactly(
                        "10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 linkdown ",
                        "10.9.0.0/16 via 10.0.0.2 dev eth0 linkdown ");
        // Linux forgets who was reached through a link that has gone.
        assertThat(output(result, 3)).isEmpty();
        assertThat(output(result, 4).get(0)).contains("eth1: <NO-CARRIER,BROADCAST,MULTICAST,UP>");
        assertThat(output(result, 5).get(0)).contains("<BROADCAST,MULTICAST,UP,LOWER_UP>");
        assertThat(output(result, 6)).noneMatch(line -> line.contains("linkdown"));
    }

    @Test
    void aPortThatIsTakenDownHasNoRoutesAndComesBackWithItsOwn() {
        RunResult result = run("""
            events: [from 2s to 4s port a:eth0 down]
            run:
              - {at: 3s, node: a, exec: [ip link show eth0, ip route show table all, ip -br addr show eth0]}
              - {at: 3s, node: s-1, exec: bridge link}
              - {at: 4s, node: a, exec: [ip link show eth0, ip route]}
              - {at: 4s, node: a, exec: ping -c 1 10.0.0.2}
            """, new RunPlan());
        assertThat(output(result, 0).get(0))
                .contains("eth0: <BROADCAST,MULTICAST> mtu 1500")
                .contains("state DOWN");
        assertThat(output(result, 1))
                .filteredOn(line -> !line.contains(" dev lo "))
                .containsExactly("local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1 ");
        assertThat(output(result, 2)).containsExactly("eth0             DOWN           10.0.0.1/24 ");
        assertThat(output(result, 3).get(0)).contains("eth1: <NO-CARRIER");
        assertThat(output(result, 4).get(0)).contains("LOWER_UP");
        assertThat(output(result, 5)).containsExactly("10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 ");
        assertThat(output(result, 6)).anyMatch(line -> line.contains("1 received"));
        assertThat(faults(result)).containsExactly("2000-4000 port a:eth0");
    }

    @Test
    void aNodeThatCrashesComesBackWithItsPortsUpAndItsQueuesAsConfigured() {
        RunResult result = run("""
            events: [at 1s port a:eth0 down, at 2s node a crash, at 3s node a start]
            run:
              - {at: 500ms, node: a, exec: tc qdisc add dev eth0 root netem delay 1ms}
              - {at: 4s, node: a, exec: [ping -c 1 10.0.0.2, tc qdisc show dev eth0]}
            """, new RunPlan());
        assertThat(output(result, 1)).anyMatch(line -> line.contains("1 received"));
        assertThat(output(result, 2)).containsExactly("qdisc noqueue 0: root refcnt 2 ");
    }

    @Test
    void oneDirectionOfALinkIsImpairedForAWhile() {
        RunResult result = run("""
            events: [from 1s to 2s impair a->s-1 delay 50ms, at 3s impair a--s-1 loss 100%, at 4s clear a--s-1]
            run:
              - {at: 1s, node: a, exec: ping -c 1 10.0.0.2}
              - {at: 2s, node: a, exec: ping -c 1 10.0.0.2}
              - {at: 3s, node: a, exec: ping -c 1 -W 0.5 10.0.0.2}
              - {at: 4s, node: a, exec: ping -c 1 10.0.0.2}
            """, new RunPlan());
        assertThat(output(result, 0).get(1)).contains("time=100 ms");
        assertThat(output(result, 1).get(1)).contains("time=0.006 ms");
        assertThat(output(result, 2)).anyMatch(line -> line.contains("100% packet loss"));
        assertThat(output(result, 3)).anyMatch(line -> line.contains("1 received"));
        assertThat(faults(result))
                .containsExactly(
                        "1000-2000 a:eth0 -> s-1:eth1 delay 50ms",
                        "3000-4000 a:eth0 -> s-1:eth1 loss 100%",
                        "3000-4000 s-1:eth1 -> a:eth0 loss 100%");
    }

    @Test
    void eventsOfTheCommandLineHappenBesideTheScenarios() {
        RunResult result = run(
                "events: [at 1s link a--s-1 down]\n",
                new RunPlan().event("at 2s link b--s-1 down").event("at 3s node s-1 crash"));
        assertThat(faults(result))
                .containsExactly("1000- link a:eth0 -- s-1:eth1", "2000- link b:eth0 -- s-1:eth2", "3000- node s-1");
        assertThatThrownBy(
                        () -> run("", new RunPlan().event("at 1s node a crash").event("at 2s node q crash")))
                .hasMessageContaining("--event:2:12: found node 'q'");
    }

    @Test
    void aVirtualMachineMigratesByAnEvent() {
        String text = BuiltIn.source("live-migration");
        String step = text.lines()
                .filter(line -> line.contains("migrate:"))
                .findFirst()
                .orElseThrow();
        var matcher = java.util.regex.Pattern.compile(".*at: (\\S+), migrate: (\\S+), to: ([A-Za-z0-9]+).*")
                .matcher(step);
        assertThat(matcher.matches()).isTrue();
        String event = "at " + matcher.group(1) + " migrate " + matcher.group(2) + " to " + matcher.group(3);
        Scenario byStep = BuiltIn.find("live-migration", Map.of());
        Scenario byEvent = Scenario.parse("m.yaml", text.replace(step, "") + "\nevents: [" + event + "]\n", Map.of());
        assertThat(hash(byEvent)).isEqualTo(hash(byStep));
    }

    private static String hash(Scenario scenario) {
        return Runner.run(scenario, new RunPlan().capture(new ByteArrayOutputStream()), () -> 0)
                .capture()
                .sha256();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @Tag("fuzz")
    void anyTextIsReadOrRefusedWithAPlaceInIt(long seed) {
        var random = new SplittableRandom(seed);
        String[] parts =
                ("at from to 5s 9s 500ms 0 x link node port impair clear migrate a--b a->b a -- -> b a:eth0 down up flap"
                                + " crash start loss 1% gemodel delay 10ms reorder 25% gap corrupt rx-all downtime \u00e9 \t -")
                        .split(" ");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(10); n > 0; n--) {
                text.append(parts[random.nextInt(parts.length)]).append(random.nextInt(8) == 0 ? "" : " ");
            }
            if (random.nextInt(4) == 0 && text.length() > 0) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(32, 300));
            }
            Problems problems = new Problems();
            EventParser.TYPE.check(Value.text(new Where("f", 1, 1), text.toString(), 0), problems);
            problems.all().forEach(each -> assertThat(each.where().column()).isBetween(1, text.length() + 1));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    @Tag("fuzz")
    void randomEventsLoseNoFrameAndGiveTheSameBytesWithAnyNumberOfWorkers(long seed) {
        var random = new SplittableRandom(seed);
        String[] links = {"a--s-1", "b--s-1", "s-1:eth3--h--2:eth1", "s-1->a", "s-1->b", "a->s-1"};
        String[] harm = {
            "loss 10%",
            "delay 2ms 1ms distribution pareto",
            "delay 5ms reorder 30%",
            "duplicate 20%",
            "corrupt 10%",
            "corrupt 5% rx-all",
            "rate 10mbit",
            "loss gemodel 5% 20%",
            "loss 5% delay 3ms 3ms duplicate 5% rate 50mbit"
        };
        String[] queues = {
            "pfifo limit 5",
            "bfifo limit 4000",
            "fq_codel limit 20 target 1ms interval 10ms",
            "prio",
            "tbf rate 2mbit burst 3k latency 20ms",
            "netem delay 2ms 1ms loss 5% duplicate 5% corrupt 2%"
        };
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String at = "at " + random.nextInt(4000) + "ms ";
            String link = links[random.nextInt(links.length)];
            String both = links[random.nextInt(3)];
            events.add(
                    switch (random.nextInt(7)) {
                        case 0 -> at + "link " + both + (random.nextBoolean() ? " down" : " up");
                        case 1 ->
                            at + "node " + (random.nextBoolean() ? "s-1" : "b")
                                    + (random.nextBoolean() ? " crash" : " start");
                        case 2 ->
                            at + "port " + (random.nextBoolean() ? "a:eth0" : "s-1:eth2")
                                    + (random.nextBoolean() ? " down" : " up");
                        case 3 -> at + "clear " + link;
                        default -> at + "impair " + link + " " + harm[random.nextInt(harm.length)];
                    });
        }
        StringBuilder text = new StringBuilder("run:\n");
        for (String from : List.of("a", "b")) {
            text.append("  - {node: ")
                    .append(from)
                    .append(", exec: ping -i 0.01 -s ")
                    .append(random.nextInt(3000))
                    .append(" -c 400 10.0.0.")
                    .append(from.equals("a") ? 2 : 1)
                    .append("}\n");
        }
        for (int i = 0; i < 8; i++) {
            text.append("  - {at: ")
                    .append(random.nextInt(4000))
                    .append("ms, node: ")
                    .append(
                            i % 2 == 0
                                    ? "a, exec: tc qdisc replace dev eth0 root "
                                    : "s-1, exec: tc qdisc replace dev eth2 root ")
                    .append(queues[random.nextInt(queues.length)])
                    .append("}\n");
        }
        String first = null;
        for (int workers : new int[] {1, 2, 4}) {
            RunPlan plan = new RunPlan().workers(workers).seed(seed).capture(new ByteArrayOutputStream());
            events.forEach(plan::event);
            // The engine fails a run in which a frame is neither delivered nor dropped nor on its way, or lives on as
            // two.
            RunResult result = run(text.toString(), plan);
            String told = result.capture().sha256() + result.totals();
            first = first == null ? told : first;
            assertThat(told).isEqualTo(first);
        }
    }
}
