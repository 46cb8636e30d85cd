package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import io.hopscope.protocols.stp.Pace;
import io.hopscope.protocols.stp.Rstp;
import io.hopscope.protocols.stp.Stp;
import io.hopscope.protocols.stp.TreeSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwitchTest {
    private static final long ALL = 0xffff_ffff_ffffL;

    private final Lab lab = new Lab();
    private final Switch sw = new Switch(lab.network.node("sw"), "", "switch");

    private Station station(String name, VlanRules rules) {
        Station station = new Station(
                lab.network.node(name), 0x0200_0000_0000L + lab.network.nodes().size());
        lab.cable(station.port(), sw.attach(name, rules));
        return station;
    }

    private static List<String> reasons(Totals totals) {
        return totals.drops().stream().map(drop -> drop.reason().name()).toList();
    }

    @Test
    void floodsUnknownUnicastOnlyInsideTheVlan() {
        Station a = station("a", VlanRules.access(101));
        Station b = station("b", VlanRules.access(101));
        Station other = station("other", VlanRules.access(102));
        Station trunk = station("trunk", VlanRules.trunk(new int[] {101, 102}, -1));
        a.sends(0, 0x0200_0000_0099L);
        lab.run();
        assertThat(b.heard()).isEqualTo(1);
        assertThat(b.lastTagged()).isFalse();
        assertThat(other.heard()).isZero();
        assertThat(trunk.lastVid()).isEqualTo(101);
    }

    @Test
    void learnsAStationInItsVlanOnly() {
        Station a = station("a", VlanRules.access(101));
        Station other = station("other", VlanRules.access(102));
        Station third = station("third", VlanRules.access(102));
        a.sends(0, ALL);
        other.sends(Lab.MILLI, a.mac());
        lab.run();
        assertThat(a.heard()).as("known in VLAN 101, unknown in 102").isZero();
        assertThat(third.heard()).isEqualTo(1);
    }

    @Test
    void refusesTaggedOnAccessUntaggedOnTrunkAndVlansNotAllowed() {
        Station access = station("access", VlanRules.access(101));
        Station trunk = station("trunk", VlanRules.trunk(new int[] {101}, -1));
        access.sendsTagged(0, 101, ALL);
        trunk.sends(Lab.MILLI, ALL);
        trunk.sendsTagged(2 * Lab.MILLI, 102, ALL);
        Totals totals = lab.run();
        assertThat(reasons(totals)).containsExactly("TAGGED_ON_ACCESS", "UNTAGGED_ON_TRUNK", "VLAN_NOT_ALLOWED");
        assertThat(access.heard() + trunk.heard()).isZero();
    }

    @Test
    void takesAPriorityTagForNone() {
        Station a = station("a", VlanRules.access(101));
        Station b = station("b", VlanRules.access(101));
        a.sendsTagged(0, 0xe000, ALL);
        lab.run();
        assertThat(b.heard()).isEqualTo(1);
        assertThat(b.lastTagged()).isFalse();
    }

    @Test
    void theNativeVlanGoesUntaggedOnATrunk() {
        Station trunk = station("trunk", VlanRules.trunk(new int[] {101, 102}, 101));
        Station a = station("a", VlanRules.access(101));
        trunk.sends(0, ALL);
        a.sends(Lab.MILLI, ALL);
        lab.run();
        assertThat(a.heard()).isEqualTo(1);
        assertThat(trunk.heard()).isEqualTo(1);
        assertThat(trunk.lastTagged()).isFalse();
    }

    @Test
    void routesBetweenItsVlansAndAnswersArpWithTheVirtualMacFromTheRealOne() {
        Lab routed = new Lab();
        Switch router = new Switch(routed.network.node("r"), "", "router");
        Host[] hosts = new Host[2];
        for (int i = 0; i < 2; i++) {
            int vlan = 101 + i;
            hosts[i] = routed.host("h" + i, "10.1." + vlan + ".11/24", "default via 10.1." + vlan + ".1");
            routed.cable(hosts[i].port("eth0"), router.attach("eth" + i, VlanRules.access(vlan)));
            router.svi(vlan, 0x0200_0000_0101L + i)
                    .virtualMac(0x0000_5e00_0165L + i)
                    .address(InterfaceAddress.parse("10.1." + vlan + ".1/24"));
        }
        Task ping = routed.exec(Lab.MILLI, hosts[0], "ping -c 2 10.1.102.11");
        Totals totals = routed.run(3_000 * Lab.MILLI);
        assertThat(ping.lines().get(1)).contains("ttl=63");
        assertThat(routed.at("h0:eth0"))
                .contains("in ARP, Reply 10.1.101.1 is-at 00:00:5e:00:01:65, length 28")
                .contains("in ARP, Request who-has 10.1.101.1 tell 10.1.101.1, length 28");
        assertThat(totals.dropped()).isZero();
        assertThat(router.fdb().lookup(101, 0x0000_5e00_0165L, 0))
                .as("its own virtual MAC is not learned")
                .isEqualTo(-1);
    }

    private static Switch rapid(Lab lab, String name, int priority, Tree.Mode mode) {
        Switch made = new Switch(lab.network.node(name), "", "switch");
        TreeSettings settings = TreeSettings.of(priority, 0x0200_0000_1000L + priority);
        made.tree(new Tree(
                made,
                made.fdb(),
                mode,
                owner -> mode == Tree.Mode.RSTP ? new Rstp(settings, owner) : new Stp(settings, owner, Pace.EXACT)));
        return made;
    }

    /** Three switches in a ring, a station on two of them; s3's port to s2 blocks. */
    private static Station[] ring(Lab lab, Tree.Mode mode, Switch[] switches) {
        for (int i = 0; i < 3; i++) {
            switches[i] = rapid(lab, "s" + (i + 1), 4096 * (i + 1), mode);
        }
        for (int i = 0; i < 3; i++) {
            Switch next = switches[(i + 1) % 3];
            lab.cable(
                    switches[i].attach("right", VlanRules.trunk(null, 1)),
                    next.attach("left", VlanRules.trunk(null, 1)));
        }
        Station[] stations = new Station[2];
        for (int i = 0; i < 2; i++) {
            stations[i] = new Station(lab.network.node("st" + i), 0x0200_0000_0001L + i);
            lab.cable(stations[i].port(), switches[i * 2].attach("eth1", VlanRules.access(1)));
        }
        for (Switch each : switches) {
            each.ports()
                    .forEach(port -> port.mac(0x0200_0000_2000L + each.node().ordinal() * 16 + port.tag));
        }
        return stations;
    }

    private static void cut(Switch a, Switch b, long at) {
        for (Port end : List.of(a.port("left"), b.port("right"))) {
            end.node().at(at, now -> end.carrier(false, now));
        }
    }

    private static int heard(Lab net, String port) {
        return (int) net.seen.stream()
                .filter(line -> line.startsWith(port + " in") && !line.contains("STP"))
                .count();
    }

    @Test
    void aRingOfRapidSwitchesCarriesOneCopyAndHealsWithinMilliseconds() {
        Lab net = new Lab();
        Switch[] switches = new Switch[3];
        Station[] stations = ring(net, Tree.Mode.RSTP, switches);
        stations[0].sends(10_000 * Lab.MILLI, ALL);
        stations[1].sends(10_001 * Lab.MILLI, stations[0].mac());
        // s1's left port leads to s3, whose root port is there.
        cut(switches[0], switches[2], 20_000 * Lab.MILLI);
        stations[0].sends(20_010 * Lab.MILLI, stations[1].mac());
        Totals totals = net.run(25_000 * Lab.MILLI);
        assertThat(heard(net, "st1:eth0"))
                .as("one copy each, and the stale entry was flushed")
                .isEqualTo(2);
        assertThat(heard(net, "st0:eth0")).isEqualTo(1);
        assertThat(totals.drops()).anyMatch(drop -> drop.reason().name().equals("BLOCKED"));
    }

    @Test
    void aRingOfOldSwitchesNeedsTwiceTheForwardDelayAndAgesFastMeanwhile() {
        Lab net = new Lab();
        Switch[] switches = new Switch[3];
        Station[] stations = ring(net, Tree.Mode.STP, switches);
        stations[1].sends(40_000 * Lab.MILLI, ALL);
        cut(switches[0], switches[2], 60_000 * Lab.MILLI);
        stations[0].sends(80_000 * Lab.MILLI, stations[1].mac());
        stations[0].sends(110_000 * Lab.MILLI, stations[1].mac());
        net.run(112_000 * Lab.MILLI);
        assertThat(heard(net, "st1:eth0")).isEqualTo(1);
        assertThat(heard(net, "s3:left"))
                .as("the broadcast that came round, and what s2 flooded when st1 had aged there")
                .isEqualTo(2);
    }

    private Bare bare(String name, VlanRules rules) {
        Bare bare = new Bare(lab.network.node(name));
        lab.cable(bare.port(), sw.attach(name, rules));
        return bare;
    }

    @Test
    void aPriorityTagKeepsItsPriorityAndWhatItCarriesOnTheTrunk() {
        Bare a = bare("a", VlanRules.access(101));
        Bare trunk = bare("trunk", VlanRules.trunk(null, -1));
        a.sends(0, 60, frame -> {
            Bare.ethernet(frame, ALL, 0x88b5);
            Vlan.push(frame, 0xa000);
        });
        a.sends(1, 60, frame -> {
            Bare.ethernet(frame, ALL, 0x88b5);
            Vlan.push(frame, 5);
            Vlan.push(frame, 0xa000);
        });
        lab.run();
        assertThat(trunk.heard(0, 12, 18)).isEqualTo("8100a06588b5");
        assertThat(trunk.heard(1, 12, 22)).isEqualTo("8100a0658100000588b5");
    }

    @Test
    void routesNeitherWhatIsForMacZeroNorWhatAServiceTagHides() {
        Bare a = bare("a", VlanRules.access(101));
        Bare b = bare("b", VlanRules.access(101));
        sw.svi(101, 0x0200_0000_0001L).address(InterfaceAddress.parse("10.0.0.1/24"));
        a.sends(0, 60, frame -> Bare.udp(frame, 0, "10.0.0.2", "10.0.0.1"));
        a.sends(1, 60, frame -> {
            Bare.udp(frame, 0x0200_0000_0001L, "10.0.0.2", "10.0.0.1");
            Vlan.push(frame, 7);
            View.put16(frame.bytes(), frame.start() + 12, Ethernet.QINQ);
        });
        assertThat(reasons(lab.run())).containsExactly("TAGGED");
        assertThat(b.heard()).as("flooded: nobody is known to have MAC 0").isEqualTo(1);
    }
}
