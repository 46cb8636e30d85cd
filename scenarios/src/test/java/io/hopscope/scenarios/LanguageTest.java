package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {
    private static Lab check(String text) {
        return Runner.check(Scenario.parse("s.yaml", text, Map.of()));
    }

    private static List<String> mistakes(String text) {
        try {
            check(text);
            return List.of();
        } catch (ScenarioException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    @Test
    void aNodeTakesWhatItDoesNotSayFromGroupKindAndDefaults() {
        Lab lab = check("""
            name: s
            topology:
              defaults: {mtu: 1400}
              kinds: {linux: {gateway: 10.0.0.254}}
              groups: {far: {address: 10.0.0.9/24, mtu: 9000}}
              nodes:
                a: {kind: linux, address: 10.0.0.1/24}
                b: {kind: linux, group: far}
            """);
        var a = lab.place("a").host().stack();
        var b = lab.place("b").host().stack();
        assertThat(a.find("eth0").mtu()).isEqualTo(1400);
        assertThat(b.find("eth0").mtu()).isEqualTo(9000);
        assertThat(b.find("eth0").addresses()).hasToString("[10.0.0.9/24]");
        assertThat(a.fib().routes()).anyMatch(route -> route.text("eth0").equals("default via 10.0.0.254 dev eth0"));
    }

    private static List<String> mistakesOfALink(String second) {
        return mistakes("""
                name: s
                duration: 9s
                topology:
                  nodes:
                    a: {address: 10.0.0.1/24}
                    s: {kind: switch}
                    r: {interfaces: {eth0: 10.0.0.2/24, eth1: 10.0.1.1/24}}
                  links:
                    - endpoints: ["a:eth0", "s:e1"]
                    - %s
                run:
                  - {at: 1s, link: "s:e2 -- r:eth1", state: down}
                events:
                  - at 2s link s--r down
                  - at 3s impair s->r loss 1%%
                  - at 4s port s:e2 down
                capture: {ports: ["s:e2"]}
                expect:
                  - drops: {port: "s:e2", count: 3}
                """.formatted(second));
    }

    @Test
    void aMistakeInALinkMakesNoOtherOfWhatRefersToIt() {
        String ends = "endpoints: [\"s:e2\", \"r:eth1\"]";
        assertThat(mistakesOfALink("{" + ends + "}")).isEmpty();
        assertThat(mistakesOfALink("{" + ends + ", rate: 100Mpbs}"))
                .containsExactly(
                        "s.yaml:10:45: found rate '100Mpbs'; expected 100bps, 100Kbps, 100Mbps, 100Gbps, 100Tbps,"
                                + " 100kbit, 100mbit, 100gbit (did you mean 100Mbps?)");
        assertThat(mistakesOfALink("{" + ends + ", delay: 20mz}")).hasSize(1);
        assertThat(mistakesOfALink("{" + ends + ", queue: -1}"))
                .containsExactly("s.yaml:10:46: found '-1'; expected a whole number");
        assertThat(mistakesOfALink("{endpoints: [\"ss:e2\", \"r:eth1\"]}"))
                .containsExactly("s.yaml:10:20: found node or device 'ss'; expected a, s, r (did you mean s?)");
        assertThat(mistakesOfALink("{endpoints: [\"s:e2\"]}"))
                .containsExactly("s.yaml:10:19: found 1 endpoint; expected two");
        assertThat(mistakesOfALink("{" + ends + ", rate: 0, delay: 0s}"))
                .containsExactly(
                        "s.yaml:10:7: found a link that cannot be: a cable with neither delay nor rate: use a wire"
                                + " inside one node; expected another one");
    }

    @Test
    void aHostThatListsItsInterfacesHasNoOthers() {
        assertThat(mistakesOfALink("{endpoints: [\"s:e2\", \"r:eht1\"]}"))
                .containsExactly(
                        "s.yaml:10:28: found port of r, which lists its own: 'eht1'; expected eth0, eth1 (did you mean eth1?)");
    }

    @Test
    void resolversAreAServerAListOrWhatResolvConfSays() {
        Lab lab = check("""
            name: s
            topology:
              nodes:
                a: {address: 10.0.0.1/24, dns: 10.0.0.53}
                b: {address: 10.0.0.2/24, dns: [10.0.0.53, 10.0.0.54], hosts: 10.0.0.9 printer printer.lab}
                c: {address: 10.0.0.3/24, dns: {servers: 10.0.0.53, search: [a.lab, lab], options: [timeout:1, ndots:2]}}
            """);
        var names = List.of("a", "b", "c").stream()
                .map(each -> lab.place(each).host().stack().names())
                .toList();
        assertThat(names.get(0).settings().lines()).containsExactly("nameserver 10.0.0.53");
        assertThat(names.get(1).settings().lines()).containsExactly("nameserver 10.0.0.53", "nameserver 10.0.0.54");
        assertThat(names.get(1).find("printer").names()).containsExactly("printer", "printer.lab");
        assertThat(names.get(2).settings().lines())
                .containsExactly("search a.lab lab", "nameserver 10.0.0.53", "options ndots:2 timeout:1");
    }

    @Test
    void refusesResolversThatCannotBe() {
        assertThat(mistakes("""
            name: s
            topology:
              nodes:
                a: {address: 10.0.0.1/24, dns: 10.0.0}
                b: {address: 10.0.0.2/24, dns: {server: 10.0.0.53}}
                c: {address: 10.0.0.3/24, dns: [10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4]}
                d: {address: 10.0.0.4/24, dns: {options: ["rotate:1"]}, hosts: [printer]}
            """))
                .containsExactly(
                        "s.yaml:4:36: found '10.0.0'; expected an IPv4 address such as 10.0.0.1",
                        "s.yaml:5:37: found key 'server'; expected servers, search, options (did you mean servers?)",
                        "s.yaml:6:36: found 4 name servers; expected three at most: resolvers ask no more of them",
                        "s.yaml:7:47: found 'rotate:1'; expected an option of resolv.conf: ndots:, timeout: or attempts:"
                                + " with a number",
                        "s.yaml:7:69: found 'printer'; expected a line of /etc/hosts such as '10.0.0.2 web web.lab'");
    }

    @Test
    void anInterfaceCalledByAVlanLiesOnItsParent() {
        Lab lab = check("""
            name: s
            topology:
              nodes:
                r: {mtu: 1400, interfaces: {eth0.10: 10.1.0.1/24, bond0.20: {address: 10.2.0.1/24, mtu: 1300}}, bonds: {bond0: {interfaces: [eth1]}}}
                n:
                  kind: server
                  interfaces: {eth0: 10.3.0.1/24, flannel.1: 10.4.0.1/32}
                  devices: {flannel.1: {kind: vxlan, vni: 1, local: 10.3.0.1}}
            """);
        var r = lab.place("r").host().stack();
        assertThat(r.interfaces())
                .extracting(each -> each.name())
                .containsExactly("eth0", "eth0.10", "bond0", "bond0.20");
        assertThat(r.find("eth0.10").parent()).isSameAs(r.find("eth0"));
        assertThat(r.find("eth0.10").mac()).isEqualTo(r.find("eth0").mac());
        assertThat(r.find("eth0.10").mtu()).isEqualTo(1400);
        assertThat(r.find("bond0.20").mtu()).isEqualTo(1300);
        assertThat(lab.place("n").host().stack().find("flannel.1").parent()).isNull();
    }

    @Test
    void refusesVlansThatCannotBe() {
        String nodes = "name: s\ntopology:\n  nodes:\n    a: {interfaces: ";
        assertThat(mistakes(nodes + "{eth0.4095: 10.0.0.1/24}}\n"))
                .containsExactly("s.yaml:4:22: found VLAN 4095 in 'eth0.4095'; expected a VLAN from 1 to 4094");
        assertThat(mistakes(nodes + "{eth0.10: {mtu: 9000}}}\n"))
                .containsExactly(
                        "s.yaml:4:37: found an MTU of 9000 on eth0, whose own is 1500; expected one that is not larger");
        assertThat(mistakes(nodes + "{eth0.10: {}}, bonds: {b: {interfaces: [eth0]}}}\n"))
                .containsExactly(
                        "s.yaml:4:22: found a VLAN on 'eth0', which a bond has taken; expected one on the bond");
        assertThat(mistakes(nodes + "{eth0.10: {}}}\n    b: {}\n  links: [{endpoints: ['a:eth0.10', 'b:eth0']}]\n"))
                .containsExactly("s.yaml:6:24: found VLAN device 'eth0.10' in a link; expected its parent 'eth0'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        topology:*  nodes:*    a: {}*   b: {}* | 5:4: found a line indented unlike the rest of what begins in line 3, column 3; expected keys of one map, and items of one list, indented alike
        run:*  - a* - b*                       | 4:2: found a line indented unlike the rest of what begins in line 1, column 1; expected keys of one map, and items of one list, indented alike
        x: a*  foo: 1*                         | 3:6: found a ':' where no key can stand; expected keys of one map, and items of one list, indented alike, and quotes round a text with ': '
        x: {a: 1*y: 2*                         | 3:2: found no '}' that closes the '{' in line 2, column 4; expected ',' or '}'
        x: "a*                                 | 3:1: found the end of the file in a text, begun in line 2, column 4; expected its closing quote
        x: @a*                                 | 2:4: found character '@' that cannot start any token; expected a text that begins so in quotes
        """)
    void tellsWhatIsWrongWithYamlByWhereItBegan(String lines, String mistake) {
        assertThat(mistakes("name: s\n" + lines.replace("*", "\n"))).containsExactly("s.yaml:" + mistake);
    }

    @Test
    void showsOneLineOfAWrongFile() {
        String wrong = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n".repeat(9);
        assertThat(mistakes(wrong))
                .singleElement()
                .asString()
                .contains("root:x:0:0:root:/root:/bin/bash daemon:x:1:1:");
        assertThat(mistakes(wrong).get(0).replaceFirst("'; expected.*", "").length())
                .isLessThan(110);
    }

    @Test
    void aPatternThatMatchesNoPortIsAMistakeWithTheNearest() {
        String two = "name: s\ntopology:\n  nodes: {h1: {}, h2: {}}\n  links: [{endpoints: ['h1:eth0', 'h2:eth0']}]\n";
        assertThat(mistakes(two + "capture: {ports: ['h1:*']}\n")).isEmpty();
        assertThat(mistakes(two + "capture: {ports: ['h3:*']}\n"))
                .containsExactly("s.yaml:5:19: found port to capture 'h3:*', which none is called;"
                        + " expected h1:eth0, h2:eth0 (did you mean h1:*?)");
    }

    @Test
    void twoBlueprintsOfHostsOnOneSwitchNeedPortsOfTheirOwn() {
        String hosts = "name: s\ntopology:\n  nodes: {sw: {kind: switch}}\n  blueprints:\n"
                + "    - {kind: hosts, prefix: h, count: 2, subnet: 10.0.0.0/24, attach: sw}\n"
                + "    - {kind: hosts, prefix: w, count: 2, subnet: 10.0.1.0/24, attach: sw";
        assertThat(mistakes(hosts + ", port: w-}\n")).isEmpty();
        assertThat(mistakes(hosts + "}\n"))
                .containsExactly(
                        "s.yaml:6:63: found 'sw:eth1', joined already to h1:eth0; expected another beginning of"
                                + " its ports' names than eth, such as 'port: w-'");
    }

    @Test
    void findsWhatHasTheSameNameOnAnotherNode() {
        Problems problems = new Problems();
        List<String> valid = new java.util.ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            valid.add("compute" + i + "/c1");
        }
        problems.unknown(new Where("s.yaml", 1, 1), "node", "node1/c1", valid);
        assertThat(problems.all().get(0))
                .hasToString("s.yaml:1:1: found node 'node1/c1'; expected one of 30 names, such as compute1/c1,"
                        + " compute2/c1, compute3/c1 (did you mean compute1/c1?)");
    }

    @Test
    void warnsOfAnAddressThatTwoHaveWhoHearEachOther() {
        String hosts = """
            name: s
            topology:
              nodes:
                a: {address: 10.0.0.1/24}
                b: {address: 10.0.0.1/16}
                r: {interfaces: {eth0.20: 10.0.0.1/24}}
                sw: {kind: switch, ports: {eth1: {vlan: 10}, eth2: {vlan: VLAN}, eth3: {vlans: [20, 30]}}}
                br: {kind: bridge}
              links:
                - {endpoints: ["a:eth0", "br:eth0"]}
                - {endpoints: ["br:eth1", "sw:eth1"]}
                - {endpoints: ["b:eth0", "sw:eth2"]}
                - {endpoints: ["r:eth0", "sw:eth3"]}
            """;
        assertThat(DuplicateAddresses.warnings(check(hosts.replace("VLAN", "10"))))
                .containsExactly("10.0.0.1/24 of a:eth0 is also b:eth0's, and both hear each other");
        assertThat(DuplicateAddresses.warnings(check(hosts.replace("VLAN", "20"))))
                .containsExactly("10.0.0.1/16 of b:eth0 is also r:eth0.20's, and both hear each other");
        assertThat(DuplicateAddresses.warnings(check(hosts.replace("VLAN", "30"))))
                .isEmpty();
    }

    @Test
    void aReasonIsKnownInWhateverCase() {
        assertThat(DropReasons.means("QUEUE", "queue full")).isTrue();
        assertThat(DropReasons.means("Queue_Full", "queue full")).isTrue();
        assertThat(DropReasons.means("queues", "queue full")).isFalse();
    }

    private static List<String> asicMistakes(String asic) {
        return mistakes("name: s\ntopology: {nodes: {a: {kind: router,\n  asic: " + asic + "}}}\n");
    }

    @Test
    void refusesTablesThatCannotBe() {
        assertThat(asicMistakes("{host-table: {capacity: 0}}"))
                .containsExactly("s.yaml:3:33: found '0'; expected a number of entries from 1 to 16777216");
        assertThat(asicMistakes("{host-table: {capacity: 1001}}"))
                .containsExactly(
                        "s.yaml:3:33: found a capacity of 1001 in buckets of 8; expected a multiple of 8: 1000 or 1008");
        assertThat(asicMistakes("{fdb-table: {capacity: 64, slots: 4, banks: 3}}"))
                .containsExactly("s.yaml:3:32: found a capacity of 64 in 3 banks of buckets of 4;"
                        + " expected a multiple of 12: 60 or 72");
        assertThat(asicMistakes("{fdb-table: {hashes: 2, functions: [lsb]}}"))
                .containsExactly("s.yaml:3:44: found 1 hash functions for 2 hashes; expected as many, in order");
        assertThat(asicMistakes("64kk")).singleElement().asString().endsWith("(did you mean 64k?)");
        assertThat(asicMistakes("{cpu: {copp: sonik}}"))
                .singleElement()
                .asString()
                .contains("did you mean sonic?");
        assertThat(asicMistakes("{cpu: {copp: none, limits: {arp: 5}}}"))
                .singleElement()
                .asString()
                .contains("'limits' without policing");
        assertThat(asicMistakes("{cpu: {limits: {arpp: 5}}}"))
                .singleElement()
                .asString()
                .contains("did you mean arp?");
        assertThat(asicMistakes("{acl: {capacity: 1, rules: [permit ip any any, deny ip any any]}}"))
                .singleElement()
                .asString()
                .contains("found 2 rules; expected no more than 1");
        assertThat(asicMistakes("{acl: {rules: deny ip any}}"))
                .singleElement()
                .asString()
                .contains("SOURCE");
        assertThat(asicMistakes("{lpm: {capacity: 0}, cpu: {rate: 0}, crash: {on: fire}}"))
                .hasSize(3);
        assertThat(mistakes("name: s\ntopology: {nodes: {a: {kind: linux, asic: 64k}}}\n"))
                .singleElement()
                .asString()
                .contains("of kind linux, key 'asic'");
    }

    private static List<String> blueprintMistakes(String blueprints) {
        return mistakes("name: s\ntopology:\n  nodes: {sw: {kind: switch}}\n  blueprints:\n" + blueprints);
    }

    @Test
    void refusesAFabricWithMoreServersThanPorts() {
        String fabric = "    - {kind: leaf-spine, leaves: 2, spines: 4, servers: ";
        assertThat(blueprintMistakes(fabric + "45, ports: 48}\n"))
                .containsExactly("s.yaml:5:57: found 45 servers and 4 spines on a leaf of 48 ports;"
                        + " expected at most 44 servers");
        assertThat(blueprintMistakes(fabric + "44, ports: 48}\n")).isEmpty();
        assertThat(blueprintMistakes(fabric + "1, ports: 4}\n"))
                .containsExactly(
                        "s.yaml:5:57: found 1 servers and 4 spines on a leaf of 4 ports; expected more ports than spines");
        assertThat(blueprintMistakes(fabric + "1, ports: 0}\n"))
                .singleElement()
                .asString()
                .contains("a number from 1 to 1024");
    }

    @Test
    void refusesMoreHostsThanASubnetHasAddresses() {
        String hosts = "    - {kind: hosts, prefix: h, attach: sw, subnet: 10.0.0.0/29, ";
        assertThat(blueprintMistakes(hosts + "count: 6}\n")).isEmpty();
        assertThat(blueprintMistakes(hosts + "count: 7}\n"))
                .containsExactly("s.yaml:5:65: found 7 as last host; expected what 10.0.0.0/29 has room for");
        assertThat(blueprintMistakes(hosts + "count: 5, first: 3}\n"))
                .containsExactly("s.yaml:5:65: found 7 as last host; expected what 10.0.0.0/29 has room for");
        assertThat(blueprintMistakes(hosts + "count: 6, gateway: 10.0.0.6}\n"))
                .containsExactly("s.yaml:5:84: found 10.0.0.6, which host h6 has;"
                        + " expected an address before the first host's, or after the last one's");
        assertThat(blueprintMistakes(hosts + "count: 5, gateway: 10.0.0.6}\n")).isEmpty();
    }

    @Test
    void refusesContainerNetworksThatOverlapAndPodsOutsideTheirs() {
        String node = "    - {kind: container-node, name: n%d, address: 192.168.0.%d/24, network: %s, pods: {%s}}\n";
        assertThat(blueprintMistakes(node.formatted(1, 1, "10.244.1.0/24", "p1: 10.244.1.2")
                        + node.formatted(2, 2, "10.244.0.0/16", "p2: 10.244.2.2")))
                .containsExactly(
                        "s.yaml:6:74: found container network 10.244.0.0/16, which overlaps 10.244.1.0/24 of n1;"
                                + " expected one of its own");
        assertThat(blueprintMistakes(
                        node.formatted(1, 1, "10.244.1.0/30", "p1: 10.244.1.2, p2: 10.244.1.2, p3: 10.244.1.3")))
                .containsExactly(
                        "s.yaml:5:116: found 10.244.1.2, which p1 has; expected an address of its own",
                        "s.yaml:5:132: found 10.244.1.3 of pod p3; expected an address of a host in 10.244.1.0/30");
    }

    @Test
    void refusesOverlappingSubnetsOfOneRouter() {
        assertThat(mistakes("name: s\ntopology: {nodes: {r: {kind: router, svis: {\n"
                        + "  101: {address: 10.1.101.1/24},\n  102: {address: 10.1.0.1/16}}}}}\n"))
                .containsExactly("s.yaml:4:18: found 10.1.0.1/16 of vlan102, which overlaps 10.1.101.0/24 of vlan101;"
                        + " expected a subnet of its own");
        assertThat(mistakes("name: s\ntopology: {nodes: {r: {kind: router, asic: 16k, svis: {\n"
                        + "  101: {address: [10.1.101.1/24, 10.1.101.9/24]},\n  102: {address: 10.1.101.2/24}}}}}\n"))
                .singleElement()
                .asString()
                .contains("s.yaml:4:18: found 10.1.101.2/24 of vlan102");
        assertThat(hostMistakes("forwarding: true, interfaces: {eth0: 10.0.0.1/24, eth1: 10.0.0.2/24}"))
                .containsExactly("s.yaml:3:59: found 10.0.0.2/24 of eth1, which overlaps 10.0.0.0/24 of eth0;"
                        + " expected a subnet of its own");
        assertThat(hostMistakes("interfaces: {eth0: 10.0.0.1/24, eth1: 10.0.0.2/24}"))
                .as("a host may have two interfaces in one subnet")
                .isEmpty();
        assertThat(hostMistakes("forwarding: true, interfaces: {eth0: 10.0.0.1/8, eth1: 10.0.0.2/24}"))
                .as("the longer prefix wins in Linux")
                .isEmpty();
        assertThat(firewallMistakes("segments: {in: [eth0, eth1.7]}, mtu: 1500").isEmpty())
                .isTrue();
        assertThat(hostMistakes("address: 10.0.0.1/24, services: [neutron-server"
                        + " --pool 101=10.1.0.0/16 --pool 102=10.1.2.0/24]"))
                .singleElement()
                .asString()
                .contains("10.1.2.0/24 overlaps with another subnet: 10.1.0.0/16");
    }

    private static List<String> faultMistakes(String tail) {
        return mistakes("name: s\ntopology:\n  nodes: {a: {kind: linux}, b: {kind: linux}}\n"
                + "  links: [{endpoints: [\"a:eth0\", \"b:eth0\"]}]\n" + tail + "\n");
    }

    @Test
    void refusesFaultsThatCannotBe() {
        String times = "mean-time-between: 1s, mean-repair: 1s";
        assertThat(faultMistakes("faults: {links: \"*\", nodes: [a, b], " + times + ", to: 3s}"))
                .isEmpty();
        assertThat(faultMistakes("faults: {links: \"c:*\", nodes: \"d*\", " + times + ", to: 3s}"))
                .containsExactly(
                        "s.yaml:5:17: found cable 'c:*'; expected a:eth0, b:eth0",
                        "s.yaml:5:31: found node 'd*'; expected a, b");
        assertThat(faultMistakes("faults: {links: \"*\", " + times + ", from: 3s, to: 3s}"))
                .containsExactly("s.yaml:5:72: found 3s; expected a time after 'from'");
        assertThat(faultMistakes("faults: {links: \"*\", mean-time-between: 0s, mean-repair: 1s, to: 3s}"))
                .singleElement()
                .asString()
                .contains("found 0s; expected a time above 0");
        assertThat(faultMistakes("faults: [{" + times + ", to: 3s}]"))
                .singleElement()
                .asString()
                .contains("faults of nothing; expected 'links' or 'nodes'");
        assertThat(faultMistakes("run: [{node: c, state: down}, {node: a, link: \"a:eth0 -- b:eth0\", state: up}]"))
                .hasSize(2)
                .first()
                .asString()
                .contains("node 'c'; expected a, b");
        assertThat(faultMistakes("run: [{node: a, exec: ip route, state: down}]"))
                .containsExactly("s.yaml:5:7: found a step with 'state' and not just 'node' and 'at';"
                        + " expected node and state: up or down");
    }

    private static List<String> hostMistakes(String keys) {
        return mistakes("name: s\ntopology: {nodes: {a: {kind: linux,\n  " + keys + "}}}\n");
    }

    @Test
    void refusesBondsThatCannotBe() {
        assertThat(hostMistakes("bonds: {bond0: {interfaces: [eth0, eth1], primary: eth2}}"))
                .containsExactly("s.yaml:3:54: found interface 'eth2'; expected eth0, eth1 (did you mean eth0?)");
        assertThat(hostMistakes("bonds: {bond0: {interfaces: [eth0]}, bond1: {interfaces: [eth0]}}"))
                .containsExactly("s.yaml:3:61: found interface 'eth0' a second time; expected once");
        assertThat(hostMistakes("bonds: {bond0: {interfaces: []}}"))
                .containsExactly("s.yaml:3:19: found a bond of nothing; expected its NICs");
        assertThat(hostMistakes("bonds: {bond0: {interfaces: [eth0]}}, interfaces: {eth0: 10.0.0.1/24}"))
                .singleElement()
                .asString()
                .contains("which a bond has taken; expected the bond's name");
        assertThat(hostMistakes("bonds: {bond0: {interfaces: [eth0], mode: 802.3ad}}"))
                .singleElement()
                .asString()
                .contains("active-backup");
        assertThat(hostMistakes("bonds: {bond0: {interfaces: [eth0, eth1], primary: eth1, miimon: 0}}"))
                .isEmpty();
    }

    private static List<String> firewallMistakes(String keys) {
        return mistakes("name: s\ntopology: {nodes: {a: {kind: firewall, interfaces:"
                + " {eth0: 10.0.0.1/24, eth1.7: 10.0.1.1/24},\n  " + keys + "}}}\n");
    }

    @Test
    void refusesFirewallsThatCannotBe() {
        assertThat(firewallMistakes("segments: {in: [eth0], out: [eth1.8]}"))
                .containsExactly(
                        "s.yaml:2:72: found interface 'eth1.7' of no segment; expected it in one of 'segments'",
                        "s.yaml:3:32: found interface 'eth1.8'; expected eth0, eth1.7 (did you mean eth1.7?)");
        assertThat(firewallMistakes("segments: {in: [eth0, eth1.7], out: [eth0]}"))
                .containsExactly("s.yaml:3:40: found interface 'eth0' in a second segment; expected it in one");
        assertThat(firewallMistakes(
                        "segments: {in: [eth0], out: [eth1.7]},\n  acl: [{from: inn, to: out, rules: [deny]}]"))
                .hasSize(2)
                .first()
                .asString()
                .contains("segment 'inn'; expected in, out, any (did you mean in?)");
        assertThat(firewallMistakes("segments: {any: [eth0, eth1.7]}"))
                .singleElement()
                .asString()
                .contains("a segment called any");
        assertThat(firewallMistakes("segments: {in: [eth0], out: [eth1.7]}, sessions: {limit: 0}"))
                .singleElement()
                .asString()
                .contains("a number of sessions from 1");
        assertThat(mistakes("name: s\ntopology: {nodes: {a: {kind: firewall, interfaces: {eth0.x: 10.0.0.1/24}}}}\n"))
                .singleElement()
                .asString()
                .contains("such as eth1.900");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {fdb-table: {capacity: -8}}                  | 3:32: found '-8'; expected a number of entries from 1 to 16777216
        {fdb-table: {capacity: 4}}                   | 3:32: found a capacity of 4 in buckets of 8; expected a multiple of 8: 8
        {host-table: {slots: 7}}                     | 3:22: found a capacity of 65536 in buckets of 7; expected a multiple of 7: 65534 or 65541
        {host-table: {hashes: 5}}                    | 3:31: found '5'; expected hashes from 1 to 4
        {host-table: {hashes: 0}}                    | 3:31: found '0'; expected hashes from 1 to 4
        {host-table: {moves: 5}}                     | 3:30: found '5'; expected moves from 0 to 4
        {host-table: {slots: 65}}                    | 3:30: found '65'; expected slots from 1 to 64
        {host-table: {banks: 4, hashes: 2}}          | 3:30: found 4 banks and 2 hashes; expected as many: each bank has a hash of its own; or one bank
        {host-table: {banks: 3, hashes: 2, policy: d-left}} | 3:30: found 3 banks and 2 hashes; expected as many: each bank has a hash of its own
        {lpm: {capacity: 0}}                         | 3:26: found '0'; expected a number of entries from 1 to 16777216
        {lpm: {capacity: 3, cost: 4}}                | 3:15: found prefixes of 4 slots in a table of 3; expected room for one at the least
        {ecmp: {width: 9, members: 8}}               | 3:24: found a width of 9 with room for 8 next hops; expected no more than that
        {ecmp: {members: 8}}                         | 3:26: found a width of 128 with room for 8 next hops; expected no more than that
        {ecmp: {width: 0}}                           | 3:24: found '0'; expected a width from 1 to 4096
        {cpu: {rate: 0}}                             | 3:22: found '0'; expected packets/s from 1 to 1000000
        {cpu: {queue: 0}}                            | 3:23: found '0'; expected packets from 1 to 1000000
        {cpu: {limits: {arp: 0}}}                    | 3:30: found '0'; expected packets/s from 1 to 1000000
        {cpu: {delay: 1ms, jitter: 2ms}}             | 3:36: found a jitter above the delay; expected no more than the delay
        {sample: 0s}                                 | 3:18: found 'sample' of 0s; expected a time from 1ms
        {host-aging-time: 1us}                       | 3:27: found 'host-aging-time' of 1us; expected a time from 1ms
        {crash: {boot: 0s}}                          | 3:24: found 'boot' of 0s; expected a time from 1ms
        {crash: {on: table-full, after: 5s}}         | 3:34: found 'after' of a crash by a full table, which is at once; expected 'on: cpu'
        """)
    void saysWhereAnAsicCannotBe(String asic, String message) {
        assertThat(asicMistakes(asic)).containsExactly("s.yaml:" + message);
    }

    @Test
    void everyKeyOfAnAsicIsTaken() {
        assertThat(asicMistakes("""
                {profile: td2-default,
                  fdb-table: {capacity: 1024, slots: 4, banks: 4, hashes: 4, moves: 1, policy: first-fit},
                  host-table: {capacity: 1024, policy: d-left, functions: [crc32-lower, crc16-upper]},
                  host-aging-time: 30m, lpm: {capacity: 12000, cost: 2}, ecmp: {groups: 8, members: 64, width: 8},
                  acl: {capacity: 8, rules: [deny udp any 10.0.0.0/8 eq 53, permit ip 10.0.0.1 any]},
                  cpu: {rate: 2000, queue: 50, copp: nx-os, limits: {arp: 10, no-route: 5}, delay: 2ms, jitter: 1ms,
                    gratuitous-arp: false}, crash: {on: cpu, after: 3s, boot: 30s}, sample: 1s}""")).isEmpty();
        assertThat(asicMistakes("{crash: true}")).isEmpty();
        assertThat(asicMistakes("n7k-f2")).isEmpty();
    }

    @Test
    void parametersStandForTheirValuesAndCanBeSet() {
        String text = "name: s\nparameters: {host: 7}\ntopology: {nodes: {a: {address: \"10.0.0.${host}/24\"}}}\n";
        Scenario plain = Scenario.parse("s.yaml", text, Map.of());
        Scenario set = Scenario.parse("s.yaml", text, Map.of("host", "8"));
        assertThat(Runner.check(plain).address("a")).isEqualTo(0x0a000007);
        assertThat(Runner.check(set).address("a")).isEqualTo(0x0a000008);
        assertThatThrownBy(() -> Scenario.parse("s.yaml", text, Map.of("hots", "8")))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("did you mean host?");
    }

    @Test
    void saysUnknownNamesWithTheNearestOne() {
        assertThat(mistakes("nam: s\ntopology: {}\n"))
                .anyMatch(each -> each.startsWith("s.yaml:1:1: found key 'nam'; expected name, description, lesson,")
                        && each.endsWith("(did you mean name?)"));
        assertThat(mistakes("name: s\ntopology: {nodes: {a: {kind: swich}}}\n"))
                .singleElement()
                .asString()
                .startsWith("s.yaml:2:30: found kind 'swich'")
                .endsWith("(did you mean switch?)");
        assertThat(mistakes("name: s\ntopology: {blueprints: [{kind: host, count: 3}]}\n"))
                .singleElement()
                .asString()
                .endsWith("(did you mean hosts?)");
    }

    @Test
    void saysMistakesOfEveryKindAtOnce() {
        assertThat(mistakes("""
            name: s
            topology:
              nodes:
                h1: {kind: linux, address: 10.0.0.300/24}
                h2: {kind: linux, address: 10.0.0.2/24}
                sw: {kind: switch, ports: {eth1: {mode: acces, vlan: 5000}}}
              links:
                - endpoints: ["h1:eth0", "br2:eth1"]
                - endpoints: ["h2:eth0"]
                - {endpoints: ["h2:eth1", "sw:eth1"], delay: 10parsec}
            run:
              - {node: h9, exec: ping h2}
              - {at: soon, node: h2, exec: pong h1}
            expect:
              - ping: {from: h1, to: h2}
              - output: {node: h7, exec: ip addr}
            """))
                .extracting(line -> line.split(":")[1])
                .containsExactly("4", "6", "6", "8", "9", "10", "12", "13", "13", "15", "16");
    }

    @Test
    void refusesTheVlansOfATrunkOnAnAccessPort() {
        assertThat(mistakes("""
            name: s
            topology:
              nodes:
                sw: {kind: switch, ports: {eth1: {mode: access, vlans: [10]}, eth2: {mode: trunk, vlan: 10}}}
            """))
                .containsExactly(
                        "s.yaml:4:53: found 'vlans' of an access port; expected 'vlan'",
                        "s.yaml:4:87: found 'vlan' of a trunk; expected 'vlans' or 'native'");
    }

    @Test
    void refusesDuplicateKeysAndPortsUsedTwice() {
        assertThat(mistakes("name: s\nname: t\ntopology: {}\n"))
                .containsExactly("s.yaml:2:1: found key 'name' a second time; expected each key once");
        assertThat(mistakes("""
            name: s
            topology:
              nodes: {a: {kind: linux}, b: {kind: linux}, c: {kind: linux}}
              links:
                - endpoints: ["a:eth0", "b:eth0"]
                - endpoints: ["a:eth0", "c:eth0"]
            """))
                .containsExactly("s.yaml:6:19: found 'a:eth0', joined already to b:eth0; expected a free port");
    }

    @Test
    void refusesTreesLinksAndVirtualRoutersThatCannotBe() {
        assertThat(mistakes("""
                        name: s
                        topology:
                          nodes:
                            a: {kind: bridge, stp: {priority: 5000, hello: 2s, max-age: 30s, forward-delay: 15s}}
                            b: {kind: bridge, stp: rstp, ports: {eth1: {priority: 17}}}
                            h: {kind: linux, interfaces: {eth0: {address: 10.0.0.2/24, vrrp: {vrid: 1, address: 10.1.0.1}}}}
                          links: [{endpoints: ["a:eth1", "b:eth1"]}, {endpoints: ["a:eth2", "h:eth0"]}]
                        run:
                          - {link: "a:eth1 -- h:eth0", state: down}
                          - {link: "a:eth1 -- b:eth7", state: down}
                          - {link: "a:eth1 -- b:eth1"}
                          - {at: 1s, node: h}
                        """))
                .hasSize(9)
                .anyMatch(line -> line.contains("4:") && line.contains("multiple of 4096"))
                .anyMatch(line -> line.contains("4:") && line.contains("as 802.1D asks"))
                .anyMatch(line -> line.contains("rstp on a Linux bridge"))
                .anyMatch(line -> line.contains("multiple of 16"))
                .anyMatch(line -> line.contains("10.1.0.1") && line.contains("10.0.0.0/24"))
                .anyMatch(line -> line.contains("which no link joins"))
                .anyMatch(line -> line.contains("found port 'b:eth7'"))
                .anyMatch(line -> line.contains("link and state: up or down"))
                .anyMatch(line -> line.contains("a step without 'exec'"));
    }

    @Test
    void aFileOfContainerlabIsRefusedWithWhatToWriteInstead() {
        assertThat(mistakes("""
            name: srl
            topology:
              nodes:
                a:
                  kind: linux
                  image: alpine:3
                  binds: [a:b]
                  exec: [ip addr add 10.0.0.1/24 dev eth1]
                b: {kind: linux}
              links:
                - endpoints: ["a:eth1", "b:eth1"]
            """))
                .hasSize(3)
                .anyMatch(line -> line.contains("'image'") && line.contains("leave it out"))
                .anyMatch(line -> line.contains("'exec'") && line.contains("run:"));
        check("name: srl\ntopology:\n  nodes: {a: {kind: linux}, b: {kind: linux}}\n"
                + "  links: [{endpoints: [\"a:eth1\", \"b:eth1\"]}]\n");
    }

    @Test
    void yamlOfAStrangerIsHarmless() {
        StringBuilder bomb = new StringBuilder("name: s\na0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertThat(mistakes(bomb.toString())).singleElement().asString().contains("aliases");
        assertThat(mistakes("name: s\ntopology: " + "[".repeat(100_000)))
                .singleElement()
                .asString()
                .contains("levels");
        assertThat(mistakes("name: s\ntopology: !!javax.script.ScriptEngineManager {nodes: {a: {}}}\n"))
                .isEmpty();
        assertThat(mistakes("- a\n- b\n")).isNotEmpty();
        assertThat(mistakes("")).isNotEmpty();
        assertThat(mistakes("\u0000")).isNotEmpty();
    }

    @Test
    @Tag("fuzz")
    void aDamagedScenarioIsNeverMoreThanAMistake() {
        SplittableRandom random = new SplittableRandom(4);
        List<String> names = BuiltIn.names();
        for (int i = 0; i < 4000; i++) {
            StringBuilder text = new StringBuilder(BuiltIn.source(names.get(random.nextInt(names.size()))));
            for (int n = random.nextInt(1, 5); n > 0; n--) {
                damage(text, random);
            }
            // Either it is fine or it says what is wrong; anything else fails the test.
            mistakes(text.toString());
        }
    }

    private static void damage(StringBuilder text, SplittableRandom random) {
        int at = random.nextInt(text.length());
        String junk = ":{}[]-\"'#&*!|>%@ 09azAZ,/\n\t";
        switch (random.nextInt(4)) {
            case 0 -> text.setCharAt(at, junk.charAt(random.nextInt(junk.length())));
            case 1 -> text.insert(at, junk.charAt(random.nextInt(junk.length())));
            case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 30)));
            default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(1, 60))));
        }
    }
}
