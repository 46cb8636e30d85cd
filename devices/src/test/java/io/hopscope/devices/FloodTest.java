package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Costs;
import io.hopscope.core.Engine;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.encap.Arp;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.InterfaceAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broadcasts to the containers of one server, who are lent what they have no use for. */
class FloodTest {
    private static final int CONTAINERS = 40;
    private static final long MICRO = 1_000_000L;

    private final Network network = new Network(1, Costs.defaults());
    private final Node server = network.node("server");
    private final List<Host> containers = new ArrayList<>();
    private final Bare outside = new Bare(network.node("x"));
    private Totals totals;
    private int workers = 1;

    /** Both kinds of bridge, with hosts that share the server's processor but for two. */
    private FloodTest build(boolean ovs) {
        Nic nic = new Nic(server, "eth0");
        network.cable(outside.port(), nic.outer(), CableSpec.DEFAULT);
        OvsBridge flows = ovs ? new OvsBridge(server, "br-int") : null;
        LinuxBridge bridge = ovs ? null : new LinuxBridge(server, "cni0");
        Port up = ovs ? flows.attach("up") : bridge.attach("up");
        network.wire(nic.inner(), up);
        if (ovs) {
            flows.vlans(up, VlanRules.trunk(null, 7));
        }
        for (int i = 0; i < CONTAINERS; i++) {
            // Two of them are servers of their own, on cables.
            Host host = i == 3 || i == 4 ? new Host(network.node("h" + i), "") : new Host(server, "c" + i);
            host.addInterface("eth0", 0x0200_0000_0100L + i)
                    .address(InterfaceAddress.parse("10.0.0." + (10 + i) + "/24"));
            if (i > 37) {
                host.ownLane();
            }
            Port port = ovs ? flows.attach("tap" + i) : bridge.attach("tap" + i);
            if (ovs) {
                flows.vlans(port, i == 5 ? VlanRules.trunk(null, -1) : VlanRules.access(7));
            }
            if (host.node() == server) {
                network.wire(host.port("eth0"), port);
            } else {
                network.cable(host.port("eth0"), port, CableSpec.DEFAULT.delay(20 * MICRO));
            }
            containers.add(host);
        }
        return this;
    }

    /** Sixty requests at once, which is more than the backlog holds, then one at a time. */
    private FloodTest ask() {
        for (int i = 0; i < 90; i++) {
            int about = Lab.ip("10.0.0.0") + i * 37 % 64;
            int from = Lab.ip("10.0.0.100") + i % 3;
            outside.sends(i < 60 ? 0 : i * 20 * MICRO, 42, frame -> new Arp()
                    .wrap(frame, Bare.ethernet(frame, Ethernet.BROADCAST, Ethernet.ARP))
                    .start(Arp.REQUEST)
                    .senderMac(Bare.MAC)
                    .senderIp(from)
                    .targetIp(about));
        }
        return this;
    }

    private List<String> run(boolean looked, long until) {
        Engine.Options options =
                looked ? new Engine.Options().capture(record -> {}).trace(Long.MAX_VALUE) : new Engine.Options();
        Engine engine = new Engine(network, options.workers(workers));
        engine.run(until);
        totals = engine.finish();
        List<String> after = new ArrayList<>(List.of(totals.toString(), outside.heard() + " answers"));
        for (Host each : containers) {
            each.stack().neighbourTable().entries(until).forEach(known -> after.add(each + " " + known.text("eth0")));
        }
        return after;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endTheSameWhereverTheRunEndsAndWhetherAnybodyLooksOrNot(boolean ovs) {
        for (long until = 2 * MICRO; until < 3000 * MICRO; until = until * 5 / 4) {
            List<String> looked = new FloodTest().build(ovs).ask().run(true, until);
            assertThat(new FloodTest().build(ovs).ask().run(false, until)).isEqualTo(looked);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areCopiedForHostsOnCablesWhoeverRunsThem(boolean ovs) {
        List<String> one = new FloodTest().build(ovs).ask().run(false, 3000 * MICRO);
        for (int round = 0; round < 20; round++) {
            FloodTest two = new FloodTest().build(ovs).ask();
            two.workers = 2;
            assertThat(two.run(false, 3000 * MICRO)).isEqualTo(one);
        }
    }

    @Test
    void overflowTheBacklogAndAreStillAccountedFor() {
        List<String> after = build(true).ask().run(false, 3000 * MICRO);
        assertThat(totals.dropped()).isGreaterThan(1000);
        assertThat(totals.inFlight()).isZero();
        assertThat(after).hasSizeGreaterThan(20);
    }
}
