package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.encap.InterfaceAddress;
import java.util.Arrays;

/**
 * Servers in VLANs that reach every rack, and clients outside, behind the firewall. A server
 * gets its address by DHCP. An endpoint is an address: a server may have more than one, the others static.
 */
final class BareMetal {
    private final EraSpec spec;
    private final Network network;
    private final Subnets subnets;
    private final Macs macs;
    private Layer2Fabric fabric;
    private Site site;
    private DhcpService service;

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
        fabric = new Layer2Fabric(network, spec, vlans);
        fabric.gateways(subnets);
        site = new Site(network, fabric);
        if (spec.warm()) {
            written();
        } else {
            lent();
        }
        site.clients = new Outside(network, fabric, (int) spec.seed()).clients();
        site.talk = Talks::clients;
        return site;
    }

    private void written() {
        for (int s = 0; s < spec.servers(); s++) {
            site.arrivals.add(Metal.server(network, fabric, s, macs, subnets, subnets.dealt(s), spec.density()));
        }
        site.notes.add("Servers have static addresses: no DHCP is spoken");
    }

    /** By DHCP. */
    private void lent() {
        service = new DhcpService(network, fabric, subnets, macs.of(1 << 20), spec.servers());
        for (int s = 0; s < spec.servers(); s++) {
            int subnet = subnets.of(subnets.dealt(s), 0);
            site.arrivals.add(Metal.bare(network, fabric, s, macs, subnets.vlan(subnet), subnets.gateway(subnet)));
        }
        site.spacing = DhcpService.SPACING;
        site.afterwards = DhcpService.PATIENCE;
        site.start = this::start;
        site.come = this::come;
    }

    /** A server comes up without an address. Once it has one it adds its others, and is as any other. */
    private void start(Site.Arrival who, long now) {
        service.lease(who.eth0(), who.host(), bound -> bound(who, bound), now);
    }

    private void bound(Site.Arrival who, long now) {
        for (int e = 1; e < spec.density(); e++) {
            int address = subnets.further(subnets.dealt(who.server()), e);
            who.eth0().address(new InterfaceAddress(address, subnets.length()));
        }
        who.announce(now);
    }

    private void come() {
        long without = site.arrivals.stream()
                .filter(each -> each.eth0().addresses().isEmpty())
                .count();
        site.notes.add(spec.servers() - without + " servers got their address by DHCP, through the cores' relays"
                + (without == 0 ? "" : "; " + without + " got no lease"));
    }
}
