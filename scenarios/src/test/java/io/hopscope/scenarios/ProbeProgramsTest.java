package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** ping, traceroute and nc: lines as the real ones printed them in the network of golden/own, times apart. */
class ProbeProgramsTest {
    private static final String PATH = """
            name: s
            duration: 30s
            topology:
              nodes:
                h1: {address: 10.0.1.1/24, gateway: 10.0.1.254%s}
                h3: {address: 10.0.1.3/24, gateway: 10.0.1.254, sysctls: {net.ipv4.icmp_echo_ignore_broadcasts: 0}}
                sw: {kind: bridge}
                r1:
                  interfaces: {eth0: 10.0.1.254/24, eth1: {address: 10.0.9.1/30, mtu: 1400}}
                  forwarding: true
                  routes: [10.0.2.0/24 via 10.0.9.2]
                  sysctls: {net.ipv4.icmp_echo_ignore_broadcasts: 0}
                r2:
                  interfaces: {eth0: 10.0.2.254/24, eth1: {address: 10.0.9.2/30, mtu: 1400}}
                  forwarding: true
                  routes: [10.0.1.0/24 via 10.0.9.1]
                h2: {address: 10.0.2.2/24, gateway: 10.0.2.254}
              links:
                - endpoints: ["h1:eth0", "sw:eth1"]
                - endpoints: ["h3:eth0", "sw:eth3"]
                - endpoints: ["r1:eth0", "sw:eth2"]
                - endpoints: ["r1:eth1", "r2:eth1"]
                - endpoints: ["r2:eth0", "h2:eth0"]
            run:
            """;

    /** Steps such as {@code 1s h1 ping ...}; what each printed, times as T. */
    private static List<List<String>> printed(String more, String... steps) {
        StringBuilder text = new StringBuilder(String.format(PATH, more));
        for (String step : steps) {
            String[] words = step.split(" ", 3);
            text.append("  - {at: " + words[0] + ", node: " + words[1] + ", exec: \"" + words[2] + "\"}\n");
        }
        return Runner.run(Scenario.parse("s.yaml", text.toString(), Map.of()), new RunPlan(), () -> 0)
                .commands()
                .stream()
                .map(each -> each.task().lines().stream()
                        .map(line -> line.replaceAll("\\d+\\.\\d{3} ms", "T ms").replaceAll("(time=)[\\d.]+", "$1T"))
                        .toList())
                .toList();
    }

    private static List<String> line(String... steps) {
        List<List<String>> all = printed("", steps);
        return all.get(all.size() - 1);
    }

    @Test
    void tracerouteMeasuresWhatFits() {
        assertThat(line("0s h1 traceroute -n --mtu 10.0.2.2"))
                .containsExactly(
                        "traceroute to 10.0.2.2 (10.0.2.2), 30 hops max, 65000 byte packets",
                        " 1  10.0.1.254  T ms F=1500  T ms  T ms",
                        " 2  10.0.9.2  T ms F=1400  T ms  T ms",
                        " 3  10.0.2.2  T ms  T ms  T ms");
    }

    @Test
    void tracerouteSaysWhichProbesDoNotFit() {
        assertThat(line("0s h1 traceroute -n -F 10.0.2.2 1500"))
                .endsWith(
                        " 1  10.0.1.254  T ms  T ms  T ms", " 2  10.0.1.254  T ms !F-1400  T ms !F-1400  T ms !F-1400");
        assertThat(line("0s h1 traceroute -n -F 10.0.2.2 1600"))
                .endsWith(" 1  *  T ms !F-1500 *  T ms !F-1500 *  T ms !F-1500");
    }

    @Test
    void tracerouteByTcpEndsWhereAPortIsClosed() {
        assertThat(line("0s h1 traceroute -n -T -p 81 10.0.2.2"))
                .endsWith(" 2  10.0.9.2  T ms  T ms  T ms", " 3  10.0.2.2  T ms  T ms  T ms");
        assertThat(line("0s h1 traceroute -n --tcp --port=81 --first=3 --queries=1 10.0.2.2"))
                .containsExactly(
                        "traceroute to 10.0.2.2 (10.0.2.2), 30 hops max, 60 byte packets", " 3  10.0.2.2  T ms");
    }

