package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;

/** Containers in the place of virtual machines: many more, on the same bridges and the same large layer 2. */
final class Containers {
    private final EraSpec spec;
    private final Network network;
    private final Subnets subnets;
    private final Macs macs;
    private Layer2Fabric fabric;
    private Site site;
    /** What a whole subnet shares, and what the ports of a server's VLAN do. */
    private Route gateway;

    private VlanRules access;

    Containers(EraSpec spec, Network network) {
        this.spec = spec;
        this.network = network;
        macs = new Macs(0xfa163e, (int) spec.seed());
        subnets = new Subnets(0x0a000000, spec.subnetSize(), 101, spec.servers(), spec.density());
    }

    Site build() {
        int[][] vlans = new int[spec.servers()][];
        for (int s = 0; s < vlans.length; s++) {
            int first = subnets.of(s, 0);
            vlans[s] = new int[subnets.of(s, spec.density() - 1) - first + 1];
            for (int i = 0; i < vlans[s].length; i++) {
                vlans[s][i] = subnets.vlan(first + i);
            }
        }
        fabric = new Layer2Fabric(network, spec, vlans);
        fabric.gateways(subnets);
        site = new Site(network, fabric);
        for (int s = 0; s < vlans.length; s++) {
            access = null;
            ComputeNode made = new ComputeNode(network, fabric, s, VlanRules.trunk(vlans[s], -1));
            for (int e = 0; e < spec.density(); e++) {
                container(made, s, e);
            }
        }
        site.acrossCore = subnets.count() > 1;
        if (!site.acrossCore) {
            site.notes.add("one subnet, a /" + spec.subnetSize() + ", has room for all: no packet crosses a core, whose"
                    + " entries are of announcements and of nothing else, and what an endpoint asks by ARP is flooded to"
                    + " everybody, which takes its time. --subnet-size " + (spec.subnetSize() + 2)
                    + " makes more of them");
        }
        site.talk = Talks::acrossSubnets;
        return site;
    }

    private void container(ComputeNode on, int server, int e) {
        int subnet = subnets.of(server, e);
        Host host = new Host(on.node, ("c" + (e + 1)).intern());
        NetInterface eth0 = host.addInterface("eth0", macs.of(server * spec.density() + e));
        eth0.address(new InterfaceAddress(subnets.address(server, e), subnets.length()));
        if (gateway == null || gateway.gateway() != subnets.gateway(subnet)) {
            gateway = Route.via(Prefix.ALL, subnets.gateway(subnet), eth0.index());
        }
        host.stack().route(gateway);
        Port tap = on.tap(eth0.port(), "" + (e + 1));
        int local = on.wiring.provision(subnets.vlan(subnet), 0);
        access = access == null || access.untagged() != local ? VlanRules.access(local) : access;
        on.inside.vlans(tap, access);
        site.arrivals.add(new Site.Arrival(host, eth0, subnets.gateway(subnet), server, subnets.vlan(subnet)));
    }
}
