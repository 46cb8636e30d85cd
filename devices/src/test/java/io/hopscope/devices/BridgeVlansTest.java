package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.InterfaceAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What net/bridge/br_vlan.c does to frames, and iproute2 says of it. */
class BridgeVlansTest {
    private static final int PRIORITY = 5 << 13;

    private final Lab lab = new Lab();
    private final LinuxBridge bridge = new LinuxBridge(lab.network.node("br"), "");
    private final Station a = station("a", 1);
    private final Station b = station("b", 2);
    private final Station c = station("c", 3);

    private Station station(String name, int number) {
        Station station = new Station(lab.network.node(name), 0x0200_0000_0000L + number);
        lab.cable(station.port(), bridge.attach("eth" + number));
        return station;
    }

    private VlanMembership of(int port) {
        return bridge.vlans().of(bridge.port("eth" + port));
    }

    private void only(int port, int vlan, boolean pvid, boolean untagged) {
        of(port).remove(1, 4094);
        of(port).add(vlan, vlan, pvid, untagged);
    }

    private List<String> run(String command) {
        Task task = lab.exec(0, bridge.node(), null, command);
        lab.run();
        return task.lines();
    }

    @Test
    void withoutFilteringTagsPassAsTheyAre() {
        only(2, 20, true, true);
        a.sendsTagged(0, 10, b.mac());
        lab.run();
        assertThat(b.lastVid()).isEqualTo(10);
        assertThat(bridge.fdb().entries(0)).singleElement().satisfies(each -> assertThat(each.vlan())
                .isZero());
    }

    @Test
    void untaggedFramesBelongToThePvidAndLeaveAsThePortSays() {
        bridge.vlans().filtering(true);
        only(1, 10, true, true);
        only(2, 10, false, false);
        only(3, 20, true, true);
        a.sends(0, b.mac());
        lab.run();
        assertThat(b.lastVid()).isEqualTo(10);
        assertThat(c.heard()).isZero();
        assertThat(bridge.fdb().entries(0)).singleElement().satisfies(each -> assertThat(each.vlan())
                .isEqualTo(10));
    }

    @Test
    void aTagIsTakenOffWhereTheVlanIsUntaggedThoughAnotherIsThePvid() {
        bridge.vlans().filtering(true);
        only(1, 10, false, false);
        of(2).add(10, 10, false, true);
        a.sendsTagged(0, 10, b.mac());
        lab.run();
        assertThat(b.heard()).isEqualTo(1);
        assertThat(b.lastTagged()).isFalse();
    }

    @Test
    void aFrameTooShortForItsTagIsMalformed() {
        bridge.vlans().filtering(true);
        only(1, 10, false, false);
        only(2, 10, false, true);
        a.sendsShort(0, 10, b.mac());
        Totals totals = lab.run();
        assertThat(b.heard()).isZero();
        assertThat(totals.drops()).anyMatch(drop -> drop.reason().text().equals("shorter than its Ethernet header"));
    }

    @Test
    void aPriorityTagBelongsToThePvidAndItsPriorityGoesOn() {
        bridge.vlans().filtering(true);
        only(1, 10, true, true);
        only(2, 10, false, false);
        only(3, 10, true, true);
        a.sendsTagged(0, PRIORITY, Ethernet.BROADCAST);
        lab.run();
        assertThat(b.lastVid()).isEqualTo(10);
        assertThat(b.lastPriority()).isEqualTo(5);
        assertThat(c.lastTagged()).as("the priority goes with the tag").isFalse();
    }

    @Test
    void framesOfOtherVlansDieWhereTheyComeInUnderTheirOwnReasons() {
        bridge.vlans().filtering(true);
        only(1, 10, false, false);
        a.sends(0, b.mac());
        a.sendsTagged(Lab.MILLI, 11, b.mac());
        a.sendsTagged(2 * Lab.MILLI, 4095, b.mac());
        Totals totals = lab.run();
        assertThat(b.heard() + c.heard()).isZero();
        assertThat(totals.drops())
                .allMatch(drop -> drop.port() == bridge.port("eth1"))
                .extracting(drop -> drop.reason() + " " + drop.frames())
                .containsExactlyInAnyOrder("NO_PVID 1", "VLAN_NOT_ALLOWED 2");
        assertThat(bridge.fdb().entries(0)).as("nothing learned of them").isEmpty();
    }

