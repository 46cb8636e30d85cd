package io.hopscope.scenarios;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A container host as dockerd 20.10 leaves it (libnetwork's bridge driver): a bridge a network, containers whose addresses
 * come from the network's pool in order, and the iptables rules of setup_ip_tables.go. No docker-proxy, no embedded DNS.
 */
public final class DockerHost implements Blueprint {
    /** What is there without being made. */
    private static final String BRIDGE = "bridge";

    private static final Keys NETWORK = new Keys("a network")
            .key(
                    "subnet",
                    Type.parsed("a prefix such as 172.18.0.0/16", null, Prefix::parse),
                    "the next of Docker's pools")
            .key("bridge", Language.NAME, "its interface; docker0 for 'bridge', br- and the name for others")
            .key("icc", Type.flag("traffic between containers"), "true");

    private static final Keys CONTAINER = new Keys("a container")
            .key("network", Language.NAME, "its network; bridge")
            .key("address", Language.ADDRESS, "the next that is free in the network")
            .key("mac", Language.MAC, "02:42 and the bytes of its address")
            .key("veth", Language.NAME, "name of the host's end; veth and the name")
            .key(
                    "publish",
                    Type.list(Type.parsed("ports such as 8080:80 or 5353:53/udp", null, Published::parse)),
                    "ports of the host that lead to the container's");

    private static final Keys KEYS = new Keys("a docker-host")
            .required("kind", Type.choice("kind", List.of("docker-host")), "docker-host")
            .required("name", Language.NAME, "of the node")
            .required("address", Language.CIDR, "of eth0")
            .key("mac", Language.MAC, "of eth0")
            .key("gateway", Language.ADDRESS, "default gateway of the node")
            .key("networks", Type.map("networks by name", NETWORK), "in the order of their making, after 'bridge'")
            .required("containers", Type.map("containers by name", CONTAINER), "in the order of their start");

    /** A port of the host that leads to one of a container. */
    private record Published(int host, int container, String protocol) {
        static Published parse(String text) {
            if (!text.matches("[0-9]{1,5}:[0-9]{1,5}(/(tcp|udp))?")) {
                throw new IllegalArgumentException(text);
            }
            String[] parts = text.split("[:/]");
            Published made = new Published(
                    Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts.length > 2 ? parts[2] : "tcp");
            if (made.host < 1 || made.host > 65_535 || made.container < 1 || made.container > 65_535) {
                throw new IllegalArgumentException(text);
            }
            return made;
        }
    }

    /** A network and what of its pool is taken. */
    private static final class Network {
        private final String name;
        private final Prefix subnet;
        private final String bridge;
        private final boolean icc;
        private final Set<Integer> taken = new LinkedHashSet<>();
        private final Map<String, Object> ports = new LinkedHashMap<>();

        Network(String name, Prefix subnet, String bridge, boolean icc) {
            this.name = name;
            this.subnet = subnet;
            this.bridge = bridge;
            this.icc = icc;
            taken.add(gateway());
        }

        int gateway() {
            return subnet.address() + 1;
        }

        /** The next free address; 0 if there is none. */
        int next() {
            for (int each = subnet.address() + 1; each != subnet.broadcast(); each++) {
                if (taken.add(each)) {
                    return each;
                }
            }
            return 0;
        }
    }

    private record Mapping(Network network, int address, Published port) {}

    @Override
    public String name() {
        return "docker-host";
    }

    @Override
    public String summary() {
        return "a container host of Docker: docker0, networks, containers, published ports, dockerd's iptables rules";
    }

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public void expand(Value p, Expansion into) {
        Map<String, Network> networks = networks(p, into.problems());
        Map<String, Object> devices = new LinkedHashMap<>();
        List<Object> links = new ArrayList<>();
        List<Mapping> mappings = new ArrayList<>();
        p.entries("containers").forEach((name, spec) -> {
            Network network = networks.get(spec.text("network", BRIDGE));
            if (network == null) {
                into.problems()
                        .unknown(spec.get("network").where(), "network", spec.text("network"), networks.keySet());
                return;
            }
            int address = address(network, spec, into.problems());
            String veth = spec.text("veth", "veth" + name);
            network.ports.put(veth, Map.of());
            devices.put(name, container(network, address, spec));
            links.add(Map.of("endpoints", List.of(name + ":eth0", network.bridge + ":" + veth)));
            spec.items("publish")
                    .forEach(each ->
                            mappings.add(new Mapping(network, address, Published.parse(String.valueOf(each.text())))));
        });
        Map<String, Object> interfaces = new LinkedHashMap<>();
        Map<String, Object> eth0 = new LinkedHashMap<>(Map.of("address", p.text("address")));
        eth0.put(
                "mac",
                p.text("mac", mac(InterfaceAddress.parse(p.text("address")).address())));
        interfaces.put("eth0", eth0);
        networks.values().forEach(each -> {
            devices.put(each.bridge, Map.of("kind", "bridge", "ports", each.ports));
            String own = Ipv4Address.text(each.gateway()) + "/" + each.subnet.length();
            interfaces.put(each.bridge, Map.of("address", own, "mac", mac(each.gateway())));
        });
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("kind", "server");
        node.put("interfaces", interfaces);
        if (p.has("gateway")) {
            node.put("gateway", p.text("gateway"));
        }
        node.put("sysctls", Map.of("net.ipv4.ip_forward", "1", "net.bridge.bridge-nf-call-iptables", "1"));
        node.put("iptables", rules(List.copyOf(networks.values()), mappings));
        node.put("devices", devices);
        node.put("links", links);
        into.node(p.text("name"), node, p.where());
    }

    private static Map<String, Network> networks(Value p, Problems problems) {
        Map<String, Network> all = new LinkedHashMap<>();
        Map<String, Value> specs = new LinkedHashMap<>();
        specs.put(BRIDGE, Value.of(Map.of(), p.where()));
        specs.putAll(p.entries("networks"));
        specs.forEach((name, spec) -> {
            Prefix subnet = spec.has("subnet") ? Prefix.parse(spec.text("subnet")) : pool(all.values());
            String bridge = spec.text("bridge", name.equals(BRIDGE) ? "docker0" : "br-" + name);
            for (Network other : all.values()) {
                if (other.subnet.overlaps(subnet)) {
                    problems.add(
                            spec.where(),
                            "subnet " + subnet + " of network " + name + ", which overlaps that of " + other.name,
                            "one of its own");
                }
            }
            if (bridge.length() > 15) {
                problems.add(spec.where(), "bridge " + bridge, "a name of 15 characters at most; 'bridge' names it");
            }
            all.put(name, new Network(name, subnet, bridge, spec.flag("icc", true)));
        });
        return all;
    }

    /** ipamutils: 172.17.0.0/16 to 172.31.0.0/16, the first that is free. */
    private static Prefix pool(Iterable<Network> taken) {
        for (int second = 17; second < 32; second++) {
            Prefix pool = new Prefix(172 << 24 | second << 16, 16);
            boolean free = true;
            for (Network each : taken) {
                free &= !each.subnet.overlaps(pool);
            }
            if (free) {
                return pool;
            }
        }
        return new Prefix(192 << 24 | 168 << 16, 20);
    }

    private static int address(Network network, Value spec, Problems problems) {
        if (!spec.has("address")) {
            int next = network.next();
            if (next == 0) {
                problems.add(
                        spec.where(), "a container without an address: " + network.subnet + " is full", "a larger one");
            }
            return next;
        }
        int given = Ipv4Address.bits(spec.text("address"));
        if (!network.subnet.contains(given) || !network.taken.add(given)) {
            problems.add(
                    spec.get("address").where(),
                    spec.text("address"),
                    "an address of " + network.subnet + " that is free");
        }
        return given;
    }

    private static Map<String, Object> container(Network network, int address, Value spec) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("kind", "container");
        made.put(
                "interfaces",
                Map.of(
                        "eth0",
                        Map.of(
                                "address",
                                Ipv4Address.text(address) + "/" + network.subnet.length(),
                                "mac",
                                spec.text("mac", mac(address)))));
        made.put("gateway", Ipv4Address.text(network.gateway()));
        return made;
    }

    /** GenerateMACFromIP. */
    private static String mac(int address) {
        return MacAddress.text(0x0242_0000_0000L | address & 0xffff_ffffL);
    }

    /** What dockerd inserts stands before what it had inserted before: the last network comes first. */
    private static String rules(List<Network> networks, List<Mapping> mappings) {
        List<Network> last = new ArrayList<>(networks);
        java.util.Collections.reverse(last);
        List<String> lines = new ArrayList<>(List.of(
                "*nat",
                ":PREROUTING ACCEPT [0:0]",
                ":INPUT ACCEPT [0:0]",
                ":OUTPUT ACCEPT [0:0]",
                ":POSTROUTING ACCEPT [0:0]",
                ":DOCKER - [0:0]",
                "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
                "-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER"));
        last.forEach(each -> lines.add("-A POSTROUTING -s " + each.subnet + " ! -o " + each.bridge + " -j MASQUERADE"));
        mappings.forEach(each -> lines.add("-A POSTROUTING -s " + host(each) + " -d " + host(each) + " -p "
                + each.port.protocol + " -m " + each.port.protocol + " --dport " + each.port.container
                + " -j MASQUERADE"));
        last.forEach(each -> lines.add("-A DOCKER -i " + each.bridge + " -j RETURN"));
        mappings.forEach(
                each -> lines.add("-A DOCKER ! -i " + each.network.bridge + " -p " + each.port.protocol + " -m "
                        + each.port.protocol + " --dport " + each.port.host + " -j DNAT --to-destination "
                        + Ipv4Address.text(each.address) + ":" + each.port.container));
        lines.add("COMMIT");
        filter(lines, last, mappings);
        return String.join("\n", lines) + "\n";
    }

    private static String host(Mapping mapping) {
        return Ipv4Address.text(mapping.address) + "/32";
    }

    private static void filter(List<String> lines, List<Network> last, List<Mapping> mappings) {
        lines.addAll(List.of(
                "*filter",
                ":INPUT ACCEPT [0:0]",
                ":FORWARD DROP [0:0]",
                ":OUTPUT ACCEPT [0:0]",
                ":DOCKER - [0:0]",
                ":DOCKER-ISOLATION-STAGE-1 - [0:0]",
                ":DOCKER-ISOLATION-STAGE-2 - [0:0]",
                ":DOCKER-USER - [0:0]",
                "-A FORWARD -j DOCKER-USER",
                "-A FORWARD -j DOCKER-ISOLATION-STAGE-1"));
        for (Network each : last) {
            String out = "-A FORWARD -o " + each.bridge;
            lines.add(out + " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
            lines.add(out + " -j DOCKER");
            lines.add("-A FORWARD -i " + each.bridge + " ! -o " + each.bridge + " -j ACCEPT");
            if (each.icc) {
                lines.add("-A FORWARD -i " + each.bridge + " -o " + each.bridge + " -j ACCEPT");
            }
        }
        last.stream()
                .filter(each -> !each.icc)
                .forEach(each -> lines.add("-A FORWARD -i " + each.bridge + " -o " + each.bridge + " -j DROP"));
        mappings.forEach(each -> lines.add("-A DOCKER -d " + host(each) + " ! -i " + each.network.bridge + " -o "
                + each.network.bridge + " -p " + each.port.protocol + " -m " + each.port.protocol + " --dport "
                + each.port.container + " -j ACCEPT"));
        last.forEach(each -> lines.add("-A DOCKER-ISOLATION-STAGE-1 -i " + each.bridge + " ! -o " + each.bridge
                + " -j DOCKER-ISOLATION-STAGE-2"));
        lines.add("-A DOCKER-ISOLATION-STAGE-1 -j RETURN");
        last.forEach(each -> lines.add("-A DOCKER-ISOLATION-STAGE-2 -o " + each.bridge + " -j DROP"));
        lines.add("-A DOCKER-ISOLATION-STAGE-2 -j RETURN");
        lines.add("-A DOCKER-USER -j RETURN");
        lines.add("COMMIT");
    }
}
