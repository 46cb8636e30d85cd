package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.devices.asic.AsicSpec;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.Stations;
import io.hopscope.protocols.asic.CoppProfile;
import io.hopscope.protocols.asic.PuntClass;
import io.hopscope.protocols.stp.Pace;
import io.hopscope.protocols.stp.PortState;
import io.hopscope.protocols.stp.Rstp;
import io.hopscope.protocols.stp.SpanningTree;
import io.hopscope.protocols.stp.Stp;
import io.hopscope.protocols.stp.TreeSettings;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsicTreeTest {
    private static final long ALL = 0xffff_ffff_ffffL;
    private static final long SECOND = 1000 * Lab.MILLI;
    private static final AsicSpec USUAL = AsicSpec.of("16k");

    private final Lab lab = new Lab();
    /** s1, s2 and s3, each one's right port to the next one's left; s1 is root, s3's link to s2 is closed by s3. */
    private final Device[] ring = new Device[3];

    private final Station[] stations = new Station[2];

    /**
     * @param silicon which of them have silicon: {@code "aia"} for the first and the third
     */
    private void build(String silicon, AsicSpec spec, Tree.Mode mode) {
        for (int i = 0; i < 3; i++) {
            Node node = lab.network.node("s" + (i + 1));
            ring[i] = silicon.charAt(i) == 'a'
                    ? new AsicSwitch(node, "", "switch", spec)
                    : new Switch(node, "", "switch");
            tree(ring[i], mode, TreeSettings.of(4096 * (i + 1), 0x0200_0000_1000L + i));
        }
        for (int i = 0; i < 3; i++) {
            lab.cable(attach(ring[i], "right"), attach(ring[(i + 1) % 3], "left"));
        }
        for (int i = 0; i < 2; i++) {
            stations[i] = new Station(lab.network.node("st" + i), 0x0200_0000_0001L + i);
            lab.cable(stations[i].port(), attach(ring[i * 2], "eth1"));
        }
        for (Device each : ring) {
            each.ports()
                    .forEach(port -> port.mac(0x0200_0000_2000L + each.node().ordinal() * 16 + port.tag));
        }
    }

    private static void tree(Device of, Tree.Mode mode, TreeSettings settings) {
        Stations table = of instanceof AsicSwitch asic ? asic.stations() : ((Switch) of).fdb();
        Function<SpanningTree.Owner, SpanningTree> maker =
                owner -> mode == Tree.Mode.RSTP ? new Rstp(settings, owner) : new Stp(settings, owner, Pace.EXACT);
        Tree made = new Tree(of, table, mode, maker);
        if (of instanceof AsicSwitch asic) {
            asic.tree(made);
        } else {
            ((Switch) of).tree(made);
        }
    }

    private static Port attach(Device to, String name) {
        VlanRules rules = VlanRules.trunk(null, 1);
        return to instanceof AsicSwitch asic ? asic.attach(name, rules) : ((Switch) to).attach(name, rules);
    }

    private void carrier(Device a, Device b, boolean on, long at) {
        for (Port end : List.of(a.port("left"), b.port("right"))) {
            end.node().at(at, now -> end.carrier(on, now));
        }
    }

    private PortState state(int device, String port) {
        return ((TreeOwner) ring[device]).tree().state(ring[device].port(port));
    }

    private long heard(String port) {
        return lab.seen.stream()
                .filter(line -> line.startsWith(port + " in") && !line.contains("STP"))
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaa", "iai", "aia", "iia"})
    void aRingOfRapidSwitchesCarriesOneCopyAndHealsWithinMilliseconds(String silicon) {
        build(silicon, USUAL, Tree.Mode.RSTP);
        stations[0].sends(10 * SECOND, ALL);
        stations[1].sends(10 * SECOND + Lab.MILLI, stations[0].mac());
        carrier(ring[0], ring[2], false, 20 * SECOND);
        stations[0].sends(20 * SECOND + 10 * Lab.MILLI, stations[1].mac());
        Totals totals = lab.run(25 * SECOND);
        assertThat(heard("st1:eth0"))
                .as("one copy each, and the stale entry was flushed")
                .isEqualTo(2);
        assertThat(heard("st0:eth0")).isEqualTo(1);
        assertThat(totals.drops()).anyMatch(drop -> drop.reason().name().equals("BLOCKED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaa", "iai", "aia"})
    void aLinkThatComesBackMovesTheTreeBack(String silicon) {
        build(silicon, USUAL, Tree.Mode.RSTP);
        carrier(ring[0], ring[2], false, 10 * SECOND);
        carrier(ring[0], ring[2], true, 20 * SECOND);
        lab.network.node("s3").at(15 * SECOND, now -> assertThat(state(2, "left"))
                .isEqualTo(PortState.FORWARDING));
        stations[0].sends(30 * SECOND, ALL);
        lab.run(31 * SECOND);
        assertThat(state(2, "right")).isEqualTo(PortState.FORWARDING);
        assertThat(state(2, "left")).isEqualTo(PortState.BLOCKING);
        assertThat(heard("st1:eth0")).isEqualTo(1);
    }

    @Test
    void aRingOfOldSwitchesNeedsTwiceTheForwardDelayAndAgesFastMeanwhile() {
        build("aaa", USUAL, Tree.Mode.STP);
        stations[1].sends(100 * SECOND, ALL);
        carrier(ring[0], ring[2], false, 120 * SECOND);
        stations[0].sends(140 * SECOND, stations[1].mac());
        stations[0].sends(180 * SECOND, stations[1].mac());
        lab.run(240 * SECOND);
        assertThat(heard("st1:eth0")).isEqualTo(1);
        assertThat(heard("s3:left"))
                .as("the broadcast that came round, and what s2 flooded when st1 had aged there")
                .isEqualTo(2);
        assertThat(((AsicSwitch) ring[1]).stations().ageing())
                .as("the change is over")
                .isEqualTo(AsicSpec.FDB_AGE);
    }

    @Test
    void aBlockedPortSaysWhy() {
        build("aaa", USUAL, Tree.Mode.RSTP);
        stations[0].sends(10 * SECOND, ALL);
        lab.run(11 * SECOND);
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("s3:left in")
                        && line.contains("drop: the port does not forward (spanning tree) (port is blocking)"));
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("s3:right in")
                        && line.contains("a bridge protocol data unit: to the CPU, class bpdu"));
    }

    /** s3's CPU handles five packets a second, and somebody pings it a thousand times a second. */
    private void starve(String copp) {
        AsicSpec.Cpu cpu = new AsicSpec.Cpu(5, 50, CoppProfile.named(copp), 0, 0, true);
        build(
                "aaa",
                new AsicSpec(USUAL.tables(), List.of(), USUAL.fdbAge(), USUAL.hostAge(), cpu, null, USUAL.sample()),
                Tree.Mode.RSTP);
        AsicSwitch s3 = (AsicSwitch) ring[2];
        s3.svi(1, 0x0200_0000_0303L).address(InterfaceAddress.parse("10.0.0.3/24"));
        Host rogue = lab.host("rogue", "10.0.0.9/24");
        lab.cable(rogue.port("eth0"), attach(s3, "eth2").mac(0x0200_0000_0304L));
        lab.exec(10 * SECOND, rogue, "ping -c 14000 -i 0.001 10.0.0.3");
        lab.run(24 * SECOND);
    }

    @Test
    void aStarvedCpuLosesBpdusAndOpensTheLoopThatTheTreeHadClosed() {
        starve("none");
        assertThat(state(2, "left")).isEqualTo(PortState.FORWARDING);
        assertThat(((AsicSwitch) ring[2]).refused(PuntClass.BPDU)).isPositive();
    }

    @Test
    void policingKeepsTheTreeOfABusyCpu() {
        starve("sonic");
        assertThat(state(2, "left")).isEqualTo(PortState.BLOCKING);
        assertThat(((AsicSwitch) ring[2]).refused(PuntClass.BPDU)).isZero();
    }

    @Test
    void aCrashedSwitchLeavesTheTreeAndJoinsItAgain() {
        AsicSpec.Cpu cpu = new AsicSpec.Cpu(10, 50, CoppProfile.named("sonic"), 0, 0, true);
        AsicSpec.Crash crash = new AsicSpec.Crash(AsicSpec.Cause.CPU, SECOND, 10 * SECOND);
        build(
                "aaa",
                new AsicSpec(USUAL.tables(), List.of(), USUAL.fdbAge(), USUAL.hostAge(), cpu, crash, USUAL.sample()),
                Tree.Mode.RSTP);
        AsicSwitch s1 = (AsicSwitch) ring[0];
        s1.svi(1, 0x0200_0000_0303L).address(InterfaceAddress.parse("10.0.0.3/24"));
        Host rogue = lab.host("rogue", "10.0.0.9/24");
        lab.cable(rogue.port("eth0"), attach(s1, "eth2").mac(0x0200_0000_0304L));
        lab.exec(10 * SECOND, rogue, "ping -c 200 -i 0.01 10.0.0.3");
        lab.network.node("s2").at(20 * SECOND, now -> assertThat(state(2, "left"))
                .as("s1 is down: s2 is the root")
                .isEqualTo(PortState.FORWARDING));
        lab.run(40 * SECOND);
        assertThat(s1.metrics(40 * SECOND).last("crashes")).isEqualTo(1);
        assertThat(state(2, "left")).isEqualTo(PortState.BLOCKING);
    }

    @Test
    void readOutsShowPortsAndStationsAsThoseOfABridge() {
        build("aaa", USUAL, Tree.Mode.RSTP);
        stations[0].sends(10 * SECOND, ALL);
        Task link = lab.exec(11 * SECOND, ring[2].node(), null, "bridge -d link show dev left");
        Task fdb = lab.exec(11 * SECOND, ring[2].node(), null, "bridge fdb show");
        Task tree = lab.exec(11 * SECOND, ring[2].node(), null, "brctl showstp s3");
        lab.run(12 * SECOND);
        assertThat(link.lines()).hasSize(2);
        assertThat(link.lines().get(0)).contains("master s3 state blocking");
        assertThat(link.lines().get(1)).contains("role alternate");
        assertThat(fdb.lines()).containsExactly("02:00:00:00:00:01 dev right vlan 1 master s3 ");
        assertThat(tree.lines()).anyMatch(line -> line.contains("designated root") && line.contains("1000."));
    }
}
