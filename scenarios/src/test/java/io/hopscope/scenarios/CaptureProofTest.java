package io.hopscope.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the captures, read by others. */
@Tag("oracle")
class CaptureProofTest {
    private static final String WRONG = "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0"
            + " || icmp.checksum.status == 0 || vrrp.checksum.status == 0"
            // Of a segment that an ICMP error quotes in part no checksum can be right.
            + " || _ws.expert.severity == 0x800000 && !(icmp.type in {3, 11, 12} && tcp.checksum.status == 0)";
    /** A frame that a cable was told to damage is what it should be: its receiver says so and drops it. */
    private static final String WRONG_UNTOLD =
            "(" + WRONG + ") && !(frame.comment contains \"drop: frame check sequence wrong\")";

    private static final int MOST_PORTS = 40;
    private static final String ECHO = "icmp.type == 8 && icmp.seq == 2";

    @TempDir
    Path folder;

    @BeforeEach
    void tshark() {
        Tshark.needed();
    }

    static List<String> names() {
        return BuiltIn.names();
    }

    private Path capture(String name) {
        Path file = folder.resolve("capture.pcapng");
        Runner.run(
                BuiltIn.find(name, Map.of()),
                new RunPlan().capture(file).split(folder.resolve("split"), "port"),
                () -> 0);
        return file;
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyInterfaceByItselfIsDissectedWithoutAFault(String name) throws IOException {
        Path whole = capture(name);
        try (Stream<Path> files = Files.list(folder.resolve("split"))) {
            List<Path> all = files.sorted().toList();
            // Of hundreds of ports most are alike: some of all kinds are read, as many at once as there are processors.
            int step = 1 + all.size() / MOST_PORTS;
            IntStream.range(0, (all.size() + step - 1) / step)
                    .mapToObj(i -> all.get(i * step))
                    .parallel()
                    .forEach(file -> assertThat(Tshark.fields(file, WRONG_UNTOLD, "frame.number", "_ws.col.Info"))
                            .as(file.getFileName().toString())
                            .isEmpty());
        }
        assertThat(Tshark.fields(
                        whole,
                        "!(ip || arp || stp) && !(frame.comment contains \"drop: frame check sequence wrong\")",
                        "frame.number"))
                .isEmpty();
    }

    /** Bytes 8 to 15 of the data are the instant of sending in picoseconds, which the capture has in nanoseconds. */
    @Test
    void trafficIsUdpWithGoodChecksumsAndSaysWhenItWasSent() {
        Path file = capture("incast");
        List<String> good = Tshark.fields(
                file,
                "(udp.dstport == 9000 || udp.dstport == 9001) && udp.checksum.status == 1 && udp.length >= 26",
                "frame.number");
        assertThat(good).hasSizeGreaterThan(3000).hasSameSizeAs(Tshark.fields(file, "udp", "frame.number"));
        List<String> first = Tshark.fields(
                file,
                "udp.dstport == 9000 && frame.interface_name matches \"^s[0-9]:\"",
                "frame.time_epoch",
                "udp.payload");
        assertThat(first).hasSizeGreaterThan(700);
        long late = 0;
        for (String each : first) {
            String[] words = each.split("\\|");
            long sent = Long.parseLong(words[1].replace(":", "").substring(16, 32), 16);
            long seen = new java.math.BigDecimal(words[0]).movePointRight(9).longValue();
            assertThat(seen).isGreaterThanOrEqualTo(sent / 1000);
            late += seen > sent / 1000 ? 1 : 0;
        }
        // What had to wait for ARP.
        assertThat(late).isLessThan(20);
    }

    /** Rows of the second echo request: port, source, destination, VLAN, TTL. */
    private List<String> rows(Path capture) {
        String id = Tshark.fields(capture, ECHO, "frame.packet_id").get(0);
        return Tshark.fields(
                capture, "frame.packet_id == " + id, "frame.interface_name", "eth.src", "eth.dst", "vlan.id", "ip.ttl");
    }

    @Test
    void openstackProviderCrossesTheEighteenPortsOfTheArticle() {
        String up = "|fa:16:3e:00:00:11|00:00:5e:00:01:65|";
        String down = "|02:00:00:00:01:02|fa:16:3e:00:00:12|";
        assertThat(rows(capture("openstack-provider")))
                .containsExactly(
                        "compute1/inst1:eth0" + up + "|64",
                        "compute1/br-int:tap-inst1" + up + "|64",
                        "compute1/br-int:int-br-bond" + up + "1|64",
                        "compute1/br-bond:phy-br-bond" + up + "1|64",
                        "compute1/br-bond:bond0" + up + "101|64",
                        "compute1:eth0" + up + "101|64",
                        "tor1:eth1" + up + "101|64",
                        "tor1:eth48" + up + "101|64",
                        "core1:eth1" + up + "101|64",
                        "core1:eth1" + down + "102|63",
                        "tor1:eth48" + down + "102|63",
                        "tor1:eth1" + down + "102|63",
                        "compute1:eth0" + down + "102|63",
                        "compute1/br-bond:bond0" + down + "102|63",
                        "compute1/br-bond:phy-br-bond" + down + "102|63",
                        "compute1/br-int:int-br-bond" + down + "102|63",
                        "compute1/br-int:tap-inst2" + down + "|63",
                        "compute1/inst2:eth0" + down + "|63");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vm-same-host 4 64",
                "vm-cross-host 14 64",
                "vm-cross-host-cross-subnet 18 63",
                "vm-to-host 15 63",
                "vm-to-bare-metal 13 63",
                "vm-to-outside 13 62"
            })
    void connectivityCasesCrossAsManyPortsAsTheArticleSays(String expected) {
        String[] words = expected.split(" ");
        List<String> rows = rows(capture(words[0]));
        assertThat(rows).hasSize(Integer.parseInt(words[1]));
        assertThat(rows.get(rows.size() - 1)).endsWith("|" + words[2]);
    }

