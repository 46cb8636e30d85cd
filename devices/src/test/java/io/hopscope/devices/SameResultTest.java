package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.CableSpec;
import io.hopscope.core.CaptureRecord;
import io.hopscope.core.Costs;
import io.hopscope.core.Engine;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.RandomStream;
import io.hopscope.core.Totals;
import io.hopscope.devices.programs.RouteWords;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Virtual machines behind Open vSwitch, racks and a router, with lanes, costs, full queues, fragments, failures: the
 * outcome depends on the seed alone, not on workers, windows, or who looks.
 */
class SameResultTest {
    private static final int RACKS = 3;
    private static final int VLANS = 3;

    /** One run of the network; what it showed and how it ended, as text. */
    private static final class Run {
        private final Network network = new Network(3, Costs.defaults());
        private final List<Host> machines = new ArrayList<>();
        private final List<Task> tasks = new ArrayList<>();
        private final List<String> seen = new ArrayList<>();
        private final List<String> outcome = new ArrayList<>();
        private final CableSpec cable;

        Run(long delay) {
            cable = CableSpec.DEFAULT.delay(delay).queue(4);
            Switch core = new Switch(network.node("core"), "", "router");
            for (int v = 0; v < VLANS; v++) {
                core.svi(101 + v, 0x0200_0001_0000L + v)
                        .virtualMac(0x0000_5e00_0165L + v)
                        .address(InterfaceAddress.parse("10.1." + (101 + v) + ".1/24"));
            }
            for (int r = 0; r < RACKS; r++) {
                rack(core, r);
            }
            schedule(network.seed().stream("what runs"));
        }

        private void rack(Switch core, int rack) {
            Switch tor = new Switch(network.node("tor" + rack), "", "switch");
            Port down = core.attach("eth" + rack, VlanRules.trunk(null, -1));
            network.cable(tor.attach("up", VlanRules.trunk(null, -1)), down, cable);
            for (int s = 0; s < 2; s++) {
                Node node = network.node("server" + rack + s);
                OvsBridge inner = new OvsBridge(node, "br-int");
                OvsBridge outer = new OvsBridge(node, "br-bond");
                network.patch(inner.attach("int-br-bond"), outer.attach("phy-br-bond"));
                Nic nic = new Nic(node, "eth0");
                network.wire(nic.inner(), outer.bond("bond0", List.of("eth0")).get(0));
                Port port = tor.attach("eth" + s, VlanRules.trunk(null, -1));
                network.cable(nic.outer(), port, cable.rate(CableSpec.GIGABIT));
                for (int v = 0; v < VLANS; v++) {
                    machine(inner, v, 2 + machines.size());
                }
            }
        }

        private void machine(OvsBridge bridge, int vlan, int id) {
            Host host = new Host(bridge.node(), "vm" + vlan);
            host.addInterface("eth0", 0x0200_0000_0000L + id)
                    .address(InterfaceAddress.parse("10.1." + (101 + vlan) + "." + id + "/24"));
            String gateway = "default via 10.1." + (101 + vlan) + ".1";
            host.stack().route(RouteWords.parse(host.stack(), List.of(gateway.split(" "))));
            Port tap = bridge.attach("tap" + vlan);
            bridge.vlans(tap, VlanRules.access(101 + vlan));
            network.wire(host.port("eth0"), tap);
            if (vlan != 1) {
                host.ownLane();
            }
            machines.add(host);
        }

        private void schedule(RandomStream random) {
            for (int i = 0; i < 40; i++) {
                Host from = machines.get(random.nextInt(machines.size()));
                Host to = machines.get(random.nextInt(machines.size()));
                int address = to.stack().interfaces().get(0).addresses().get(0).address();
                String target = random.nextInt(8) == 0 ? "10.1.102.250" : Ipv4Address.text(address);
                String command = random.nextInt(5) == 0
                        ? "traceroute -n -w 1 " + target
                        : "ping -c 3 -i 0.01 -s " + random.nextInt(6000) + " " + target;
                Task task = new Task(List.of(command.split(" ")), name -> null);
                tasks.add(task);
                long at = random.nextInt(100) * 1_000_000L;
                for (Program each : ServiceLoader.load(Program.class)) {
                    if (each.name().equals(task.words().get(0))) {
                        from.node().at(at, now -> each.start(from.node(), from, task, now));
                    }
                }
            }
        }

        Run go(Engine.Options options) {
            Engine engine = new Engine(network, options);
            engine.run(20_000_000_000_000L);
            Totals totals = engine.finish();
            outcome.add(totals.toString());
            tasks.forEach(task -> outcome.addAll(task.lines()));
            return this;
        }

        void see(CaptureRecord r) {
            byte[] bytes = Arrays.copyOfRange(r.bytes, r.offset, r.offset + r.length);
            seen.add(String.format(Locale.ROOT, "%018d ", r.time) + r.port + (r.inbound ? " in " : " out ") + r.journey
                    + " " + Arrays.hashCode(bytes) + " " + r.comment);
        }
    }

    private static Run seen(long delay, int workers, long window) {
        Run run = new Run(delay);
        return run.go(new Engine.Options()
                .workers(workers)
                .longestWindow(window)
                .capture(run::see)
                .trace(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 0})
    void dependsOnTheSeedAlone(long delay) {
        Run one = seen(delay, 1, Long.MAX_VALUE);
        assertThat(one.seen).hasSizeGreaterThan(5_000);
        assertThat(one.seen.stream().map(line -> line.substring(0, 18)).toList())
                .isSorted();
        for (Run other : List.of(seen(delay, 2, Long.MAX_VALUE), seen(delay, 4, 77_777))) {
            assertThat(other.outcome).isEqualTo(one.outcome);
            assertThat(other.seen).isEqualTo(one.seen);
        }
        assertThat(new Run(delay).go(new Engine.Options().workers(3)).outcome)
                .as("nobody looks")
                .isEqualTo(one.outcome);
        Run some = new Run(delay);
        Set<String> ports = Set.of("server00/br-bond:bond0", "core:eth1");
        some.go(new Engine.Options()
                .ports(port -> ports.contains(port.toString()))
                .capture(some::see)
                .trace(5));
        assertThat(some.outcome).as("at two ports").isEqualTo(one.outcome);
        assertThat(some.seen).isNotEmpty();
    }
}
