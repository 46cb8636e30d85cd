package io.hopscope.scenarios;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.DhcpSocket;
import io.hopscope.devices.Firewall;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Switch;
import io.hopscope.devices.Sysctls;
import io.hopscope.devices.VlanRules;
import io.hopscope.devices.VxlanDevice;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.devices.programs.IpRules;
import io.hopscope.devices.programs.RouteWords;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.Route;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Makes the devices of a scenario from their descriptions. */
final class DeviceMaker {
    private final NetfilterReader netfilter;

    private final Lab lab;
    private final Problems problems;
    private final MacBook macs;
    private final List<Runnable> later;
    /** Stacks with an address that could not be read. */
    private final Set<IpStack> unread = new HashSet<>();
    /** Switches and hosts whose ports are listed: there are no others. */
    private final Set<Device> listed = new HashSet<>();

    private final SubnetCheck subnets;
    private final TreeReader trees;
    private final HostInterfaces interfaces;
    private final EtcReader etc;
    private final VlanReader vlans;

    DeviceMaker(Lab lab, Problems problems, MacBook macs, BondReader bonds, List<Runnable> later) {
        this.lab = lab;
        this.problems = problems;
        this.macs = macs;
        this.later = later;
        subnets = new SubnetCheck(problems);
        trees = new TreeReader(problems, macs, later);
        interfaces = new HostInterfaces(problems, macs, bonds);
        etc = new EtcReader(problems);
        netfilter = new NetfilterReader(problems);
        vlans = new VlanReader(problems);
    }

    private <T extends Device> T known(T device) {
        lab.add(device);
        return device;
    }

    private long mac(Value spec, String key, String port) {
        Long given = spec == null ? null : mac(spec.text(key));
        return given == null ? macs.derive(port) : macs.given(given);
    }