    /** The way up to the router, which every case but those inside one subnet begins with. */
    private static List<String> up() {
        String macs = "|fa:16:3e:00:00:11|00:00:5e:00:01:65|";
        return List.of(
                "compute1/inst1:eth0" + macs + "|64",
                "compute1/br-int:tap-inst1" + macs + "|64",
                "compute1/br-int:int-br-bond" + macs + "1|64",
                "compute1/br-bond:phy-br-bond" + macs + "1|64",
                "compute1/br-bond:bond0" + macs + "101|64",
                "compute1:eth0" + macs + "101|64",
                "tor1:eth1" + macs + "101|64",
                "tor1:eth48" + macs + "101|64",
                "core1:eth1" + macs + "101|64");
    }

    private static List<String> then(List<String> first, String macs, String... rest) {
        List<String> all = new ArrayList<>(first);
        for (String each : rest) {
            int space = each.indexOf(' ');
            all.add(each.substring(0, space) + macs + each.substring(space + 1));
        }
        return all;
    }

    @Test
    void oneSubnetOfTwoHostsKeepsItsMacsAndChangesItsTagTwice() {
        assertThat(rows(capture("vm-cross-host")))
                .isEqualTo(then(
                        List.of(),
                        "|fa:16:3e:00:00:11|fa:16:3e:00:00:13|",
                        "compute1/inst1:eth0 |64",
                        "compute1/br-int:tap-inst1 |64",
                        "compute1/br-int:int-br-bond 1|64",
                        "compute1/br-bond:phy-br-bond 1|64",
                        "compute1/br-bond:bond0 101|64",
                        "compute1:eth0 101|64",
                        "tor1:eth1 101|64",
                        "tor1:eth2 101|64",
                        "compute2:eth0 101|64",
                        "compute2/br-bond:bond0 101|64",
                        "compute2/br-bond:phy-br-bond 101|64",
                        "compute2/br-int:int-br-bond 101|64",
                        "compute2/br-int:tap-inst3 |64",
                        "compute2/inst3:eth0 |64"));
    }

    @Test
    void twoSubnetsOfTwoHostsCrossTheSameRowsOnTheOtherHost() {
        assertThat(rows(capture("vm-cross-host-cross-subnet")))
                .isEqualTo(then(
                        up(),
                        "|02:00:00:00:01:02|fa:16:3e:00:00:12|",
                        "core1:eth1 102|63",
                        "tor1:eth48 102|63",
                        "tor1:eth2 102|63",
                        "compute2:eth0 102|63",
                        "compute2/br-bond:bond0 102|63",
                        "compute2/br-bond:phy-br-bond 102|63",
                        "compute2/br-int:int-br-bond 102|63",
                        "compute2/br-int:tap-inst2 |63",
                        "compute2/inst2:eth0 |63"));
    }

