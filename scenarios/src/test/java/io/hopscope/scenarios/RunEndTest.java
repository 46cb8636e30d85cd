package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The time of a run is over while programs talk: they are interrupted, and send nothing any more. */
class RunEndTest {
    private static final String LAB = """
            name: e
            duration: 3s
            topology:
              nodes: {client: {address: 10.0.0.1/24}, server: {address: 10.0.0.2/24}}
              links: [{endpoints: ["client:eth0", "server:eth0"]}]
            run:
              - {at: 1s, node: server, exec: "SERVER"}
              - {at: 2s, node: client, exec: "CLIENT"}
            """;

    @ParameterizedTest
    @CsvSource({
        "nc -l 80, curl http://10.0.0.2/, 130, 130",
        "nc -l 80, nc 10.0.0.2 80, 130, 130",
        "iperf -s, iperf -c server -b 1M -t 30, 0, 0",
        "iperf -s, iperf -c server -b 1M -t 30 -R, 0, 0",
        "iperf -s -u, iperf -c server -u -t 30, 0, 0",
        "iperf -s -u, iperf -c server -u -t 30 -R, 0, 0",
        "httpd -f, nc 10.0.0.2 80, 130, 130",
        "python3 -m http.server 80, nc 10.0.0.2 80, 0, 130",
    })
    void everyFrameIsAccountedFor(String server, String client, int serverExit, int clientExit) {
        String text = LAB.replace("SERVER", server).replace("CLIENT", client);
        RunResult result = Runner.run(Scenario.parse("e.yaml", text, Map.of()), new RunPlan(), () -> 0);
        assertThat(result.commands()).extracting(each -> each.task().exit()).containsExactly(serverExit, clientExit);
    }

    /** A datagram that has no way to go was none: nothing is missed at the end, and nothing calls itself port after port. */
    @Test
    void whatHasNoRouteIsNeitherSentNorMissed() {
        RunResult result = Runner.run(Scenario.parse("noroute.yaml", """
                        name: noroute
                        duration: 5s
                        topology:
                          nodes:
                            a: {address: 10.0.0.1/24}
                            b: {address: 10.0.0.2/24}
                          links:
                            - endpoints: ["a:eth0", "b:eth0"]
                        run:
                          - {node: a, exec: nc -uz 10.9.9.9 1-20000}
                          - {node: a, exec: nc -z 10.9.9.9 1-20000}
                          - {node: a, exec: iperf -u -c 10.9.9.9}
                        """, Map.of()), new RunPlan(), () -> 0);
        assertThat(result.totals().originated()).isZero();
        assertThat(result.commands()).allMatch(each -> each.task().ended());
    }
}
