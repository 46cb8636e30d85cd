package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.devices.Host;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import io.hopscope.scenarios.traffic.Endpoint;

/**
 * Servers with a virtual router where the others have a switch: each has a prefix for its containers, gives addresses out
 * by itself, and the core has two entries for it, its address and its prefix.
 */
final class RoutedNodes {
    /** 100.64.0.0/10, which nobody else uses (RFC 6598). */
    private static final int PODS = 0x64400000;

    private static final int PODS_LENGTH = 10;
    /** Until the core has heard of a server. */
    private static final long LATER = 2_000_000_000L;

    private final EraSpec spec;
    private final Network network;
    private final Subnets subnets;
    private final Macs macs;
    private final int podLength;
    private Site site;
    private Layer2Fabric fabric;

    RoutedNodes(EraSpec spec, Network network) {
        this.spec = spec;
        this.network = network;
        macs = new Macs(0x246e96, (int) spec.seed());
        subnets = new Subnets(0x0a000000, spec.subnetSize(), 101, spec.servers(), 1);
        // Network, broadcast and the node's own address beside the containers'.
        podLength = Integer.numberOfLeadingZeros(spec.density() + 2);
        if ((long) spec.servers() << 32 - podLength > 1L << 32 - PODS_LENGTH) {
            throw new IllegalArgumentException(spec.servers() + " prefixes of /" + podLength
                    + ", when 100.64.0.0/10 has room for " + (1L << podLength - PODS_LENGTH));
        }
    }

    Site build() {
        int[][] vlans = new int[spec.servers()][];
        for (int s = 0; s < vlans.length; s++) {
            vlans[s] = new int[] {subnets.vlan(subnets.of(s, 0))};
        }
        fabric = new Layer2Fabric(network, spec, vlans);
        fabric.gateways(subnets);
        site = new Site(network, fabric);
        for (int s = 0; s < vlans.length; s++) {
            server(s, vlans[s][0]);
        }
        site.limiting = "lpm";
        site.talk = Talks::services;
        site.coming = this::route;
        return site;
    }

    private void server(int number, int vlan) {
        int subnet = subnets.of(number, 0);
        Node node = network.node("node" + (number + 1));
        Host host = new Host(node, "");
        host.stack().forwarding(true);
        NetInterface eth0 = host.addInterface("eth0", macs.of(number));
        int address = subnets.address(number, 0);
        eth0.address(new InterfaceAddress(address, subnets.length()));
        host.stack().route(Route.via(Prefix.ALL, subnets.gateway(subnet), eth0.index()));
        fabric.attach(number, 0, eth0.port(), VlanRules.access(vlan));
        site.arrivals.add(new Site.Arrival(host, eth0, subnets.gateway(subnet), number, vlan));
        int pods = pods(number);
        LinuxBridge bridge = new LinuxBridge(node, "cni0");
        NetInterface cni0 = host.addInterface("cni0", podMac(pods + 1));
        cni0.address(new InterfaceAddress(pods + 1, podLength));
        network.wire(cni0.port(), bridge.self(cni0.mac()));
        Route gateway = Route.via(Prefix.ALL, pods + 1, 2);
        for (int e = 0; e < spec.density(); e++) {
            pod(node, bridge, gateway, number, pods + 2 + e, e);
        }
    }

    private int pods(int server) {
        return PODS + (server << 32 - podLength);
    }

    /** The cores' static route comes when the server has. */
    private void route(Site.Arrival server, long when) {
        for (int c = 0; c < 2; c++) {
            AsicSwitch core = fabric.core(c);
            int via = core.stack().find("vlan" + server.vlan()).index();
            Route route = Route.via(
                    new Prefix(pods(server.server()), podLength), server.eth0().primary(), via);
            core.node().at(when + LATER, now -> core.route(route));
        }
    }

    /** utils/hwaddr of the CNI plugins: 0a:58 and the four bytes of the address. */
    private static long podMac(int address) {
        return 0x0a58_0000_0000L | address & 0xffff_ffffL;
    }

    /**
     * @param gateway the default route, one object for all of a server's
     */
    private void pod(Node node, LinuxBridge bridge, Route gateway, int server, int address, int e) {
        Host pod = new Host(node, ("c" + (e + 1)).intern());
        NetInterface eth0 = pod.addInterface("eth0", podMac(address));
        eth0.address(new InterfaceAddress(address, podLength));
        pod.stack().route(gateway);
        network.wire(eth0.port(), bridge.attach(("veth" + (e + 1)).intern()));
        site.behind.add(new Endpoint(pod, address, server));
    }
}
