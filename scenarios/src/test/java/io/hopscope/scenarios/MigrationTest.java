package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Drop;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Virtual machines that move, and agents whose server is far, late or gone. */
class MigrationTest {
    private static final String THREE_NODES = """
            name: s
            duration: 12s
            topology:
              nodes:
                sw: {kind: switch, ports: {eth1: {mode: trunk}, eth2: {mode: trunk}, eth3: {mode: trunk}, eth9: {vlan: 101}}}
                peer: {address: 10.0.0.9/24, services: ["dnsmasq --no-ping --dhcp-range=10.0.0.100,10.0.0.150,2m"]}
              blueprints:
                - {kind: neutron-compute, name: c1, nics: [eth0], networks: {101: 7}, instances: {
                    vm: {network: 101, address: 10.0.0.1/24},
                    gw: {network: 101, address: 10.0.0.2/24, port-security: false}}}
                - {kind: neutron-compute, name: c2, nics: [eth0], instances: {other: {network: 102, address: 10.2.0.2/24}}}
                - {kind: neutron-compute, name: c3, nics: [eth0], instances: {}}
              links:
                - endpoints: ["c1:eth0", "sw:eth1"]
                - endpoints: ["c2:eth0", "sw:eth2"]
                - endpoints: ["c3:eth0", "sw:eth3"]
                - endpoints: ["peer:eth0", "sw:eth9"]
            run:
            """;

    private static RunResult run(String steps, RunPlan plan) {
        return Runner.run(Scenario.parse("s.yaml", THREE_NODES + steps.indent(2), Map.of()), plan, () -> 0);
    }

    private static long drops(RunResult result, String reason) {
        return result.totals().drops().stream()
                .filter(drop -> drop.reason().text().contains(reason))
                .mapToLong(Drop::frames)
                .sum();
    }

    private static List<String> lines(RunResult result, int command) {
        return result.commands().get(command).task().lines();
    }

    @Test
    void aMachineGoesFromNodeToNodeAndBackWithEverythingThatRunsInIt() {
        String steps = """
                - {node: vm, exec: ping -q -c 900 -i 0.01 10.0.0.9}
                - {node: gw, exec: udhcpc -f -i eth0}
                - {at: 100ms, node: peer, exec: ping -q -c 90 -i 0.1 10.0.0.1}
                - {at: 1s, migrate: vm, to: c2}
                - {at: 1010ms, node: vm, exec: ip -br addr show eth0}
                - {at: 2s, migrate: vm, to: c3, downtime: 5ms}
                - {at: 2500ms, migrate: vm, to: c1, downtime: 1ms}
                - {at: 3s, migrate: gw, to: c3}
                - {at: 4s, node: gw, exec: killall -USR1 udhcpc}
                - {at: 6s, migrate: vm, to: c2, downtime: 300ms}
                - {at: 8s, node: gw, exec: killall -USR2 udhcpc}
                """;
        RunResult once = run(steps, new RunPlan().capture(new ByteArrayOutputStream()));
        assertThat(String.join("\n", lines(once, 1))).contains("900 packets transmitted, 900 received");
        assertThat(lines(once, 2))
                .anyMatch(line -> line.contains("lease of 10.0.0."))
                .anyMatch(line -> line.contains("sending renew"))
                .anyMatch(line -> line.contains("released") || line.contains("release"));
        assertThat(lines(once, 2).stream().filter(line -> line.contains("obtained from")))
                .as("before it moved and after")
                .hasSize(2);
        // One at each of the three short stops, and four in the long one, the last of them before the announcement.
        assertThat(String.join("\n", lines(once, 3))).contains("90 packets transmitted, 83 received");
        assertThat(lines(once, 4)).as("at the instant of its going on").anyMatch(line -> line.contains("10.0.0.1/24"));
        assertThat(drops(once, "unplugged")).isEqualTo(7);
        for (int workers : new int[] {2, 4}) {
            RunResult again = run(
                    steps, new RunPlan().workers(workers).longestWindow(333_333).capture(new ByteArrayOutputStream()));
            assertThat(again.capture().sha256()).isEqualTo(once.capture().sha256());
            assertThat(again.totals().toString()).isEqualTo(once.totals().toString());
        }
    }

    @Test
    void aRunThatEndsWhileAMachineIsOnItsWayStillKnowsEveryFrame() {
        // Nobody has 10.0.0.77: the packets wait for ARP, in the machine's own stack.
        RunResult result = run("""
                - {at: 1s, node: vm, exec: ping -c 5 -i 0.1 10.0.0.77}
                - {at: 1250ms, migrate: vm, to: c2, downtime: 1s}
                """, new RunPlan().until(1_500_000_000_000L));
        assertThat(result.totals().inFlight()).isEqualTo(3);
    }

