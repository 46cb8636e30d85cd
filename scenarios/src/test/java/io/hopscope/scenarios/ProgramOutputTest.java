package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What commands print, line by line, as the real ones do. */
class ProgramOutputTest {
    private static List<String> lines(String scenario, String node, String command) {
        List<RunResult.Command> all = Runner.run(
                        BuiltIn.find(scenario, Map.of()),
                        new RunPlan().withoutExpectations().exec(node, command, RunPlan.AFTERWARDS),
                        () -> 0)
                .commands();
        return all.get(all.size() - 1).task().lines();
    }

    /** As the capture of a real network has it (openstack-provider 07-ttl-1): the last line is empty without replies. */
    @Test
    void pingWithoutRepliesEndsInAnEmptyLine() {
        assertThat(lines("openstack-provider", "inst1", "ping -c 2 -i 0.3 -t 1 10.1.102.12"))
                .containsExactly(
                        "PING 10.1.102.12 (10.1.102.12) 56(84) bytes of data.",
                        "From 10.1.101.1 icmp_seq=1 Time to live exceeded",
                        "From 10.1.101.1 icmp_seq=2 Time to live exceeded",
                        "",
                        "--- 10.1.102.12 ping statistics ---",
                        "2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 300ms",
                        "");
    }

    /** iputils counts time to the last request, and says how many were under way at a time. */
    @Test
    void pingOfADeadHostSaysItsPipe() {
        assertThat(lines("first-steps", "h1", "ping -c 3 10.0.0.9"))
                .containsExactly(
                        "PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.",
                        "From 10.0.0.1 icmp_seq=1 Destination Host Unreachable",
                        "From 10.0.0.1 icmp_seq=2 Destination Host Unreachable",
                        "From 10.0.0.1 icmp_seq=3 Destination Host Unreachable",
                        "",
                        "--- 10.0.0.9 ping statistics ---",
                        "3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2000ms",
                        "pipe 3");
    }

    @Test
    void pingRefusesBroadcastAndAnswersOnLoopback() {
        assertThat(lines("first-steps", "h1", "ping -c 1 10.0.0.255"))
                .containsExactly(
                        "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules");
        assertThat(lines("first-steps", "h1", "ping -c 1 127.0.0.1"))
                .contains("1 packets transmitted, 1 received, 0% packet loss, time 0ms");
        assertThat(lines("first-steps", "h1", "ping -c 1 10.0.0.1"))
                .contains("1 packets transmitted, 1 received, 0% packet loss, time 0ms");
    }

    @Test
    void theLongestPacketOfAllGoesInFragments() {
        assertThat(lines("first-steps", "h1", "ping -c 1 -s 65507 10.0.0.2"))
                .startsWith("PING 10.0.0.2 (10.0.0.2) 65507(65535) bytes of data.")
                .contains("1 packets transmitted, 1 received, 0% packet loss, time 0ms");
    }

    /** Once a router has said what fits, this host's own packets are split to it (RFC 1191). */
    @Test
    void packetsAreSplitToThePathsMtuOnceItIsKnown() {
        String text = """
            name: s
            topology:
              nodes:
                h1: {kind: linux, address: 10.0.1.1/24, gateway: 10.0.1.254}
                h2: {kind: linux, address: 10.0.2.1/24, gateway: 10.0.2.254}
                r:
                  forwarding: true
                  interfaces: {eth0: {address: 10.0.1.254/24}, eth1: {address: 10.0.2.254/24, mtu: 1400}}
              links:
                - endpoints: ["h1:eth0", "r:eth0"]
                - endpoints: ["r:eth1", "h2:eth0"]
            run:
              - {node: h1, exec: ping -c 1 -M do -s 1472 10.0.2.1}
              - {at: 1s, node: h1, exec: ping -c 1 -s 1472 10.0.2.1}
            """;
        RunResult result = Runner.run(Scenario.parse("s.yaml", text, Map.of()), new RunPlan(), () -> 0);
        assertThat(result.commands().get(0).task().lines())
                .contains("From 10.0.1.254 icmp_seq=1 Frag needed and DF set (mtu = 1400)");
        assertThat(result.journeys().journeys())
                .filteredOn(journey -> journey.first().picos() == 1_000_000_000_000L)
                .singleElement()
                .satisfies(journey -> assertThat(journey.hops().stream()
                                .filter(hop -> hop.port().equals("h1:eth0"))
                                .map(hop -> hop.originalLength()))
                        .containsExactly(14 + 1396, 14 + 124));
    }

    /** As the capture of a real network has it (spine-leaf 02). */
    @Test
    void tracerouteWithoutNamesPrintsAddressesAlone() {
        List<String> lines = lines("container-vxlan", "p11", "traceroute -n -q 1 10.244.2.2");
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).matches(" 1  10\\.244\\.1\\.1  [0-9.]+ ms");
        assertThat(lines.get(3)).matches(" 3  10\\.244\\.2\\.2  [0-9.]+ ms");
    }

    @Test
    void aServerWithoutAStackAnswersNotWithThatOfItsMachines() {
        assertThatThrownBy(() -> lines("openstack-provider", "compute1", "ip addr"))
                .hasMessageContaining("no network stack of its own on compute1; there is one on inst1, inst2");
        assertThat(lines("openstack-provider", "core1", "ip route")).hasSize(3);
    }

    /** Both ends of a link that ip link set takes down show it, on whichever thread they run. */
    @Test
    void aLinkSetDownIsDownAtBothEnds() {
        String text = """
            name: s
            duration: 6s
            topology:
              nodes: {h1: {address: 10.0.0.1/24}, h2: {address: 10.0.0.2/24}}
              links: [{endpoints: ["h1:eth0", "h2:eth0"]}]
            run:
              - {at: 1s, node: h1, exec: ip link set dev eth0 down mtu 1400}
              - {at: 2s, node: h1, exec: ip -br link show eth0}
              - {at: 2s, node: h2, exec: ip -br link show eth0}
              - {at: 3s, node: h1, exec: ip link set eth0 up}
              - {at: 4s, node: h2, exec: ip -br link show eth0}
              - {at: 4s, node: h2, exec: ping -c 1 10.0.0.1}
            """;
        for (int workers : new int[] {1, 2}) {
            RunPlan plan = new RunPlan().workers(workers);
            List<List<String>> said =
                    Runner.run(Scenario.parse("s.yaml", text, Map.of()), plan, () -> 0).commands().stream()
                            .map(each -> each.task().lines())
                            .toList();
            assertThat(said.get(1)).singleElement().asString().contains("DOWN").endsWith("<BROADCAST,MULTICAST> ");
            assertThat(said.get(2))
                    .singleElement()
                    .asString()
                    .contains("DOWN")
                    .endsWith("<NO-CARRIER,BROADCAST,MULTICAST,UP> ");
            assertThat(said.get(4)).singleElement().asString().endsWith("<BROADCAST,MULTICAST,UP,LOWER_UP> ");
            assertThat(said.get(5)).contains("1 packets transmitted, 1 received, 0% packet loss, time 0ms");
        }
    }
}
