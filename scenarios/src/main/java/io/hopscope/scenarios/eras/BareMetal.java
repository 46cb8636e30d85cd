package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import java.util.Arrays;

/**
 * Servers in VLANs that reach every rack, and clients outside, behind the firewall. An endpoint is an address: a server may
 * have more than one.
 */
final class BareMetal {
    private final EraSpec spec;
    private final Network network;
    private final Subnets subnets;
    private final Macs macs;

    BareMetal(EraSpec spec, Network network) {
        this.spec = spec;
        this.network = network;
        macs = new Macs(0x246e96, (int) spec.seed());
        subnets = new Subnets(0x0a000000, spec.subnetSize(), 101, spec.servers(), spec.density());
    }

    Site build() {
        int[] all = new int[subnets.count()];
        Arrays.setAll(all, subnets::vlan);
        int[][] vlans = new int[spec.servers()][];
        // A flat layer 2: every switch has every VLAN.
        Arrays.fill(vlans, all);
        Layer2Fabric fabric = new Layer2Fabric(network, spec, vlans);
        fabric.gateways(subnets);
        Site site = new Site(network, fabric);
        for (int s = 0; s < vlans.length; s++) {
            site.arrivals.add(Metal.server(network, fabric, s, macs, subnets, subnets.dealt(s), spec.density()));
        }
        site.clients = new Outside(network, fabric, (int) spec.seed()).clients();
        site.talk = Talks::clients;
        return site;
    }
}
