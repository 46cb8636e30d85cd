package io.hopscope.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.hopscope.core.Costs;
import io.hopscope.core.Device;
import io.hopscope.core.Engine;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.core.qdisc.Chance;
import io.hopscope.core.qdisc.Delay;
import io.hopscope.core.qdisc.Distribution;
import io.hopscope.core.qdisc.FqCodelSpec;
import io.hopscope.core.qdisc.Loss;
import io.hopscope.core.qdisc.NetemSpec;
import io.hopscope.core.qdisc.Pace;
import io.hopscope.core.qdisc.PrioSpec;
import io.hopscope.core.qdisc.QdiscSpec;
import io.hopscope.core.qdisc.TbfSpec;
import io.hopscope.devices.asic.AsicSpec;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.devices.programs.Dnsmasq;
import io.hopscope.devices.programs.Nc;
import io.hopscope.devices.programs.Ping;
import io.hopscope.devices.programs.Udhcpc;
import io.hopscope.encap.Frame;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.asic.AclRule;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.CoppProfile;
import io.hopscope.protocols.asic.HashTableSpec;
import io.hopscope.protocols.firewall.Policy;
import io.hopscope.protocols.netfilter.RulesText;
import io.hopscope.protocols.stp.Rstp;
import io.hopscope.protocols.stp.TreeSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every device owes: any bytes may come in; each frame has one fate with a name; nothing is thrown, kept or lost. */
class DeviceContractTest {
    private static final Map<String, Function<Node, Device>> DEVICES = new LinkedHashMap<>();

    static {
        DEVICES.put("host", DeviceContractTest::host);
        DEVICES.put("router", DeviceContractTest::router);
        DEVICES.put("server of TCP, UDP, DHCP and DNS", DeviceContractTest::server);
        DEVICES.put("bridge", node -> {
            LinuxBridge bridge = new LinuxBridge(node, "");
            bridge.attach("eth0");
            bridge.hairpin(bridge.attach("eth1"));
            return bridge;
        });
        DEVICES.put("bridge with VLANs", node -> vlans(new LinuxBridge(node, "")));
        DEVICES.put("bridge with netfilter", node -> filtered(new LinuxBridge(node, "")));
        DEVICES.put("bridge with VLANs and netfilter", node -> vlans(filtered(new LinuxBridge(node, ""))));
        DEVICES.put("switch", node -> {
            Switch made = new Switch(node, "", "switch");
            made.attach("eth0", VlanRules.access(101));
            made.attach("eth1", VlanRules.trunk(new int[] {101, 102}, 102));
            return made;
        });
        DEVICES.put("switch with RSTP", node -> {
            Switch made = new Switch(node, "", "switch");
            made.attach("eth0", VlanRules.access(101)).mac(0x0200_0000_0003L);
            made.attach("eth1", VlanRules.trunk(new int[] {101, 102}, 102)).mac(0x0200_0000_0004L);
            TreeSettings settings = TreeSettings.of(TreeSettings.PRIORITY, 0x0200_0000_0005L);
            made.tree(new Tree(made, made.fdb(), Tree.Mode.RSTP, owner -> new Rstp(settings, owner)));
            return made;
        });
        DEVICES.put("switch with VLAN interfaces", DeviceContractTest::l3);
        DEVICES.put("switch ASIC", DeviceContractTest::asic);
        DEVICES.put("ovs-bridge", DeviceContractTest::ovs);
        DEVICES.put("vxlan", DeviceContractTest::vxlan);
        DEVICES.put("firewall", node -> {
            Policy policy = new Policy(List.of("a", "b")).add("a", "any", AclRule.parse("permit ip any any"));
            policy.add("b", "a", AclRule.parse("permit udp 10.0.0.0/8 any eq 53"));
            Firewall made = new Firewall(node, "", policy, 20, Firewall.Timeouts.DEFAULT);
            made.addInterface("eth0", 0x0200_0000_0001L, 0).address(InterfaceAddress.parse("10.0.0.1/24"));
            made.addInterface("eth1", 0x0200_0000_0002L, 1).address(InterfaceAddress.parse("10.0.1.1/24"));
            made.addInterface("eth1.101", 0x0200_0000_0003L, 1).address(InterfaceAddress.parse("10.0.2.1/24"));
            return made;
        });
        DEVICES.put("bond", node -> {
            Bond bond = new Bond(node, "bond0");
            bond.enslave("eth0", 0x0200_0000_0001L);
            bond.enslave("eth1", 0x0200_0000_0002L);
            return bond;
        });
        DEVICES.put("nic", node -> new Nic(node, "eth0"));
    }

