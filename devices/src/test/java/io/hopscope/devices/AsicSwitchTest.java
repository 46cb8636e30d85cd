package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Drop;
import io.hopscope.core.Totals;
import io.hopscope.devices.asic.AsicSpec;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.devices.asic.TableUse;
import io.hopscope.devices.programs.RouteWords;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.asic.AclRule;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.CoppProfile;
import io.hopscope.protocols.asic.HashFunction;
import io.hopscope.protocols.asic.HashTableSpec;
import io.hopscope.protocols.asic.HashTableSpec.Policy;
import io.hopscope.protocols.asic.PuntClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AsicSwitchTest {
    private static final long SECOND = 1000 * Lab.MILLI;
    private static final AsicSpec USUAL = AsicSpec.of("16k");

    private Lab lab = new Lab();
    private final List<Host> hosts = new ArrayList<>();
    private AsicSwitch core;

    /** A router with a host in each of the VLANs from 101 on. */
    private void build(AsicSpec spec, int vlans) {
        core = new AsicSwitch(lab.network.node("core"), "", "router", spec);
        for (int i = 0; i < vlans; i++) {
            int vlan = 101 + i;
            core.svi(vlan, 0x0200_0000_0100L + i).address(InterfaceAddress.parse("10.1." + vlan + ".1/24"));
            host(vlan, 11);
        }
    }

    private Host host(int vlan, int number) {
        Host made =
                lab.host("h" + hosts.size(), "10.1." + vlan + "." + number + "/24", "default via 10.1." + vlan + ".1");
        lab.cable(made.port("eth0"), core.attach("eth" + hosts.size(), VlanRules.access(vlan)));
        hosts.add(made);
        return made;
    }

    private static AsicSpec tables(AsicProfile tables) {
        return with(tables, USUAL.cpu(), null);
    }

    private static AsicSpec with(AsicProfile tables, AsicSpec.Cpu cpu, AsicSpec.Crash crash) {
        return new AsicSpec(tables, List.of(), USUAL.fdbAge(), USUAL.hostAge(), cpu, crash, USUAL.sample());
    }

    /** Room for so many entries, in one bucket. */
    private static HashTableSpec bucket(int slots) {
        return new HashTableSpec(slots, slots, 1, 1, 0, Policy.LEAST_LOADED, List.of(HashFunction.ZERO));
    }

    private static AsicProfile hosts(int room) {
        AsicProfile usual = USUAL.tables();
        return usual.tables(usual.fdb(), bucket(room));
    }

    private static AsicSpec.Cpu cpu(int rate, int queue, CoppProfile copp) {
        return new AsicSpec.Cpu(rate, queue, copp, Lab.MILLI, Lab.MILLI / 2, true);
    }

    private static long dropped(Totals totals, String reason) {
        return totals.drops().stream()
                .filter(drop -> drop.reason().name().equals(reason))
                .mapToLong(Drop::frames)
                .sum();
    }

    private long counted(String name) {
        return core.metrics(100 * SECOND).last(name);
    }

    @Test
    void routesInHardwareOnceTheCpuHasResolvedTheHosts() {
        build(USUAL, 2);
        Task ping = lab.exec(Lab.MILLI, hosts.get(0), "ping -c 3 10.1.102.11");
        core.stack().neighbourTable().permanent(2, Lab.ip("10.1.101.9"), 0x0200_0000_0909L);
        Task entries = lab.exec(4 * SECOND, core.node(), null, "asic hosts");
        Task stations = lab.exec(4 * SECOND, core.node(), null, "asic fdb");
        Totals totals = lab.run(5 * SECOND);
        assertThat(entries.lines())
                .containsExactly(
                        "10.1.101.9 lladdr 02:00:00:00:09:09 vlan 101",
                        "10.1.101.11 lladdr 02:00:00:00:00:02 vlan 101",
                        "10.1.102.11 lladdr 02:00:00:00:00:03 vlan 102");
        assertThat(stations.lines())
                .containsExactly("vlan 101 02:00:00:00:00:02 port eth0", "vlan 102 02:00:00:00:00:03 port eth1");
        assertThat(ping.lines()).filteredOn(line -> line.contains("ttl=63")).hasSize(3);
        assertThat(totals.dropped()).isZero();
        assertThat(lab.seen)
                .as("the first goes by way of the CPU")
                .anyMatch(line -> line.startsWith("core:eth0 in")
                        && line.contains("seq 1,")
                        && line.contains("no entry for the host or next hop: to the CPU, class neighbour"));
        assertThat(lab.seen)
                .as("the others do not")
                .anyMatch(line -> line.startsWith("core:eth0 in")
                        && line.contains("seq 3,")
                        && line.contains("host table: 10.1.102.11 is 02:00:00:00:00:03 in VLAN 102; TTL 64 -> 63"));
        assertThat(counted("host.entries")).isEqualTo(3);
        assertThat(counted("host.missing")).isZero();
    }

    @Test
    void aHostThatFindsNoRoomIsForwardedToByTheCpuAMillisecondLater() {
        build(tables(hosts(2)), 3);
        Task covered = lab.exec(Lab.MILLI, hosts.get(0), "ping -c 3 10.1.102.11");
        Task left = lab.exec(SECOND, hosts.get(0), "ping -c 5 10.1.103.11");
        lab.run(8 * SECOND);
        assertThat(counted("host.entries")).isEqualTo(2);
        assertThat(counted("host.missing")).isEqualTo(1);
        assertThat(counted("host.firstFailure")).isEqualTo(2);
        assertThat(time(covered, 3)).isLessThan(0.1);
        for (int i = 2; i <= 5; i++) {
            assertThat(time(left, i)).as("round trip %d", i).isBetween(0.5, 2.0);
        }
    }

    private TableUse table(String name) {
        return core.tables().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tellsHowFullItsTablesAreAndWhomTheyCover() {
        AsicProfile usual = hosts(2);
        AsicProfile small = new AsicProfile("small", usual.fdb(), usual.host(), 6, 1, 0, 0, 8, 16);
        build(tables(small), 3);
        for (String gateway : List.of("10.1.102.11", "10.1.103.11")) {
            core.route(RouteWords.parse(core.stack(), List.of("10.9.0.0/16", "via", gateway)));
        }
        lab.exec(Lab.MILLI, hosts.get(0), "ping -c 1 10.1.102.11");
        lab.exec(SECOND, hosts.get(0), "ping -c 5 10.1.103.11");
        lab.run(8 * SECOND);
        assertThat(core.tables().stream().map(TableUse::name))
                .containsExactly("fdb", "host", "lpm", "ecmp", "ecmp-members", "acl");
        assertThat(table("host")).isEqualTo(new TableUse("host", 2, 2, 2, 1, 1, 2));
        assertThat(table("fdb").used()).isEqualTo(3);
        assertThat(table("fdb").firstFailure()).isEqualTo(-1);
        assertThat(table("ecmp").collisions()).isEqualTo(1);
        assertThat(core.covered(Lab.ip("10.1.103.11")))
                .as("a next hop, looked for from the start")
                .isTrue();
        assertThat(core.covered(Lab.ip("10.1.101.11"))).isFalse();
        assertThat(core.punts()).isEqualTo(counted("cpu.punts"));
        assertThat(core.coppDrops()).isZero();
        assertThat(core.cpuBusy()).isEqualTo(core.punts() * SECOND / 5000);
    }

    private static double time(Task ping, int line) {
        String text = ping.lines().get(line);
        int at = text.indexOf("time=") + 5;
        return Double.parseDouble(text.substring(at, text.indexOf(' ', at)));
    }

    @Test
    void whatIsLostForAHostWithoutAnEntryIsWhatCoppTakes() {
        CoppProfile few = CoppProfile.named("sonic").with(PuntClass.NEIGHBOUR, 20);
        build(with(hosts(2), cpu(5000, 1000, few), null), 3);
        lab.exec(Lab.MILLI, hosts.get(0), "ping -c 1 10.1.102.11");
        Task left = lab.exec(SECOND, hosts.get(0), "ping -c 1000 -i 0.01 10.1.103.11");
        Totals totals = lab.run(15 * SECOND);
        // 100 packets/s for 10 s against 20/s and a burst of 20.
        assertThat(dropped(totals, "POLICED")).isBetween(775L, 785L);
        assertThat(left.lines()).anyMatch(line -> line.matches("1000 packets transmitted, 2[0-9]{2} received.*"));
        assertThat(counted("cpu.coppDrops")).isEqualTo(dropped(totals, "POLICED"));
        assertThat(lab.seen).anyMatch(line -> line.contains("drop: too many of its class for the CPU (CoPP)"));
    }

    @Test
    void withoutCoppPuntedTrafficTakesTheRoomOfTheControlPlane() {
        for (String copp : List.of("none", "sonic")) {
            lab = new Lab();
            hosts.clear();
            build(with(hosts(2), cpu(300, 50, CoppProfile.named(copp)), null), 3);
            lab.exec(Lab.MILLI, hosts.get(0), "ping -c 1 10.1.102.11");
            lab.exec(SECOND, hosts.get(0), "ping -c 5000 -i 0.001 10.1.103.11");
            Task manage = lab.exec(2 * SECOND, hosts.get(1), "ping -c 20 -i 0.1 -W 0.5 10.1.102.1");
            lab.run(7 * SECOND);
            String summary = manage.lines().stream()
                    .filter(line -> line.contains("received"))
                    .findFirst()
                    .orElseThrow();
            if (copp.equals("none")) {
                assertThat(summary).doesNotContain("20 received");
                assertThat(counted("cpu.queueDrops")).isGreaterThan(1000);
            } else {
                assertThat(summary).contains("20 received");
            }
        }
    }

    @Test
    void aStationThatIsNotLearnedIsFloodedTo() {
        AsicProfile usual = USUAL.tables();
        core = new AsicSwitch(lab.network.node("sw"), "", "switch", tables(usual.tables(bucket(1), usual.host())));
        Station[] stations = new Station[3];
        for (int i = 0; i < 3; i++) {
            stations[i] = new Station(lab.network.node("s" + i), 0x0200_0000_0010L + i);
            lab.cable(stations[i].port(), core.attach("eth" + i, VlanRules.access(101)));
            stations[i].sends(i * Lab.MILLI, 0xffff_ffff_ffffL);
        }
        stations[2].sends(10 * Lab.MILLI, stations[0].mac());
        stations[2].sends(11 * Lab.MILLI, stations[1].mac());
        lab.run();
        assertThat(stations[0].heard())
                .as("two broadcasts, its own frame, another's")
                .isEqualTo(4);
        assertThat(stations[1].heard()).as("two broadcasts, its own frame").isEqualTo(3);
        assertThat(counted("fdb.collisions")).isEqualTo(4);
        assertThat(counted("floodedUnicast")).isEqualTo(1);
    }

    @Test
    void aFullTableCrashesASwitchThatIsMadeSoAndItComesBackEmpty() {
        AsicSpec.Crash crash = new AsicSpec.Crash(AsicSpec.Cause.TABLE_FULL, SECOND, 2 * SECOND);
        build(with(hosts(2), USUAL.cpu(), crash), 3);
        Task first = lab.exec(Lab.MILLI, hosts.get(0), "ping -c 1 10.1.102.11");
        lab.exec(SECOND, hosts.get(0), "ping -c 1 10.1.103.11");
        Task during = lab.exec(2 * SECOND, hosts.get(0), "ping -c 1 -W 0.5 10.1.102.11");
        Task after = lab.exec(5 * SECOND, hosts.get(0), "ping -c 3 10.1.102.11");
        Totals totals = lab.run(10 * SECOND);
        assertThat(first.exit()).isZero();
        assertThat(during.exit()).isEqualTo(1);
        assertThat(after.exit()).isZero();
        assertThat(dropped(totals, "REBOOTING")).isPositive();
        assertThat(counted("crashes"))
                .as("the third host asks for its gateway again, and the table is full again")
                .isBetween(1L, 3L);
    }

    @Test
    void aCpuThatIsBusyForTooLongCrashesASwitchThatIsMadeSo() {
        AsicSpec.Crash crash = new AsicSpec.Crash(AsicSpec.Cause.CPU, SECOND, 2 * SECOND);
        build(with(hosts(2), cpu(100, 1000, CoppProfile.named("none")), crash), 3);
        lab.exec(Lab.MILLI, hosts.get(0), "ping -c 1 10.1.102.11");
        lab.exec(SECOND, hosts.get(0), "ping -c 1000 -i 0.005 10.1.103.11");
        lab.run(7 * SECOND);
        assertThat(counted("crashes")).isBetween(1L, 2L);
    }

    @Test
    void flowsSpreadOverEqualNextHopsWhichRoutesShare() {
        build(USUAL, 3);
        for (String prefix : List.of("10.9.0.0/16", "10.8.0.0/16")) {
            for (String gateway : List.of("10.1.102.11", "10.1.103.11")) {
                core.route(RouteWords.parse(core.stack(), List.of(prefix, "via", gateway)));
            }
        }
        for (int i = 1; i <= 40; i++) {
            lab.exec(SECOND, hosts.get(0), "ping -c 1 -W 0.1 10.9.0." + i);
        }
        lab.run(3 * SECOND);
        assertThat(counted("ecmp.groups")).isEqualTo(1);
        assertThat(counted("ecmp.members")).isEqualTo(2);
        for (String port : List.of("h1:eth0", "h2:eth0")) {
            assertThat(lab.at(port))
                    .filteredOn(line -> line.startsWith("in") && line.contains("> 10.9."))
                    .hasSizeBetween(10, 30);
        }
        assertThat(lab.seen).anyMatch(line -> line.contains("LPM -> ECMP group of 2, next hop 10.1.103.11"));
    }

    @Test
    void aRouteThatFindsNoRoomIsTheCpusWork() {
        AsicProfile usual = USUAL.tables();
        AsicProfile small = new AsicProfile(
                "small", usual.fdb(), usual.host(), 5, 1, usual.ecmpGroups(), usual.ecmpMembers(), 8, 16);
        build(tables(small), 2);
        core.route(RouteWords.parse(core.stack(), List.of("10.9.0.0/16", "via", "10.1.102.11")));
        core.route(RouteWords.parse(core.stack(), List.of("10.8.0.0/16", "via", "10.1.102.11")));
        lab.route(hosts.get(1), "10.1.101.0/24 via 10.1.102.1");
        hosts.get(1).addInterface("lo8", 0x0200_0000_0801L).address(InterfaceAddress.parse("10.8.0.1/32"));
        hosts.get(1).addInterface("lo9", 0x0200_0000_0901L).address(InterfaceAddress.parse("10.9.0.1/32"));
        Task eight = lab.exec(SECOND, hosts.get(0), "ping -c 3 10.8.0.1");
        Task nine = lab.exec(SECOND, hosts.get(0), "ping -c 3 10.9.0.1");
        lab.run(5 * SECOND);
        assertThat(counted("lpm.used")).isEqualTo(5);
        assertThat(counted("lpm.refused")).isEqualTo(1);
        assertThat(time(eight, 3)).as("in the table").isLessThan(0.1);
        assertThat(time(nine, 3)).as("by the CPU").isGreaterThan(0.5);
    }

    /** Hosts 1 and 2 have 10.8.0.1 and 10.9.0.1 each. */
    private void behind() {
        for (int i = 1; i < 3; i++) {
            lab.route(hosts.get(i), "10.1.101.0/24 via 10.1." + (101 + i) + ".1");
            for (int net = 8; net < 10; net++) {
                hosts.get(i)
                        .addInterface("lo" + net, 0x0200_0000_0800L + net * 16 + i)
                        .address(InterfaceAddress.parse("10." + net + ".0.1/32"));
            }
        }
    }

    private Task router(long at, String command) {
        return lab.exec(at, core.node(), null, command);
    }

    @Test
    void routesThatAreAddedReplacedAndDeletedReachTheSilicon() {
        build(USUAL, 3);
        behind();
        router(SECOND, "ip route add 10.8.0.0/16 nexthop via 10.1.102.11 nexthop via 10.1.103.11 dev vlan103");
        Task shown = router(SECOND + Lab.MILLI, "ip route show");
        Task tables = router(SECOND + Lab.MILLI, "asic tables");
        Task both = lab.exec(2 * SECOND, hosts.get(0), "ping -c 3 10.8.0.1");
        router(6 * SECOND, "ip route replace 10.8.0.0/16 via 10.1.103.11");
        Task one = lab.exec(7 * SECOND, hosts.get(0), "ping -c 3 10.8.0.1");
        router(11 * SECOND, "ip route del 10.8.0.0/16");
        Task none = lab.exec(12 * SECOND, hosts.get(0), "ping -c 1 10.8.0.1");
        lab.run(15 * SECOND);
        assertThat(shown.lines())
                .contains(
                        "10.8.0.0/16 ",
                        "\tnexthop via 10.1.102.11 dev vlan102 weight 1 ",
                        "\tnexthop via 10.1.103.11 dev vlan103 weight 1 ");
        assertThat(tables.lines()).anyMatch(line -> line.matches("ecmp +1 .*"));
        assertThat(time(both, 3)).as("by silicon").isLessThan(0.1);
        assertThat(time(one, 3)).isLessThan(0.1);
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("core:eth0 in") && line.contains("LPM -> next hop 10.1.103.11"));
        assertThat(none.lines()).anyMatch(line -> line.contains("Destination Net Unreachable"));
        assertThat(table("ecmp").used()).isZero();
        assertThat(table("ecmp").watermark()).isEqualTo(1);
    }

    @Test
    void aRouteThatFoundNoRoomGetsItWhenThereIsSome() {
        AsicProfile usual = USUAL.tables();
        AsicProfile small = new AsicProfile("small", usual.fdb(), usual.host(), 7, 1, 1, 2, 8, 16);
        build(tables(small), 3);
        behind();
        router(SECOND, "ip route add 10.9.0.0/16 via 10.1.102.11");
        router(SECOND, "ip route add 10.8.0.0/16 nexthop via 10.1.102.11 nexthop via 10.1.103.11");
        Task full = router(2 * SECOND, "asic tables");
        Task before = lab.exec(2 * SECOND, hosts.get(0), "ping -c 3 10.8.0.1");
        router(6 * SECOND, "ip route del 10.9.0.0/16");
        Task after = lab.exec(7 * SECOND, hosts.get(0), "ping -c 3 10.8.0.1");
        lab.run(11 * SECOND);
        assertThat(full.lines()).anyMatch(line -> line.matches("lpm +7 +7 +7 +1 +1"));
        assertThat(full.lines()).anyMatch(line -> line.matches("ecmp +0 .*"));
        assertThat(time(before, 3)).as("by the CPU").isGreaterThan(0.5);
        assertThat(time(after, 3)).as("by silicon").isLessThan(0.1);
        assertThat(table("lpm").missing()).isZero();
    }

    @Test
    void neighboursThatAreSetAndForgottenReachTheSilicon() {
        build(USUAL, 2);
        router(SECOND, "ip neigh replace 10.1.102.77 lladdr 02:00:00:00:07:07 dev vlan102 nud permanent");
        lab.exec(SECOND, hosts.get(0), "ping -c 1 10.1.102.11");
        Task full = router(2 * SECOND, "asic hosts");
        router(3 * SECOND, "ip neigh flush all");
        Task left = router(3 * SECOND + Lab.MILLI, "asic hosts");
        lab.run(4 * SECOND);
        assertThat(full.lines()).hasSize(3).contains("10.1.102.77 lladdr 02:00:00:00:07:07 vlan 102");
        assertThat(left.lines()).containsExactly("10.1.102.77 lladdr 02:00:00:00:07:07 vlan 102");
    }

    @Test
    void hostsThatArePreloadedAreForwardedToBySiliconAtOnceIfTheyFoundRoom() {
        build(tables(hosts(2)), 3);
        List<Boolean> covered = new ArrayList<>();
        for (Host each : hosts) {
            NetInterface eth0 = each.stack().find("eth0");
            NetInterface svi = core.stack().interfaces().get(covered.size());
            covered.add(core.warm(svi, eth0.primary(), eth0.mac(), eth0.port().peer()));
        }
        Task ping = lab.exec(Lab.MILLI, hosts.get(0), "ping -c 1 10.1.102.11");
        Task slow = lab.exec(SECOND, hosts.get(0), "ping -c 1 10.1.103.11");
        Task tables = router(3 * SECOND, "asic tables");
        Task known = router(3 * SECOND, "ip neigh show");
        lab.run(4 * SECOND);
        assertThat(covered).containsExactly(true, true, false);
        assertThat(time(ping, 1)).as("no packet of it is the CPU's").isLessThan(0.5);
        assertThat(time(slow, 1)).isGreaterThan(0.5);
        assertThat(counted("host.preloaded")).isEqualTo(3);
        assertThat(counted("host.attempts")).as("nobody is tried twice").isEqualTo(3);
        assertThat(tables.lines()).contains("3 hosts were preloaded");
        assertThat(known.lines()).hasSize(3);
    }

    @Test
    void anAccessRuleDeniesAndSaysWhich() {
        AsicSpec spec = new AsicSpec(
                USUAL.tables(),
                List.of(
                        AclRule.parse("permit icmp any 10.1.102.1"),
                        AclRule.parse("deny icmp 10.1.101.0/24 10.1.102.0/24")),
                USUAL.fdbAge(),
                USUAL.hostAge(),
                USUAL.cpu(),
                null,
                USUAL.sample());
        build(spec, 2);
        Task denied = lab.exec(Lab.MILLI, hosts.get(0), "ping -c 1 -W 1 10.1.102.11");
        Task permitted = lab.exec(Lab.MILLI, hosts.get(0), "ping -c 1 -W 1 10.1.102.1");
        Totals totals = lab.run(3 * SECOND);
        assertThat(denied.exit()).isEqualTo(1);
        assertThat(permitted.exit()).isZero();
        assertThat(dropped(totals, "DENIED")).isEqualTo(1);
        assertThat(lab.seen)
                .anyMatch(line -> line.contains(
                        "drop: denied by an access rule (ACL rule 2: deny icmp 10.1.101.0/24 10.1.102.0/24)"));
    }

    @Test
    void theCpuAnswersForTheSwitchAndTellsWhereTtlRunsOut() {
        build(USUAL, 2);
        Task trace = lab.exec(Lab.MILLI, hosts.get(0), "traceroute -n 10.1.102.11");
        lab.run(10 * SECOND);
        assertThat(trace.lines().get(1)).contains("10.1.101.1");
        assertThat(trace.lines().get(2)).contains("10.1.102.11");
    }

    @Test
    void announcementsFillTheHostTableWhereGratuitousArpIsBelieved() {
        build(USUAL, 1);
        NetInterface eth0 = hosts.get(0).stack().find("eth0");
        hosts.get(0).node().at(Lab.MILLI, now -> GratuitousArp.announce(eth0, eth0.mac()));
        lab.run(SECOND);
        assertThat(counted("host.entries")).isEqualTo(1);
    }

    @Test
    void countersAreWrittenAtRegularInstantsWhenSomethingHasChanged() {
        build(USUAL, 2);
        lab.exec(3 * SECOND / 2 + Lab.MILLI, hosts.get(0), "ping -c 1 10.1.102.11");
        lab.run(5 * SECOND);
        TimeSeries series = core.metrics(5 * SECOND);
        int entries = series.names().indexOf("host.entries");
        assertThat(series.instant(0)).isEqualTo(USUAL.sample());
        assertThat(series.value(0, entries)).isZero();
        assertThat(series.size()).isLessThan(8);
        assertThat(series.last("host.entries")).isEqualTo(2);
        int utilisation = series.names().indexOf("cpu.utilisation");
        long most = 0;
        for (int i = 0; i < series.size(); i++) {
            assertThat(series.instant(i) % USUAL.sample()).isZero();
            most = Math.max(most, series.value(i, utilisation));
        }
        assertThat(most).as("a few packets of 0.2 ms in 100 ms").isBetween(4L, 20L);
    }
}
