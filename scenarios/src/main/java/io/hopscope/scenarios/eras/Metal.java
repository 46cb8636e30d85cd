package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import io.hopscope.devices.Bond;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;

/** A server without anything virtual: a bond of two NICs, one on each switch of its racks' pair. */
final class Metal {
    private Metal() {}

    /**
     * @param place of the server among those of its subnets
     * @param addresses how many it has
     */
    static Site.Arrival server(
            Network network, Layer2Fabric fabric, int server, Macs macs, Subnets subnets, int place, int addresses) {
        int subnet = subnets.of(place, 0);
        Host host = new Host(network.node("server" + (server + 1)), "");
        Bond bond = new Bond(host.node(), "bond0");
        VlanRules rules = VlanRules.access(subnets.vlan(subnet));
        for (int side = 0; side < 2; side++) {
            String nic = side == 0 ? "eth0" : "eth1";
            fabric.attach(server, side, bond.enslave(nic, macs.of(2 * server + side)), rules);
        }
        NetInterface bond0 = bond.under(host);
        for (int e = 0; e < addresses; e++) {
            bond0.address(new InterfaceAddress(subnets.address(place, e), subnets.length()));
        }
        host.stack().route(Route.via(Prefix.ALL, subnets.gateway(subnet), bond0.index()));
        return new Site.Arrival(host, bond0, subnets.gateway(subnet), server, subnets.vlan(subnet));
    }
}
