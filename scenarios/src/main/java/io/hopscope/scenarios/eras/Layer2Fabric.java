package io.hopscope.scenarios.eras;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Network;
import io.hopscope.core.Port;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Tree;
import io.hopscope.devices.VlanRules;
import io.hopscope.devices.asic.AsicSpec;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.CoppProfile;
import io.hopscope.protocols.asic.HashTableSpec;
import io.hopscope.protocols.stp.Rstp;
import io.hopscope.protocols.stp.TreeSettings;
import io.hopscope.protocols.vrrp.VrrpSettings;
import java.util.BitSet;
import java.util.List;

/**
 * Access, aggregation and core of one large layer 2. Two racks share a pair of access switches, to which each of their
 * servers has a cable each; 22 such pairs share a pair of aggregation switches; both of a pair have links to both above
 * them, of which a rapid spanning tree leaves one. The gateways are virtual routers of the two cores. VLANs reach no
 * further than where their servers are.
 */
final class Layer2Fabric {
    /** The cores' VLAN for hosts of their own. */
    static final int SERVICES = 3000;

    private static final int PAIRS = 22;
    private static final int LAST_VRID = 255;
    private static final int PORT_PRIORITY = 128;
    private static final long GIGABIT = CableSpec.GIGABIT;
    private static final long HOUR = 3600 * 1_000_000_000_000L;
    private static final int K = 1024;
    private static final CableSpec SERVER = CableSpec.DEFAULT;
    private static final CableSpec ACCESS = CableSpec.DEFAULT.rate(40 * GIGABIT);
    private static final CableSpec TRUNK = CableSpec.DEFAULT.rate(100 * GIGABIT);

    private final Network network;
    private final EraSpec spec;
    private final int serversPerPair;
    private final AsicSwitch[] cores = new AsicSwitch[2];
    private final AsicSwitch[][] aggregation;
    private final AsicSwitch[][] access;
    private final BitSet[] vlansOfPair;
    private final Macs macs;
    private final Macs bridges;
    private int ports = 2 * 4096;

    /**
     * @param vlans of each server
     */
    Layer2Fabric(Network network, EraSpec spec, int[][] vlans) {
        this.network = network;
        this.spec = spec;
        macs = new Macs(0x444ca8, (int) spec.seed());
        bridges = new Macs(0x001c73, (int) spec.seed());
        serversPerPair = 2 * spec.perRack();
        int pairs = (spec.racks() + 1) / 2;
        access = new AsicSwitch[pairs][2];
        aggregation = new AsicSwitch[(pairs + PAIRS - 1) / PAIRS][2];
        vlansOfPair = new BitSet[pairs];
        for (int p = 0; p < pairs; p++) {
            vlansOfPair[p] = new BitSet();
        }
        for (int s = 0; s < vlans.length; s++) {
            for (int vlan : vlans[s]) {
                vlansOfPair[s / serversPerPair].set(vlan);
            }
        }
        build();
    }

    private void build() {
        BitSet all = new BitSet();
        for (BitSet each : vlansOfPair) {
            all.or(each);
        }
        for (int c = 0; c < 2; c++) {
            cores[c] = device("core" + (c + 1), "router", core(), c == 0 ? 4096 : 8192);
        }
        BitSet between = (BitSet) all.clone();
        between.set(SERVICES);
        cable(cores[0], cores[1], between, TRUNK);
        for (int g = 0; g < aggregation.length; g++) {
            BitSet vlans = new BitSet();
            for (int p = g * PAIRS; p < Math.min(access.length, (g + 1) * PAIRS); p++) {
                vlans.or(vlansOfPair[p]);
            }
            for (int side = 0; side < 2; side++) {
                int priority = side == 0 ? 16384 : 20480;
                AsicSwitch made = device(
                        "agg" + (2 * g + side + 1),
                        "switch",
                        bridge(spec.table().fdb()),
                        priority);
                aggregation[g][side] = made;
                cable(cores[0], made, vlans, TRUNK);
                cable(cores[1], made, vlans, TRUNK);
            }
        }
        for (int p = 0; p < access.length; p++) {
            for (int side = 0; side < 2; side++) {
                AsicSwitch made = device(
                        "access" + (2 * p + side + 1),
                        "switch",
                        bridge(HashTableSpec.of(32 * K)),
                        TreeSettings.PRIORITY);
                access[p][side] = made;
                for (AsicSwitch above : aggregation[p / PAIRS]) {
                    cable(above, made, vlansOfPair[p], ACCESS);
                }
            }
        }
    }

