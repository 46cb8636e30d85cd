package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import java.util.List;
import org.junit.jupiter.api.Test;

class OvsBridgeTest {
    private static final long ALL = 0xffff_ffff_ffffL;

    private final Lab lab = new Lab();
    private final Node node = lab.network.node("c");
    private final OvsBridge bridge = new OvsBridge(node, "br-int");

    private Station station(OvsBridge to, String port, VlanRules rules) {
        Station station = new Station(
                lab.network.node(port), 0x0200_0000_0000L + lab.network.nodes().size());
        Port added = to.attach(port);
        if (rules != null) {
            to.vlans(added, rules);
        }
        lab.cable(station.port(), added);
        return station;
    }

    private static List<String> reasons(Totals totals) {
        return totals.drops().stream().map(drop -> drop.reason().name()).toList();
    }

    @Test
    void normalTagsTowardsATrunkAndStripsTowardsAnAccessPort() {
        Station a = station(bridge, "a", VlanRules.access(1));
        Station b = station(bridge, "b", VlanRules.access(1));
        Station other = station(bridge, "other", VlanRules.access(2));
        Station trunk = station(bridge, "trunk", null);
        a.sends(0, ALL);
        trunk.sendsTagged(Lab.MILLI, 1, a.mac());
        lab.run();
        assertThat(b.heard()).isEqualTo(1);
        assertThat(other.heard()).isZero();
        assertThat(trunk.lastVid()).isEqualTo(1);
        assertThat(a.heard()).isEqualTo(1);
        assertThat(a.lastTagged()).isFalse();
    }

    @Test
    void dropsATaggedFrameOnAnAccessPortEvenOfItsOwnVlan() {
        Station a = station(bridge, "a", VlanRules.access(1));
        station(bridge, "b", VlanRules.access(1));
        a.sendsTagged(0, 1, ALL);
        assertThat(reasons(lab.run())).containsExactly("TAGGED_ON_ACCESS");
    }

    @Test
    void withoutFlowsASecureBridgePassesNothing() {
        bridge.secure(true);
        Station a = station(bridge, "a", null);
        station(bridge, "b", null);
        a.sends(0, ALL);
        assertThat(reasons(lab.run())).containsExactly("TABLE_MISS");
    }

    @Test
    void neutronsFlowsTranslateLocalAndProviderVlansAndStopSpoofing() {
        bridge.secure(true);
        Station vm = station(bridge, "tap", VlanRules.access(1));
        Port patch = bridge.attach("int-br-bond");
        OvsBridge physical = new OvsBridge(node, "br-bond");
        Port peer = physical.attach("phy-br-bond");
        Station wire = station(physical, "eth0", null);
        lab.network.patch(patch, peer);
        for (String flow : List.of(
                "table=0,priority=0,actions=NORMAL",
                "table=0,priority=2,in_port=int-br-bond,actions=drop",
                "table=0,priority=3,in_port=int-br-bond,dl_vlan=101,actions=mod_vlan_vid:1,NORMAL",
                "table=0,priority=9,in_port=tap,actions=resubmit(,25)",
                "table=25,priority=2,in_port=tap,dl_src=02:00:00:00:00:02,actions=NORMAL")) {
            bridge.addFlow(flow, 0);
        }
        physical.addFlow("priority=2,in_port=phy-br-bond,actions=drop", 0);
        physical.addFlow("priority=4,in_port=phy-br-bond,dl_vlan=1,actions=mod_vlan_vid:101,NORMAL", 0);
        vm.sends(0, ALL);
        wire.sendsTagged(Lab.MILLI, 101, vm.mac());
        wire.sendsTagged(2 * Lab.MILLI, 102, vm.mac());
        vm.sendsAs(3 * Lab.MILLI, 0x0200_0000_0066L, ALL);
        Totals totals = lab.run();
        assertThat(wire.heard()).isEqualTo(1);
        assertThat(wire.lastVid()).isEqualTo(101);
        assertThat(vm.heard()).isEqualTo(1);
        assertThat(vm.lastTagged()).isFalse();
        assertThat(reasons(totals)).containsExactly("TABLE_MISS", "FLOW_DROP");
        assertThat(lab.seen)
                .anyMatch(line -> line.contains("table 25: no flow matches"))
                .anyMatch(line -> line.startsWith("c/br-int:int-br-bond out") && line.contains("trunk: tag 1 pushed"));
    }

