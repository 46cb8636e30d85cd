package io.hopscope.scenarios.eras;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Network;
import io.hopscope.devices.Firewall;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.asic.AclRule;
import io.hopscope.protocols.firewall.Policy;
import io.hopscope.scenarios.traffic.Endpoint;
import io.hopscope.scenarios.traffic.TrafficSpec;
import java.util.ArrayList;
import java.util.List;

/** What is north of the cores: a transit VLAN, a firewall with segments, a router to the world, and clients there. */
final class Outside {
    private static final int TRANSIT = 4000;
    /** 192.168.255.0/29. */
    private static final int TRANSIT_NET = 0xc0a8ff00;

    private static final int TRANSIT_LENGTH = 29;
    /** 192.168.255.8/30, between firewall and router. */
    private static final int EDGE_NET = 0xc0a8ff08;

    private static final int EDGE_LENGTH = 30;
    /** TEST-NET-3 (RFC 5737). */
    private static final Prefix WORLD = Prefix.parse("203.0.113.0/24");

    private static final Prefix SERVERS = Prefix.parse("10.0.0.0/8");
    private static final int SESSIONS = 1 << 18;
    private static final int CLIENTS = 100;
    private static final CableSpec UPLINK = CableSpec.DEFAULT.rate(100 * CableSpec.GIGABIT);

    private final List<Endpoint> clients = new ArrayList<>();
    private final Macs macs;

    Outside(Network network, Layer2Fabric fabric, int seed) {
        macs = new Macs(0x00259e, seed);
        int core = TRANSIT_NET + 1;
        int wall = TRANSIT_NET + 4;
        NetInterface svi = fabric.core(0).svi(TRANSIT, macs.of(1));
        svi.address(new InterfaceAddress(core, TRANSIT_LENGTH));
        fabric.core(0).route(Route.via(WORLD, wall, svi.index()));
        Firewall firewall = firewall(network);
        NetInterface inside = firewall.addInterface("eth0", macs.of(2), 0);
        inside.address(new InterfaceAddress(wall, TRANSIT_LENGTH));
        firewall.stack().route(Route.via(SERVERS, core, inside.index()));
        network.cable(inside.port(), fabric.onCore("firewall1", TRANSIT), UPLINK);
        NetInterface outside = firewall.addInterface("eth1", macs.of(3), 1);
        outside.address(new InterfaceAddress(EDGE_NET + 1, EDGE_LENGTH));
        Host wan = new Host(network.node("wan1"), "");
        wan.stack().forwarding(true);
        NetInterface south = wan.addInterface("eth0", macs.of(4));
        south.address(new InterfaceAddress(EDGE_NET + 2, EDGE_LENGTH));
        network.cable(outside.port(), south.port(), UPLINK);
        firewall.stack().route(Route.via(WORLD, EDGE_NET + 2, outside.index()));
        wan.stack().route(Route.via(SERVERS, EDGE_NET + 1, south.index()));
        for (int c = 0; c < CLIENTS; c++) {
            client(network, wan, c);
        }
    }

    /** Clients may ask the service; servers may begin nothing to the outside but DNS and the like. */
    private static Firewall firewall(Network network) {
        Policy policy = new Policy(List.of("inside", "outside"));
        for (int port = TrafficSpec.PORT; port <= TrafficSpec.PORT + 1; port++) {
            policy.add("outside", "inside", AclRule.parse("permit udp any " + SERVERS + " eq " + port));
        }
        policy.add("outside", "inside", AclRule.parse("permit icmp any " + SERVERS));
        policy.add("outside", "inside", AclRule.parse("deny ip any any"));
        policy.add("inside", "outside", AclRule.parse("permit udp " + SERVERS + " any eq 53"));
        policy.add("inside", "outside", AclRule.parse("deny ip any any"));
        return new Firewall(network.node("firewall1"), "", policy, SESSIONS, Firewall.Timeouts.DEFAULT);
    }

    /** Each behind a /32 of its own, as subscribers are. */
    private void client(Network network, Host wan, int number) {
        int address = WORLD.address() + 1 + number;
        Host host = new Host(network.node("client" + (number + 1)), "");
        NetInterface eth0 = host.addInterface("eth0", macs.of(1000 + 2 * number));
        NetInterface down = wan.addInterface("eth" + (number + 1), macs.of(1001 + 2 * number));
        network.cable(eth0.port(), down.port(), CableSpec.DEFAULT);
        int pair = 0x64400000 + 4 * number;
        down.address(new InterfaceAddress(pair + 1, 30));
        eth0.address(new InterfaceAddress(address, 32));
        eth0.address(new InterfaceAddress(pair + 2, 30));
        wan.stack().route(Route.via(new Prefix(address, 32), pair + 2, down.index()));
        host.stack().route(Route.via(Prefix.ALL, pair + 1, eth0.index()).source(address));
        clients.add(new Endpoint(host, address, -1));
    }

    List<Endpoint> clients() {
        return clients;
    }
}