    @Test
    void whatCameInAndWaitsDoesNotMove() {
        RunResult result = Runner.run(Scenario.parse("s.yaml", ROUTER, Map.of()), new RunPlan(), () -> 0);
        assertThat(drops(result, "on another node")).isEqualTo(3 + 2);
        assertThat(lines(result, 2)).anyMatch(line -> line.contains("2 packets transmitted, 2 received"));
    }

    /** A router in a machine: three packets wait there for ARP, and of one a fragment is missing, when it moves. */
    private static final String ROUTER = """
            name: s
            topology:
              nodes:
                peer: {address: 10.0.0.9/24, routes: [10.7.0.0/24 via 10.0.0.2]}
                sw: {kind: switch, ports: {eth1: {mode: trunk}, eth2: {mode: trunk}, eth3: {mode: trunk}, eth9: {vlan: 101}}}
                c1:
                  kind: server
                  devices:
                    gw: {kind: vm, forwarding: true, interfaces: {eth0: {address: [10.0.0.2/24, 10.7.0.1/24]}}}
                    br-int:
                      kind: ovs-bridge
                      ports: {int-br-bond: {patch: "br-bond:phy-br-bond"}, tap: {tag: 7}}
                      flows: |
                        priority=3,in_port=int-br-bond,dl_vlan=101,actions=mod_vlan_vid:7,NORMAL
                        priority=0,actions=NORMAL
                    br-bond:
                      kind: ovs-bridge
                      ports: {phy-br-bond: {patch: "br-int:int-br-bond"}, bond0: {bond: [eth0]}}
                      flows: |
                        priority=4,in_port=phy-br-bond,dl_vlan=7,actions=mod_vlan_vid:101,NORMAL
                        priority=0,actions=NORMAL
                  links: [{endpoints: ["gw:eth0", "br-int:tap"]}]
              blueprints:
                - {kind: neutron-compute, name: c2, nics: [eth0], instances: {}}
              links:
                - {endpoints: ["c1:eth0", "sw:eth1"], rate: 1Mbps}
                - endpoints: ["c2:eth0", "sw:eth2"]
                - endpoints: ["peer:eth0", "sw:eth9"]
            run:
              - {at: 1s, node: peer, exec: ping -q -c 3 -i 0.2 10.7.0.99}
              - {at: 1480ms, node: peer, exec: ping -q -c 1 -s 4000 10.0.0.2}
              - {at: 1510ms, migrate: gw, to: c2}
              - {at: 3s, node: peer, exec: ping -q -c 2 10.0.0.2}
            """;