    @Test
    void anActiveBackupBondSendsByTheActiveMemberAndRefusesTheOther() {
        Station a = station(bridge, "a", null);
        List<Port> members = bridge.bond("bond0", List.of("eth0", "eth1"));
        Station[] far = new Station[2];
        for (int i = 0; i < 2; i++) {
            Nic nic = new Nic(node, "eth" + i);
            lab.network.wire(nic.inner(), members.get(i));
            far[i] = new Station(lab.network.node("far" + i), 0x0200_0000_0050L + i);
            lab.cable(far[i].port(), nic.outer());
        }
        a.sends(0, ALL);
        far[0].sends(Lab.MILLI, a.mac());
        far[1].sends(2 * Lab.MILLI, a.mac());
        Totals totals = lab.run();
        assertThat(far[0].heard()).isEqualTo(1);
        assertThat(far[1].heard()).isZero();
        assertThat(a.heard()).isEqualTo(1);
        assertThat(reasons(totals)).containsExactly("BACKUP_MEMBER");
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("c/br-int:bond0 out") && line.endsWith("bond: active member eth0"))
                .anyMatch(line -> line.startsWith("c:eth0 out"));
    }

    @Test
    void aBondMovesToTheNextMemberWithItsLinkAndTellsTheSwitchesWhereTheStationsAre() {
        Station a = station(bridge, "a", VlanRules.access(7));
        List<Port> members = bridge.bond("bond0", List.of("eth0", "eth1"));
        Nic[] nics = new Nic[2];
        Station[] far = new Station[2];
        for (int i = 0; i < 2; i++) {
            nics[i] = new Nic(node, "eth" + i);
            lab.network.wire(nics[i].inner(), members.get(i));
            far[i] = new Station(lab.network.node("far" + i), 0x0200_0000_0050L + i);
            lab.cable(far[i].port(), nics[i].outer());
        }
        a.sends(0, ALL);
        far[0].sendsTagged(Lab.MILLI, 7, a.mac());
        for (Port each : List.of(nics[0].outer(), far[0].port())) {
            each.node().at(2 * Lab.MILLI, now -> each.carrier(false, now));
            each.node().at(5 * Lab.MILLI, now -> each.carrier(true, now));
        }
        Task show = lab.exec(3 * Lab.MILLI, node, null, "ovs-appctl bond/show bond0");
        int[] taught = new int[1];
        far[1].node().at(4 * Lab.MILLI, now -> taught[0] = far[1].lastVid());
        a.sends(4 * Lab.MILLI, ALL);
        a.sends(6 * Lab.MILLI, ALL);
        lab.run();
        assertThat(lab.at("c:eth1"))
                .hasSize(3)
                .first()
                .asString()
                .contains("Reverse Request who-is 02:00:00:00:00:02 tell 02:00:00:00:00:02");
        assertThat(taught[0]).as("the VLAN of the station").isEqualTo(7);
        assertThat(far[0].heard())
                .as("nobody goes back for a link that returns")
                .isEqualTo(1);
        assertThat(show.lines())
                .contains("active member mac: 00:00:00:00:00:00(eth1)")
                .containsSubsequence("member eth0: disabled", "  may_enable: false")
                .containsSubsequence("member eth1: enabled", "  active member", "  may_enable: true");
    }

    @Test
    void readsItsTablesAsTheRealToolsDo() {
        Host host = new Host(node, "");
        Station a = station(bridge, "a", VlanRules.access(7));
        a.sends(0, ALL);
        Task fdb = lab.exec(2_000 * Lab.MILLI, node, host, "ovs-appctl fdb/show br-int");
        Task flows = lab.exec(2_000 * Lab.MILLI, node, host, "ovs-ofctl dump-flows br-int");
        Task wrong = lab.exec(2_000 * Lab.MILLI, node, host, "ovs-ofctl dump-flows br-itn");
        lab.run();
        assertThat(fdb.lines())
                .containsExactly(" port  VLAN  MAC                Age", "    1     7  02:00:00:00:00:02    1");
        assertThat(flows.lines())
                .containsExactly(
                        " cookie=0x0, duration=2.000s, table=0, n_packets=1, n_bytes=60, priority=0 actions=NORMAL");
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.lines()).singleElement().asString().contains("did you mean br-int?");
    }

    @Test
    void flowsEndWithTheirTimeouts() {
        bridge.secure(true);
        Station a = station(bridge, "a", null);
        Station b = station(bridge, "b", null);
        bridge.addFlow("hard_timeout=10,in_port=a,actions=output:b", 0);
        bridge.addFlow("idle_timeout=10,in_port=b,actions=output:a", 0);
        for (int second : new int[] {5, 9, 11}) {
            a.sends(second * 1000 * Lab.MILLI, ALL);
        }
        for (int second : new int[] {5, 14, 25}) {
            b.sends(second * 1000 * Lab.MILLI, ALL);
        }
        assertThat(reasons(lab.run())).containsExactly("TABLE_MISS", "TABLE_MISS");
        assertThat(b.heard()).as("up to ten seconds").isEqualTo(2);
        assertThat(a.heard()).as("while it is used").isEqualTo(2);
        assertThat(bridge.pipeline().flows()).isEmpty();
    }

    @Test
    void learnsNothingFromReservedGroupsThatItRefuses() {
        Station a = station(bridge, "a", null);
        station(bridge, "b", null);
        a.sends(0, 0x0180_c200_0000L);
        assertThat(reasons(lab.run())).containsExactly("LINK_LOCAL");
        assertThat(bridge.fdb().entries(0)).isEmpty();
    }
}