    private static Host host(Node node) {
        Host host = new Host(node, "");
        host.addInterface("eth0", 0x0200_0000_0001L).address(InterfaceAddress.parse("10.0.0.1/24"));
        host.addInterface("eth1", 0x0200_0000_0002L)
                .address(InterfaceAddress.parse("10.0.1.1/24"))
                .proxyArp(true);
        return host;
    }

    private static Host server(Node node) {
        Host host = host(node);
        Map<String, Program> services = new LinkedHashMap<>();
        services.put("dnsmasq --dhcp-range=10.0.0.100,10.0.0.150,1h", new Dnsmasq());
        services.put("nc -l -k -p 9", new Nc());
        services.put("udhcpc -i eth1", new Udhcpc());
        services.put("ping 10.0.0.9", new Ping());
        services.forEach((line, program) -> {
            Task task = new Task(List.of(line.split(" ")), each -> null);
            assertThat(program.check(node, host, task)).as(line).isNull();
            node.at(0, now -> program.start(node, host, task, now));
        });
        return host;
    }

    private static Host router(Node node) {
        Host host = host(node);
        host.stack().forwarding(true).neighbourTable().permanent(3, Lab.ip("10.0.1.9"), 0x0200_0000_0009L);
        host.stack().find("eth1").mtu(576);
        return host;
    }

    private static Switch l3(Node node) {
        Switch made = new Switch(node, "", "router");
        made.attach("eth0", VlanRules.access(101));
        made.attach("eth1", VlanRules.trunk(null, -1));
        made.svi(101, 0x0200_0000_0001L).address(InterfaceAddress.parse("10.0.0.1/24"));
        made.svi(102, 0x0200_0000_0002L).virtualMac(0x0000_5e00_0166L).address(InterfaceAddress.parse("10.0.1.1/24"));
        return made;
    }

    /** Tables that are soon full, a slow CPU, and a crash now and then. */
    private static AsicSwitch asic(Node node) {
        HashTableSpec two = new HashTableSpec(2, 1, 1, 2, 1, HashTableSpec.Policy.FIRST_FIT, List.of());
        AsicProfile tables = AsicProfile.named("16k").tables(two, two);
        CoppProfile copp = CoppProfile.named("nx-os");
        AsicSwitch made = new AsicSwitch(
                node,
                "",
                "router",
                new AsicSpec(
                        tables,
                        List.of(AclRule.parse("deny udp any 10.0.0.9"), AclRule.parse("permit udp any any eq 67")),
                        AsicSpec.FDB_AGE,
                        AsicSpec.HOST_AGE,
                        new AsicSpec.Cpu(20_000, 10, copp, Lab.MILLI, Lab.MILLI / 2, true),
                        new AsicSpec.Crash(AsicSpec.Cause.TABLE_FULL, 0, Lab.MILLI),
                        AsicSpec.SAMPLE));
        made.attach("eth0", VlanRules.access(101));
        made.attach("eth1", VlanRules.trunk(null, -1));
        made.svi(101, 0x0200_0000_0001L).address(InterfaceAddress.parse("10.0.0.1/24"));
        made.svi(102, 0x0200_0000_0002L).virtualMac(0x0000_5e00_0166L).address(InterfaceAddress.parse("10.0.1.1/24"));
        made.stack().find("vlan102").mtu(576);
        return made;
    }

    private static OvsBridge ovs(Node node) {
        OvsBridge bridge = new OvsBridge(node, "br");
        bridge.vlans(bridge.attach("eth0"), VlanRules.access(1));
        bridge.attach("eth1");
        bridge.addFlow("priority=5,arp,actions=resubmit(,7)", 0);
        bridge.addFlow("priority=4,dl_vlan=101,actions=mod_vlan_vid:1,NORMAL", 0);
        bridge.addFlow("priority=3,ip,nw_dst=10.0.0.0/25,actions=dec_ttl,mod_dl_dst:02:00:00:00:00:77,FLOOD", 0);
        bridge.addFlow("priority=2,udp,actions=output:1,output:2,strip_vlan,IN_PORT", 0);
        bridge.addFlow("table=7,priority=1,arp,arp_op=1,actions=ALL", 0);
        return bridge;
    }

    private static VxlanDevice vxlan(Node node) {
        VxlanDevice made = new VxlanDevice(node, "", 7, 4789, Lab.ip("10.0.0.1"), true);
        made.remote(0x0200_0000_0009L, Lab.ip("10.0.0.9"));
        made.remote(0, Lab.ip("10.0.0.8")).remote(0, Lab.ip("10.0.0.7"));
        return made;
    }

    static List<String> names() {
        return List.copyOf(DEVICES.keySet());
    }

    /** Sends what it is told to, and consumes what comes back. */
    private static final class Wild extends Device {
        private final Port port = addPort("eth0");