    private AsicSpec core() {
        AsicSpec.Cpu usual = AsicSpec.Cpu.USUAL;
        CoppProfile copp = spec.copp() ? usual.copp() : CoppProfile.named("none");
        AsicSpec.Cpu cpu = new AsicSpec.Cpu(usual.rate(), usual.queue(), copp, usual.delay(), usual.jitter(), true);
        // A figure has some hundred points, whether everybody has come after seconds or after minutes.
        long sample = spec.servers() * spec.density() > 10_000 ? 10 * AsicSpec.SAMPLE : AsicSpec.SAMPLE;
        AsicSpec.Crash crash = spec.crash() ? AsicSpec.Crash.USUAL : null;
        return new AsicSpec(spec.table(), List.of(), HOUR, HOUR, cpu, crash, sample);
    }

    /** A switch that does not route has hardly any of the other tables. */
    private static AsicSpec bridge(HashTableSpec fdb) {
        AsicProfile profile = new AsicProfile("bridge", fdb, HashTableSpec.of(8), 8, 1, 1, 1, 1, 8);
        return new AsicSpec(profile, List.of(), HOUR, HOUR, AsicSpec.Cpu.USUAL, null, 100 * HOUR);
    }

    /** A switch in the spanning tree; the first core is its root, and all of a pair below prefer the same switch above. */
    private AsicSwitch device(String name, String kind, AsicSpec of, int priority) {
        AsicSwitch made = new AsicSwitch(network.node(name), "", kind, of);
        TreeSettings settings =
                TreeSettings.of(priority, bridges.of(network.nodes().size()));
        made.tree(new Tree(made, made.stations(), Tree.Mode.RSTP, owner -> new Rstp(settings, owner)));
        return made;
    }

    private void cable(AsicSwitch up, AsicSwitch down, BitSet vlans, CableSpec cable) {
        VlanRules rules = VlanRules.trunk(vlans.stream().toArray(), -1);
        network.cable(port(up, down.node().name(), rules), port(down, up.node().name(), rules), cable);
    }

    private Port port(AsicSwitch on, String name, VlanRules rules) {
        return on.attach(name, rules.copy()).mac(macs.of(ports++));
    }

    AsicSwitch core(int number) {
        return cores[number];
    }

    /** Gives the cores an interface in each subnet, and the gateway's address to whichever of them is master. */
    void gateways(Subnets subnets) {
        for (int s = 0; s < subnets.count(); s++) {
            for (int c = 0; c < 2; c++) {
                NetInterface svi = cores[c].svi(subnets.vlan(s), macs.of(2 * subnets.vlan(s) + c));
                int own = subnets.router(s, c);
                svi.address(new InterfaceAddress(own, subnets.length()));
                int priority = c == 0 ? 2 * VrrpSettings.PRIORITY : VrrpSettings.PRIORITY;
                svi.vrrp(
                        new VrrpSettings(s % LAST_VRID + 1, priority, VrrpSettings.INTERVAL, true, own),
                        new int[] {subnets.gateway(s)});
            }
        }
    }

    /** The tables' own code, without a frame: a station on the way from its server to the first core. */
    void preload(int server, int vlan, long mac) {
        int pair = server / serversPerPair;
        AsicSwitch near = access[pair][0];
        AsicSwitch above = aggregation[pair / PAIRS][0];
        near.station(vlan, mac, near.port(place(server)));
        above.station(vlan, mac, above.port(near.node().name()));
        cores[0].station(vlan, mac, cores[0].port(above.node().name()));
    }

    /** A gateway's MAC, which everybody below learns from what comes down. */
    void preloadGateway(int vlan, long mac) {
        for (int p = 0; p < access.length; p++) {
            if (vlansOfPair[p].get(vlan)) {
                AsicSwitch above = aggregation[p / PAIRS][0];
                access[p][0].station(vlan, mac, access[p][0].port(above.node().name()));
                above.station(vlan, mac, above.port("core1"));
            }
        }
    }

    /** An access port of the first core's. */
    Port onCore(String name, int vlan) {
        return edge(cores[0], name, VlanRules.access(vlan));
    }

    private Port edge(AsicSwitch on, String name, VlanRules rules) {
        on.tree().port(name, new Tree.PortSettings(PORT_PRIORITY, 0, true));
        return port(on, name, rules);
    }

    private String place(int server) {
        return "eth" + (server % serversPerPair + 1);
    }

    /**
     * Cables a server to a switch of its racks' pair.
     *
     * @param side which of the two
     */
    void attach(int server, int side, Port nic, VlanRules rules) {
        AsicSwitch to = access[server / serversPerPair][side];
        network.cable(nic, edge(to, place(server), rules), SERVER);
    }
}
