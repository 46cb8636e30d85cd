package io.hopscope.scenarios.eras;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.devices.Host;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.devices.neutron.IpamService;
import io.hopscope.devices.neutron.LiveMigration;
import io.hopscope.devices.neutron.NeutronAgent;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.ipam.IpamNetwork;
import io.hopscope.protocols.ipam.LatencyCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two servers of three are virtualised, on provider networks; the third is not. A service gives all addresses out; an agent
 * on each node asks it, over a management network, whenever a machine starts.
 */
final class VirtualMachines {
    private static final int MANAGEMENT = 3001;
    private static final int CONTROLLER = 3000;
    /** 172.16.0.0/12: servers' own addresses. */
    private static final int MANAGEMENT_NET = 0xac100000;
    /** 192.168.254.0/24: the controller's. */
    private static final int CONTROLLER_NET = 0xc0a8fe00;
    /** 10.128.0.0/9: of what is not virtualised. */
    private static final int METAL_NET = 0x0a800000;

    private static final int METAL_VLAN = 2001;
    private static final int MOVERS = 20;
    /**
     * The one published figure is ten seconds an allocation beyond 40,000; this is a faster database than the service's
     * usual one, so that the era comes up within minutes.
     */
    private static final LatencyCurve LATENCY = LatencyCurve.parse("0:2ms,30000:8ms,40000:10s");

    /** No faster than that. */
    private static final long SPACING = 8_000_000_000L;

    private final EraSpec spec;
    private final Network network;
    private final Subnets subnets;
    private final Subnets management;
    private final Subnets metal;
    private final Macs macs;
    private final Macs burnt;
    private final Site site;
    private final Layer2Fabric fabric;
    private final List<NeutronAgent> agents = new ArrayList<>();
    /** The first machine of each node. */
    private final List<Host> hosts = new ArrayList<>();
    /** The second of each, where it has one. */
    private final List<Host> askers = new ArrayList<>();

    VirtualMachines(EraSpec spec, Network network) {
        this.spec = spec;
        this.network = network;
        int virtualised = virtualised(spec.servers());
        macs = new Macs(0xfa163e, (int) spec.seed());
        burnt = new Macs(0x246e96, (int) spec.seed());
        subnets = new Subnets(0x0a000000, spec.subnetSize(), 101, virtualised, spec.density());
        management = new Subnets(MANAGEMENT_NET, 22, MANAGEMENT, virtualised, 1);
        metal = new Subnets(METAL_NET, spec.subnetSize(), METAL_VLAN, Math.max(1, spec.servers() - virtualised), 1);
        int[][] vlans = new int[spec.servers()][];
        Arrays.setAll(vlans, this::vlans);
        fabric = new Layer2Fabric(network, spec, vlans);
        site = new Site(network, fabric);
    }

    /** Servers with virtual machines among the first so many. */
    static int virtualised(int servers) {
        return (2 * servers + 2) / 3;
    }

    private static boolean isMetal(int server) {
        return server % 3 == 2;
    }

    private int[] vlans(int server) {
        int place = virtualised(server);
        if (isMetal(server)) {
            return new int[] {metal.vlan(metal.of(server - place, 0))};
        }
        int first = subnets.of(place, 0);
        int[] all = new int[subnets.of(place, spec.density() - 1) - first + 2];
        all[0] = management.vlan(management.of(place, 0));
        for (int i = 1; i < all.length; i++) {
            all[i] = subnets.vlan(first + i - 1);
        }
        return all;
    }

    Site build() {
        fabric.gateways(subnets);
        fabric.gateways(management);
        fabric.gateways(metal);
        int controller = controller();
        for (int s = 0; s < spec.servers(); s++) {
            int place = virtualised(s);
            if (isMetal(s)) {
                site.arrivals.add(Metal.server(network, fabric, s, burnt, metal, s - place, 1));
                agents.add(null);
            } else {
                compute(s, place, controller);
            }
        }
        if (spec.density() > 1) {
            movers();
        }
        site.spacing = SPACING;
        site.start = this::start;
        site.talk = Talks::peers;
        return site;
    }

