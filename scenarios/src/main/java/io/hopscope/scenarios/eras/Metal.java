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
        Site.Arrival made = bare(network, fabric, server, macs, subnets.vlan(subnet), subnets.gateway(subnet));
        for (int e = 0; e < addresses; e++) {
            made.eth0().address(new InterfaceAddress(subnets.address(place, e), subnets.length()));
        }
        made.host()
                .stack()
                .route(Route.via(Prefix.ALL, made.gateway(), made.eth0().index()));
        return made;
    }

    /** One without an address. */
    static Site.Arrival bare(Network network, Layer2Fabric fabric, int server, Macs macs, int vlan, int gateway) {
        Host host = new Host(network.node("server" + (server + 1)), "");
        Bond bond = new Bond(host.node(), "bond0");
        VlanRules rules = VlanRules.access(vlan);
        for (int side = 0; side < 2; side++) {
            String nic = side == 0 ? "eth0" : "eth1";
            fabric.attach(server, side, bond.enslave(nic, macs.of(2 * server + side)), rules);
        }
        NetInterface bond0 = bond.under(host);
        return new Site.Arrival(host, bond0, gateway, server, vlan);
    }
}
