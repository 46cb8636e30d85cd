package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would go wrong in a run is said before it begins, with its place. */
class CommandCheckTest {
    private static final String NETWORK = """
        name: s
        topology:
          nodes:
            h1: {kind: linux, address: 10.0.0.1/24}
            h2: {kind: linux, address: 10.0.0.2/24}
            sw: {kind: switch, ports: {eth1: {vlan: 10}, eth2: {vlan: 10}}}
            n1: {kind: server, devices: {br-int: {kind: ovs-bridge}}}
          links:
            - endpoints: ["h1:eth0", "sw:eth1"]
            - endpoints: ["h2:eth0", "sw:eth2"]
        """;

    private static List<String> mistakes(String rest) {
        return errors(NETWORK + rest);
    }

    private static List<String> errors(String text) {
        try {
            Runner.check(Scenario.parse("s.yaml", text, Map.of()));
            return List.of();
        } catch (ScenarioException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        sw | ping -c 1 10.0.0.1         | no network stack on sw; expected a host, a virtual machine
        h1 | ping -c two h2             | invalid argument: 'two'; expected ping
        h1 | ping -c 0 h2               | invalid argument: '0': out of range: 1 <= value
        h1 | ping -c 1 h3               | ping: h3: Name or service not known; expected an address
        h1 | ping -c 1 h3               | (did you mean h1?)
        h1 | dig @h3 web.lab            | couldn't get address for 'h3': not found; expected an address
        h1 | dig +nostatt web.lab       | Invalid option: +nostatt
        h1 | nslookup                   | nslookup without a name waits for ever
        h1 | host -t bogus web.lab      | host: invalid type: bogus
        h1 | ping h2                    | which goes on for ever; expected -c COUNT
        h1 | traceroute -q 99 h2        | Bad argument of `-q'
        h1 | ip foo                     | Object foo is unknown
        h1 | ip rotue                   | (did you mean route?)
        h1 | ip route add 10.9.0.0/16 dev eth1 | (did you mean eth0?)
        h1 | bridge fdb                 | no bridge, switch or vxlan device on h1
        h1 | ovs-ofctl dump-flows br0   | br0 is not a bridge or a socket; expected a node that has one
        n1 | ovs-ofctl dump-flows br-nit | (did you mean br-int?)
        n1 | ovs-ofctl add-flow br-int priority=1,actoins=drop | the nearest is 'actions'
        n1 | ovs-appctl fdb/shwo br-int | (did you mean fdb/show?)
        n1 | ip addr                    | no network stack of its own on n1
        sw | bridge -x link             | Option -x is unknown
        sw | brctl shwostp sw           | (did you mean showstp?)
        sw | brctl stp sw               | Incorrect number of arguments
        sw | brctl showstp sw           | bridge sw does not exist!; expected a node that has one
        h1 | vrrp                       | no interface with 'vrrp' on h1
        h1 | udhcpc -q -i eth1          | No such device; expected eth0
        h1 | udhcpc -q -V               | option requires an argument -- 'V'; expected udhcpc
        h1 | udhcpc                     | which goes on for ever
        sw | udhcpc -q                  | no network stack on sw
        h1 | dnsmasq --dhcp-rnage=10.0.0.9,10.0.0.20 | (did you mean dhcp-range?)
        h1 | dnsmasq -i eth1            | unknown interface eth1; expected eth0
        h1 | killall -USR3 udhcpc       | (did you mean USR1?)
        h1 | killall pign               | pign: no process found; expected dnsmasq, httpd, iperf, neutron-openvswitch-agent
        sw | cat /etc/hosts             | no network stack on sw
        sw | asic tabels                | (did you mean tables?)
        sw | asic tables all            | asic tables takes no more words
        sw | asic tables                | sw has no switch ASIC; expected a switch or router with 'asic'
        """)
    void saysWhatIsWrongWithACommand(String node, String command, String message) {
        assertThat(mistakes("run:\n  - {node: " + node + ", exec: \"" + command + "\"}\n"))
                .singleElement()
                .asString()
                .startsWith("s.yaml:12:")
                .satisfies(line -> assertThat(line.replace("\"", "")).contains(message));
    }

    @Test
    void whatIsRightPasses() {
        assertThat(mistakes("""
            run:
              - {node: h1, exec: [ping h2 -c 1, traceroute -n 10.0.0.2, ip -br addr, ip route add 10.9.0.0/16 via 10.0.0.9]}
              - {node: sw, exec: [bridge fdb show br sw, bridge -d link]}
              - {node: n1, exec: [ovs-ofctl -O OpenFlow13 dump-flows br-int table=0, ovs-appctl fdb/show br-int]}
            expect:
              - ping: {from: h1, to: h2}
              - output: {node: h1, exec: ip neigh show 10.0.0.2}
              - path: {filter: icmp, ports: ["h1:*", "sw:eth1"]}
            """)).isEmpty();
    }

    @Test
    void aPingWithoutCountNeedsAnEndOfTheRun() {
        assertThat(mistakes("run: [{node: h1, exec: ping h2}]\n")).hasSize(1);
        assertThat(mistakes("run: [{node: h1, exec: ping h2}]\nduration: 3s\n")).isEmpty();
        Scenario scenario = Scenario.parse("s.yaml", NETWORK, Map.of());
        RunPlan plan = new RunPlan().exec("h1", "ping h2", RunPlan.AFTERWARDS);
        assertThatThrownBy(() -> Runner.run(scenario, plan, () -> 0))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("goes on for ever");
    }

    @Test
    void anExpectationNamesPortsAndStepsThatThereAre() {
        assertThat(mistakes("""
            run: [{node: h1, exec: ping -c 1 h2}]
            expect:
              - path: {filter: icmp, ports: ["h9:eth0"]}
              - drops: {port: "sw:eht1"}
              - ping: {from: h3, to: h2}
              - output: {node: h1, exec: ping h2 -q -c 1}
            """))
                .hasSize(4)
                .anyMatch(line -> line.startsWith("s.yaml:13:34: found port 'h9:eth0'"))
                .anyMatch(line -> line.endsWith("(did you mean sw:eth1?)"))
                .anyMatch(line -> line.contains("node or device 'h3'"))
                .anyMatch(line -> line.contains("which is no step"));
    }

    @Test
    void anExpectationNamesReasonsThatThereAre() {
        assertThat(mistakes("""
            run: [{node: h1, exec: ping -c 1 h2}]
            expect:
              - drops: {reason: TTL_EXPRIED}
              - drops: {reason: VLAN not alowed}
              - path: {filter: icmp, lost: true, reason: no ansver to ARP}
              - path: {filter: icmp, lost: true, reason: NEIGHBOUR_FAILED}
              - drops: {reason: queue full}
              - drops: {reason: gremlins}
            """))
                .hasSize(4)
                .anyMatch(line ->
                        line.startsWith("s.yaml:13:21: found drop reason 'TTL_EXPRIED'; expected a name such as"))
                .anyMatch(line -> line.endsWith("(did you mean TTL_EXPIRED?)"))
                .anyMatch(line -> line.endsWith("(did you mean VLAN not allowed?)"))
                .anyMatch(line -> line.endsWith("(did you mean no answer to ARP?)"))
                .anyMatch(line -> line.contains("'gremlins'"));
    }

    /** What traceroute works by are drops: whoever expects none is told how to expect them. */
    @Test
    void saysHowToExpectTheDropsOfATraceroute() {
        RunResult result = Runner.run(
                Scenario.parse(
                        "s.yaml",
                        NETWORK + "run: [{node: h1, exec: traceroute -n h2}]\nexpect: [drops: none]\n",
                        Map.of()),
                new RunPlan(),
                () -> 0);
        assertThat(result.ok()).isFalse();
        assertThat(result.outcomes().get(0).seen())
                .contains("traceroute lives on such drops: expect them by reason and count instead")
                .contains("{reason: no socket on this UDP port, count: ");
    }

    @Test
    void aReasonIsMetByItsNameInAPathAsWell() {
        RunResult result = Runner.run(Scenario.parse("s.yaml", NETWORK + """
                        run: [{node: h1, exec: ping -c 1 -W 1 10.0.0.77}]
                        expect:
                          - path: {filter: icmp, lost: true, reason: NEIGHBOUR_FAILED}
                          - drops: {reason: NEIGHBOUR_FAILED, count: 1}
                        """, Map.of()), new RunPlan(), () -> 0);
        assertThat(result.outcomes()).allMatch(RunResult.Outcome::met);
    }

    @Test
    void oneMistakeIsSaidOnceAndNotWhatFollowsFromIt() {
        assertThat(errors("name: s\ntopolgy: {nodes: {a: {}}}\nrun: [{node: a, exec: ip route}]\n"))
                .hasSize(2)
                .allMatch(line -> line.contains("topol"));
        assertThat(errors("name: s\ntopology: {nodes: {a: {address: 10.0.0.256/24, gateway: 10.0.0.1}}}\n"))
                .hasSize(1);
        assertThat(errors("name: s\ntopology: {nodes: {}}\n"))
                .singleElement()
                .asString()
                .contains("without nodes");
    }

    @Test
    void refusesValuesThatASysctlOfTcpCannotHave() {
        String node = "name: s\ntopology: {nodes: {a: {sysctls: {%}}}}\n";
        assertThat(errors(node.replace("%", "net.ipv4.tcp_congestion_control: bbr")))
                .singleElement()
                .asString()
                .endsWith("expected reno or cubic");
        assertThat(errors(node.replace("%", "net.ipv4.tcp_rmem: lots")))
                .singleElement()
                .asString()
                .endsWith("expected 3 numbers from 1 on");
        assertThat(errors(node.replace("%", "net.ipv4.tcp_rmem: 4096 131072 6291456, net.core.somaxconn: 128")))
                .isEmpty();
    }

    @Test
    void refusesSysctlsAndSwitchPortsThatThereAreNot() {
        assertThat(errors("name: s\ntopology: {nodes: {a: {sysctls: {net.ipv4.ip_forwad: 1, net.ipv6.conf.x: 1}}}}\n"))
                .singleElement()
                .asString()
                .endsWith("(did you mean net.ipv4.ip_forward?)");
        assertThat(errors(NETWORK + "    - endpoints: [\"h1:eth1\", \"sw:eth9\"]\n"))
                .singleElement()
                .asString()
                .contains("found port of sw, which lists its own: 'eth9'; expected eth1, eth2");
    }

    @Test
    void aRunThatIsStoppedStillHasTheCommandThatWasToCome() {
        RunPlan plan =
                new RunPlan().exec("h1", "ping -c 9 h2", RunPlan.AFTERWARDS).onStart(Runnable::run);
        RunResult result = Runner.run(Scenario.parse("s.yaml", NETWORK, Map.of()), plan, () -> 0);
        assertThat(result.interrupted()).isTrue();
        assertThat(result.commands())
                .singleElement()
                .satisfies(command -> assertThat(command.task().interrupted()).isTrue());
    }
}
