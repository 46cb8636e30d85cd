package io.hopscope.scenarios;

import io.hopscope.core.CableSpec;
import io.hopscope.core.Costs;
import io.hopscope.core.Device;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.ScenarioError;
import io.hopscope.devices.Host;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.Nic;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Switch;
import io.hopscope.devices.VlanRules;
import io.hopscope.devices.VxlanDevice;
import io.hopscope.encap.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Builds the network that a scenario describes, and says everything that cannot be built. */
final class LabBuilder {
    private final Scenario scenario;
    private final Problems problems;
    private final Lab lab;
    private final Network network;
    private final MacBook macs = new MacBook();
    private final DeviceMaker maker;
    private final BondReader bonds;
    private final Map<String, Nic> nics = new LinkedHashMap<>();
    /** What can only be done when every port is there. */
    private final List<Runnable> later = new ArrayList<>();

    private LabBuilder(Scenario scenario, long seed, Problems problems) {
        this.scenario = scenario;
        this.problems = problems;
        Costs costs = scenario.cost() == 0 ? Costs.NONE : Costs.defaults().scaled(scenario.cost());
        network = new Network(seed, costs);
        lab = new Lab(network);
        bonds = new BondReader(problems, macs);
        maker = new DeviceMaker(lab, problems, macs, bonds, later);
    }

    /**
     * @param problems takes everything that is wrong
     */
    static Lab build(Scenario scenario, long seed, Problems problems) {
        return new LabBuilder(scenario, seed, problems).build();
    }

    private Lab build() {
        if (scenario.era() != null) {
            problems.attempt(() -> new EraReader(problems).read(scenario.era(), network));
            lab.addAll(network.nodes());
        }
        scenario.nodes().forEach((name, value) -> attempt(name, () -> node(name, value)));
        scenario.nodes().forEach((name, value) -> {
            if (value.text("kind", "linux").equals("server")) {
                attempt(name, () -> join(name, value));
            }
        });
        scenario.links().forEach(link -> problems.attempt(() -> link(link, null)));
        later.forEach(problems::attempt);
        return lab;
    }

    private void attempt(String node, Runnable step) {
        if (!problems.attempt(step)) {
            lab.doubt(node);
        }
    }

    private void node(String name, Value value) {
        Language.NODE.check(value, problems);
        String kind = value.text("kind", "linux");
        if (!value.isMap()) {
            return;
        } else if (!Language.NODE_KINDS.contains(kind)) {
            // Complained about; as a host it can at least be referred to.
            kind = "linux";
        }
        relevant(value, kind, List.of("kind", "group", "labels"));
        Node node = network.node(name);
        lab.add(name, node);
        switch (kind) {
            case "bridge" -> maker.bridge(node, "", value);
            case "switch", "router" -> maker.switchOrRouter(node, kind, value);
            case "firewall" -> maker.firewall(node, value);
            case "server" -> server(node, value);
            default -> {
                bonds.read(node, value);
                bonds.complete(maker.host(node, "", value, false));
            }
        }
    }

    private void relevant(Value value, String kind, List<String> always) {
        List<String> taken = Language.keysOf(kind);
        value.entries().keySet().forEach(key -> {
            if (!taken.contains(key) && !always.contains(key)) {
                problems.unknown(value.where(key), "of kind " + kind + ", key", key, taken);
            }
        });
    }

    private void server(Node node, Value value) {
        bonds.read(node, value);
        if (value.has("interfaces") || value.has("address")) {
            maker.host(node, "", value, false);
        } else {
            maker.bridgesOnly(node, value);
        }
        value.entries("devices").forEach((name, device) -> {
            String kind = device.text("kind", "");
            if (!device.isMap() || !Language.DEVICE_KINDS.contains(kind)) {
                return;
            }
            Language.NAME.check(Value.text(device.where(), name), problems);
            relevant(device, kind, List.of("kind"));
            switch (kind) {
                case "bridge" -> maker.bridge(node, name, device);
                case "ovs-bridge" -> maker.ovs(node, name, device);
                case "vxlan" -> maker.vxlan(node, name, device);
                case "nic" -> nics.put(node.name() + ":" + name, new Nic(node, name));
                default -> maker.host(node, name, device, kind.equals("vm"));
            }
        });
    }