    /** The address of neutron-server. */
    private int controller() {
        Host host = new Host(network.node("controller"), "");
        NetInterface eth0 = host.addInterface("eth0", burnt.of(1 << 20));
        eth0.address(new InterfaceAddress(CONTROLLER_NET + 2, 24));
        host.stack().route(Route.via(Prefix.ALL, CONTROLLER_NET + 1, eth0.index()));
        fabric.core(0).svi(CONTROLLER, burnt.of(1 + (1 << 20))).address(new InterfaceAddress(CONTROLLER_NET + 1, 24));
        network.cable(eth0.port(), fabric.onCore("controller", CONTROLLER), CableSpec.DEFAULT);
        List<IpamNetwork> networks = new ArrayList<>();
        for (int s = 0; s < subnets.count(); s++) {
            Prefix prefix = subnets.prefix(s);
            networks.add(new IpamNetwork(
                    subnets.vlan(s), prefix, subnets.router(s, 1) + 1, prefix.broadcast() - 1, subnets.gateway(s)));
        }
        new IpamService(host, networks, LATENCY).begin();
        return CONTROLLER_NET + 2;
    }

    /**
     * The first machine of some nodes goes to another node of those that its VLAN reaches, asked all the while by one from
     * elsewhere.
     */
    private void movers() {
        int each = (MOVERS + subnets.count() - 1) / subnets.count();
        for (int subnet = 0, first = 0; subnet < subnets.count(); subnet++) {
            int end = first;
            while (end < hosts.size() && subnets.of(end, 0) == subnet) {
                end++;
            }
            for (int m = 0; m < each && site.movers.size() < MOVERS && first + m < end - 1 - m; m++) {
                Host vm = hosts.get(first + m);
                Node there = hosts.get(end - 1 - m).node();
                // Neither one that moves nor, as far as there are others, one of the same subnet.
                Host asker = askers.get((first + m + hosts.size() / 2) % hosts.size());
                site.movers.add(new Site.Mover(vm, LiveMigration.twin(vm, there), asker));
            }
            first = end;
        }
    }

    private void compute(int server, int place, int controller) {
        int network0 = management.of(place, 0);
        int[] vlans = vlans(server);
        int own = management.vlan(network0);
        VlanRules rules = VlanRules.trunk(Arrays.copyOfRange(vlans, 1, vlans.length), own);
        ComputeNode made = new ComputeNode(network, fabric, server, rules);
        Host host = new Host(made.node, "");
        NetInterface bond = host.addInterface("br-bond", burnt.of(2 * server));
        bond.address(new InterfaceAddress(management.address(place, 0), management.length()));
        host.stack().route(Route.via(Prefix.ALL, management.gateway(network0), bond.index()));
        network.wire(bond.port(), made.outside.self());
        agents.add(new NeutronAgent(host, made.wiring, controller)
                .portSecurity(false)
                .begin());
        for (int e = 0; e < spec.density(); e++) {
            // What may move has a name that nobody has elsewhere.
            String name = e == 0 ? (place + 1) + "-1" : "" + (e + 1);
            Host vm = new Host(made.node, ("vm" + name).intern());
            vm.ownLane();
            NetInterface eth0 = vm.addInterface("eth0", macs.of(place * spec.density() + e));
            made.tap(eth0.port(), name);
            if (e == 0) {
                hosts.add(vm);
                askers.add(vm);
            } else if (e == 1) {
                askers.set(place, vm);
            }
            int subnet = subnets.of(place, e);
            site.arrivals.add(new Site.Arrival(vm, eth0, subnets.gateway(subnet), server, subnets.vlan(subnet)));
        }
    }

    /** A machine is started: it has no address before the agent has one for it. */
    private void start(Site.Arrival who, long now) {
        NeutronAgent agent = agents.get(who.server());
        if (agent == null) {
            who.announce(now);
            return;
        }
        agent.plug(
                who.eth0(),
                who.vlan(),
                (error, at) -> {
                    if (error == null) {
                        who.ask(at);
                    }
                },
                now);
    }
}
