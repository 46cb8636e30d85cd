package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.devices.Bond;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import io.hopscope.scenarios.traffic.Endpoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers, each with a bond to a pair of access switches, in VLANs that reach every rack; clients outside, behind the
 * firewall. An endpoint is an address: a server may have more than one.
 */
final class BareMetal {
    private final EraSpec spec;
    private final Network network;
    private final Subnets subnets;
    private final Macs macs;
    private final List<Site.Arrival> arrivals = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private Layer2Fabric fabric;

    BareMetal(EraSpec spec, Network network) {
        this.spec = spec;
        this.network = network;
        macs = new Macs(0x246e96, (int) spec.seed());
        subnets = new Subnets(0x0a000000, spec.subnetSize(), 101, spec.servers(), spec.density());
    }

    Site build() {
        int[] all = new int[subnets.count()];
        for (int i = 0; i < all.length; i++) {
            all[i] = subnets.vlan(i);
        }
        int[][] vlans = new int[spec.servers()][];
        for (int s = 0; s < vlans.length; s++) {
            // A flat layer 2: every switch has every VLAN.
            vlans[s] = all;
        }
        fabric = new Layer2Fabric(network, spec, vlans);
        fabric.gateways(subnets);
        for (int s = 0; s < vlans.length; s++) {
            server(s);
        }
        Outside outside = new Outside(network, fabric, (int) spec.seed());
        Site site = new Site(network, fabric, arrivals, endpoints);
        site.from = outside.clients();
        site.to = endpoints;
        site.talk = Talks::clients;
        return site;
    }

    private void server(int number) {
        int place = subnets.dealt(number);
        int subnet = subnets.of(place, 0);
        Node node = network.node("server" + (number + 1));
        Host host = new Host(node, "");
        Bond bond = new Bond(node, "bond0");
        for (int side = 0; side < 2; side++) {
            String nic = side == 0 ? "eth0" : "eth1";
            fabric.attach(
                    number,
                    side,
                    bond.enslave(nic, macs.of(2 * number + side)),
                    VlanRules.access(subnets.vlan(subnet)));
        }
        NetInterface bond0 = bond.under(host);
        host.stack().route(Route.via(Prefix.ALL, subnets.gateway(subnet), bond0.index()));
        for (int e = 0; e < spec.density(); e++) {
            int address = subnets.address(place, e);
            bond0.address(new InterfaceAddress(address, subnets.length()));
            endpoints.add(new Endpoint(host, address, subnet));
        }
        arrivals.add(new Site.Arrival(
                host, bond0, subnets.address(place, 0), subnets.gateway(subnet), number, subnets.vlan(subnet)));
    }
}
