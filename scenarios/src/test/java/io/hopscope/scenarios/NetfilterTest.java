package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetfilterTest {
    private static final String TWO = """
            name: two
            duration: 20s
            topology:
              nodes:
                r:
                  forwarding: true
                  interfaces: {eth1: 10.0.1.1/24, eth2: 10.0.2.1/24}
                  %s
                a: {address: 10.0.1.2/24, gateway: 10.0.1.1}
                b: {address: 10.0.2.2/24, gateway: 10.0.2.1}
              links:
                - endpoints: ["a:eth0", "r:eth1"]
                - endpoints: ["b:eth0", "r:eth2"]
            run:
              %s
            """;

    @TempDir
    Path folder;

    private static Path resource(String name) {
        try {
            return Path.of(NetfilterTest.class.getResource("netfilter/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> lines(Scenario scenario, String node, String command) {
        List<RunResult.Command> all = Runner.run(
                        scenario, new RunPlan().withoutExpectations().exec(node, command, RunPlan.AFTERWARDS), () -> 0)
                .commands();
        return all.get(all.size() - 1).task().lines();
    }

    private static void check(String rules) {
        Runner.check(two(rules, "[]"), new RunPlan());
    }

    private static Scenario two(String rules, String steps) {
        return Scenario.parse("two.yaml", TWO.formatted(rules, steps), Map.of());
    }

    /** What the kernel counted when the same was done with it. */
    @Test
    void everyCounterIsThatOfTheKernel() throws IOException {
        Scenario scenario = Scenario.read(resource("docker-steps.yaml"), Map.of());
        List<String> counted = lines(scenario, "host", "iptables-save -c").stream()
                .filter(line -> line.matches("[\\[:*].*"))
                .sorted()
                .toList();
        assertThat(counted)
                .isEqualTo(Files.readAllLines(resource("docker-steps.counters")).stream()
                        .sorted()
                        .toList());
    }

    /** The same of the captures that are kept: what spoofs, clashes, is rejected or comes in pieces. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fragments",
                "hairpin",
                "icmp-errors",
                "odd",
                "port-clash",
                "reject-forward",
                "reject-host",
                "states"
            })
    void countersOfKeptCapturesAreThoseOfTheKernel(String name) throws IOException {
        Path own = root().resolve("golden/own/docker-bridge");
        Scenario scenario = Scenario.read(own.resolve(name + ".yaml"), Map.of());
        assertThat(counters(lines(scenario, "host", "iptables-save -c")))
                .isEqualTo(counters(Files.readAllLines(own.resolve(name).resolve("host.counters"))));
    }

    private static List<String> counters(List<String> saved) {
        return saved.stream().filter(line -> line.matches("[\\[:*].*")).sorted().toList();
    }

    /** State, seconds left, tuples and marks of connections, asked at the same instants; in whatever order. */
    @ParameterizedTest
    @ValueSource(strings = {"states", "port-clash"})
    void connectionsAreListedAsTheKernelListsThem(String name) throws IOException {
        Path own = root().resolve("golden/own/docker-bridge");
        Scenario scenario = Scenario.read(own.resolve(name + ".yaml"), Map.of());
        List<String> ours = Runner.run(scenario, new RunPlan(), () -> 0).commands().stream()
                .flatMap(each -> each.task().lines().stream())
                .toList();
        List<String> theirs = Files.readAllLines(own.resolve(name).resolve("cmd.txt"));
        assertThat(connections(ours)).hasSizeGreaterThan(3).isEqualTo(connections(theirs));
    }

    @Test
    void theLogSaysWhatTheKernelsLogSays() throws IOException {
        Path own = root().resolve("golden/own/docker-bridge");
        List<String> ours = logged(lines(Scenario.read(own.resolve("odd.yaml"), Map.of()), "host", "dmesg"));
        assertThat(ours).hasSizeGreaterThan(20).isEqualTo(logged(Files.readAllLines(own.resolve("odd/cmd.txt"))));
    }

    private static List<String> logged(List<String> lines) {
        return lines.stream()
                .filter(line -> line.matches("\\[.*IN=.* SRC=.*"))
                .map(line -> line.replaceFirst("^\\[[ 0-9.]+] ", ""))
                .toList();
    }

    /** ICMP's id is drawn at random; a packet that waits for ARP is one user more of its connection. */
    private static List<String> connections(List<String> lines) {
        return lines.stream()
                .filter(line -> line.matches("(tcp|udp|icmp) .* use=\\d"))
                .map(line -> line.replaceAll(" id=\\d+", "").replaceFirst(" use=\\d", ""))
                .sorted()
                .toList();
    }

    private static Path root() {
        return Path.of("").toAbsolutePath().getParent();
    }

    /** Rules that iptables-save printed on real nodes, if they are beside the checkout. */
    static List<Path> saved() throws IOException {
        Path golden = root().resolveSibling("shared/golden");
        if (!Files.isDirectory(golden)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(golden)) {
            return files.filter(file -> file.toString().endsWith("-iptables.txt"))
                    .sorted()
                    .toList();
        }
    }

    /** Chains and rules of each table, without what they counted. */
    private static List<String> rules(List<String> saved) {
        List<String> all = new ArrayList<>();
        String table = "";
        for (String line : saved) {
            table = line.startsWith("*") ? line : table;
            if (line.contains("-A ") || line.startsWith(":")) {
                all.add(table + " " + line.replaceFirst("^\\[\\d+:\\d+] ", "").replaceFirst(" \\[\\d+:\\d+]$", ""));
            }
        }
        return all.stream().sorted().toList();
    }

    @Test
    void ruleFilesOfRealNodesLoadUnchangedAndComeBackTheSame() throws IOException {
        assumeFalse(saved().isEmpty(), "the rules of real nodes are not beside the checkout");
        for (Path file : saved()) {
            Scenario scenario = two("iptables: {file: " + file + "}", "[]");
            assertThat(rules(lines(scenario, "r", "iptables-save -c")))
                    .as(file.toString())
                    .hasSizeGreaterThan(5)
                    .isEqualTo(rules(Files.readAllLines(file)));
        }
    }

    /** A scenario of a real capture, with the rule files of the real nodes and other steps. */
    private Scenario real(String name, String steps, String... nodes) throws IOException {
        Path golden = root().resolve("golden/" + name + ".yaml");
        Path state = root().resolveSibling("shared/golden/" + name).resolveSibling("state");
        String text = Files.readString(golden);
        for (String node : nodes) {
            String file = state.resolve(node + "-iptables.txt").toString();
            text = text.replaceFirst(
                    "(?s)( {4}" + node + ":\n(?: {6}[a-z][^\n]*\n)*? {6}iptables: )(\\|\n( {8}[^\n]*\n)*|\\{[^\n]*\n)",
                    "$1{file: " + file + "}\n");
        }
        text = text.substring(0, text.indexOf("run:\n"));
        return Scenario.parse("real.yaml", text + "run:\n" + steps.indent(2), Map.of());
    }

    private static void counted(List<String> ours, Path file, String... parts) throws IOException {
        List<String> theirs = Files.readAllLines(file);
        for (String part : parts) {
            List<String> expected =
                    theirs.stream().filter(line -> line.contains(part)).toList();
            assertThat(expected).as(part).isNotEmpty();
            assertThat(ours.stream().filter(line -> line.contains(part)).toList())
                    .as(part)
                    .containsExactlyElementsOf(expected);
        }
    }

    /** The state was saved after more traffic than there are captures of: what counts the rest is not compared. */
    @Test
    void dockerRulesCountWhatTheRealHostCounted() throws IOException {
        Path state = root().resolveSibling("shared/golden/docker-bridge/state/host-iptables.txt");
        assumeTrue(Files.exists(state), "the rules of real nodes are not beside the checkout");
        Scenario scenario = real("docker-bridge/04-outside-to-published-port-dnat", """
                - {at: 0s, node: c1, exec: ping -c 3 -i 0.3 172.17.0.3}
                - {at: 2s, node: ext, exec: "curl -s -o /dev/null http://192.168.56.10:8080/f.txt"}
                """, "host");
        counted(
                lines(scenario, "host", "iptables-save -c"),
                state,
                "-A FORWARD -i docker0 -o docker0 -j ACCEPT",
                "-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0",
                "-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP",
                "-A OUTPUT ! -d 127.0.0.0/8",
                "-A POSTROUTING -s 172.17.0.2/32",
                "-A DOCKER -i docker0 -j RETURN",
                "-A DOCKER ! -i docker0 -p tcp");
    }

    @Test
    void securityGroupsCountWhatTheRealNodesCounted() throws IOException {
        Path state = root().resolveSibling("shared/golden/openstack-provider/veth/state");
        assumeTrue(Files.isDirectory(state), "the rules of real nodes are not beside the checkout");
        Scenario scenario = real("openstack-provider/veth/12-sg-drop-tcp81", """
                - {at: 0s, node: vm1, exec: nc -w 3 10.0.2.12 81}
                - {at: 0s, node: vm1, exec: nc -w 1 10.0.2.12 82}
                - {at: 1s, node: vm1, exec: ping -c 3 -i 0.3 10.0.1.14}
                """, "c1", "c2");
        counted(
                lines(scenario, "c1", "iptables-save -c"),
                state.resolve("c1-iptables.txt"),
                "vm4",
                "neutron-openvswi-ivm1 -p",
                "neutron-openvswi-sg-fallback",
                "-A INPUT");
        counted(
                lines(scenario, "c2", "iptables-save -c"),
                state.resolve("c2-iptables.txt"),
                "-A neutron-openvswi-ivm2 -j neutron-openvswi-sg-fallback",
                "-A neutron-openvswi-sg-fallback -j DROP",
                "-A neutron-openvswi-ivm2 -p tcp -m tcp --dport 82",
                "-A neutron-openvswi-ivm2 -m state --state INVALID");
    }

    @Test
    void aMistakeInARuleStandsAtItsPlaceInTheScenario() {
        assertThatThrownBy(() -> check(
                        "iptables: |\n        *filter\n        -A FORWARD -m conntrak --ctstate NEW\n        COMMIT"))
                .hasMessageContaining("two.yaml:10:23: found 'conntrak'")
                .hasMessageContaining("did you mean conntrack?");
        assertThatThrownBy(() -> check("iptables: iptables -A FORWARD -j DORP"))
                .hasMessageContaining("two.yaml:8:40: found 'DORP'")
                .hasMessageContaining("did you mean DROP?");
        assertThatThrownBy(() -> check("ipset: |\n        create x hash:ipp"))
                .hasMessageContaining("two.yaml:9:18: found 'hash:ipp'");
        assertThatThrownBy(() -> check("sysctls: {net.netfilter.nf_conntrack_tcp_timeout_establishd: 5}"))
                .hasMessageContaining("did you mean net.netfilter.nf_conntrack_tcp_timeout_established?");
    }

    @Test
    void rulesMayStandInAFileBesideTheScenario() throws IOException {
        Files.writeString(folder.resolve("rules.v4"), "*filter\n-A FORWARD -j REJCT\nCOMMIT\n");
        Path file = folder.resolve("two.yaml");
        Files.writeString(file, TWO.formatted("iptables: {file: rules.v4}", "[]"));
        assertThatThrownBy(() -> Runner.check(Scenario.read(file, Map.of()), new RunPlan()))
                .hasMessageContaining("rules.v4:2:15: found 'REJCT'")
                .hasMessageContaining("did you mean REJECT?");
        Files.writeString(file, TWO.formatted("iptables: {file: rules.v5}", "[]"));
        assertThatThrownBy(() -> Runner.check(Scenario.read(file, Map.of()), new RunPlan()))
                .hasMessageContaining("no readable file 'rules.v5'");
    }

    @Test
    void stepsLoadRulesAndReadThemOut() {
        Scenario scenario = two("sysctls: {net.ipv4.ip_forward: 1}", """
                - {at: 0s, node: r, exec: ipset create bad hash:net}
                  - {at: 0s, node: r, exec: ipset add bad 10.0.2.0/25}
                  - at: 0s
                    node: r
                    exec: |
                      iptables-restore <<EOF
                      *filter
                      -A FORWARD -m set --match-set bad dst -j LOG --log-prefix "bad: "
                      -A FORWARD -m set --match-set bad dst -p icmp -j REJECT --reject-with icmp-admin-prohibited
                      COMMIT
                      EOF
                  - {at: 1s, node: a, exec: ping -c 1 10.0.2.2}
                  - {at: 2s, node: r, exec: ipset del bad 10.0.2.0/25}
                  - {at: 3s, node: a, exec: ping -c 1 10.0.2.2}""");
        RunResult result = Runner.run(
                scenario, new RunPlan().withoutExpectations().exec("r", "dmesg", RunPlan.AFTERWARDS), () -> 0);
        List<RunResult.Command> all = result.commands();
        assertThat(all.get(3).task().lines()).contains("From 10.0.1.1 icmp_seq=1 Packet filtered");
        assertThat(all.get(5).task().lines()).anyMatch(line -> line.startsWith("64 bytes from 10.0.2.2"));
        assertThat(all.get(6).task().lines())
                .singleElement()
                .asString()
                .matches(
                        "\\[    1\\.0000\\d\\d] bad: IN=eth1 OUT=eth2 MAC=[0-9a-f:]{41} SRC=10\\.0\\.1\\.2 DST=10\\.0\\.2\\.2 LEN=84"
                                + " TOS=0x00 PREC=0x00 TTL=63 ID=\\d+ DF PROTO=ICMP TYPE=8 CODE=0 ID=\\d+ SEQ=1 ");
    }

    @Test
    void aFullTableDropsUnderItsOwnReason() {
        Scenario scenario = two(
                "sysctls: {net.netfilter.nf_conntrack_max: 1}\n      iptables: iptables -A FORWARD -m state --state ESTABLISHED",
                """
                - {at: 0s, node: b, exec: nc -l 80}
                  - {at: 1s, node: a, exec: "nc -N 10.0.2.2 80 <<< hi"}
                  - {at: 3s, node: a, exec: ping -c 1 10.0.2.2}""");
        RunResult result = Runner.run(scenario, new RunPlan().withoutExpectations(), () -> 0);
        assertThat(result.totals().drops())
                .anyMatch(each -> each.reason().name().equals("TABLE_FULL"));
    }

    /** Lines that each command of a run printed. */
    private static List<List<String>> printed(String text) {
        Scenario scenario = Scenario.parse("run.yaml", text, Map.of());
        return Runner.run(scenario, new RunPlan().withoutExpectations(), () -> 0).commands().stream()
                .map(each -> each.task().lines())
                .toList();
    }

    private static String bridge(String rules, String ports) {
        return """
            name: flood
            duration: 8s
            topology:
              nodes:
                sv:
                  kind: server
                  sysctls: {net.bridge.bridge-nf-call-iptables: 1}
                  iptables: |
                    *filter
                    %s
                    -A FORWARD -m conntrack --ctstate NEW
                    COMMIT
                  interfaces: {br0: {address: 10.0.0.254/24}}
                  devices:
                    br0: {kind: bridge%s}
                    c1: {kind: container, address: 10.0.0.1/24}
                    c2: {kind: container, address: 10.0.0.2/24}
                    c3: {kind: container, address: 10.0.0.3/24}
                  links:
                    - endpoints: ["c1:eth0", "br0:v1"]
                    - endpoints: ["c2:eth0", "br0:v2"]
                    - endpoints: ["c3:eth0", "br0:v3"]
            run:
              - {at: 1s, node: c1, exec: ping -b -c 1 10.0.0.255}
              - {at: 3s, node: sv, exec: iptables -L FORWARD -v -n}
              - {at: 3s, node: sv, exec: conntrack -L}
            """.formatted(rules, ports);
    }

    /** Two copies pass the bridge and one goes up; the kernel counts two that are NEW and keeps an entry. */
    @Test
    void everyCopyOfAFloodBelongsToTheConnection() {
        String invalid = "-A FORWARD -m conntrack --ctstate INVALID -j DROP";
        for (String ports : List.of("", ", ports: {v1: {}, v2: {}, v3: {}}")) {
            List<List<String>> lines = printed(bridge(invalid, ports));
            assertThat(lines.get(1)).anyMatch(line -> line.startsWith("    0     0 DROP"));
            assertThat(lines.get(1)).anyMatch(line -> line.startsWith("    2   168 "));
            assertThat(lines.get(2)).hasSize(2);
        }
    }

    @Test
    void aCopyThatIsDroppedTakesTheConnectionFromNoOther() {
        String some =
                "-A INPUT -d 10.0.0.255 -j DROP\n        -A FORWARD -m physdev --physdev-is-bridged --physdev-out %s -j DROP";
        for (String port : List.of("v2", "v3")) {
            List<List<String>> lines = printed(bridge(some.formatted(port).replace("\n        ", "\n        "), ""));
            assertThat(lines.get(1)).as(port).anyMatch(line -> line.startsWith("    1    84 DROP"));
            assertThat(lines.get(1)).as(port).anyMatch(line -> line.matches("    1    84   .* ctstate NEW"));
            assertThat(lines.get(2)).as(port).hasSize(2);
        }
        List<List<String>> none = printed(bridge("-A INPUT -d 10.0.0.255 -j DROP\n        -A FORWARD -j DROP", ""));
        assertThat(none.get(2)).as("no copy has got through").hasSize(1);
    }

    private static final String HOSTS = """
            name: hosts
            duration: 30s
            topology:
              nodes:
                a: {interfaces: {eth0: {address: 10.91.0.1/24}}, gateway: 10.91.0.254}
                x: {interfaces: {eth0: {address: 10.91.0.2/24}}}
                r:
                  interfaces: {eth0: {address: 10.91.0.254/24}, eth1: {address: 10.92.0.254/24}}
                  sysctls: {net.ipv4.ip_forward: 1, net.ipv4.conf.all.rp_filter: 1}
                  iptables: |
                    %s
                b: {interfaces: {eth0: {address: 10.92.0.1/24}}, gateway: 10.92.0.254}
                sw: {kind: bridge}
              links:
                - endpoints: ["a:eth0", "sw:eth1"]
                - endpoints: ["x:eth0", "sw:eth2"]
                - endpoints: ["r:eth0", "sw:eth3"]
                - endpoints: ["r:eth1", "b:eth0"]
            run:
              %s
            """;

    private static List<List<String>> hosts(String rules, String... steps) {
        String run = "- " + String.join("\n  - ", steps);
        return printed(HOSTS.formatted(rules.strip().replace("\n", "\n        "), run));
    }

    /** In the kernel as well there is one entry, every packet is marked, and the server sees the client's port. */
    @Test
    void overLoAPacketKeepsItsConnectionAndItsMark() {
        List<List<String>> lines = hosts(
                """
                *mangle
                -A OUTPUT -o lo -j MARK --set-mark 7
                COMMIT
                *nat
                -A OUTPUT -d 10.91.0.254/32 -p tcp --dport 8080 -j REDIRECT --to-ports 8081
                COMMIT
                *filter
                -A INPUT -i lo -m mark --mark 7
                -A INPUT -i lo -m mark ! --mark 7
                -A INPUT -m conntrack --ctstate NEW
                COMMIT
                """,
                "{at: 1s, node: r, exec: nc -l -p 8081}",
                "{at: 2s, node: r, exec: \"nc -N 10.91.0.254 8080 <<< hello\"}",
                "{at: 4s, node: r, exec: conntrack -L -p tcp}",
                "{at: 4s, node: r, exec: iptables -L INPUT -v -n}");
        assertThat(lines.get(0)).containsExactly("hello");
        assertThat(lines.get(2)).hasSize(2);
        String entry = lines.get(2).get(0);
        String port = entry.replaceFirst(".* sport=(\\d+) dport=8080 .*", "$1");
        assertThat(entry).contains("src=127.0.0.1 dst=10.91.0.254 sport=8081 dport=" + port + " ");
        assertThat(lines.get(3).get(2)).contains("mark match 0x7").doesNotStartWith("    0 ");
        assertThat(lines.get(3).get(3)).contains("mark match ! 0x7").startsWith("    0 ");
        assertThat(lines.get(3).get(4)).contains("ctstate NEW").startsWith("    1 ");
    }

    @Test
    void aMasqueradedConnectionEndsWithTheAddress() {
        String rules = "*nat\n-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT";
        for (String change : List.of(
                "{at: 3s, node: r, exec: ip addr del 10.92.0.254/24 dev eth1}",
                "{at: 3s, node: r, exec: ip addr flush dev eth1}",
                "{at: 3s, node: r, exec: ip link set eth1 down}")) {
            List<List<String>> lines = hosts(
                    rules,
                    "{at: 1s, node: a, exec: ping -c 1 10.92.0.1}",
                    "{at: 2s, node: r, exec: conntrack -L}",
                    change,
                    "{at: 4s, node: r, exec: conntrack -L}");
            assertThat(lines.get(1)).as(change).hasSize(2);
            assertThat(lines.get(3)).as(change).hasSize(1);
        }
    }

    @Test
    void aBroadcastOfTheHostPassesPostrouting() {
        List<List<String>> lines = hosts(
                "*mangle\n-A POSTROUTING -d 10.91.0.255/32\nCOMMIT\n*filter\n-A INPUT -m state --state NEW\nCOMMIT",
                "{at: 1s, node: r, exec: ping -b -c 1 10.91.0.255}",
                "{at: 2s, node: r, exec: iptables -t mangle -L POSTROUTING -v -n}",
                "{at: 2s, node: r, exec: conntrack -L}");
        assertThat(lines.get(1).get(2)).startsWith("    1    84 ");
        assertThat(lines.get(2)).hasSize(2);
    }

    @Test
    void aSpoofedSourceMeetsTheFirstRulesAndNoRoute() {
        List<List<String>> lines = hosts(
                "*raw\n-A PREROUTING -s 10.92.0.77/32\nCOMMIT\n*filter\n-A FORWARD -s 10.92.0.77/32\nCOMMIT",
                "{at: 1s, node: x, exec: ip addr add 10.92.0.77/32 dev eth0}",
                "{at: 1100ms, node: x, exec: ip route add default via 10.91.0.254}",
                "{at: 1200ms, node: x, exec: ping -c 1 -W 1 10.91.0.254}",
                "{at: 2s, node: x, exec: ping -c 1 -W 1 -I 10.92.0.77 10.92.0.1}",
                "{at: 5s, node: r, exec: iptables -t raw -L PREROUTING -v -n}",
                "{at: 5s, node: r, exec: iptables -L FORWARD -v -n}");
        assertThat(lines.get(4).get(2)).startsWith("    1    84 ");
        assertThat(lines.get(5).get(2)).startsWith("    0     0 ");
    }

    /** Calico's rule: an address of the host, but not of the interface that the packet leaves by. */
    @Test
    void anAddressMayBeLocalElsewhere() {
        List<List<String>> lines = hosts(
                "*nat\n-A POSTROUTING -o eth1 -m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL -j MASQUERADE\nCOMMIT",
                "{at: 1s, node: r, exec: ping -c 1 -I 10.91.0.254 10.92.0.1}",
                "{at: 2s, node: r, exec: ping -c 1 -I 10.92.0.254 10.92.0.1}",
                "{at: 3s, node: r, exec: iptables -t nat -L POSTROUTING -v -n}",
                "{at: 3s, node: r, exec: conntrack -L --src 10.91.0.254}");
        assertThat(lines.get(2).get(2)).startsWith("    1    84 MASQUERADE");
        assertThat(lines.get(3).get(0)).contains(" src=10.92.0.1 dst=10.92.0.254 ");
    }

    @Test
    void aTextThatIsRefusedIsNoBug() {
        List<List<String>> lines =
                hosts("*filter\n-A FORWARD -j ACCEPT\nCOMMIT", """
                at: 1s
                    node: r
                    exec: |
                      iptables-restore <<EOF
                      *filter
                      -I INPUT 99 -j DROP
                      COMMIT
                      EOF""", "{at: 2s, node: r, exec: iptables -S FORWARD}");
        assertThat(lines.get(0)).containsExactly("iptables-restore: line 2 failed");
        assertThat(lines.get(1)).contains("-A FORWARD -j ACCEPT");
    }

    @Test
    void aTrialOfRulesKnowsTheSetsOfTheHost() {
        String text = """
                at: %s
                    node: r
                    exec: |
                      iptables-restore -t <<EOF
                      *filter
                      -A FORWARD -m set --match-set %s src -j DROP
                      COMMIT
                      EOF""";
        List<List<String>> lines = hosts(
                "*filter\n-A FORWARD -j ACCEPT\nCOMMIT",
                "{at: 1s, node: r, exec: ipset create late hash:ip}",
                text.formatted("2s", "late"),
                text.formatted("3s", "none"),
                "{at: 4s, node: r, exec: iptables -S FORWARD}");
        assertThat(lines.get(1)).isEmpty();
        assertThat(lines.get(2)).anyMatch(line -> line.contains("'none'"));
        assertThat(lines.get(3)).containsExactly("-P FORWARD ACCEPT", "-A FORWARD -j ACCEPT");
    }

    @Test
    void rulesThatStepsLoadAreReadBeforeTheRun() {
        String step = """
                - at: 0s
                    node: r
                    exec: |
                      iptables-restore -n <<EOF
                      *filter
                      -A chain-of-later -j ACCEPT
                      -A INPUT -m set --match-set of-later src
                      -A INPUT -m conntrak --ctstate NEW
                      COMMIT
                      EOF""";
        assertThatThrownBy(() -> Runner.check(two("sysctls: {net.ipv4.ip_forward: 1}", step), new RunPlan()))
                .hasMessageContaining("two.yaml:22:19: found 'conntrak'")
                .hasMessageContaining("did you mean conntrack?");
    }

    @Test
    void theNumberOfARuleIsThatOfTheMoment() {
        String text = HOSTS.formatted("*filter\n        -A FORWARD -d 10.92.0.99/32 -j DROP\n        COMMIT", """
                - {at: 1s, node: a, exec: ping -c 1 -W 1 10.92.0.99}
                  - {at: 3s, node: r, exec: iptables -I FORWARD -s 1.2.3.4 -j ACCEPT}
                  - {at: 4s, node: a, exec: ping -c 1 -W 1 10.92.0.99}""");
        RunResult result =
                Runner.run(Scenario.parse("run.yaml", text, Map.of()), new RunPlan().withoutExpectations(), () -> 0);
        assertThat(result.totals().drops().stream().map(each -> each.reason().text()))
                .anyMatch(each -> each.contains("filter FORWARD rule 1 ("))
                .anyMatch(each -> each.contains("filter FORWARD rule 2 ("));
    }

    /** Words of iputils and traceroute, as they printed them for the same rules. */
    @Test
    void whoIsNotLetOutIsTold() {
        List<List<String>> lines = hosts(
                "*filter\n-A OUTPUT -d 10.92.0.50/32 -j REJECT\n-A OUTPUT -d 10.92.0.51/32 -j DROP\n"
                        + "-A FORWARD -j REJECT --reject-with icmp-host-prohibited\nCOMMIT",
                "{at: 1s, node: r, exec: ping -c 2 -W 1 10.92.0.50}",
                "{at: 5s, node: r, exec: ping -c 1 -W 1 10.92.0.51}",
                "{at: 7s, node: a, exec: ping -c 1 -W 1 10.92.0.1}",
                "{at: 9s, node: r, exec: traceroute -n 10.92.0.51}");
        assertThat(lines.get(0).subList(1, 5))
                .containsExactly(
                        "From 10.92.0.254 icmp_seq=1 Destination Port Unreachable",
                        "ping: sendmsg: Operation not permitted",
                        "From 10.92.0.254 icmp_seq=2 Destination Port Unreachable",
                        "ping: sendmsg: Operation not permitted");
        assertThat(lines.get(1)).noneMatch(line -> line.contains("sendmsg"));
        assertThat(lines.get(2)).contains("From 10.91.0.254 icmp_seq=1 Destination Host Prohibited");
        assertThat(lines.get(3))
                .containsExactly(
                        "traceroute to 10.92.0.51 (10.92.0.51), 30 hops max, 60 byte packets",
                        "send: Operation not permitted");
    }

    @Test
    void settingsOfNetfilterAreReadAndWrittenInARun() {
        List<List<String>> lines = hosts(
                "*filter\n-A FORWARD -m state --state INVALID\nCOMMIT",
                "{at: 1s, node: r, exec: sysctl -w net.netfilter.nf_conntrack_icmp_timeout=7}",
                "{at: 1s, node: a, exec: sysctl net.netfilter.nf_conntrack_max net.bridge.bridge-nf-call-iptables}",
                "{at: 2s, node: a, exec: ping -c 1 10.92.0.1}",
                "{at: 2500ms, node: r, exec: conntrack -L}",
                "{at: 3s, node: r, exec: sysctl net.netfilter.nf_conntrack_count}",
                "{at: 3s, node: r, exec: sysctl -w net.netfilter.nf_conntrack_count=5}",
                "{at: 3s, node: r, exec: sysctl -a -r conntrack_icmp}",
                "{at: 3s, node: a, exec: sysctl -a -r conntrack_icmp}");
        assertThat(lines.get(0)).containsExactly("net.netfilter.nf_conntrack_icmp_timeout = 7");
        assertThat(lines.get(1))
                .containsExactly("net.netfilter.nf_conntrack_max = 262144", "net.bridge.bridge-nf-call-iptables = 0");
        assertThat(lines.get(3).get(0)).startsWith("icmp     1 6 ");
        assertThat(lines.get(4)).containsExactly("net.netfilter.nf_conntrack_count = 1");
        assertThat(lines.get(5))
                .containsExactly("sysctl: setting key \"net.netfilter.nf_conntrack_count\": Invalid argument");
        assertThat(lines.get(6)).containsExactly("net.netfilter.nf_conntrack_icmp_timeout = 7");
        assertThat(lines.get(7)).as("a host that nobody filters on").isEmpty();
    }

    @Test
    void withoutPowerAServerOfBridgesForgets() {
        String text = bridge("-A FORWARD -m conntrack --ctstate INVALID -j DROP", "")
                .replace("      interfaces: {br0: {address: 10.0.0.254/24}}\n", "")
                .replace("ping -b -c 1 10.0.0.255", "ping -c 1 10.0.0.2");
        String steps = """
              - {at: 4s, node: sv, exec: iptables -P FORWARD DROP}
              - {at: 7s, node: sv, exec: iptables -S}
              - {at: 7s, node: sv, exec: conntrack -L}
            """;
        List<List<String>> lines =
                printed(text + steps + "events:\n  - at 5s node sv crash\n  - at 6s node sv start\n");
        assertThat(lines.get(2)).hasSize(2);
        assertThat(lines.get(4)).contains("-P FORWARD ACCEPT");
        assertThat(lines.get(5)).hasSize(1);
    }

    private static final String OWN_BRIDGE = """
            name: own-bridge
            duration: 4s
            topology:
              nodes:
                a: {address: 10.0.0.1/24}
                c: {address: 10.0.0.2/24}
                s:
                  kind: server
                  interfaces: {br0: {address: 10.0.0.5/24, mac: "02:00:00:00:00:05"}}
                  sysctls: {net.bridge.bridge-nf-call-iptables: 1, net.netfilter.nf_conntrack_max: 10}
                  iptables: |
                    *filter
                    -A FORWARD -m conntrack --ctstate INVALID -j DROP
                    COMMIT
                  devices: {br0: {kind: bridge, ports: {eth0: {}, eth1: {}}}}
              links:
                - endpoints: ["a:eth0", "br0:eth0"]
                - endpoints: ["c:eth0", "br0:eth1"]
            """;

    private static RunResult ownBridge(String steps) {
        return Runner.run(Scenario.parse("own-bridge.yaml", OWN_BRIDGE + steps, Map.of()), new RunPlan(), () -> 0);
    }

    @Test
    void aBridgeWhoseOwnInterfaceIsDownForwardsNothing() {
        RunResult result = ownBridge("""
            run:
              - {at: 100ms, node: s, exec: ip link set br0 down}
              - {at: 200ms, node: a, exec: ping -c 2 -i 0.2 -W 0.5 10.0.0.2}
              - {at: 2s, node: s, exec: ip link set br0 up}
              - {at: 3s, node: a, exec: ping -c 1 10.0.0.2}
            """);
        assertThat(result.commands().get(1).task().lines()).anyMatch(line -> line.contains("100% packet loss"));
        assertThat(result.commands().get(3).task().lines()).anyMatch(line -> line.contains("1 received"));
    }

    /** What is kept for a packet on its way up to the host ends with it, or the table would fill with what nobody sees. */
    @Test
    void whatDiesOnItsWayUpLeavesNoConnectionBehind() {
        RunResult result = ownBridge("""
            run:
              - {at: 100ms, node: s, exec: ip addr del 10.0.0.5/24 dev br0}
              - {at: 200ms, node: a, exec: ping -c 40 -i 0.02 -W 0.1 10.0.0.5}
              - {at: 3s, node: a, exec: ping -c 1 10.0.0.2}
              - {at: 3s, node: s, exec: conntrack -C}
            """);
        assertThat(result.commands().get(2).task().lines()).anyMatch(line -> line.contains("1 received"));
    }
}
