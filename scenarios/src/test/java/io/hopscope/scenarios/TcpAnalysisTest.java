package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wireshark's own analysis of TCP, one port at a time: where nothing is lost, nothing is remarkable. */
@Tag("oracle")
class TcpAnalysisTest {
    private static final String LAB = """
            name: analysis
            duration: 4s
            %s
            topology:
              link-defaults: {rate: %s, delay: 50us}
              nodes:
                a:
                  address: 10.0.0.1/24
                  files: {/page: {size: 1MB}}
                  services: [httpd, iperf -s, nc -l 9000]
                b: {address: 10.0.0.2/24, files: {/form: {size: 300KB}}}
              links: [{endpoints: ["a:eth0", "b:eth0"]}]
            run:
            """;
    private static final String FLAGGED = "tcp.analysis.flags";
    private static final String FULL = "tcp.analysis.window_full";

    @TempDir
    Path folder;

    @BeforeEach
    void tshark() {
        Tshark.needed();
    }

    private List<Path> ports(String cost, String rate, String... commands) throws IOException {
        StringBuilder text = new StringBuilder(LAB.formatted(cost, rate));
        for (int i = 0; i < commands.length; i++) {
            text.append("  - {at: ").append(10 + 500 * i).append("ms, node: b, exec: \"");
            text.append(commands[i]).append("\"}\n");
        }
        Scenario scenario = Scenario.parse("analysis.yaml", text.toString(), Map.of());
        Path split = folder.resolve("split");
        RunResult result = Runner.run(
                scenario, new RunPlan().capture(folder.resolve("all.pcapng")).split(split, "port"), () -> 0);
        assertThat(result.commands())
                .allMatch(each -> each.place().equals("a") || each.task().exit() == 0);
        try (Stream<Path> files = Files.list(split)) {
            List<Path> all = files.sorted().toList();
            assertThat(all).hasSize(2);
            return all;
        }
    }

    private static List<String> found(Path port, String filter) {
        return Tshark.fields(port, filter, "frame.number", "_ws.col.Info");
    }

    /** Slow start ends, and the buffers of both sides grow, within the first of these. */
    @ParameterizedTest
    @CsvSource({"1Gbps, 20M, cost: none", "1Gbps, 20M, ''", "10Gbps, 60M, cost: none", "10Gbps, 60M, ''"})
    void aStreamWithoutLossIsNotFlagged(String rate, String amount, String cost) throws IOException {
        for (Path port : ports(cost, rate, "iperf -c 10.0.0.1 -n " + amount)) {
            assertThat(Tshark.fields(port, "tcp.len > 1000", "frame.number")).hasSizeGreaterThan(13_000);
            assertThat(found(port, FLAGGED)).as(port.toString()).isEmpty();
        }
    }

    /**
     * A sender may find the window full before the receiver has seen how long a round trip is. Linux 6.18 over the same link
     * did so up to three times in each of seven transfers of eight.
     */
    @Test
    void whatProgramsSendWithoutLossIsNotFlagged() throws IOException {
        List<Path> ports = ports(
                "",
                "1Gbps",
                "curl -s -o page http://10.0.0.1/page",
                "curl -s -o form -d @/form http://10.0.0.1/page",
                "curl -s -o twice http://10.0.0.1/page http://10.0.0.1/page",
                "nc -N 10.0.0.1 9000 <<< hello",
                "iperf -c 10.0.0.1 -n 2M -P 2",
                "iperf -c 10.0.0.1 -n 2M -R");
        for (Path port : ports) {
            assertThat(Tshark.fields(port, "tcp.flags.fin == 1", "frame.number"))
                    .hasSizeGreaterThan(10);
            assertThat(found(port, FLAGGED + " && !" + FULL))
                    .as(port.toString())
                    .isEmpty();
            assertThat(found(port, FULL)).as(port.toString()).hasSizeLessThan(4);
        }
    }
}
