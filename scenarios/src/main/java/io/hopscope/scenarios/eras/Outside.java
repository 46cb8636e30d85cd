package io.hopscope.scenarios.eras;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Network;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import io.hopscope.scenarios.traffic.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** What is north of the cores: a transit VLAN, a router to the world, and clients there. */
final class Outside {
    private static final int TRANSIT = 4000;
    /** 192.168.255.0/29. */
    private static final int TRANSIT_NET = 0xc0a8ff00;

    private static final int TRANSIT_LENGTH = 29;
    /** 203.0.113.0/24, TEST-NET-3 (RFC 5737). */
    private static final int WORLD = 0xcb007100;

    private static final int WORLD_LENGTH = 24;
    private static final int CLIENTS = 100;
    private static final CableSpec UPLINK = CableSpec.DEFAULT.rate(100 * CableSpec.GIGABIT);

    private final List<Endpoint> clients = new ArrayList<>();
    private final Macs macs;

    Outside(Network network, Layer2Fabric fabric, int seed) {
        macs = new Macs(0x00259e, seed);
        int core = TRANSIT_NET + 1;
        int edge = TRANSIT_NET + 4;
        NetInterface svi = fabric.core(0).svi(TRANSIT, macs.of(1));
        svi.address(new InterfaceAddress(core, TRANSIT_LENGTH));
        fabric.core(0).route(Route.via(new Prefix(WORLD, WORLD_LENGTH), edge, svi.index()));
        Host wan = new Host(network.node("wan1"), "");
        wan.stack().forwarding(true);
        NetInterface inside = wan.addInterface("eth0", macs.of(2));
        inside.address(new InterfaceAddress(edge, TRANSIT_LENGTH));
        network.cable(inside.port(), fabric.onCore("wan1", TRANSIT), UPLINK);
        wan.stack().route(Route.via(new Prefix(0x0a000000, 8), core, inside.index()));
        for (int c = 0; c < CLIENTS; c++) {
            client(network, wan, c);
        }
    }

    /** Each behind a /32 of its own, as subscribers are. */
    private void client(Network network, Host wan, int number) {
        int address = WORLD + 1 + number;
        Host host = new Host(network.node("client" + (number + 1)), "");
        NetInterface eth0 = host.addInterface("eth0", macs.of(1000 + 2 * number));
        NetInterface down = wan.addInterface("eth" + (number + 1), macs.of(1001 + 2 * number));
        network.cable(eth0.port(), down.port(), CableSpec.DEFAULT);
        int pair = 0x64400000 + 4 * number;
        down.address(new InterfaceAddress(pair + 1, 30));
        eth0.address(new InterfaceAddress(address, 32));
        eth0.address(new InterfaceAddress(pair + 2, 30));
        wan.stack().route(Route.via(new Prefix(address, 32), pair + 2, down.index()));
        host.stack().route(Route.via(Prefix.ALL, pair + 1, eth0.index()));
        clients.add(new Endpoint(host, address, -1));
    }

    List<Endpoint> clients() {
        return clients;
    }
}
