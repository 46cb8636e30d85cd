package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Nic;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Servers of the large layer 2 as Neutron's agent leaves them: endpoints on br-int, br-bond with two NICs, local VLANs
 * mapped to the network's by flows (br_int.py, br_phys.py). No security groups, as in the article's network.
 */
final class ComputeNodes {
    private final EraSpec spec;
    private final Network network;
    private final Subnets subnets;
    private final boolean machines;
    private final Macs macs;
    private final List<Site.Endpoint> endpoints = new ArrayList<>();
    private Layer2Fabric fabric;
    private Route gateway;

    /**
     * @param machines virtual machines, which have processors of their own; else containers
     */
    ComputeNodes(EraSpec spec, Network network, boolean machines) {
        this.spec = spec;
        this.network = network;
        this.machines = machines;
        macs = new Macs(0xfa163e, (int) spec.seed());
        subnets = new Subnets(0x0a000000, spec.subnetSize(), 101, spec.servers(), spec.density());
    }

    Site build() {
        int[][] vlans = new int[spec.servers()][];
        for (int s = 0; s < vlans.length; s++) {
            int first = subnets.of(s, 0);
            int last = subnets.of(s, spec.density() - 1);
            vlans[s] = new int[last - first + 1];
            for (int i = 0; i < vlans[s].length; i++) {
                vlans[s][i] = subnets.vlan(first + i);
            }
        }
        fabric = new Layer2Fabric(network, spec, vlans);
        fabric.gateways(subnets);
        for (int s = 0; s < vlans.length; s++) {
            server(s, vlans[s]);
        }
        return new Site(network, fabric, endpoints, endpoints);
    }

    private void server(int number, int[] vlans) {
        Node node = network.node("compute" + (number + 1));
        OvsBridge inside = new OvsBridge(node, "br-int");
        OvsBridge outside = new OvsBridge(node, "br-bond");
        inside.secure(true);
        network.patch(inside.attach("int-br-bond"), outside.attach("phy-br-bond"));
        List<Port> members = outside.bond("bond0", List.of("eth0", "eth1"));
        for (int side = 0; side < 2; side++) {
            Nic nic = new Nic(node, side == 0 ? "eth0" : "eth1");
            network.wire(nic.inner(), members.get(side));
            fabric.attach(number, side, nic.outer(), VlanRules.trunk(vlans, -1));
        }
        VlanRules[] access = new VlanRules[vlans.length];
        Arrays.setAll(access, i -> VlanRules.access(1 + i));
        for (int e = 0; e < spec.density(); e++) {
            endpoint(node, inside, access[subnets.of(number, e) - subnets.of(number, 0)], number, e);
        }
        flows(inside, outside, vlans);
    }

    private void endpoint(Node node, OvsBridge inside, VlanRules access, int server, int e) {
        int subnet = subnets.of(server, e);
        Host host = new Host(node, ((machines ? "vm" : "c") + (e + 1)).intern());
        if (machines) {
            host.ownLane();
        }
        NetInterface eth0 = host.addInterface("eth0", macs.of(server * spec.density() + e));
        int address = subnets.address(server, e);
        eth0.address(new InterfaceAddress(address, subnets.length()));
        host.stack().route(toGateway(subnet, eth0.index()));
        Port tap = inside.attach(("tap" + (e + 1)).intern());
        inside.vlans(tap, access);
        network.wire(eth0.port(), tap);
        endpoints.add(new Site.Endpoint(host, eth0, address, subnets.gateway(subnet), server));
    }

    /** The default route, one object for a whole subnet. */
    private Route toGateway(int subnet, int device) {
        if (gateway == null || gateway.gateway() != subnets.gateway(subnet)) {
            gateway = Route.via(Prefix.ALL, subnets.gateway(subnet), device);
        }
        return gateway;
    }

    /** What the agent installs: everything else from outside is dropped. */
    private static void flows(OvsBridge inside, OvsBridge outside, int[] vlans) {
        inside.addFlow("table=0,priority=0,actions=NORMAL", 0);
        inside.addFlow("table=0,priority=2,in_port=int-br-bond,actions=drop", 0);
        outside.addFlow("table=0,priority=0,actions=NORMAL", 0);
        outside.addFlow("table=0,priority=2,in_port=phy-br-bond,actions=drop", 0);
        for (int i = 0; i < vlans.length; i++) {
            int local = i + 1;
            inside.addFlow(
                    "table=0,priority=3,in_port=int-br-bond,dl_vlan=" + vlans[i] + ",actions=mod_vlan_vid:" + local
                            + ",NORMAL",
                    0);
            outside.addFlow(
                    "table=0,priority=4,in_port=phy-br-bond,dl_vlan=" + local + ",actions=mod_vlan_vid:" + vlans[i]
                            + ",NORMAL",
                    0);
        }
    }
}
