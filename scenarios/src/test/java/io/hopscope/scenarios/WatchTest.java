package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hopscope.scenarios.watch.TcpFigures;
import io.hopscope.scenarios.watch.TcpPage;
import io.hopscope.scenarios.watch.TcpTrack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
    private static final String LAB = """
            name: w
            topology:
              nodes: {a: {address: 10.0.0.1/24}, b: {address: 10.0.0.2/24}}
              links: [{endpoints: ["a:eth0", "b:eth0"], delay: 5ms}]
            run:
              - {node: b, exec: nc -l -p 80}
              - {at: 100ms, node: a, exec: nc -w 1 10.0.0.2 80}
            """;

    private static RunResult run(String watch) {
        return Runner.run(Scenario.parse("w.yaml", LAB + watch, Map.of()), new RunPlan(), () -> 0);
    }

    @Test
    void looksAtConnectionsOfBothEndsFromTheirBeginningToTheirEnd() {
        List<TcpTrack> tracks =
                run("watch: [{tcp: [a, b], every: 50ms, to: 2s, label: one}]\n").connections();
        assertThat(tracks).hasSize(2).allMatch(each -> each.label().equals("one"));
        TcpTrack client = tracks.get(0);
        assertThat(client.node()).isEqualTo("a");
        assertThat(client.remote()).isEqualTo("10.0.0.2:80");
        assertThat(client.samples()).hasSizeBetween(15, 25);
        assertThat(client.samples().get(2).info().cwnd()).isEqualTo(10);
        assertThat(client.meanRtt()).isGreaterThan(0.01);
    }

    @Test
    void lookingChangesNothing() {
        RunResult watched = run("watch: {tcp: a, every: 10us, to: 1s}\n");
        assertThat(watched.totals()).isEqualTo(run("").totals());
        assertThat(watched.commands().get(1).task().lines())
                .isEqualTo(run("").commands().get(1).task().lines());
    }

    @Test
    void writesATableAndAPageWithItsFigures(@TempDir Path folder) throws IOException {
        List<TcpTrack> tracks =
                run("watch: {tcp: [a, b], every: 50ms, to: 2s}\n").connections();
        Path page = new TcpPage("w", tracks, "seed 1").write(folder);
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("</html>");
        assertThat(TcpPage.csv(tracks).toString().lines())
                .anyMatch(line -> line.startsWith("150000000,a,10.0.0.1:") && line.contains(",ESTAB,10,,"));
    }

    @Test
    void modelsAreThoseOfTheirPapers() {
        // Table 1 and 2 of RFC 9438: a round trip of 0.1 s.
        assertThat(TcpFigures.window(1e-2, 0.1, false)).isCloseTo(12, within(0.5));
        assertThat(TcpFigures.window(1e-4, 0.1, false)).isCloseTo(120, within(5.0));
        assertThat(TcpFigures.window(1e-4, 0.1, true)).isCloseTo(187, within(2.0));
        assertThat(TcpFigures.window(1e-6, 0.1, true)).isCloseTo(5_930, within(60.0));
    }

    @Test
    void saysWhatIsMissing() {
        refused(
                "watch: {tcp: a}",
                "w.yaml:8:8: found a watch without 'to'; expected 'to', or a 'duration' of the scenario");
        refused("watch: {tcp: c, to: 1s}", "w.yaml:8:14: found host 'c'; expected a, b");
        refused("watch: {tcp: a, to: 1s, every: 1ns}", "w.yaml:8:25: found a look every 1ns; expected 1us or more");
        refused(
                "watch: {tcp: a, to: 1s, from: 2s}",
                "w.yaml:8:17: found an end before the beginning; expected 'to' after 'from'");
    }

    private static void refused(String watch, String message) {
        assertThatThrownBy(() -> run(watch + "\n"))
                .isInstanceOf(ScenarioException.class)
                .satisfies(e -> assertThat(
                                ((ScenarioException) e).problems().get(0).toString())
                        .startsWith(message));
    }
}
