package io.hopscope.devices.neutron;

import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Service;
import io.hopscope.encap.Frame;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Rarp;
import java.util.ArrayList;
import java.util.List;

/**
 * A virtual machine that goes to another compute node while it runs (QEMU and libvirt, without the copying of memory): it
 * stops, its tap port is unplugged, and after the downtime it goes on in a twin on the other node, with all it had, behind
 * a tap port of that node's local VLAN. Then it is announced, so that switches learn where it is.
 *
 * <p>Nodes share nothing and are run by different threads. The stack is handed over from an event of one node to an event
 * of the other, which the downtime keeps in different windows.
 */
public final class LiveMigration {
    /** No window of the engine is longer, in picoseconds. */
    public static final long SHORTEST_DOWNTIME = 1_000_000_000L;

    private static final long MILLI = 1_000_000_000L;

    /** QEMU's announce-rounds, and the pauses after each: announce-initial, and announce-step more each time. */
    private static final int ROUNDS = 5;

    private static final long INITIAL = 50 * MILLI;
    private static final long STEP = 100 * MILLI;
    private static final long LONGEST = 550 * MILLI;

    /** When the node it has left cleans up: nothing comes for it any more. */
    private static final long CLEANUP = 1000 * MILLI;

    /** A tap port as it was: its provider VLAN, and whether there were anti-spoofing flows. */
    private record Plug(int segment, boolean secured) {}

    private final Host from;
    private final Host to;
    private IpStack stack;
    private List<Plug> plugs;

    /**
     * @param from the virtual machine, or its twin on the node where it is by then
     * @param to its twin on the node where it goes
     */
    public LiveMigration(Host from, Host to) {
        this.from = from;
        this.to = to;
    }

    /** The integration bridge that an interface is wired to; null if it is not. */
    public static OvsBridge bridge(Port of) {
        return of.peer() != null
                        && of.peer().device() instanceof OvsBridge bridge
                        && BridgeWiring.physical(bridge) != null
                ? bridge
                : null;
    }

    /**
     * Makes room for a virtual machine on another node, when the network is built: a twin without a stack, wired to
     * unplugged ports of the bridges of the same names there.
     */
    public static Host twin(Host vm, Node node) {
        vm.mobile();
        Network network = node.network();
        Host twin = new Host(node, vm.name());
        twin.ownLane();
        for (NetInterface each : nics(vm.stack())) {
            Port tap = each.port().peer();
            OvsBridge bridge = (OvsBridge) node.device(tap.device().name());
            Port there = bridge.attach(tap.name());
            network.wire(twin.berth(each), there);
            wiring(there).dead(there, 0);
            there.unplug(0);
        }
        return twin;
    }

    /** Those with a tap port: VLAN devices are the guest's own affair. */
    private static List<NetInterface> nics(IpStack stack) {
        return stack.interfaces().stream().filter(each -> each.parent() == null).toList();
    }

    private static BridgeWiring wiring(Port tap) {
        OvsBridge bridge = (OvsBridge) tap.device();
        return BridgeWiring.of(bridge, BridgeWiring.physical(bridge));
    }

    /**
     * Before the run, or in an event of the node it leaves that comes earlier by a window.
     *
     * @param at when it stops
     * @param downtime until it goes on, in picoseconds
     */
    public void schedule(long at, long downtime) {
        if (downtime < SHORTEST_DOWNTIME) {
            throw new IllegalArgumentException(
                    "found a downtime of " + downtime + " ps, expected a millisecond or more");
        }
        from.node().at(at, this::leave);
        to.node().at(at + downtime, this::arrive);
        from.node().at(at + downtime + CLEANUP, this::cleanUp);
    }

    private void leave(long now) {
        plugs = new ArrayList<>();
        for (NetInterface each : nics(from.stack())) {
            Port tap = each.port().peer();
            BridgeWiring wiring = wiring(tap);
            int vlan = wiring.integration().vlans(tap).untagged();
            plugs.add(new Plug(wiring.segment(vlan), wiring.secured(tap)));
            tap.unplug(now);
        }
        stack = from.depart();
    }

    private void arrive(long now) {
        List<NetInterface> interfaces = nics(stack);
        for (int i = 0; i < interfaces.size(); i++) {
            NetInterface each = interfaces.get(i);
            Plug plug = plugs.get(i);
            Port tap = to.port(each.name()).peer();
            tap.plug(now);
            if (plug.segment != 0) {
                wiring(tap).bound(tap, plug.segment, each.mac(), each.addresses(), plug.secured, now);
            }
        }
        to.arrive(stack);
        stack = null;
        tellServer(now);
        announce(1, now);
    }

    /** The agent of the node, where one runs, has the database say where the ports are. */
    private void tellServer(long now) {
        for (var device : to.node().devices()) {
            if (device instanceof Host host) {
                for (Service each : host.services()) {
                    if (each instanceof NeutronAgent agent) {
                        agent.arrived(to.stack().title(), now);
                    }
                }
            }
        }
    }

    private void announce(int round, long now) {
        if (to.stack().interfaces().isEmpty()) {
            return; // it has gone on to another node
        }
        for (Port each : to.ports()) {
            Frame frame = Rarp.announce(to.node().originate(Rarp.LENGTH), each.mac());
            if (frame.traced()) {
                to.node()
                        .remark("QEMU announces " + MacAddress.text(each.mac()) + " after migration, round " + round
                                + " of " + ROUNDS);
            }
            each.transmit(frame);
        }
        if (round < ROUNDS) {
            long pause = Math.min(LONGEST, INITIAL + (round - 1) * STEP);
            to.node().at(now + pause, later -> announce(round + 1, later));
        }
    }

    private void cleanUp(long now) {
        for (Port each : from.ports()) {
            if (!each.hidden() && !each.up()) {
                wiring(each.peer()).unbound(each.peer(), now);
            }
        }
    }
}
