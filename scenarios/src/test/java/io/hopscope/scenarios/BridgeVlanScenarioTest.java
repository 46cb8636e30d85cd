package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VLAN filtering as a whole: tags at every port as Wireshark sees them, netfilter beside it, and mistakes. */
class BridgeVlanScenarioTest {
    @TempDir
    Path folder;

    private static List<String> mistakes(String text) {
        try {
            Runner.check(Scenario.parse("s.yaml", text, Map.of()));
            return List.of();
        } catch (ScenarioException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    @Test
    @Tag("oracle")
    void everyPortHasTheTagsThatItsVlansAsk() {
        Tshark.needed();
        Path capture = folder.resolve("c.pcapng");
        Runner.run(BuiltIn.find("bridge-vlans", Map.of()), new RunPlan().capture(capture), () -> 0);
        Map<String, Set<String>> tags = new TreeMap<>();
        for (String line : Tshark.fields(capture, "arp or icmp", "frame.interface_name", "vlan.id")) {
            String[] words = line.split("\\|", -1);
            tags.computeIfAbsent(words[0], port -> new TreeSet<>()).add(words[1]);
        }
        assertThat(tags)
                .containsEntry("h10:eth0", Set.of(""))
                .containsEntry("sw:eth2", Set.of(""))
                .containsEntry("sw:eth1", Set.of("10", "20"))
                .containsEntry("s1/br0:eth0", Set.of("10", "20"))
                .containsEntry("s1/br0:vethweb", Set.of(""))
                .containsEntry("s1/br0:vethdb", Set.of(""))
                .containsEntry("s1/web:eth0", Set.of(""))
                .containsEntry("s1/stray:eth0", Set.of("", "10"));
    }

    @Test
    void mistakesHaveTheirPlaceAndTheNearestWord() {
        assertThat(mistakes("""
                name: s
                topology:
                  nodes:
                    b1:
                      kind: bridge
                      vlan-filtering: true
                      ports:
                        eth1: {vlans: ["10 pvid untaged", 30-20]}
                        eth2: {mode: access, vlans: [4]}
                    b2: {kind: bridge, ports: {eth1: {vlan: 10}}}
                    b3: {kind: bridge, vlan-filtring: true, vlan-default-pvid: 4095}
                    sw: {kind: switch, ports: {eth1: {vlans: [1-3, "4 untagged"]}}}
                """))
                .containsExactly(
                        "s.yaml:8:24: found word 'untaged'; expected pvid, untagged (did you mean untagged?)",
                        "s.yaml:8:43: found '30-20'; expected a VLAN from 1 to 4094, a range such as 10-20, or of a bridge"
                                + " '10 pvid untagged'",
                        "s.yaml:9:30: found 'vlans' of an access port; expected 'vlan'",
                        "s.yaml:10:39: found 'vlan' where the bridge filters no VLANs; expected 'vlan-filtering: true' at"
                                + " the bridge",
                        "s.yaml:11:24: found key 'vlan-filtring'; expected one of 33 names, such as kind, group, dns (did you"
                                + " mean vlan-filtering?)",
                        "s.yaml:11:45: found 'vlan-default-pvid' where the bridge filters no VLANs; expected"
                                + " 'vlan-filtering: true' at the bridge",
                        "s.yaml:11:64: found '4095'; expected a VLAN from 1 to 4094, or 0 for none",
                        "s.yaml:12:52: found '4 untagged' of a switch; expected VLANs alone, and 'native' for the untagged"
                                + " one");
    }

    private static final String TUNNELS = """
            name: s
            duration: 2s
            topology:
              nodes:
                s1:
                  kind: server
                  interfaces: {eth0: 192.168.0.1/24}
                  devices:
                    br0:
                      kind: bridge
                      vlan-filtering: true
                      ports: {vxlan10: {vlan: 10}, vxlan20: {vlan: 20}, va: {vlan: 10}, vb: {vlan: 20}}
                    vxlan10: {kind: vxlan, vni: 10, local: 192.168.0.1, fdb: "00:00:00:00:00:00 dst 192.168.0.2"}
                    vxlan20:
                      kind: vxlan
                      vni: 20
                      local: 192.168.0.1
                      fdb: ["00:00:00:00:00:00 dst 192.168.0.2", "00:00:00:00:00:00 dst 192.168.0.3"]
                    a: {kind: container, address: 10.10.0.1/24}
                    b: {kind: container, address: 10.20.0.1/24}
                  links: [{endpoints: ["a:eth0", "br0:va"]}, {endpoints: ["b:eth0", "br0:vb"]}]
                s2:
                  kind: server
                  interfaces: {eth0: 192.168.0.2/24}
                  devices:
                    br0:
                      kind: bridge
                      vlan-filtering: true
                      ports: {vxlan10: {vlan: 10}, vxlan20: {vlan: 20}, va: {vlan: 10}, vb: {vlan: 20}}
                    vxlan10: {kind: vxlan, vni: 10, local: 192.168.0.2, fdb: "00:00:00:00:00:00 dst 192.168.0.1"}
                    vxlan20: {kind: vxlan, vni: 20, local: 192.168.0.2, fdb: "00:00:00:00:00:00 dst 192.168.0.1"}
                    a2: {kind: container, address: 10.10.0.2/24}
                    b2: {kind: container, address: 10.20.0.2/24}
                  links: [{endpoints: ["a2:eth0", "br0:va"]}, {endpoints: ["b2:eth0", "br0:vb"]}]
                s3: {address: 192.168.0.3/24}
                sw: {kind: bridge}
              links:
                - endpoints: ["s1:eth0", "sw:eth1"]
                - endpoints: ["s2:eth0", "sw:eth2"]
                - endpoints: ["s3:eth0", "sw:eth3"]
            run:
              - {node: a, exec: ping -c 1 10.10.0.2}
              - {at: 100ms, node: b, exec: ping -c 1 10.20.0.2}
              - {at: 1s, node: s1, exec: bridge fdb show dev vxlan20}
            expect:
              - ping: {from: a, to: 10.10.0.2, received: 1}
              - ping: {from: b, to: 10.20.0.2, received: 1}
              - output:
                  node: s1
                  exec: bridge fdb show dev vxlan20
                  contains:
                    - "00:00:00:00:00:00 dev vxlan20 dst 192.168.0.2 self permanent"
                    - "00:00:00:00:00:00 dev vxlan20 dst 192.168.0.3 self permanent"
            """;

    @Test
    @Tag("oracle")
    void aVlanFloodsToTheRemotesOfItsOwnTunnel() {
        Tshark.needed();
        Path capture = folder.resolve("c.pcapng");
        RunResult result =
                Runner.run(Scenario.parse("s.yaml", TUNNELS, Map.of()), new RunPlan().capture(capture), () -> 0);
        assertThat(result.outcomes()).allMatch(RunResult.Outcome::met);
        List<String> floods = Tshark.fields(
                capture,
                "arp.opcode == 1 and not icmp and ip.src == 192.168.0.1 and frame.interface_name == \"s1:eth0\"",
                "vxlan.vni",
                "ip.dst");
        assertThat(Set.copyOf(floods)).containsExactlyInAnyOrder("10|192.168.0.2", "20|192.168.0.2", "20|192.168.0.3");
        assertThat(Tshark.fields(capture, "vxlan and vlan", "frame.number")).isEmpty();
    }

    /** Two ports of a VLAN that is untagged, a trunk, and a rule that forbids whatever the bridge shows to iptables. */
    private static final String FILTERED = """
            name: s
            duration: 4s
            topology:
              nodes:
                s1:
                  kind: server
                  interfaces: {eth9: 192.168.0.1/24}
                  iptables: iptables -A FORWARD -m physdev --physdev-is-bridged -p icmp -j DROP
                  devices:
                    br0: {kind: bridge, vlan-filtering: true, ports: {va: {vlan: 10}, vb: {vlan: 10}, up: {vlans: [10]}}}
                    a: {kind: container, address: 10.10.0.1/24}
                    b: {kind: container, address: 10.10.0.2/24}
                  links: [{endpoints: ["a:eth0", "br0:va"]}, {endpoints: ["b:eth0", "br0:vb"]}]
                h: {interfaces: {eth0.10: 10.10.0.3/24}}
              links: [{endpoints: ["br0:up", "h:eth0"]}]
            run:
              - {node: a, exec: ping -c 1 10.10.0.2}
              - {node: a, exec: ping -c 1 10.10.0.3}
            expect:
              - ping: {from: a, to: 10.10.0.2, received: 0}
              - ping: {from: a, to: 10.10.0.3, received: 1}
              - drops: {port: "br0:va", reason: "dropped by iptables: filter FORWARD rule 1", count: 1}
            """;

    @Test
    void iptablesSeesOfABridgeOnlyWhatComesAndGoesWithoutATag() {
        RunResult result = Runner.run(Scenario.parse("s.yaml", FILTERED, Map.of()), new RunPlan(), () -> 0);
        assertThat(result.outcomes()).isNotEmpty().allMatch(RunResult.Outcome::met);
    }
}