    @Test
    void aStationIsKnownInItsVlanOnly() {
        bridge.vlans().filtering(true);
        for (int port = 1; port <= 3; port++) {
            only(port, 10, true, true);
            of(port).add(20, 20, false, false);
        }
        b.sends(0, a.mac());
        a.sends(Lab.MILLI, b.mac());
        a.sendsTagged(2 * Lab.MILLI, 20, b.mac());
        lab.run();
        assertThat(c.heard()).as("b's first, and the one of VLAN 20").isEqualTo(2);
        assertThat(b.heard()).isEqualTo(2);
    }

    @Test
    void aStaticEntryLeadsToAPortThatDoesNotCarryTheVlan() {
        bridge.vlans().filtering(true);
        only(2, 20, true, true);
        bridge.fdb().addStatic(1, b.mac(), bridge.port("eth2").tag);
        a.sends(0, b.mac());
        Totals totals = lab.run();
        assertThat(totals.drops()).singleElement().satisfies(drop -> assertThat(drop.reason())
                .isEqualTo(BridgeVlans.Drop.EGRESS_VLAN));
    }

    @Test
    void deletingAVlanForgetsItsStationsAtThePort() {
        bridge.vlans().filtering(true);
        a.sends(0, b.mac());
        b.sends(0, a.mac());
        lab.exec(Lab.MILLI, bridge.node(), null, "bridge vlan del dev eth1 vid 1");
        lab.run();
        assertThat(bridge.fdb().entries(0)).singleElement().satisfies(each -> assertThat(each.mac())
                .isEqualTo(b.mac()));
    }

    @Test
    void anotherDefaultGoesToPortsThatStillHaveTheOldOne() {
        only(2, 7, true, true);
        of(3).add(1, 1, false, true);
        bridge.vlans().defaultPvid(5);
        assertThat(of(1)).hasToString("VLANs 5 PVID untagged");
        assertThat(of(2)).as("told otherwise").hasToString("VLANs 7 PVID untagged");
        assertThat(of(3)).as("no PVID any more").hasToString("VLANs 1 untagged");
        bridge.vlans().defaultPvid(0);
        assertThat(of(1)).hasToString("no VLAN");
    }

    @Test
    void addingAVlanAgainWithoutItsFlagsTakesThem() {
        lab.exec(0, bridge.node(), null, "bridge vlan add dev eth1 vid 10 pvid untagged");
        lab.exec(1, bridge.node(), null, "bridge vlan add dev eth1 vid 20-22");
        lab.exec(2, bridge.node(), null, "bridge vlan add dev eth1 vid 10");
        lab.run();
        assertThat(of(1)).hasToString("VLANs 1 untagged, 10, 20-22");
    }

    @Test
    void readsOutAsIproute2Does() {
        only(2, 10, true, true);
        of(2).add(20, 29, false, false);
        assertThat(run("bridge vlan show dev eth2"))
                .containsExactly(
                        "port              vlan-id  ",
                        "eth2              10 PVID Egress Untagged",
                        "                  20-29");
    }

    @Test
    void readsOutInJsonAsIproute2Does() {
        only(2, 10, true, true);
        of(2).add(20, 29, false, false);
        assertThat(run("bridge -j vlan show dev eth2"))
                .containsExactly(
                        "[{\"ifname\":\"eth2\",\"vlans\":[{\"vlan\":10,\"flags\":[\"PVID\",\"Egress Untagged\"]},"
                                + "{\"vlan\":20,\"vlanEnd\":29}]}]");
    }

