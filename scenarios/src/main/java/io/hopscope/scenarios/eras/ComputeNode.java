package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Nic;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.VlanRules;
import io.hopscope.devices.neutron.BridgeWiring;
import java.util.List;

/** A server with br-int and br-bond, and a NIC on each switch of its racks' pair. */
final class ComputeNode {
    final Node node;
    final OvsBridge inside;
    final OvsBridge outside;
    final BridgeWiring wiring;

    ComputeNode(Network network, Layer2Fabric fabric, int server, VlanRules rules) {
        node = network.node("compute" + (server + 1));
        inside = new OvsBridge(node, "br-int");
        outside = new OvsBridge(node, "br-bond");
        network.patch(inside.attach("int-br-bond"), outside.attach("phy-br-bond"));
        List<Port> members = outside.bond("bond0", List.of("eth0", "eth1"));
        for (int side = 0; side < 2; side++) {
            Nic nic = new Nic(node, side == 0 ? "eth0" : "eth1");
            network.wire(nic.inner(), members.get(side));
            fabric.attach(server, side, nic.outer(), rules);
        }
        wiring = BridgeWiring.of(inside, outside);
        wiring.setUp(0);
    }

    /** An endpoint's port, in no VLAN yet. */
    Port tap(Port vif, String name) {
        Port tap = inside.attach(("tap" + name).intern());
        node.network().wire(vif, tap);
        return tap;
    }
}
