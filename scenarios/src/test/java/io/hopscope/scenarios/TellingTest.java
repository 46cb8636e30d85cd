package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.traces.HopView;
import io.hopscope.traces.Journey;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TellingTest {
    private static Journey told(String run) {
        Scenario scenario = Scenario.parse("s.yaml", """
                name: s
                duration: 20s
                topology:
                  nodes:
                    a: {address: 10.0.0.1/24, gateway: 10.0.0.254}
                    b: {address: 10.0.1.1/24, gateway: 10.0.1.254}
                    c: {address: 10.0.1.2/24, gateway: 10.0.1.254}
                    net: {kind: bridge}
                    r:
                      interfaces: {eth0: 10.0.0.254/24, eth1: 10.0.1.254/24}
                      forwarding: true
                      iptables: |
                        iptables -A FORWARD -p tcp -j DROP
                        iptables -A FORWARD -d 10.0.1.2 -j DROP
                  links:
                    - endpoints: ["a:eth0", "r:eth0"]
                    - endpoints: ["net:eth0", "r:eth1"]
                    - endpoints: ["net:eth1", "b:eth0"]
                    - endpoints: ["net:eth2", "c:eth0"]
                run:
                """ + run, Map.of());
        return Runner.run(scenario, new RunPlan(), () -> 0).telling();
    }

    @Test
    void tellsThePacketOfTheFailedPingAmongOthersThatWereLost() {
        Journey told = told("""
                  - {at: 1s, node: a, exec: ["nc -z -w 1 b 22", "ping -c 1 b", "ping -c 1 -W 1 c", "nc -z -w 1 c 80"]}
                """);
        assertThat(told.title()).startsWith("ICMP echo request");
        assertThat(HopView.of(told.first()).fields()).containsEntry("ip.dst", "10.0.1.2");
    }

    @Test
    void tellsAPingThatNobodyAnsweredBeforeOneThatWasTold() {
        Journey told = told("""
                  - {at: 1s, node: a, exec: ip route add prohibit 10.9.0.0/16}
                  - {at: 1s, node: r, exec: ip route add unreachable 10.9.0.0/16}
                  - {at: 2s, node: b, exec: ping -c 1 -W 1 10.9.0.1}
                  - {at: 4s, node: a, exec: ping -c 1 -W 1 c}
                """);
        assertThat(HopView.of(told.first()).fields()).containsEntry("ip.dst", "10.0.1.2");
    }

    @Test
    void aRouteThatRefusesIsToldWithItsRule() {
        String told = told("""
                  - {at: 1s, node: r, exec: ip route add prohibit 10.9.0.0/16 table 100}
                  - {at: 1s, node: r, exec: ip rule add from 10.0.1.1 lookup 100}
                  - {at: 2s, node: b, exec: ping -c 1 -W 1 10.9.0.1}
                """).drop().comment();
        assertThat(told)
                .isEqualTo("drop: a prohibit route or rule (route prohibit 10.9.0.0/16, by rule 32765: from 10.0.1.1"
                        + " lookup 100)");
    }

    @Test
    void aDropNamesTheRuleThatDidItOnce() {
        String told =
                told("  - {at: 4s, node: a, exec: ping -c 1 -W 1 c}\n").drop().comment();
        assertThat(told).startsWith("drop: dropped by iptables: filter FORWARD rule 2 (-d 10.0.1.2/32 -j DROP)");
        assertThat(told.split("-d 10.0.1.2/32 -j DROP", -1)).hasSize(2);
    }
}