        Wild(Node node, String name) {
            super(node, name, "none");
        }

        @Override
        public void receive(Port ingress, Frame frame, long now) {
            ingress.consume(frame);
        }
    }

    /** Puts frames in at a port one after the other, so that a million of them need no room. */
    private record Feed(Node node, Wild from, WildFrames frames, int count) {
        void begin() {
            node.at(0, now -> send(now, count));
        }

        private void send(long now, int left) {
            from.port.transmit(frames.next());
            if (left > 1) {
                node.at(now + 2_000_000L, then -> send(then, left - 1));
            }
        }
    }

    private static final List<QdiscSpec> QUEUES = List.of(
            FqCodelSpec.DEFAULT,
            new TbfSpec(100_000_000, 20_000, 50_000, 0, 0, 0),
            PrioSpec.DEFAULT,
            new NetemSpec(
                    100,
                    new Delay(Lab.MILLI, Lab.MILLI, 0, Distribution.NORMAL),
                    new Loss.Random(Chance.of(3)),
                    true,
                    Chance.of(3),
                    Chance.of(10),
                    Chance.of(10),
                    3,
                    Pace.NONE));

    /** Each once as it is, and once with queues behind its ports. */
    private static LinuxBridge vlans(LinuxBridge bridge) {
        Port trunk = bridge.port("eth0") == null ? bridge.attach("eth0") : bridge.port("eth0");
        Port access = bridge.port("eth1") == null ? bridge.attach("eth1") : bridge.port("eth1");
        bridge.hairpin(access);
        bridge.vlans().filtering(true);
        bridge.vlans().of(trunk).add(101, 102, false, false).add(0xfff - 1, 0xfff - 1, true, true);
        bridge.vlans().of(access).add(101, 101, true, true).add(102, 102, false, true);
        return bridge;
    }

    /** Rules of every kind that look at bridges, connections and headers; fragments are put together. */
    private static LinuxBridge filtered(LinuxBridge bridge) {
        bridge.attach("eth0");
        bridge.attach("eth1");
        Netfilter netfilter = Netfilter.of(bridge.node());
        netfilter.bridges(true);
        RulesText.restore(netfilter.hooks().rules(), """
                *raw
                -A PREROUTING -m physdev --physdev-in eth1 -j CT --zone 5
                -A PREROUTING -m ttl --ttl-lt 3 -m length --length 0:100 -j DROP
                -A PREROUTING -m rpfilter --invert -m recent --set --name odd
                COMMIT
                *mangle
                -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 500
                -A FORWARD -m recent --update --seconds 5 --hitcount 3 --name odd -j MARK --set-mark 1
                COMMIT
                *nat
                -A PREROUTING -p udp -j DNAT --to-destination 10.0.0.9:1-5
                -A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.7
                COMMIT
                *filter
                -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
                -A FORWARD -m physdev --physdev-out eth1 -m conntrack --ctstate INVALID -j REJECT
                -A FORWARD -p icmp -m icmp --icmp-type 8 -j REJECT --reject-with host-unreach
                COMMIT
                """, true, true);
        return bridge;
    }

    @ParameterizedTest
    @MethodSource("names")
    @Tag("fuzz")
    void anyFrameHasOneNamedFate(String name) {
        // So many at each port: with two ports and two turns a million.
        int frames = Integer.getInteger("hopscope.fuzz.frames", 250_000);
        for (int queues = 0; queues <= 1; queues++) {
            SplittableRandom random = new SplittableRandom(name.hashCode());
            Network network = new Network(1, Costs.defaults());
            Node node = network.node("dut");
            Device device = DEVICES.get(name).apply(node);
            int index = 0;
            for (Port port : new ArrayList<>(device.ports())) {
                if (port.connected()) {
                    continue;
                }
                Wild wild = new Wild(node, "wild" + index);
                network.wire(wild.port, port);
                if (queues > 0) {
                    port.qdisc(QUEUES.get(index % QUEUES.size()), node.nextHandle(), 0);
                    wild.port.qdisc(QUEUES.get((index + 1) % QUEUES.size()), node.nextHandle(), 0);
                }
                index++;
                new Feed(node, wild, new WildFrames(node, random.split()), frames).begin();
            }
            Engine engine = new Engine(network, new Engine.Options());
            engine.run(60_000_000_000_000L + frames * 2_000_000L);
            // finish() checks that every frame was delivered, dropped or still under way, and that none leaked.
            Totals totals = engine.finish();
            assertThat(totals.originated()).isGreaterThanOrEqualTo(frames);
            totals.drops().forEach(drop -> assertThat(drop.reason().text()).isNotBlank());
        }
    }
}
