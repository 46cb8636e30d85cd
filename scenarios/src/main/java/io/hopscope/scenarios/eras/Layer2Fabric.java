package io.hopscope.scenarios.eras;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Network;
import io.hopscope.core.Port;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.devices.asic.AsicSpec;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.CoppProfile;
import io.hopscope.protocols.asic.HashTableSpec;
import java.util.BitSet;
import java.util.List;

/**
 * Access, aggregation and core of one large layer 2. Two racks share a pair of access switches, to which each of their
 * servers has a cable each; 22 such pairs share a pair of aggregation switches; the gateways are on the core. VLANs reach
 * no further than where their servers are.
 */
final class Layer2Fabric {
    private static final int PAIRS = 22;
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

    /**
     * @param vlans of each server
     */
    Layer2Fabric(Network network, EraSpec spec, int[][] vlans) {
        this.network = network;
        this.spec = spec;
        macs = new Macs(0x444ca8, (int) spec.seed());
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
            cores[c] = new AsicSwitch(network.node("core" + (c + 1)), "", "router", core());
        }
        cable(cores[0], "core2", cores[1], "core1", all, TRUNK);
        for (int g = 0; g < aggregation.length; g++) {
            BitSet vlans = new BitSet();
            for (int p = g * PAIRS; p < Math.min(access.length, (g + 1) * PAIRS); p++) {
                vlans.or(vlansOfPair[p]);
            }
            for (int side = 0; side < 2; side++) {
                String name = "agg" + (2 * g + side + 1);
                aggregation[g][side] = new AsicSwitch(
                        network.node(name), "", "switch", bridge(spec.table().fdb()));
                cable(cores[0], name, aggregation[g][side], "core1", vlans, TRUNK);
            }
        }
        for (int p = 0; p < access.length; p++) {
            for (int side = 0; side < 2; side++) {
                String name = "access" + (2 * p + side + 1);
                access[p][side] = new AsicSwitch(network.node(name), "", "switch", bridge(HashTableSpec.of(32 * K)));
                AsicSwitch above = aggregation[p / PAIRS][side];
                cable(above, name, access[p][side], "agg", vlansOfPair[p], ACCESS);
            }
        }
    }

    private AsicSpec core() {
        AsicSpec.Cpu usual = AsicSpec.Cpu.USUAL;
        CoppProfile copp = spec.copp() ? usual.copp() : CoppProfile.named("none");
        AsicSpec.Cpu cpu = new AsicSpec.Cpu(usual.rate(), usual.queue(), copp, usual.delay(), usual.jitter(), true);
        AsicSpec.Crash crash = spec.crash() ? AsicSpec.Crash.USUAL : null;
        return new AsicSpec(spec.table(), List.of(), HOUR, HOUR, cpu, crash, AsicSpec.SAMPLE * 10);
    }

    /** A switch that does not route has hardly any of the other tables. */
    private static AsicSpec bridge(HashTableSpec fdb) {
        AsicProfile profile = new AsicProfile("bridge", fdb, HashTableSpec.of(8), 8, 1, 1, 1, 1, 8);
        return new AsicSpec(profile, List.of(), HOUR, HOUR, AsicSpec.Cpu.USUAL, null, 100 * HOUR);
    }

    private void cable(AsicSwitch up, String down, AsicSwitch below, String above, BitSet vlans, CableSpec cable) {
        int[] carried = vlans.stream().toArray();
        network.cable(
                up.attach(down, VlanRules.trunk(carried, -1)),
                below.attach(above, VlanRules.trunk(carried, -1)),
                cable);
    }

    AsicSwitch core(int number) {
        return cores[number];
    }

    /** Gives the cores an interface in each subnet; the first one has the gateway's address. */
    void gateways(Subnets subnets) {
        for (int s = 0; s < subnets.count(); s++) {
            for (int c = 0; c < 2; c++) {
                NetInterface svi = cores[c].svi(subnets.vlan(s), macs.of(2 * subnets.vlan(s) + c));
                svi.address(new InterfaceAddress(c == 0 ? subnets.gateway(s) : subnets.router(s, c), subnets.length()));
            }
        }
    }

    /** The tables' own code, without a frame: a station on the way from its server to the first core. */
    void preload(int server, int vlan, long mac) {
        int pair = server / serversPerPair;
        AsicSwitch near = access[pair][0];
        AsicSwitch above = aggregation[pair / PAIRS][0];
        near.station(vlan, mac, near.port("s" + (server % serversPerPair + 1)));
        above.station(vlan, mac, above.port(near.node().name()));
        cores[0].station(vlan, mac, cores[0].port(above.node().name()));
    }

    /** A gateway's MAC, which everybody below learns from what comes down. */
    void preloadGateway(int vlan, long mac) {
        for (int p = 0; p < access.length; p++) {
            if (vlansOfPair[p].get(vlan)) {
                AsicSwitch above = aggregation[p / PAIRS][0];
                access[p][0].station(vlan, mac, access[p][0].port("agg"));
                above.station(vlan, mac, above.port("core1"));
            }
        }
    }

    /** An access port of the first core's. */
    Port onCore(String name, int vlan) {
        return cores[0].attach(name, VlanRules.access(vlan));
    }

    /**
     * Cables a server to a switch of its racks' pair.
     *
     * @param side which of the two
     */
    void attach(int server, int side, Port nic, VlanRules rules) {
        AsicSwitch to = access[server / serversPerPair][side];
        network.cable(nic, to.attach("s" + (server % serversPerPair + 1), rules), SERVER);
    }
}