    /** Joins the devices of a server: patch ports, bonds, own interfaces of bridges, then its links. */
    private void join(String nodeName, Value value) {
        Node node = lab.nodes().get(nodeName);
        value.entries("devices").forEach((name, device) -> {
            Device made = node == null ? null : lab.device(nodeName + "/" + name);
            if (made instanceof OvsBridge bridge) {
                device.entries("ports").forEach((port, spec) -> {
                    patch(node, bridge, port, spec);
                    bond(node, bridge, port, spec);
                });
                own(node, name, bridge.self(), device, false);
            } else if (made instanceof LinuxBridge bridge) {
                own(node, name, null, device, true);
            } else if (made instanceof VxlanDevice vxlan) {
                tunnel(node, name, vxlan, device);
            }
        });
        value.items("links").forEach(link -> link(link, node));
    }

    private void patch(Node node, OvsBridge bridge, String port, Value spec) {
        String peer = spec.text("patch");
        if (peer == null || peer.indexOf(':') < 0) {
            return;
        }
        Port mine = bridge.port(port);
        Port other = resolve(spec.get("patch"), node);
        if (other != null && !mine.connected() && !other.connected()) {
            network.patch(mine, other);
        } else if (other != null && mine.peer() != other) {
            problems.add(spec.get("patch").where(), "patch port " + mine + " joined already", "a free port");
        }
    }

    private void bond(Node node, OvsBridge bridge, String port, Value spec) {
        List<String> members = spec.items("bond").stream()
                .map(Value::text)
                .filter(each -> each != null)
                .toList();
        if (members.isEmpty()) {
            return;
        }
        List<Port> ports = bridge.members(port);
        for (int i = 0; i < members.size(); i++) {
            String name = node.name() + ":" + members.get(i);
            Nic nic = nics.get(name);
            if (nic == null) {
                nic = new Nic(node, members.get(i));
                nics.put(name, nic);
            }
            if (nic.inner().connected()) {
                problems.add(spec.get("bond").where(), "NIC " + members.get(i) + " a second time", "a free NIC");
            } else {
                network.wire(nic.inner(), ports.get(i));
            }
        }
    }

    /** A bridge's own interface is the server's interface of its name, where there is one. */
    private void own(Node node, String name, Port ovsSelf, Value device, boolean linux) {
        Host host = lab.place(node.name()).host();
        Port up = host == null ? null : host.port(name);
        if (up == null || up.connected()) {
            if (device.has("vlans")) {
                problems.add(
                        device.where("vlans"),
                        "'vlans' of a bridge without an interface of its own",
                        "'" + name + "' among the interfaces of node " + node.name());
            }
            return;
        }
        if (device.has("mac")) {
            problems.add(device.where("mac"), "'mac' of a bridge with an interface of its own", "it at the interface");
        }
        Device bridge = lab.device(node.name() + "/" + name);
        network.wire(up, linux ? ((LinuxBridge) bridge).self(up.mac()) : ovsSelf);
        if (linux) {
            maker.own((LinuxBridge) bridge, device);
        }
    }

    private void tunnel(Node node, String name, VxlanDevice vxlan, Value device) {
        Host host = lab.place(node.name()).host();
        Port up = host == null ? null : host.port(name);
        Port enslaved = up == null && host != null ? bridged(node, name) : null;
        up = up == null ? enslaved : up;
        if (up == null) {
            problems.add(
                    device.where(),
                    "a vxlan device without an interface of its name",
                    "'" + name + "' among the interfaces of node " + node.name() + ", or the ports of a bridge of it");
            return;
        }
        network.wire(up, vxlan.overlay());
        network.wire(vxlan.underlay(), host.addUnderlay(name, vxlan));
    }

    /** The port of a Linux bridge of the node that is called so; null without one. */
    private static Port bridged(Node node, String name) {
        for (Device device : node.devices()) {
            Port port = device instanceof LinuxBridge ? device.port(name) : null;
            if (port != null && !port.connected()) {
                return port;
            }
        }
        return null;
    }

    private void link(Value link, Node inside) {
        Language.LINK.check(link, problems);
        List<Value> ends = link.items("endpoints");
        if (ends.size() != 2) {
            if (link.has("endpoints")) {
                String many = ends.size() + (ends.size() == 1 ? " endpoint" : " endpoints");
                problems.add(link.get("endpoints").where(), many, "two");
            }
            ends.forEach(each -> doubt(each, inside));
            return;
        }
        Port a = resolve(ends.get(0), inside);
        Port b = resolve(ends.get(1), inside);
        if (a == null || b == null || taken(a, ends.get(0)) || taken(b, ends.get(1))) {
            ends.forEach(each -> doubt(each, inside));
            return;
        }
        if (a == b) {
            problems.add(ends.get(1).where(), "the same port at both ends", "another port");
            ends.forEach(each -> doubt(each, inside));
        } else if (a.node() == b.node()) {
            network.wire(a, b);
        } else {
            cable(a, b, link);
        }
        if (a.peer() == b) {
            Value defaults = scenario.linkDefaults();
            boolean bare = defaults == null || !a.cabled();
            new CableReader(network, problems).read(bare ? link : link.over(defaults), a, b);
        }
    }