    @Test
    void aHostAndABareMetalServerAreReachedByWayOfTheRouter() {
        List<String> host = rows(capture("vm-to-host"));
        String mac = host.get(host.size() - 1).split("\\|")[2];
        assertThat(host)
                .isEqualTo(then(
                        up(),
                        "|02:00:00:00:01:00|" + mac + "|",
                        "core1:eth1 100|63",
                        "tor1:eth48 100|63",
                        "tor1:eth1 100|63",
                        "compute1:eth0 100|63",
                        "compute1/br-bond:bond0 100|63",
                        "compute1:br-bond |63"));
        assertThat(rows(capture("vm-to-bare-metal")))
                .isEqualTo(then(
                        up(),
                        "|02:00:00:00:01:00|02:00:00:00:00:b1|",
                        "core1:eth1 100|63",
                        "tor1:eth48 100|63",
                        "tor1:eth9 |63",
                        "bm1:eth0 |63"));
    }

    /** An unknown preference or a wrong column is a warning on standard error. */
    @Test
    void tsharkTakesTheProfileWithoutAWarning() throws IOException {
        Path profile = Files.createDirectories(folder.resolve("config/profiles/Hopscope"));
        try (Stream<Path> files = Files.list(root().resolve("wireshark/Hopscope"))) {
            for (Path file : files.toList()) {
                Files.copy(file, profile.resolve(file.getFileName().toString()));
            }
        }
        List<String> said = Tshark.run(List.of(
                "sh",
                "-c",
                "WIRESHARK_CONFIG_DIR='" + folder.resolve("config") + "' tshark -C Hopscope -r '"
                        + capture("container-vxlan") + "' -Y vxlan 2>&1"));
        assertThat(said).noneMatch(line -> line.contains("arning") && !line.contains("root"));
        assertThat(said).anyMatch(line -> line.contains("n1:eth0") && line.contains("entropy port"));
    }

    @Test
    void vxlanAddsFiftyBytesAndKeepsOnePortAFlow() {
        Path file = capture("container-vxlan");
        List<String> pairs = Tshark.fields(
                file, "frame.interface_name == \"n1:flannel.1\" && icmp.type == 8", "frame.packet_id", "frame.len");
        assertThat(pairs).hasSize(6);
        for (String pair : pairs) {
            String[] words = pair.split("\\|");
            List<String> outer = Tshark.fields(
                    file,
                    "frame.interface_name == \"n1:eth0\" && frame.packet_id == " + words[0],
                    "frame.len",
                    "vxlan.vni",
                    "udp.dstport");
            assertThat(outer).containsExactly(Integer.parseInt(words[1]) + 50 + "|1|8472");
        }
        List<String> flows = Tshark.fields(
                file, "frame.interface_name == \"n1:eth0\" && icmp.type == 8", "udp.srcport", "vxlan.vni");
        assertThat(flows).hasSize(6);
        assertThat(flows.stream().distinct()).hasSize(2);
    }

    @Test
    void dropsCarryTheirReasonWhereTheyHappen() {
        Path file = capture("wrong-vlan");
        assertThat(Tshark.fields(file, "frame.comment contains \"drop:\"", "frame.interface_name", "frame.comment"))
                .anySatisfy(line -> assertThat(line).startsWith("tor1:eth48|drop: VLAN not allowed on this port"));
    }

    @Test
    void timesAreWholeNanosecondsThatNeverFall() {
        List<String> times = Tshark.fields(capture("openstack-provider"), "frame", "frame.time_epoch");
        List<String> sorted = new ArrayList<>(times);
        sorted.sort(String::compareTo);
        assertThat(times).isEqualTo(sorted).allMatch(time -> time.matches("[0-9]\\.[0-9]{9}"));
    }