    private static List<String> mistakes(String text) {
        try {
            Runner.check(Scenario.parse("s.yaml", text, Map.of()));
            return List.of();
        } catch (ScenarioException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    @Test
    void whatMigratesStaysOutOfPowerFaultsAndGeneratedTraffic() {
        assertThat(mistakes(THREE_NODES + """
                  - {at: 1s, migrate: vm, to: c2}
                  - {at: 2s, node: c2, state: down}
                traffic:
                  - {name: a, matrix: pairs, from: [vm, gw, other], rate: 1}
                """))
                .containsExactly(
                        "s.yaml:20:14: found loss of power of node 'c2', from or to which a virtual machine migrates;"
                                + " expected another node",
                        "s.yaml:22:37: found 'vm': vm migrates; expected hosts that stay on their node");
    }

    private static final String CLUSTER = """
            name: s
            duration: 40s
            topology:
              nodes:
                sw: {kind: switch, ports: {eth1: {mode: trunk}, eth9: {vlan: 100}}}
                controller: {address: 10.1.100.5/24, services: ["neutron-server --pool 101=10.1.101.0/24"]}
              blueprints:
                - {kind: neutron-compute, name: c1, nics: [eth0], neutron-server: 10.1.100.5, management: 10.1.100.11/24,
                   management-vlan: 100, instances: {vm1: {}, vm2: {}}}
              links:
                - endpoints: ["c1:eth0", "sw:eth1"]
                - endpoints: ["controller:eth0", "sw:eth9"]
            run:
            """;

    private static RunResult cluster(String steps) {
        return Runner.run(Scenario.parse("s.yaml", CLUSTER + steps.indent(2), Map.of()), new RunPlan(), () -> 0);
    }

    @Test
    void anAgentAsksAgainUntilTheServerCanBeReached() {
        RunResult result = cluster("""
                - {link: "controller:eth0 -- sw:eth9", state: down}
                - {at: 1s, node: c1, exec: openstack server create --network 101 vm1}
                - {at: 10s, link: "controller:eth0 -- sw:eth9", state: up}
                - {at: 30s, node: controller, exec: openstack port list}
                """);
        assertThat(lines(result, 2)).anyMatch(line -> line.contains("101=10.1.101.2"));
        assertThat(lines(result, 3)).hasSize(5).anyMatch(line -> line.contains("| c1/vm1 |"));
    }

    @Test
    void anAgentThatNobodyAnswersSaysSo() {
        RunResult result = cluster("""
                - {node: c1, exec: [killall neutron-openvswitch-agent, neutron-openvswitch-agent --server 10.1.100.5 --timeout 1s --tries 3]}
                - {node: controller, exec: killall neutron-server}
                - {at: 1s, node: c1, exec: openstack server create --network 101 vm1}
                - {at: 2s, node: c1, exec: openstack server create --network 101 vm2}
                - {at: 2s, node: controller, exec: openstack port list}
                """);
        assertThat(lines(result, 5).get(0)).matches("MessagingTimeout: Timed out waiting .* req-[0-9a-f]+-1");
        assertThat(lines(result, 6).get(0)).endsWith("-2");
        assertThat(lines(result, 7).get(0)).contains("no neutron-server runs there");
        assertThat(drops(result, "no socket")).isEqualTo(6);
    }

    @Test
    void refusesAgentsAndServersThatCannotBe() {
        assertThat(mistakes(CLUSTER + """
                  - {node: controller, exec: neutron-server}
                  - {node: controller, exec: "neutron-server --pool 101=10.1.101.0/24,10.1.102.1-10.1.102.2"}
                  - {node: controller, exec: "neutron-server --pool 1=10.1.0.0/24 --pool 1=10.2.0.0/24"}
                  - {node: controller, exec: "neutron-server --pool 1=10.1.0.0/24 --latency 5:1ms,4:1ms"}
                  - {node: controller, exec: "neutron-openvswitch-agent --server 10.1.100.5"}
                  - {node: c1, exec: neutron-openvswitch-agent --server nowhere}
                  - {node: c1, exec: neutron-openvswitch-agent --server 10.1.100.5 --integration-bridge br-bond}
                  - {node: c1, exec: neutron-openvswitch-agent --serve 10.1.100.5}
                  - {node: c1, exec: openstack server create vm1}
                  - {node: c1, exec: openstack server create --network 101 vm3}
                  - {node: c1, exec: openstack server list}
                """))
                .hasSize(11)
                .allMatch(line -> line.matches("s.yaml:\\d+:\\d+: found .*expected .*"))
                .anyMatch(line -> line.contains("10.1.102.1, expected an address of a host in 10.1.101.0/24"))
                .anyMatch(line -> line.contains("two pools of one VLAN"))
                .anyMatch(line -> line.contains("rising sizes"))
                .anyMatch(line -> line.contains("Integration bridge br-int does not exist"))
                .anyMatch(line -> line.contains("no patch port int-BRIDGE leads from br-bond"))
                .anyMatch(line -> line.contains("(did you mean --server?)") || line.contains("--server"))
                .anyMatch(line -> line.contains("No Server found for vm3"));
    }

    @Test
    void refusesMigrationsThatCannotBe() {
        assertThat(mistakes(THREE_NODES + """
                  - {migrate: vm}
                  - {migrate: vn, to: c2}
                  - {migrate: peer, to: c2}
                  - {migrate: vm, to: c4}
                  - {migrate: vm, to: peer}
                  - {migrate: vm, to: c1}
                  - {migrate: vm, to: c2, downtime: 999us}
                  - {migrate: vm, to: c2, node: c1}
                  - {at: 5s, migrate: gw, to: c2, downtime: 1s}
                  - {at: 5500ms, migrate: gw, to: c3}
                  - {at: 7s, migrate: gw, to: c2}
                """))
                .hasSize(10)
                .anyMatch(line -> line.contains("'migrate' without 'to'"))
                .anyMatch(line -> line.contains("virtual machine 'vn'; expected vm, gw, other (did you mean vm?)"))
                .anyMatch(line -> line.contains("'peer', which cannot migrate"))
                .anyMatch(line -> line.contains("compute node 'c4'"))
                .anyMatch(line -> line.contains("compute node 'peer'"))
                .anyMatch(line -> line.contains("'c1', where it is at that time"))
                .anyMatch(line -> line.contains("'999us'") && line.contains("a millisecond or more"))
                .anyMatch(line -> line.contains("'node' beside 'migrate'"))
                .anyMatch(line -> line.contains("a migration before the one before has ended"))
                .anyMatch(line -> line.contains("'c2', where it is at that time"));
    }
}
