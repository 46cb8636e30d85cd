package io.hopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandTest {
    @TempDir
    Path folder;

    private static JsonNode json(Shell.Result result) {
        return JsonMapper.builder().build().readTree(result.out());
    }

    @Test
    void runsTheMainJobAndFitsOneHundredColumns() {
        Shell.Result result = Shell.hopscope(folder, "run", "openstack-provider");
        assertThat(result.exit()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("3 packets transmitted, 3 received, 0% packet loss")
                .contains("18 hops")
                .contains("frame.packet_id == ")
                .doesNotContain("\u001b");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(folder.resolve("runs/openstack-provider-1/capture.pcapng")).isNotEmptyFile();
        assertThat(folder.resolve("runs/openstack-provider-1/run.json")).isNotEmptyFile();
    }

    @Test
    void explainsABlackHoleWithTheMtuAndTheFateOfTheMessageAboutIt() {
        Shell.Result result = Shell.hopscope(folder, "explain", "mtu-blackhole");
        assertThat(result.out().replaceAll("\\s+", " "))
                .contains("larger than the MTU, and DF is set (1500 bytes, where the MTU is 1400: route 10.0.2.0/24 via"
                        + " 10.0.12.2 dev eth1)")
                .contains("caused journey 33: ICMP fragmentation needed, mtu 1400, lost at edge:eth1")
                .contains("drop: a blackhole route or rule (rule 32765: from 10.0.3.2 ipproto icmp blackhole)");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void aFloodIsToldInAPageUnlessAllIsAskedFor() {
        Shell.Result page = Shell.hopscope(folder, "run", "ovs-unknown-unicast");
        assertThat(page.out().lines())
                .hasSizeLessThan(160)
                .allMatch(line -> line.length() <= 100)
                .contains("a loop: it came in at a-tor1:eth2 10 times")
                .anyMatch(line -> line.startsWith("floods     19 a-agg: to fa:16:3e:00:00:99"))
                .anyMatch(line -> line.startsWith("  what mends it    bond_mode=active-backup"));
        assertThat(page.out()).contains("more hops like those above (--all shows all)");
        Shell.Result all = Shell.hopscope(folder, "explain", "ovs-unknown-unicast", "--all");
        assertThat(all.out()).contains("\n308 ").doesNotContain("--all");
    }

    @Test
    void aLongPingIsShortenedOnTheScreenAndWholeInTheFolder() throws IOException {
        Shell.Result result = Shell.hopscope(folder, "run", "asymmetric-routing-flood");
        assertThat(result.out().lines())
                .allMatch(line -> line.length() <= 100)
                .contains("... 112 more such lines, in output.txt")
                .contains("[60 s] compute1$ ovs-vsctl set bridge br-int other_config:mac-aging-time=180")
                .anyMatch(line -> line.startsWith("floods     40 compute1/br-int: to 00:00:5e:00:01:65"))
                .anyMatch(line -> line.startsWith("  how to see it"));
        assertThat(folder.resolve("runs/asymmetric-routing-flood-1/output.txt"))
                .content()
                .contains("icmp_seq=60 ");
        String flooded = Shell.hopscope(
                        folder,
                        "explain",
                        "asymmetric-routing-flood",
                        "--filter",
                        "icmp and dst 203.0.113.10",
                        "--nth",
                        "40")
                .out();
        assertThat(flooded.replaceAll("\\s+", " ")).contains("no FDB entry (vlan 1, 00:00:5e:00:01:65), flooded in");
    }

    @Test
    void aLineOfALargeFileIsCutOnTheScreen() {
        Shell.Result result = Shell.hopscope(folder, "run", "mtu-blackhole");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 120);
        assertThat(result.out()).contains("... (1840 characters)");
    }

    @Test
    void anotherRunOfTheSameNameLeavesTheCaptureThatIsThere() {
        Shell.hopscope(folder, "run", "first-steps");
        Shell.Result none = Shell.hopscope(folder, "run", "first-steps", "--no-capture");
        assertThat(none.err()).contains("a capture that this run does not write again; see runs/first-steps-1-2");
        Shell.hopscope(folder, "run", "first-steps", "--until", "5ms");
        assertThat(folder.resolve("runs/first-steps-1/capture.pcapng")).isNotEmptyFile();
        Shell.Result diff = Shell.hopscope(folder, "diff", "runs/first-steps-1", "runs/first-steps-1-3");
        assertThat(diff.exit()).isOne();
        assertThat(diff.out()).contains("all in all").contains("  packets  ").contains("  output   ");
    }

    @Test
    void helpHasNoLineThatWasBrokenTwice() {
        Shell.Result result = Shell.hopscope(folder, "explain", "--help");
        assertThat(result.out().lines()).noneMatch(line -> line.strip().matches("the|latter two\\."));
    }

    @Test
    void printsJsonAloneWithTheDocumentedNames() {
        Shell.Result result = Shell.hopscope(folder, "run", "openstack-provider", "--format", "json");
        JsonNode run = json(result);
        for (String name : List.of(
                "scenario",
                "seed",
                "workers",
                "virtualNanos",
                "wallMillis",
                "expectations",
                "journeys",
                "drops",
                "capture")) {
            assertThat(run.has(name)).as(name).isTrue();
        }
        JsonNode hop = run.get("journeys")
                .get(run.get("journeys").size() - 1)
                .get("hops")
                .get(0);
        for (String name : List.of("port", "nanos", "ethSrc", "ethDst", "vlan", "ttl", "decision")) {
            assertThat(hop.has(name)).as(name).isTrue();
        }
        assertThat(run.get("capture").get("sha256").asString()).hasSize(64);
    }

    @Test
    void givesTheSameBytesInAnotherJvmWithOtherWorkersLocaleAndZone() {
        List<String> odd = List.of(
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Duser.timezone=Asia/Kathmandu",
                "-Dfile.encoding=ISO-8859-9");
        String one = json(Shell.hopscope(folder, "run", "container-vxlan", "--format", "json"))
                .get("capture")
                .get("sha256")
                .asString();
        Shell.Result other =
                Shell.hopscope(folder, odd, List.of("run", "container-vxlan", "--workers", "2", "--format", "json"));
        assertThat(json(other).get("capture").get("sha256").asString()).isEqualTo(one);
    }

    private Shell.Result onATerminal(int columns, String arguments) {
        Path script = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(script) && Files.isExecutable(Path.of("/usr/bin/stty")), "no script, no stty");
        return Shell.onATerminal(folder, columns, arguments);
    }

    @Test
    void showsWhatThereIsWithoutArgumentsAsWideAsTheTerminal() {
        for (int columns : List.of(80, 100)) {
            Shell.Result result = onATerminal(columns, "");
            assertThat(result.out().lines().map(String::strip)).contains("Begin with: hopscope run first-steps");
            assertThat(result.out().lines().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
                    .anyMatch(line -> line.matches(" +run +Runs a scenario: its commands, a capture.*"))
                    .allMatch(line -> line.length() <= columns);
        }
    }

    @Test
    void explainsInEightyColumnsWhereTheTerminalHasNoMore() {
        Shell.Result result = onATerminal(80, "explain openstack-provider");
        assertThat(result.out().lines().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
                .anyMatch(line -> line.contains("compute1/br-bond:phy-br-bond"))
                .allMatch(line -> line.length() <= 80);
    }

    @Test
    void saysThatNoneOfTheFaultsAskedForOccurred() throws IOException {
        Files.writeString(folder.resolve("quiet.yaml"), """
            name: quiet
            topology:
              nodes: {h1: {address: 10.0.0.1/24}, h2: {address: 10.0.0.2/24}}
              links: [{endpoints: ["h1:eth0", "h2:eth0"]}]
            faults: {links: "*", mean-time-between: 100m, mean-repair: 1s, to: 1ms}
            run: [{node: h1, exec: ping -c 1 10.0.0.2}]
            """);
        assertThat(Shell.hopscope(folder, "run", "quiet.yaml").out()).contains("faults   none\n");
    }

    @Test
    void listsWhatAScenarioConsistsOf() throws IOException {
        assertThat(Shell.hopscope(folder, "list", "nodes", "openstack-provider").out())
                .containsPattern("(?m)^compute1/inst1 +host +eth0 10\\.1\\.101\\.11/24$")
                .containsPattern("(?m)^compute1 +server$");
        assertThat(Shell.hopscope(folder, "list", "ports", "first-steps").out())
                .containsPattern("(?m)^h1:eth0 +br1:eth1 +02:[0-9a-f:]{14} +10\\.0\\.0\\.1/24$");
        JsonNode nodes = json(Shell.hopscope(folder, "list", "nodes", "first-steps", "--format", "json"));
        assertThat(nodes.get(0).get("addresses").get(0).asString()).isEqualTo("eth0 10.0.0.1/24");
        assertThat(Shell.hopscope(folder, "list", "nodes").exit()).isEqualTo(2);
        Files.writeString(folder.resolve("twice.yaml"), """
            name: twice
            topology:
              nodes: {h1: {address: 10.0.0.1/24}, h2: {address: 10.0.0.1/24}}
              links: [{endpoints: ["h1:eth0", "h2:eth0"]}]
            """);
        Shell.Result twice = Shell.hopscope(folder, "check", "twice.yaml");
        assertThat(twice.exit()).isZero();
        assertThat(twice.err())
                .isEqualTo("hopscope: warning: 10.0.0.1/24 of h1:eth0 is also h2:eth0's, and both hear each other\n");
    }

    @Test
    void tellsOfThePacketThatAFullQueueHasCost() {
        Shell.Result result = Shell.hopscope(folder, "explain", "incast");
        assertThat(result.out()).contains("lost at tor1:uplink").contains("drop: queue full");
    }

    @Test
    void capturesNothingOnlyWhereNothingMatches() {
        Shell.Result wrong = Shell.hopscope(folder, "run", "first-steps", "--capture-ports", "h9*");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("port to capture 'h9*'").contains("did you mean h1*?");
        Shell.Result none = Shell.hopscope(folder, "run", "first-steps", "--capture-filter", "tcp port 80");
        assertThat(none.out()).contains("0 packets").doesNotContain("frame.packet_id");
    }

    @Test
    void tellsHostsApartThatAreCalledAlike() throws IOException {
        Files.writeString(folder.resolve("alike.yaml"), """
            name: alike
            topology:
              nodes:
                n1: {kind: server, devices: {br: {kind: bridge}, c1: {kind: container, address: 10.0.0.1/24}}, links: [{endpoints: ["c1:eth0", "br:c1"]}]}
                n2: {kind: server, devices: {br: {kind: bridge}, c1: {kind: container, address: 10.0.0.2/24}}, links: [{endpoints: ["c1:eth0", "br:c1"]}]}
              links: [{endpoints: ["n1/br:eth0", "n2/br:eth0"]}]
            run: [{node: n1/c1, exec: ping -c 1 10.0.0.2}]
            expect: [{ping: {from: n1/c1, to: 10.0.0.2, received: 1}}]
            """);
        Shell.Result result = Shell.hopscope(folder, "run", "alike.yaml");
        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("n1/c1$ ping").contains("n1/c1 -> n2/c1");
    }

    @Test
    void exitsWithOneWhenAnExpectationFails() throws IOException {
        Path file = folder.resolve("fails.yaml");
        Files.writeString(file, """
            name: fails
            topology:
              nodes:
                h1: {kind: linux, address: 10.0.0.1/24}
                h2: {kind: linux, address: 10.0.0.2/24}
              links: [{endpoints: ["h1:eth0", "h2:eth0"]}]
            run: [{node: h1, exec: ping -c 1 10.0.0.3}]
            expect: [{ping: {from: h1, to: 10.0.0.3, received: 1}}]
            """);
        Shell.Result result = Shell.hopscope(folder, "run", "fails.yaml");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).contains("FAIL").contains("0 of 1 received").contains("fails.yaml:8:");
    }

    @Test
    void saysEveryMistakeOfAFileWithItsPlaceAndExitsWithTwo() throws IOException {
        Path file = folder.resolve("bad.yaml");
        Files.writeString(file, """
            name: bad
            topology:
              nodes:
                h1: {kind: linus, address: 10.0.0.1/24}
                h2: {kind: linux, adress: 10.0.0.2/24, image: alpine}
              links:
                - {endpoints: ["h1:eth0", "h3:eth0"], rate: 10Gb}
            run: [{node: h1, exec: pong 10.0.0.2}]
            """);
        Shell.Result text = Shell.hopscope(folder, "run", "bad.yaml");
        assertThat(text.exit()).isEqualTo(2);
        assertThat(text.out()).isEmpty();
        assertThat(text.err())
                .contains("bad.yaml:4:16: found kind 'linus'", "(did you mean linux?)")
                .contains("bad.yaml:5:23: found key 'adress'", "(did you mean address?)")
                .contains("key 'image'", "leave it out")
                .contains("'h3'")
                .contains("(did you mean 10Gbps?)")
                .contains("command 'pong'", "(did you mean ping?)")
                .doesNotContain("Exception");
        Shell.Result json = Shell.hopscope(folder, "check", "bad.yaml", "--format", "json");
        assertThat(json.exit()).isEqualTo(2);
        JsonNode first = json(json).get("errors").get(0);
        assertThat(first.get("line").asInt()).isEqualTo(4);
        assertThat(first.get("nearest").asString()).isEqualTo("linux");
    }

    @Test
    void saysWrongFlagsInJsonAsWell() {
        Shell.Result result = Shell.hopscope(folder, "run", "first-steps", "--sed", "1", "--format", "json");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(json(result).get("errors").get(0).get("nearest").asString()).isEqualTo("--seed");
        Shell.Result command = Shell.hopscope(folder, "rnu", "first-steps", "--format", "json");
        assertThat(command.exit()).isEqualTo(2);
        assertThat(json(command).get("errors").get(0).get("nearest").asString()).isEqualTo("run");
    }

    @Test
    void printsItsVersionInJsonAsWell() {
        assertThat(json(Shell.hopscope(folder, "version", "--format=JSON"))
                        .get("java")
                        .asString())
                .isEqualTo(System.getProperty("java.version"));
    }

    @Test
    void refusesToCaptureAPortThatIsNotThere() {
        Shell.Result result =
                Shell.hopscope(folder, "run", "first-steps", "--capture-ports", "br1:eht1", "--format", "json");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(json(result).get("errors").get(0).get("nearest").asString()).isEqualTo("br1:eth1");
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void writesTheCaptureToStandardOutputAndTheReportToStandardError() {
        Shell.Result result = Shell.hopscope(folder, "run", "first-steps", "-w", "-");
        assertThat(result.exit()).isZero();
        assertThat(result.bytes()).startsWith(0x0a, 0x0d, 0x0d, 0x0a);
        assertThat(result.err()).contains("3 received");
    }

    @Test
    void explainsACaptureAsItExplainsTheRun() {
        Shell.hopscope(folder, "run", "wrong-vlan");
        Shell.Result capture = Shell.hopscope(folder, "explain", "runs/wrong-vlan-1/capture.pcapng");
        Shell.Result run = Shell.hopscope(folder, "explain", "wrong-vlan");
        assertThat(capture.exit()).isZero();
        assertThat(capture.out()).contains("drop: VLAN not allowed on this port");
        assertThat(run.out()).isEqualTo(capture.out());
    }

    @Test
    void explainsThePacketThatDiedAndWhatItDiedOf() {
        Shell.Result told = Shell.hopscope(folder, "explain", "wrong-vlan");
        assertThat(told.out())
                .contains("ICMP echo request seq 1", "lost at core1:eth1", "drop: no answer to ARP")
                .contains("ARP who-has 10.1.102.12", "lost at tor1:eth48", "drop: VLAN not allowed on this port");
        JsonNode json = json(Shell.hopscope(folder, "explain", "wrong-vlan", "--format", "json"));
        assertThat(json.get("title").asString()).isEqualTo("ICMP echo request seq 1");
        assertThat(json.get("cause").get("title").asString()).isEqualTo("ARP who-has 10.1.102.12");
        assertThat(Shell.hopscope(folder, "run", "wrong-vlan").out()).contains("lost at tor1:eth48");
    }

    @Test
    void writesAFileAPortOnDemand() throws IOException {
        Shell.hopscope(folder, "run", "first-steps", "--capture-split", "port", "--out", "here");
        try (var files = Files.list(folder.resolve("here/split"))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactly("br1_eth1.pcapng", "br1_eth2.pcapng", "h1_eth0.pcapng", "h2_eth0.pcapng");
        }
    }

    @Test
    void capturesOnlyThePortsAskedForAndStillJudgesTheWholePath() {
        Shell.Result result =
                Shell.hopscope(folder, "run", "openstack-provider", "--capture-ports", "tor1:*", "--format", "json");
        assertThat(result.exit()).isZero();
        assertThat(json(result).get("capture").get("interfaces").asInt()).isEqualTo(2);
    }

    @Test
    void startsAndEndsAPingOfItsOwn() {
        Shell.Result result = Shell.hopscope(folder, "ping", "container-routed", "p11", "p22");
        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("1 received").contains("10 hops");
        assertThat(Shell.hopscope(folder, "ping", "container-routed", "p11", "10.244.9.9")
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void refusesAPingThatNeverEndsAndANameThatNobodyHas() {
        Shell.Result endless = Shell.hopscope(folder, "exec", "first-steps", "h1", "--", "ping", "h2");
        assertThat(endless.exit()).isEqualTo(2);
        assertThat(endless.err()).contains("goes on for ever; expected -c COUNT");
        Shell.Result nobody = Shell.hopscope(folder, "ping", "first-steps", "h1", "h9");
        assertThat(nobody.exit()).isEqualTo(2);
        assertThat(nobody.out()).isEmpty();
        assertThat(nobody.err()).contains("h9: Name or service not known").contains("(did you mean h1?)");
    }

    @Test
    void printsTheFileOfABuiltInScenarioAndLongLinesInOneHundredColumns() {
        Shell.Result file = Shell.hopscope(folder, "list", "scenarios", "first-steps");
        assertThat(file.out()).contains("name: first-steps").contains("topology:");
        assertThat(Shell.hopscope(folder, "list", "scenarios", "first-step").err())
                .contains("(did you mean first-steps?)");
        Shell.Result all = Shell.hopscope(folder, "list", "commands");
        assertThat(all.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(all.out()).doesNotContain("..\n");
    }

    @Test
    void saysInPlainWordsWhichFileOrPacketIsNotThere() {
        assertThat(Shell.hopscope(folder, "run", "first-steps", "-w", "/nonexistent/x.pcapng")
                        .err())
                .contains("'/nonexistent/x.pcapng', which is not there or in no folder")
                .doesNotContain("Exception");
        assertThat(Shell.hopscope(folder, "explain", "nosuch.pcapng").err()).contains("expected a capture, a scenario");
        assertThat(Shell.hopscope(folder, "explain", "first-steps", "--filter", "udp")
                        .err())
                .contains("no packet that 'udp' matches");
        assertThat(Shell.hopscope(folder, "explain", "first-steps", "--filter", "icmp and and")
                        .err())
                .doesNotContain("did you mean and");
        assertThat(Shell.hopscope(folder, "explain", "first-steps", "--nth", "2")
                        .err())
                .contains("--nth without --filter");
        assertThat(Shell.hopscope(folder, "exec", "first-steps", "h1", "ping", "-c", "2", "h2")
                        .err())
                .contains("comes after --");
        assertThat(Shell.hopscope(folder, "help", "run").out()).contains("--capture-ports");
    }

    @Test
    void tellsOfAHealthyRunAPacketThatArrivedAndInOneHundredColumns() {
        Shell.Result result = Shell.hopscope(folder, "run", "vm-to-outside");
        assertThat(result.exit()).isZero();
        assertThat(result.out().lines())
                .filteredOn(line -> line.startsWith("journey "))
                .singleElement()
                .asString()
                .contains("ICMP echo request")
                .doesNotContain("lost");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(Shell.hopscope(folder, "run", "container-vxlan").out())
                .contains("ICMP echo request seq 3 · p11 -> p21")
                .contains("[vxlan 1 port ");
    }

    @Test
    void twoFilesOfOneNameKeepTheirResultsApart() throws IOException {
        String text = Shell.hopscope(folder, "list", "scenarios", "first-steps").out();
        Files.writeString(folder.resolve("a.yaml"), text);
        Files.writeString(folder.resolve("b.yaml"), text);
        assertThat(Shell.hopscope(folder, "run", "a.yaml").out())
                .contains("capture  runs/first-steps-1/capture.pcapng");
        Shell.Result second = Shell.hopscope(folder, "run", "b.yaml");
        assertThat(second.out()).contains("capture  runs/first-steps-1-2/capture.pcapng");
        assertThat(second.err()).contains("runs/first-steps-1 holds what another file of this name made");
        assertThat(Shell.hopscope(folder, "run", "b.yaml").out()).contains("capture  runs/first-steps-1-2/");
        Shell.Result again = Shell.hopscope(folder, "run", "a.yaml");
        assertThat(again.out()).contains("capture  runs/first-steps-1/capture.pcapng");
        assertThat(again.err()).isEmpty();
        Files.delete(folder.resolve("a.yaml"));
        assertThat(Shell.hopscope(folder, "run", "first-steps").out())
                .as("a file that is no more has no claim")
                .contains("capture  runs/first-steps-1/capture.pcapng");
    }

    @Test
    void completionIsForShellsThatItIsFor() {
        assertThat(Shell.hopscope(folder, "completion", "bash").out()).contains("complete -F _complete_hopscope");
        Shell.Result wrong = Shell.hopscope(folder, "completion", "bsh");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("found 'bsh'; expected bash or zsh (did you mean bash?)");
    }

    @Test
    void aLongLineOfAMistakeIsWrappedForATerminalOnly() {
        String line = "command line: found 'mpls' in column 8 of --capture-filter; expected " + "words and ".repeat(9)
                + "/a/path/that/is/longer/than/the/rest/of/the/line/and/stays/whole/so/that/it/can/be/copied";
        assertThat(Terminal.wrapped(line, 100).lines())
                .hasSizeGreaterThan(2)
                .allMatch(each -> each.length() <= 100)
                .anyMatch(each -> each.endsWith("can/be/copied"));
        assertThat(Terminal.wrapped(line, 100).replaceAll("\\n +", " ")).isEqualTo(line);
    }

    @Test
    void explainTakesTcpdumpsWordsForArp() {
        assertThat(Shell.hopscope(folder, "explain", "first-steps", "--filter", "arp src host 10.0.0.1")
                        .out())
                .contains("ARP who-has 10.0.0.2");
        assertThat(Shell.hopscope(folder, "explain", "first-steps", "--filter", "arp host 10.0.0.2 and outbound")
                        .out())
                .contains("ARP who-has 10.0.0.2");
    }

    @Test
    void aCaptureFilterNarrowsTheFileAndNothingElse() {
        Shell.Result all = Shell.hopscope(folder, "run", "first-steps", "--format", "json");
        Shell.Result some =
                Shell.hopscope(folder, "run", "first-steps", "--format", "json", "--capture-filter", "not icmp");
        long packets = json(all).get("capture").get("packets").asLong();
        assertThat(some.exit()).isZero();
        assertThat(json(some).get("capture").get("packets").asLong())
                .isPositive()
                .isLessThan(packets);
        assertThat(json(some).get("journeys")).isEqualTo(json(all).get("journeys"));
    }

    /** libpcap is taken away by the name of its library, which pcap4j lets be changed. */
    @Test
    void withoutLibpcapOneLineSaysWhatItIsNeededFor() throws IOException {
        List<String> flags = List.of("-Dorg.pcap4j.core.pcapLibName=nosuchpcap");
        List<String> run = List.of("run", "first-steps", "--capture-filter", "arp or mpls 100");
        Shell.Result wrong = Shell.hopscope(folder, flags, run);
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err().strip())
                .isEqualTo(
                        "command line: found 'mpls', where Hopscope's own compiler ends, in column 8 of --capture-filter;"
                                + " expected libpcap for what follows, which is not here: install libpcap0.8 (Debian, Ubuntu)"
                                + " or libpcap (Fedora, Alpine)");
        Files.writeString(folder.resolve("mpls.yaml"), """
                name: mpls
                capture: {filter: 'ip6 protochain 17'}
                topology: {nodes: {h1: {kind: host}}}
                """);
        Shell.Result file = Shell.hopscope(folder, flags, List.of("run", "mpls.yaml"));
        assertThat(file.exit()).isEqualTo(2);
        assertThat(file.err().strip())
                .hasLineCount(1)
                .startsWith("mpls.yaml:2:19: found 'protochain', where Hopscope's own compiler ends, in column 5 of")
                .contains("install libpcap0.8");
        assertThat(Shell.hopscope(folder, flags, List.of("run", "first-steps", "--capture-filter", "arp"))
                        .exit())
                .as("what Hopscope compiles itself needs no libpcap")
                .isZero();
    }

    @Test
    @Tag("oracle")
    void aFilterThatOnlyLibpcapKnowsIsTakenWithoutAWordMore() {
        List<String> run =
                List.of("run", "first-steps", "--format", "json", "--capture-filter", "not mpls and outbound");
        Shell.Result result = Shell.hopscope(folder, List.of("--enable-native-access=ALL-UNNAMED"), run);
        boolean required = "required".equals(System.getProperty("hopscope.oracles"));
        assumeTrue(required || !result.err().contains("install libpcap0.8"), "libpcap is not installed");
        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isZero();
        Shell.Result all = Shell.hopscope(folder, "run", "first-steps", "--format", "json");
        assertThat(json(result).get("capture").get("packets").asLong())
                .isPositive()
                .isLessThan(json(all).get("capture").get("packets").asLong());
    }

    @Test
    void aWrongCaptureFilterIsSaidInOneLine() {
        Shell.Result wrong = Shell.hopscope(folder, "run", "first-steps", "--capture-filter", "icmp and hots 10.0.0.1");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err().strip())
                .hasLineCount(1)
                .contains("found 'hots' in column 10 of --capture-filter")
                .contains("did you mean host?");
    }
}