    static List<String> golden() throws IOException {
        Path root = root().resolve("golden");
        try (Stream<Path> files = Files.walk(root)) {
            List<String> all = files.filter(file -> file.toString().endsWith(".yaml"))
                    .map(file -> root.relativize(file).toString().replace(".yaml", ""))
                    .sorted()
                    .toList();
            // Of our own captures each second, to save minutes; all of them where that is wanted.
            int step = Boolean.getBoolean("hopscope.golden.all") ? 1 : 2;
            return IntStream.range(0, all.size())
                    .filter(i -> i % step == 0 || !all.get(i).startsWith("own/"))
                    .mapToObj(all::get)
                    .toList();
        }
    }

    private static Path root() {
        return Path.of("").toAbsolutePath().getParent();
    }

    @ParameterizedTest
    @MethodSource("golden")
    @Execution(ExecutionMode.CONCURRENT)
    void agreesWithRealLinuxAtEveryInterface(String name) throws IOException {
        Path shared = root().resolveSibling("shared");
        Path tool = shared.resolve("tools/compare-capture");
        Path real = recorded(shared, name);
        assumeTrue(Files.exists(tool) && Files.exists(real), "the real captures are not beside the checkout");
        Path scenario = root().resolve("golden").resolve(name + ".yaml");
        Path file = folder.resolve("capture.pcapng");
        assertThat(Runner.run(Scenario.read(scenario, Map.of()), new RunPlan().capture(file), () -> 0)
                        .ok())
                .isTrue();
        Path ports = root().resolve("golden").resolve(name + ".ports");
        // What a scenario injects broken is broken in our capture as well, and the comparison ends with an exit code.
        boolean broken = Files.readString(scenario).contains("inject:");
        List<String> command =
                List.of("python3", tool.toString(), file.toString(), real.toString(), "--map", ports.toString());
        List<String> said = broken ? Tshark.run(tolerated(command)) : Tshark.run(command);
        assertThat(said.get(said.size() - 1)).startsWith("100.0 %");
    }

    private static List<String> tolerated(List<String> command) {
        List<String> all = new ArrayList<>(List.of("sh", "-c", "\"$@\" || true", "sh"));
        all.addAll(command);
        return all;
    }

    /** Those of {@code own}, which golden/record/record has made, are kept with the scenarios. */
    private Path recorded(Path shared, String name) throws IOException {
        Path kept = root().resolve("golden").resolve(name + ".pcapng.gz");
        if (!Files.exists(kept)) {
            Path ports = root().resolve("golden").resolve(name);
            return Files.isDirectory(ports) ? ports : shared.resolve("golden").resolve(name);
        }
        Path plain = folder.resolve("recorded.pcapng");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(kept))) {
            Files.copy(in, plain);
        }
        return plain;
    }

    /** The comparison above does not look into UDP: messages are the same bytes but for what is drawn at random. */
    @Test
    void dhcpMessagesAreThoseOfUdhcpcAndDnsmasqByteForByte() {
        String name = "dhcp/01-udhcpc-lease-renew-release";
        Path real = root().resolveSibling("shared/golden").resolve(name).resolve("c1_eth0.pcap");
        assumeTrue(Files.exists(real), "the real captures are not beside the checkout");
        Path file = folder.resolve("capture.pcapng");
        Path scenario = root().resolve("golden").resolve(name + ".yaml");
        Runner.run(Scenario.read(scenario, Map.of()), new RunPlan().capture(file), () -> 0);
        List<String> ours = messages(file, "frame.interface_name == \"c1:eth0\" && dhcp");
        assertThat(ours).hasSize(7).isEqualTo(messages(real, "dhcp"));
    }

    /** IP header fields and messages, without transaction numbers and, in a renewal, without T1 and T2. */
    private static List<String> messages(Path capture, String filter) {
        return Tshark.fields(capture, filter, "ip.ttl", "ip.dsfield", "ip.flags", "udp.payload").stream()
                .map(line -> line.replace(":", "").replaceFirst("\\|(0[12]010[06]0[01])[0-9a-f]{8}", "|$1xid"))
                .map(line -> line.contains("xid000000000a07006a0a07006a")
                        ? line.replaceFirst("3a04[0-9a-f]{8}3b04[0-9a-f]{8}", "T1 T2")
                        : line)
                .toList();
    }
}