    @Test
    void tracerouteGivesUpWhereNoRouteLeads() {
        assertThat(line("0s h1 traceroute -n -m 3 -w 1 172.16.0.3"))
                .containsExactly(
                        "traceroute to 172.16.0.3 (172.16.0.3), 3 hops max, 60 byte packets",
                        " 1  10.0.1.254  T ms !N  T ms !N *");
    }

    @Test
    void pingStopsWithItsErrorsWhenItHasADeadline() {
        assertThat(line("0s h1 ping -w 5 -i 0.7 10.0.1.9"))
                .contains(
                        "From 10.0.1.1 icmp_seq=1 Destination Host Unreachable",
                        "From 10.0.1.1 icmp_seq=5 Destination Host Unreachable",
                        "5 packets transmitted, 0 received, +5 errors, 100% packet loss, time 2800ms");
    }

    @Test
    void pingKeepsOnUntilItsDeadline() {
        assertThat(line("0s h1 ping -q -w 2 -i 0.5 10.0.1.3"))
                .contains("4 packets transmitted, 4 received, 0% packet loss, time 1500ms");
        assertThat(line("0s h1 ping -q -c 2 -w 9 10.0.1.3"))
                .contains("2 packets transmitted, 2 received, 0% packet loss, time 1000ms");
    }

    @Test
    void aFloodGoesAsFastAsRepliesComeAndLeavesADotForEachThatDoesNot() {
        assertThat(line("0s h1 ping -f -c 50 10.0.1.3"))
                .contains("50 packets transmitted, 50 received, 0% packet loss, time 0ms")
                .last()
                .asString()
                .contains("ipg/ewma ");
        assertThat(line("0s h1 ping -f -w 1 10.0.2.9"))
                .contains("100 packets transmitted, 0 received, 100% packet loss, time 990ms")
                .contains(".".repeat(100));
    }

    @Test
    void pingSaysWhatIsOutstandingAndWhen() {
        assertThat(line("0s h1 ping -O -D -c 2 -W 1 10.0.2.9")).contains("[1.000000] no answer yet for icmp_seq=1");
        assertThat(line("0s h1 ping -q -l 3 -c 4 10.0.1.3"))
                .contains("4 packets transmitted, 4 received, 0% packet loss, time 1000ms");
    }

    /** More than one answer to what was sent to all is no duplicate, and is counted as one. */
    @Test
    void everybodyAnswersABroadcast() {
        for (String all : List.of("10.0.1.255", "255.255.255.255")) {
            assertThat(line("0s h1 ping -b -c 2 -i 0.5 " + all))
                    .contains(
                            "WARNING: pinging broadcast address",
                            "64 bytes from 10.0.1.254: icmp_seq=1 ttl=64 time=T ms",
                            "64 bytes from 10.0.1.3: icmp_seq=1 ttl=64 time=T ms",
                            "2 packets transmitted, 2 received, +1 duplicates, 0% packet loss, time 500ms");
        }
    }

    @Test
    void ncTalksUdp() {
        List<List<String>> all = printed(
                "",
                "0s h2 nc -u -l 5000 <<< answer",
                "1s h1 nc -u -v -w 2 10.0.2.2 5000 <<< hello",
                "5s h1 nc -u -v -w 1 10.0.2.2 5001 <<< hello");
        assertThat(all.get(0)).containsExactly("XXXXhello");
        assertThat(all.get(1)).containsExactly("Connection to 10.0.2.2 5000 port [udp/*] succeeded!", "answer");
        assertThat(all.get(2)).isEmpty();
    }

    @Test
    void ncFindsNames() {
        assertThat(printed(", hosts: [10.0.2.2 web]", "0s h1 nc -v web 81").get(0))
                .containsExactly("nc: connect to web (10.0.2.2) port 81 (tcp) failed: Connection refused");
    }

    @Test
    void whatAnNcReadsIsReadOnce() {
        List<List<String>> all = printed(
                "",
                "0s h2 nc -k -N -l 80 <<< once",
                "1s h1 nc 10.0.2.2 80",
                "2s h1 nc 10.0.2.2 80",
                "3s h2 killall nc");
        assertThat(all.get(1)).containsExactly("once");
        assertThat(all.get(2)).isEmpty();
        assertThat(all.get(3)).isEmpty();
    }
}
