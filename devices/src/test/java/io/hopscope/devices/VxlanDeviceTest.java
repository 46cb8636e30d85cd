package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Totals;
import io.hopscope.encap.InterfaceAddress;
import org.junit.jupiter.api.Test;

/** What dies at a tunnel is seen to die at a port that a capture shows. */
class VxlanDeviceTest {
    private final Lab lab = new Lab();

    /** A node whose 10.0.n.0/24 is behind vx0. */
    private Host node(int n, int vni) {
        Host node = lab.host("n" + n, "192.168.0." + n + "/24");
        node.addInterface("vx0", 0x0e00_0000_0000L + n).address(InterfaceAddress.parse("10.0.0." + n + "/24"));
        VxlanDevice vxlan = new VxlanDevice(node.node(), "vx0", vni, 4789, Lab.ip("192.168.0." + n), true);
        vxlan.remote(0x0e00_0000_0000L + 3 - n, Lab.ip("192.168.0." + (3 - n)));
        lab.network.wire(vxlan.overlay(), node.port("vx0"));
        lab.network.wire(vxlan.underlay(), node.addUnderlay("vx0", vxlan));
        node.stack().neighbourTable().permanent(3, Lab.ip("10.0.0." + (3 - n)), 0x0e00_0000_0000L + 3 - n);
        return node;
    }

    private Host[] nodes(int vniOfTheSecond) {
        Host[] nodes = {node(1, 42), node(2, vniOfTheSecond)};
        lab.cable(nodes[0].port("eth0"), nodes[1].port("eth0"));
        return nodes;
    }

    @Test
    void aPacketOfAnotherVniDiesWhereItCameInAndTheCaptureSaysSo() {
        lab.exec(0, nodes(43)[0], "ping -c 1 -W 1 10.0.0.2");
        Totals totals = lab.run();
        assertThat(totals.drops()).singleElement().satisfies(drop -> {
            assertThat(drop.port()).hasToString("n2:eth0");
            assertThat(drop.reason().text()).isEqualTo("VXLAN with another VNI");
        });
        assertThat(lab.seen)
                .filteredOn(line -> line.startsWith("n2:eth0 in") && line.contains("VXLAN"))
                .singleElement()
                .asString()
                .contains("| drop: VXLAN with another VNI");
    }

    @Test
    void aFrameWithoutRemoteDiesAtTheInterfaceOfTheTunnel() {
        Host[] nodes = nodes(42);
        nodes[0].stack().neighbourTable().permanent(3, Lab.ip("10.0.0.9"), 0x0e00_0000_0009L);
        lab.exec(0, nodes[0], "ping -c 1 -W 1 10.0.0.9");
        lab.run();
        assertThat(lab.seen)
                .anyMatch(line -> line.startsWith("n1:vx0 in 10.0.0.1 > 10.0.0.9")
                        && line.contains("| drop: no FDB entry for this MAC"));
    }

    @Test
    void aTunnelWithoutRouteToItsRemoteShowsTheLossAtItsInterface() {
        Host[] nodes = nodes(42);
        nodes[0].stack().fib().remove(nodes[0].stack().lookup(Lab.ip("192.168.0.9")));
        lab.exec(0, nodes[0], "ping -c 1 -W 1 10.0.0.2");
        lab.run();
        assertThat(lab.seen).anyMatch(line -> line.startsWith("n1:vx0 ") && line.contains("| drop: no route"));
    }
}