    @Test
    void refusesInTheWordsOfIproute2() {
        List<Task> tasks = List.of(
                lab.exec(0, bridge.node(), null, "bridge vlan add dev eth1 vid 20-10"),
                lab.exec(0, bridge.node(), null, "bridge vlan add dev eth1 vid 10-20 pvid"),
                lab.exec(0, bridge.node(), null, "bridge vlan add dev eth1 vid 5000"),
                lab.exec(0, bridge.node(), null, "bridge vlan add dev eth1 vid 4095"),
                lab.exec(0, bridge.node(), null, "bridge vlan add vid 10"),
                lab.exec(0, bridge.node(), null, "bridge vlan add dev eth9 vid 10"),
                lab.exec(0, bridge.node(), null, "bridge vlan add dev eth1 vid 10 self"));
        lab.run();
        assertThat(tasks).allMatch(task -> task.exit() == 255);
        assertThat(tasks.stream().map(task -> task.lines().get(0)))
                .containsExactly(
                        "Invalid VLAN range \"20-10\"",
                        "pvid cannot be configured for a vlan range",
                        "Invalid VLAN ID \"5000\"",
                        "Error: bridge: Vlan id is invalid.",
                        "Device and VLAN ID are required arguments.",
                        "Cannot find bridge device \"eth9\" (did you mean eth1?)",
                        "RTNETLINK answers: Operation not supported");
    }

    @Test
    void theDefaultPvidStaysWhileFilteringIsOn() {
        lab.exec(0, bridge.node(), null, "ip link set br type bridge vlan_default_pvid 5 vlan_filtering 1");
        Task late = lab.exec(1, bridge.node(), null, "ip link set dev br type bridge vlan_default_pvid 6");
        Task link = lab.exec(2, bridge.node(), null, "ip -d link show br");
        lab.run();
        assertThat(late.lines()).containsExactly("RTNETLINK answers: Operation not permitted");
        assertThat(bridge.filtersVlans()).isTrue();
        assertThat(link.lines().get(1)).contains(" vlan_filtering 1 vlan_protocol 802.1Q vlan_default_pvid 5 ");
    }

    @Test
    void whatTheBridgeItselfCarriesReachesItsInterfaceAndTheVlanDeviceOnIt() {
        Node server = lab.network.node("s");
        Host host = new Host(server, "");
        LinuxBridge own = new LinuxBridge(server, "br0");
        NetInterface br0 = host.addInterface("br0", 0x0200_0000_0099L);
        host.addVlan(br0, 10, br0.mac()).address(InterfaceAddress.parse("10.0.0.1/24"));
        Port self = own.self(br0.mac());
        lab.network.wire(br0.port(), self);
        own.vlans().filtering(true);
        own.vlans().of(self).remove(1, 1);
        own.vlans().of(self).add(10, 10, false, false);
        Host peer = lab.host("peer", "10.0.0.2/24");
        Host other = lab.host("other", "10.0.0.3/24");
        lab.cable(peer.port("eth0"), own.attach("eth1"));
        lab.cable(other.port("eth0"), own.attach("eth2"));
        VlanMembership ten = own.vlans().of(own.port("eth1"));
        ten.remove(1, 1);
        ten.add(10, 10, true, true);
        Task ping = lab.exec(0, peer, "ping -c 1 10.0.0.1");
        Task lost = lab.exec(0, other, "ping -c 1 10.0.0.1");
        Task fdb = lab.exec(Lab.MILLI, server, host, "bridge fdb show br br0");
        lab.run();
        assertThat(ping.lines()).anyMatch(line -> line.contains("1 received"));
        assertThat(lost.lines()).anyMatch(line -> line.contains(" 0 received"));
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("s:br0 in ")
                        && line.contains("echo request")
                        && line.contains("VLAN 10 is br0.10's"));
        assertThat(fdb.lines())
                .contains("02:00:00:00:00:99 dev br0 vlan 10 master br0 permanent")
                .anyMatch(line -> line.endsWith("dev eth1 vlan 10 master br0 "));
    }
}
