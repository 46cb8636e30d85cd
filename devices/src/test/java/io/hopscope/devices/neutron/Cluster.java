package io.hopscope.devices.neutron;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Costs;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Nic;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Switch;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.ipam.IpamNetwork;
import io.hopscope.protocols.ipam.LatencyCurve;
import java.util.ArrayList;
import java.util.List;

/** Compute nodes in racks of ten with a management subnet each, a router above them all, and a node with neutron-server. */
final class Cluster {
    static final long MILLI = 1_000_000_000L;
    private static final int MANAGEMENT = 1000;
    private static final int NETWORK = 101;
    private static final int SERVER = Ipv4Address.bits("10.255.255.2");

    /** A compute node and its instances. */
    static final class Compute {
        final Node node;
        final OvsBridge integration;
        final List<Host> instances = new ArrayList<>();
        NeutronAgent agent;

        Compute(Node node, OvsBridge integration) {
            this.node = node;
            this.integration = integration;
        }
    }

    final Network network = new Network(1, Costs.NONE);
    final List<Compute> nodes = new ArrayList<>();
    final IpamService server;
    final Switch core;
    private final List<Switch> racks = new ArrayList<>();
    final List<String> errors = new ArrayList<>();

    Cluster(int computes, int instances, String pool, String latency) {
        core = new Switch(network.node("core1"), "", "router");
        Host controller = new Host(network.node("controller"), "");
        NetInterface eth0 =
                controller.addInterface("eth0", 0x0200_0000_0001L).address(new InterfaceAddress(SERVER, 24));
        controller.stack().route(Route.via(Prefix.ALL, SERVER - 1, eth0.index()));
        core.svi(MANAGEMENT - 1, 0x0200_0000_0002L).address(new InterfaceAddress(SERVER - 1, 24));
        network.cable(eth0.port(), core.attach("server", VlanRules.access(MANAGEMENT - 1)), CableSpec.DEFAULT);
        server = new IpamService(controller, List.of(IpamNetwork.parse(pool)), LatencyCurve.parse(latency)).begin();
        for (int i = 0; i < computes; i++) {
            nodes.add(compute(i, instances));
        }
    }

    private Switch rack(int number) {
        if (number == racks.size()) {
            Switch tor = new Switch(network.node("tor" + number), "", "switch");
            VlanRules trunk = VlanRules.trunk(new int[] {NETWORK}, MANAGEMENT + number);
            core.svi(MANAGEMENT + number, 0x0200_0002_0000L + number)
                    .address(new InterfaceAddress(subnet(number) + 1, 24));
            network.cable(tor.attach("up", trunk), core.attach("eth" + number, trunk), CableSpec.DEFAULT);
            racks.add(tor);
        }
        return racks.get(number);
    }

    private static int subnet(int rack) {
        return Ipv4Address.bits("10.128.0.0") + (rack << 8);
    }

    private Compute compute(int i, int instances) {
        Node node = network.node("compute" + i);
        Host host = new Host(node, "");
        NetInterface management = host.addInterface("br-bond", 0x0200_0001_0000L + i)
                .address(new InterfaceAddress(subnet(i / 10) + 10 + i % 10, 24));
        host.stack().route(Route.via(Prefix.ALL, subnet(i / 10) + 1, management.index()));
        OvsBridge integration = new OvsBridge(node, "br-int");
        OvsBridge physical = new OvsBridge(node, "br-bond");
        network.patch(integration.attach("int-br-bond"), physical.attach("phy-br-bond"));
        network.wire(management.port(), physical.self());
        Nic nic = new Nic(node, "eth0");
        network.wire(nic.inner(), physical.attach("eth0"));
        Switch tor = rack(i / 10);
        network.cable(
                nic.outer(),
                tor.attach("eth" + i % 10, VlanRules.trunk(new int[] {NETWORK}, MANAGEMENT + i / 10)),
                CableSpec.DEFAULT);
        BridgeWiring wiring = BridgeWiring.of(integration, physical);
        wiring.setUp(0);
        Compute made = new Compute(node, integration);
        made.agent = new NeutronAgent(host, wiring, SERVER).begin();
        for (int k = 0; k < instances; k++) {
            made.instances.add(instance(node, integration, "vm" + k, made.agent));
        }
        return made;
    }

    private Host instance(Node node, OvsBridge integration, String name, NeutronAgent agent) {
        Host vm = new Host(node, name);
        vm.ownLane();
        Port tap = integration.attach("tap-" + name);
        NetInterface eth0 = vm.addInterface("eth0", 0);
        network.wire(eth0.port(), tap);
        node.at(
                0,
                now -> agent.plug(
                        eth0,
                        NETWORK,
                        (error, later) -> {
                            if (error != null) {
                                errors.add(error);
                            }
                        },
                        now));
        return vm;
    }
}