    /** What refers to a link that could not be made has no mistake of its own. */
    private void doubt(Value end, Node inside) {
        if (inside != null) {
            lab.doubt(inside.name());
        } else if (end.text() != null) {
            String owner = end.text().split(":")[0];
            Device device = lab.device(owner);
            String node = device != null ? device.node().name() : owner.split("/")[0];
            lab.doubt(node);
            String meant = lab.nodes().containsKey(node)
                    ? null
                    : Nearest.of(node, lab.nodes().keySet());
            if (meant != null) {
                lab.doubt(meant);
            }
        }
    }

    private boolean taken(Port port, Value end) {
        if (port.connected()) {
            problems.add(end.where(), end.kind() + ", joined already to " + port.peer(), "a free port");
        }
        return port.connected();
    }

    private void cable(Port a, Port b, Value link) {
        Value defaults = scenario.linkDefaults();
        Value spec = defaults == null ? link : link.over(defaults);
        try {
            network.cable(a, b, spec(spec));
        } catch (IllegalArgumentException | ScenarioError e) {
            Problems own = new Problems();
            Language.LINK.check(spec, own);
            // A rate, a time or a number that is none has been complained about at its own place.
            if (own.none()) {
                problems.add(link.where(), "a link that cannot be: " + e.getMessage(), "another one");
            }
            network.cable(a, b, CableSpec.DEFAULT);
        }
    }

    private static CableSpec spec(Value spec) {
        CableSpec base = CableSpec.DEFAULT;
        return new CableSpec(
                spec.has("rate") ? Units.rate(spec.text("rate")) : base.rate(),
                spec.has("delay") ? Units.time(spec.text("delay")) : base.delay(),
                (int) spec.number("queue", base.queue()),
                (int) spec.number("overhead", base.overhead()),
                (int) spec.number("minimum", base.minimum()),
                !spec.has("rate") && !spec.has("delay"));
    }

    /** The port that an endpoint names, made where the device makes ports on demand; null after a complaint. */
    private Port resolve(Value end, Node inside) {
        String text = end.text();
        int colon = text == null ? -1 : text.lastIndexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            return null;
        }
        String left = text.substring(0, colon);
        String name = text.substring(colon + 1);
        if (inside != null && !left.equals(inside.name()) && left.indexOf('/') < 0) {
            left = inside.name() + "/" + left;
        }
        Node node = lab.nodes().get(left);
        Nic nic = node == null ? null : nics.get(left + ":" + name);
        if (nic != null) {
            return nic.outer();
        }
        if (node != null) {
            Port bonded = bonds.member(node, name) != null ? bonds.member(node, name) : bonds.free(node, name);
            if (bonded != null) {
                return bonded;
            }
        }
        Device device = lab.device(left);
        if (device == null && lab.doubtful(left)) {
            return null;
        }
        if (device == null) {
            List<String> valid = new ArrayList<>(lab.names());
            if (node != null) {
                nics.keySet().stream()
                        .filter(each -> each.startsWith(node.name() + ":"))
                        .forEach(valid::add);
                problems.unknown(end.where(), "port", text, valid);
            } else {
                problems.unknown(end.where(), "node or device", left.substring(left.indexOf('/') + 1), valid);
            }
            return null;
        }
        return maker.port(device, name, end.where());
    }

    static VlanRules rules(Value spec) {
        if (spec.has("vlan") || "access".equals(spec.text("mode"))) {
            return VlanRules.access((int) spec.number("vlan", 1));
        }
        int[] vlans = spec.has("vlans") ? vlans(spec.items("vlans")) : null;
        return VlanRules.trunk(vlans, (int) spec.number("native", vlans == null ? 1 : -1));
    }

    static int[] vlans(List<Value> items) {
        return items.stream()
                .map(VlanReader.Entry::of)
                .filter(Objects::nonNull)
                .flatMapToInt(VlanReader.Entry::vlans)
                .toArray();
    }

    static Switch asSwitch(Device device) {
        return (Switch) device;
    }
}
