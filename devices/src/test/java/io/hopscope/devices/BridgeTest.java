package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code bridge} on what has stations. */
class BridgeTest {
    private final Lab lab = new Lab();

    @Test
    void showsTheStationsOfASwitchWithTheirVlans() {
        Switch tor = new Switch(lab.network.node("tor"), "", "switch");
        Host a = lab.host("a", "10.0.0.1/24", 1);
        Host b = lab.host("b", "10.0.0.2/24", 2);
        lab.cable(a.port("eth0"), tor.attach("eth1", VlanRules.access(101)));
        lab.cable(b.port("eth0"), tor.attach("eth2", VlanRules.access(101)));
        lab.exec(0, a, "ping -c 1 10.0.0.2");
        Task all = lab.exec(Lab.MILLI, tor.node(), null, "bridge fdb show");
        Task one = lab.exec(Lab.MILLI, tor.node(), null, "bridge fdb show br tor brport eth2");
        lab.run();
        assertThat(all.lines())
                .containsExactlyInAnyOrder(
                        "02:00:00:00:00:01 dev eth1 vlan 101 master tor ",
                        "02:00:00:00:00:02 dev eth2 vlan 101 master tor ");
        assertThat(one.lines()).containsExactly("02:00:00:00:00:02 dev eth2 vlan 101 master tor ");
    }

    @Test
    void refusesWhereNothingHasStationsAndWhatItDoesNotKnow() {
        Host host = lab.host("h", "10.0.0.1/24");
        Task fdb = lab.exec(0, host, "bridge fdb show");
        Task vlan = lab.exec(0, host, "bridge monitor all");
        lab.run();
        assertThat(fdb.lines()).containsExactly("no bridge, switch or vxlan device on h");
        assertThat(fdb.exit()).isEqualTo(1);
        assertThat(vlan.lines()).containsExactly("Object \"monitor\" is unknown, try \"bridge help\".");
    }

    @Test
    void showsTheVlansOfPortsAsTheKernelNumbersThem() {
        Switch tor = new Switch(lab.network.node("tor"), "", "switch");
        tor.attach("eth1", VlanRules.access(101));
        tor.attach("eth2", VlanRules.trunk(new int[] {101, 102, 103, 200}, 102));
        tor.attach("eth3", VlanRules.trunk(null, -1));
        Host node = lab.host("n", "10.0.0.1/24");
        new LinuxBridge(node.node(), "cni0").attach("veth1");
        Task vlans = lab.exec(0, tor.node(), null, "bridge vlan");
        Task one = lab.exec(0, tor.node(), null, "bridge vlan show dev eth1");
        Task plain = lab.exec(0, node, "bridge vlan show dev veth1");
        lab.run();
        assertThat(vlans.lines())
                .containsExactly(
                        "port              vlan-id  ",
                        "eth1              101 PVID Egress Untagged",
                        "eth2              101",
                        "                  102 PVID Egress Untagged",
                        "                  103",
                        "                  200",
                        "eth3              1-4094");
        assertThat(one.lines()).hasSize(2);
        assertThat(plain.lines())
                .containsExactly("port              vlan-id  ", "veth1             1 PVID Egress Untagged");
    }

    @Test
    void numbersThePortsOfABridgeBehindTheInterfacesOfItsHost() {
        Host node = lab.host("n", "10.0.0.1/24");
        LinuxBridge bridge = new LinuxBridge(node.node(), "cni0");
        Host pod = new Host(node.node(), "pod");
        pod.addInterface("eth0", 0x0200_0000_0009L).mtu(1450);
        lab.network.wire(pod.port("eth0"), bridge.attach("veth1"));
        Task links = lab.exec(0, node, "bridge link");
        lab.run();
        assertThat(links.lines())
                .containsExactly("3: veth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 master cni0 state forwarding"
                        + " priority 32 cost 2 ");
    }
}
