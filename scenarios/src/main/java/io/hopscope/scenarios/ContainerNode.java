package io.hopscope.scenarios;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container host as flannel leaves it: cni0 with a bridge, pods behind veth pairs, and for each peer either a route
 * (host-gw) or flannel.1's route, neighbour and FDB entry (vxlan). No NAT, no port mapping.
 */
public final class ContainerNode implements Blueprint {
    private static final Keys POD = Language.programKeys(new Keys("a pod")
            .required("address", Language.ADDRESS, "within the node's pod network")
            .key("mac", Language.MAC, "as CNI's bridge plugin derives it from the address: 0a:58 and its bytes")
            .key("veth", Language.NAME, "name of the host's end; veth-POD"));

    private static final Keys PEER = new Keys("a peer")
            .required("pods", Type.parsed("a prefix such as 10.244.2.0/24", null, Prefix::parse), "its pod network")
            .required("address", Language.ADDRESS, "its address")
            .key("vtep", Language.MAC, "MAC of its flannel.1; derived as its own is");

    private static final Keys KEYS = new Keys("a container-node")
            .required("kind", Type.choice("kind", List.of("container-node")), "container-node")
            .required("name", Language.NAME, "of the node")
            .required("address", Language.CIDR, "of eth0")
            .key("mac", Language.MAC, "of eth0")
            .key("gateway", Language.ADDRESS, "default gateway of the node")
            .required("network", Type.parsed("a prefix such as 10.244.1.0/24", null, Prefix::parse), "its pod network")
            .key("mode", Type.choice("mode", List.of("routed", "vxlan")), "how peers are reached; routed")
            .key("vtep", Language.MAC, "MAC of flannel.1")
            .key("vni", Type.number(1, 16_777_215, "a VNI"), "1, flannel's own")
            .key("udp-port", Type.number(1, 65535, "a UDP port"), "8472, Linux's default")
            .required("pods", Type.map("pods by name", Type.either(Language.ADDRESS, POD)), "containers")
            .key("peers", Type.list(PEER), "the other nodes");

    @Override
    public String name() {
        return "container-node";
    }

    @Override
    public String summary() {
        return "a container host: cni0, pods, a virtual router; peers by route or through VXLAN, as flannel";
    }

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public void expand(Value p, Expansion into) {
        boolean vxlan = p.text("mode", "routed").equals("vxlan");
        Prefix network = Prefix.parse(p.text("network"));
        int gateway = network.address() + 1;
        into.claim(
                "container network", network, p.text("name"), p.get("network").where());
        room(p, network, gateway, into.problems());
        int mtu = vxlan ? 1450 : 1500;
        Map<String, Object> interfaces = new LinkedHashMap<>();
        Map<String, Object> eth0 = new LinkedHashMap<>(Map.of("address", p.text("address")));
        if (p.has("mac")) {
            eth0.put("mac", p.text("mac"));
        }
        interfaces.put("eth0", eth0);
        interfaces.put(
                "cni0",
                Map.of(
                        "address",
                        Ipv4Address.text(gateway) + "/" + network.length(),
                        "mac",
                        podMac(gateway),
                        "mtu",
                        mtu));
        Map<String, Object> devices = new LinkedHashMap<>();
        List<Object> links = new ArrayList<>();
        Map<String, Object> ports = new LinkedHashMap<>();
        p.entries("pods").forEach((pod, spec) -> {
            String veth = spec.text("veth", "veth-" + pod);
            ports.put(veth, Map.of("hairpin", "true"));
            devices.put(pod, pod(spec, network, gateway, mtu));
            links.add(Map.of("endpoints", List.of(pod + ":eth0", "cni0:" + veth)));
        });
        devices.put("cni0", Map.of("kind", "bridge", "ports", ports));
        List<String> routes = new ArrayList<>();
        List<String> neighbours = new ArrayList<>();
        List<String> fdb = new ArrayList<>();
        for (Value peer : p.items("peers")) {
            peer(peer, vxlan, routes, neighbours, fdb);
        }
        if (vxlan) {
            vxlan(p, network, interfaces, devices, fdb);
        }
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("kind", "server");
        node.put("forwarding", "true");
        node.put("interfaces", interfaces);
        if (p.has("gateway")) {
            node.put("gateway", p.text("gateway"));
        }
        node.put("routes", routes);
        node.put("neighbours", neighbours);
        node.put("devices", devices);
        node.put("links", links);
        into.node(p.text("name"), node, p.where());
    }

    /** Whether each pod has an address of the network that is nobody else's. */
    private static void room(Value p, Prefix network, int gateway, Problems problems) {
        Map<Integer, String> taken = new LinkedHashMap<>(Map.of(gateway, "cni0"));
        p.entries("pods").forEach((pod, spec) -> {
            Value address = spec.isText() ? spec : spec.get("address");
            int bits = Ipv4Address.bits(address.text());
            String other = taken.putIfAbsent(bits, pod);
            if (!network.contains(bits) || bits == network.address() || bits == network.broadcast()) {
                problems.add(address.where(), address.text() + " of pod " + pod, "an address of a host in " + network);
            } else if (other != null) {
                problems.add(address.where(), address.text() + ", which " + other + " has", "an address of its own");
            }
        });
    }

    private static Map<String, Object> pod(Value spec, Prefix network, int gateway, int mtu) {
        String address = spec.isText() ? spec.text() : spec.text("address");
        int bits = Ipv4Address.bits(address);
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("kind", "container");
        made.put(
                "interfaces",
                Map.of(
                        "eth0",
                        Map.of(
                                "address",
                                address + "/" + network.length(),
                                "mac",
                                spec.text("mac", podMac(bits)),
                                "mtu",
                                mtu)));
        made.put("gateway", Ipv4Address.text(gateway));
        Language.programs(spec, made);
        return made;
    }

    /** utils/hwaddr of the CNI plugins: 0a:58 and the four bytes of the address. */
    private static String podMac(int address) {
        return MacAddress.text(0x0a58_0000_0000L | address & 0xffff_ffffL);
    }

    private static void peer(
            Value peer, boolean vxlan, List<String> routes, List<String> neighbours, List<String> fdb) {
        Prefix pods = Prefix.parse(peer.text("pods"));
        if (!vxlan) {
            routes.add(pods + " via " + peer.text("address") + " dev eth0");
            return;
        }
        String first = Ipv4Address.text(pods.address());
        String vtep = peer.text("vtep", vtep(pods));
        neighbours.add(first + " lladdr " + vtep + " dev flannel.1 nud permanent");
        fdb.add(vtep + " dst " + peer.text("address"));
        routes.add(pods + " via " + first + " dev flannel.1 onlink");
    }

    private static String vtep(Prefix pods) {
        return MacAddress.text(0x0e00_0000_0000L | pods.address() & 0xffff_ffffL);
    }

    private static void vxlan(
            Value p, Prefix network, Map<String, Object> interfaces, Map<String, Object> devices, List<String> fdb) {
        String local = p.text("address").substring(0, p.text("address").indexOf('/'));
        interfaces.put(
                "flannel.1",
                Map.of(
                        "address",
                        Ipv4Address.text(network.address()) + "/32",
                        "mac",
                        p.text("vtep", vtep(network)),
                        "mtu",
                        1450));
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("kind", "vxlan");
        device.put("vni", p.number("vni", 1));
        device.put("udp-port", p.number("udp-port", 8472));
        device.put("local", local);
        device.put("fdb", fdb);
        devices.put("flannel.1", device);
    }
}
