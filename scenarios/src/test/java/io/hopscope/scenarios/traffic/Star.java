package io.hopscope.scenarios.traffic;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Costs;
import io.hopscope.core.Network;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Switch;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.InterfaceAddress;
import java.util.ArrayList;
import java.util.List;

/** Hosts around one switch; every MAC is known to all from the beginning: nothing but link arithmetic. */
final class Star {
    static final int BASE = 0x0a000001;
    final Network network;
    final Switch hub;
    final List<Endpoint> endpoints = new ArrayList<>();

    Star(long seed, int hosts, CableSpec cable) {
        network = new Network(seed, Costs.NONE);
        hub = new Switch(network.node("hub"), "", "switch");
        for (int i = 0; i < hosts; i++) {
            Host host = new Host(network.node("h" + i), "");
            NetInterface eth0 = host.addInterface("eth0", mac(i)).address(new InterfaceAddress(BASE + i, 16));
            for (int j = 0; j < hosts; j++) {
                host.stack().neighbourTable().permanent(eth0.index(), BASE + j, mac(j));
            }
            network.cable(eth0.port(), hub.attach("p" + i, VlanRules.access(1)), cable);
            hub.fdb().addStatic(1, mac(i), i);
            endpoints.add(new Endpoint(host, BASE + i, i / 4));
        }
    }

    private static long mac(int host) {
        return 0x0200_0000_0000L + host;
    }

    List<Endpoint> endpoints(int from, int to) {
        return endpoints.subList(from, to);
    }

    Port down(int host) {
        return hub.ports().get(host);
    }
}