    /** Null for what is none: that has been complained about. */
    private static Long mac(String text) {
        try {
            return text == null ? null : (Long) MacAddress.bits(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Integer address(String text) {
        try {
            return text == null ? null : (Integer) Ipv4Address.bits(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    Host host(Node node, String name, Value value, boolean ownLane) {
        Host host = known(new Host(node, name));
        if (ownLane) {
            host.ownLane();
        }
        if (value.has("address")) {
            NetInterface eth0 = host.addInterface("eth0", mac(value, "mac", host + ":eth0"));
            size(eth0, value);
            address(eth0, value.get("address"));
        }
        interfaces.read(host, value, this::describe);
        if (value.has("interfaces")) {
            listed.add(host);
        }
        if (value.has("sysctls")) {
            sysctls(host.stack(), value.get("sysctls"));
        }
        host.stack().forwarding(value.flag("forwarding", host.stack().forwarding()));
        if (host.stack().forwarding()) {
            subnets.check(host.stack(), false);
        }
        etc.read(host.stack(), value);
        later.add(() -> routes(host.stack(), value));
        later.add(() -> netfilter.read(node, host, value));
        return host;
    }

    /** There is no IPv6 here, so that its own are no mistake and change nothing. */
    private void sysctls(IpStack stack, Value sysctls) {
        Map<String, Sysctls.Setting> known = stack.makeSysctls().settings();
        sysctls.entries().forEach((key, value) -> {
            Sysctls.Setting setting = known.get(key);
            if (setting == null) {
                if (!key.startsWith("net.ipv6.") && !NetfilterReader.reads(key)) {
                    problems.unknown(sysctls.where(key), "sysctl", key, List.copyOf(known.keySet()));
                }
                return;
            }
            String text =
                    String.valueOf(value.text()).replaceFirst("^true$", "1").replaceFirst("^false$", "0");
            if (!setting.set(text)) {
                String expected = setting.writable() ? setting.expected() : "a setting that can be written";
                problems.add(value.where(), value.kind() + " as " + key, expected);
            }
        });
    }

    /** A server without an interface of its own has bridges all the same, and rules for what passes them. */
    void bridgesOnly(Node node, Value value) {
        later.add(() -> netfilter.read(node, null, value));
    }

    static void size(NetInterface made, Value value) {
        if (value.has("mtu")) {
            made.mtu((int) value.number("mtu", 1500));
        }
    }

    private void describe(NetInterface made, Value spec) {
        if (spec.isText()) {
            address(made, spec);
            return;
        }
        spec.items("address").forEach(each -> address(made, each));
        spec.items("dhcp-relay").forEach(each -> relay(made, each));
        made.proxyArp(spec.flag("proxy-arp", false));
        Long virtual = mac(spec.text("virtual-mac"));
        if (virtual != null) {
            made.virtualMac(virtual);
        }
        size(made, spec);
        if (spec.has("vrrp")) {
            new VrrpReader(problems).read(made, spec.get("vrrp"));
        }
    }

    private void address(NetInterface made, Value text) {
        try {
            InterfaceAddress address = InterfaceAddress.parse(String.valueOf(text.text()));
            made.address(address);
            subnets.note(made, address, text);
        } catch (IllegalArgumentException e) {
            // The shape was checked: it has been complained about.
            unread.add(made.stack());
        }
    }

    private void relay(NetInterface made, Value server) {
        if (made.addresses().isEmpty()) {
            problems.add(server.where(), "a DHCP relay on an interface without address", "an 'address' beside it");
        } else if (address(server.text()) != null) {
            DhcpSocket.relay(made, address(server.text()));
        }
    }

    private void routes(IpStack stack, Value value) {
        routes(stack, stack::route, value);
    }

    private void routes(IpStack stack, Consumer<Route> to, Value value) {
        if (value.has("gateway") && address(value.text("gateway")) != null) {
            route(stack, to, value.get("gateway"), "default via " + value.text("gateway"));
        }
        value.items("routes").forEach(each -> route(stack, to, each, String.valueOf(each.text())));
        value.items("rules").forEach(each -> {
            try {
                IpRules.enter(stack, List.of(String.valueOf(each.text()).strip().split("\\s+")));
            } catch (IllegalArgumentException e) {
                problems.add(each.where(), each.kind() + ": " + plain(e).strip(), "a rule as 'ip rule add' takes it");
            }
        });
        value.items("neighbours").forEach(each -> {
            try {
                RouteWords.neighbour(
                        stack, List.of(String.valueOf(each.text()).strip().split("\\s+")));
            } catch (IllegalArgumentException e) {
                problems.add(each.where(), each.kind() + ": " + plain(e), "ADDRESS lladdr MAC dev INTERFACE");
            }
        });
    }

    private void route(IpStack stack, Consumer<Route> to, Value at, String words) {
        try {
            RouteWords.enter(stack, List.of(words.strip().split("\\s+")), to);
        } catch (IllegalArgumentException e) {
            boolean gateway = e.getMessage().contains("invalid gateway");
            if (gateway && unread.contains(stack)) {
                // It may well be on the subnet of the address that could not be read.
                return;
            }
            String fault = gateway ? ", which is on no subnet of this node" : ": " + plain(e);
            problems.add(
                    at.where(),
                    at.kind() + fault,
                    gateway ? "a gateway that is, or 'onlink'" : "a route as 'ip route add' takes it");
        }
    }

    /** What a command line tool says, as a part of a message. */
    private static String plain(IllegalArgumentException e) {
        return e.getMessage().replaceFirst("^Error: ", "").replaceFirst("\\.$", "");
    }

    void bridge(Node node, String name, Value value) {
        LinuxBridge bridge = known(new LinuxBridge(node, name));
        if (value.has("mac-aging-time")) {
            bridge.fdb().ageing(Units.time(value.text("mac-aging-time")));
        }
        value.entries("ports").forEach((port, spec) -> {
            mode(spec);
            Port made = bridge.attach(port);
            if (spec.flag("hairpin", false)) {
                bridge.hairpin(made);
            }
        });
        vlans.read(bridge, value);
        if (name.isEmpty() && value.has("vlans")) {
            problems.add(
                    value.where("vlans"),
                    "'vlans' of a bridge without an interface of its own",
                    "those of its 'ports'");
        }
        bridge.tree(trees.linux(bridge, bridge.fdb(), value), TreeReader.on(value));
    }

    /** Once it has an interface of its own. */
    void own(LinuxBridge bridge, Value value) {
        bridge.ports().stream().filter(bridge::isSelf).forEach(self -> vlans.own(bridge, self, value));
    }

    void switchOrRouter(Node node, String kind, Value value) {
        boolean router = kind.equals("router") || value.has("svis");
        if (value.has("asic")) {
            asic(node, router ? "router" : "switch", value);
            return;
        }
        Switch made = known(new Switch(node, "", router ? "router" : "switch"));
        if (value.has("mac-aging-time")) {
            made.fdb().ageing(Units.time(value.text("mac-aging-time")));
        }
        value.entries("ports").forEach((port, spec) -> {
            mode(spec);
            VlanReader.plain(spec, problems);
            made.attach(port, LabBuilder.rules(spec));
        });
        if (value.has("ports")) {
            listed.add(made);
        }
        made.tree(trees.ofSwitch(made, made.fdb(), value));
        svis(node, value, made::svi);
        subnets.check(made.stack(), true);
        later.add(() -> routes(made.stack(), value));
    }

    private void asic(Node node, String kind, Value value) {
        AsicSwitch made = known(new AsicSwitch(node, "", kind, new AsicReader(problems).read(value)));
        value.entries("ports").forEach((port, spec) -> {
            mode(spec);
            VlanReader.plain(spec, problems);
            made.attach(port, LabBuilder.rules(spec));
        });
        if (value.has("ports")) {
            listed.add(made);
        }
        made.tree(trees.ofSwitch(made, made.stations(), value));
        svis(node, value, made::svi);
        subnets.check(made.stack(), true);
        later.add(() -> routes(made.stack(), made::route, value));
    }

    private void svis(Node node, Value value, BiFunction<Integer, Long, NetInterface> maker) {
        value.entries("svis").forEach((vlan, spec) -> {
            if (!vlan.matches("[0-9]{1,4}") || Integer.parseInt(vlan) < 1 || Integer.parseInt(vlan) > 4094) {
                problems.add(value.get("svis").where(vlan), "'" + vlan + "'", "a VLAN from 1 to 4094");
                return;
            }
            long mac = mac(spec, "mac", node.name() + ":vlan" + vlan);
            describe(maker.apply(Integer.parseInt(vlan), mac), spec);
        });
    }

    /** An access port has one VLAN, a trunk a list: a key of the other would be passed over in silence. */
    private void mode(Value spec) {
        boolean access = "access".equals(spec.text("mode"));
        if (!access && !"trunk".equals(spec.text("mode"))) {
            return;
        }
        for (String key : access ? List.of("vlans", "native") : List.of("vlan")) {
            if (spec.has(key)) {
                String port = access ? "an access port" : "a trunk";
                problems.add(spec.where(key), "'" + key + "' of " + port, access ? "'vlan'" : "'vlans' or 'native'");
            }
        }
    }

    void firewall(Node node, Value value) {
        FirewallReader reader = new FirewallReader(problems);
        Firewall made = known(reader.make(node, value));
        listed.add(made);
        value.entries("interfaces").forEach((name, spec) -> {
            int segment = reader.segment(name, value.get("interfaces"));
            NetInterface via = made.addInterface(name, mac(spec, "mac", made + ":" + name), segment);
            size(via, value);
            describe(via, spec);
        });
        subnets.check(made.stack(), true);
        later.add(() -> routes(made.stack(), value));
    }

    void ovs(Node node, String name, Value value) {
        OvsBridge bridge = known(new OvsBridge(node, name));
        bridge.secure("secure".equals(value.text("fail-mode")));
        if (value.has("mac-aging-time")) {
            bridge.fdb().ageing(Units.time(value.text("mac-aging-time")));
        }
        value.entries("ports").forEach((port, spec) -> {
            List<String> members = spec.items("bond").stream()
                    .map(each -> String.valueOf(each.text()))
                    .toList();
            if (port.equals(name)) {
                bridge.self();
            } else if (members.isEmpty()) {
                bridge.attach(port);
            } else {
                bridge.bond(port, members);
            }
            if (spec.has("tag")) {
                bridge.vlans(bridge.port(port), VlanRules.access((int) spec.number("tag", 1)));
            } else if (spec.has("trunks")) {
                bridge.vlans(bridge.port(port), VlanRules.trunk(LabBuilder.vlans(spec.items("trunks")), -1));
            }
        });
        later.add(() -> flows(bridge, value));
    }

    private void flows(OvsBridge bridge, Value value) {
        for (Value block : value.items("flows")) {
            for (String line : String.valueOf(block.text()).split("\n")) {
                String flow = line.strip();
                if (flow.isEmpty()
                        || flow.startsWith("#")
                        || flow.startsWith("NXST_FLOW")
                        || flow.startsWith("OFPST")) {
                    continue;
                }
                try {
                    bridge.addFlow(flow, 0);
                } catch (IllegalArgumentException e) {
                    problems.add(block.where(), "flow '" + flow + "'", e.getMessage());
                }
            }
        }
    }

    void vxlan(Node node, String name, Value value) {
        Integer local = address(value.text("local"));
        if (local == null || !value.has("vni")) {
            problems.add(value.where(), "a vxlan device without " + (local == null ? "'local'" : "'vni'"), "it");
            return;
        }
        VxlanDevice made = known(new VxlanDevice(
                node,
                name,
                (int) value.number("vni", 1),
                (int) value.number("udp-port", 8472),
                local,
                value.flag("udp-checksum", true)));
        for (Value entry : value.items("fdb")) {
            String[] words = String.valueOf(entry.text()).strip().split("\\s+");
            Long mac = mac(words[0]);
            Integer remote = words.length >= 3 && words[1].equals("dst") ? address(words[2]) : null;
            if (mac == null || remote == null) {
                problems.add(entry.where(), entry.kind(), "MAC dst ADDRESS");
            } else {
                made.remote(mac, remote);
            }
        }
    }

    /** A port by name, made where the device has none yet; null after a complaint. */
    Port port(Device device, String name, Where where) {
        Port there = device.port(name);
        if (there != null) {
            return there;
        }
        NetInterface portless = device instanceof Host host ? host.stack().find(name) : null;
        if (portless != null && portless.parent() != null) {
            String parent = portless.parent().name();
            problems.add(where, "VLAN device '" + name + "' in a link", "its parent '" + parent + "'");
            return null;
        } else if (listed.contains(device)) {
            List<String> ports = device.ports().stream().map(Port::name).toList();
            problems.unknown(where, "port of " + device + ", which lists its own:", name, ports);
            return null;
        }
        if (device instanceof Host host) {
            return host.addInterface(name, macs.derive(host + ":" + name)).port();
        } else if (device instanceof LinuxBridge bridge) {
            return bridge.attach(name);
        } else if (device instanceof OvsBridge bridge) {
            return bridge.attach(name);
        }
        if (device instanceof AsicSwitch asic) {
            return asic.attach(name, VlanRules.trunk(null, 1));
        }
        return LabBuilder.asSwitch(device).attach(name, VlanRules.trunk(null, 1));
    }
}
