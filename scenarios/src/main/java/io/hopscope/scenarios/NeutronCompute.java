package io.hopscope.scenarios;

import io.hopscope.devices.neutron.BridgeWiring;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A compute node as neutron-openvswitch-agent leaves it for provider networks: br-int and br-bond, the patch ports between
 * them, a bond of NICs, and the agent's flows (Newton: br_int.py, br_phys.py); with security groups a Linux bridge between
 * each instance and br-int, and the rules of {@link SecurityGroups}. No tenant networks.
 */
public final class NeutronCompute implements Blueprint {
    private static final String HYBRID = "iptables_hybrid";
    /** Names of interfaces have 15 characters, and "neutron-openvswi-o" leaves ten of a chain's 28. */
    private static final int LONGEST = 10;

    /** Where the zones of connection tracking begin (ZONE_START). */
    private static final int ZONES = 4096;

    private static final Keys INSTANCE = Language.programKeys(new Keys("an instance")
            .key("network", Language.VLAN, "the provider VLAN it is in")
            .key("address", Language.CIDR, "its address; without one it has no port until 'openstack server create'")
            .key("mac", Language.MAC, "derived from the name, with Neutron's prefix fa:16:3e, where it is left out")
            .key("gateway", Language.ADDRESS, "its default gateway")
            .key("routes", Type.list(Type.text("a route as 'ip route add' takes it")), "more routes")
            .key("security-groups", Type.list(Language.NAME), "the groups it is in; default")
            .key("port-security", Type.flag("port security"), "anti-spoofing flows; true"));

    private static final Keys KEYS = new Keys("a neutron-compute")
            .required("kind", Type.choice("kind", List.of("neutron-compute")), "neutron-compute")
            .required("name", Language.NAME, "of the node")
            .key("networks", Type.map("local VLANs by provider VLAN", Language.VLAN), "counted from 1 where left out")
            .key("nics", Type.list(Language.NAME), "of the bond, the active one first; eth0 and eth1")
            .key("management", Language.CIDR, "address on br-bond")
            .key("management-vlan", Language.VLAN, "VLAN of that address")
            .key("management-gateway", Language.ADDRESS, "its default gateway")
            .key("neutron-server", Language.ADDRESS, "the server that the node's agent asks for ports")
            .key("mac-aging-time", Language.TIME, "how long br-int and br-bond remember a station: 300s")
            .key(
                    "firewall",
                    Type.choice("firewall", List.of("noop", HYBRID)),
                    "noop; iptables_hybrid puts a Linux bridge with security groups before each instance")
            .key(
                    "security-groups",
                    Type.map("rules by group", Type.list(Type.text("a rule such as 'ingress tcp 80 from 10.0.0.0/8'"))),
                    "what may begin; 'default' lets everything out, and in what comes from its members")
            .required("instances", Type.map("instances by name", INSTANCE), "virtual machines");

    @Override
    public String name() {
        return "neutron-compute";
    }

    @Override
    public String summary() {
        return "a compute node of OpenStack: br-int, br-bond, bonded NICs, Neutron's flows, instances";
    }

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public void expand(Value p, Expansion into) {
        String name = p.text("name");
        Map<String, Integer> local = localVlans(p);
        Map<String, Object> devices = new LinkedHashMap<>();
        List<Object> links = new ArrayList<>();
        Map<String, Object> intPorts = new LinkedHashMap<>();
        StringBuilder intFlows = new StringBuilder("table=0,priority=0,actions=NORMAL\n"
                + "table=0,priority=2,in_port=int-br-bond,actions=drop\n"
                + "table=23,priority=0,actions=drop\ntable=24,priority=0,actions=drop\n");
        local.forEach((segment, lvid) -> intFlows.append("table=0,priority=3,in_port=int-br-bond,dl_vlan=")
                .append(segment)
                .append(",actions=mod_vlan_vid:")
                .append(lvid)
                .append(",NORMAL\n"));
        intPorts.put("int-br-bond", Map.of("patch", "br-bond:phy-br-bond"));
        boolean hybrid = p.text("firewall", "noop").equals(HYBRID);
        SecurityGroups groups = new SecurityGroups(p.entries("security-groups"), into.problems());
        Map<String, Object> interfaces = new LinkedHashMap<>();
        p.entries("instances").forEach((instance, spec) -> {
            boolean complete = complete(instance, spec, into.problems());
            boolean filtered = hybrid && complete && filterable(instance, spec, groups, into.problems());
            String port = (filtered ? "qvo-" : "tap-") + instance;
            if (!filtered) {
                links.add(Map.of("endpoints", List.of(instance + ":eth0", "br-int:" + port)));
            }
            if (complete) {
                String mac = spec.text("mac", mac(name + "/" + instance));
                devices.put(instance, instance(spec, mac));
                intPorts.put(port, Map.of("tag", local.get(spec.text("network"))));
                if (spec.flag("port-security", true)) {
                    antiSpoofing(port, mac, spec.text("address"), intFlows);
                }
                if (filtered) {
                    filter(instance, devices, links);
                    interfaces.put("qbr-" + instance, Map.of());
                    int zone = ZONES + local.get(spec.text("network"));
                    groups.add(instance, mac, spec.text("address"), zone, texts(spec.items("security-groups")));
                }
            } else {
                devices.put(instance, Map.of("kind", "vm", "interfaces", Map.of("eth0", Map.of())));
                intPorts.put(port, Map.of("tag", BridgeWiring.DEAD_VLAN));
                intFlows.append("table=0,priority=2,in_port=").append(port).append(",actions=drop\n");
            }
        });
        devices.put("br-int", ageing(p, bridge(intPorts, intFlows, "secure")));
        devices.put("br-bond", ageing(p, physical(p, local)));
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("kind", "server");
        if (p.has("management")) {
            interfaces.put("br-bond", Map.of("address", p.text("management")));
            if (p.has("management-gateway")) {
                node.put("gateway", p.text("management-gateway"));
            }
        }
        if (!interfaces.isEmpty()) {
            node.put("interfaces", interfaces);
        }
        if (hybrid) {
            node.put("sysctls", Map.of("net.bridge.bridge-nf-call-iptables", "1"));
            node.put("ipset", groups.sets());
            node.put("iptables", groups.rules());
        }
        if (p.has("neutron-server")) {
            node.put("services", List.of("neutron-openvswitch-agent --server " + p.text("neutron-server")));
        }
        node.put("devices", devices);
        node.put("links", links);
        into.node(name, node, p.where());
    }

    private static List<String> texts(List<Value> items) {
        return items.stream().map(each -> String.valueOf(each.text())).toList();
    }

    /** Whether its port is one for security groups: with port security, and a name that its interfaces can bear. */
    private static boolean filterable(String instance, Value spec, SecurityGroups groups, Problems problems) {
        if (!spec.flag("port-security", true)) {
            return false;
        } else if (instance.length() > LONGEST) {
            problems.add(
                    spec.where(),
                    "instance " + instance + " behind " + HYBRID,
                    "a name of " + LONGEST + " characters at most: its interfaces and chains bear it");
            return false;
        }
        for (Value each : spec.items("security-groups")) {
            if (each.text() != null && !groups.names().contains(each.text())) {
                problems.unknown(each.where(), "group", each.text(), groups.names());
            }
        }
        return true;
    }

    /** os-vif's hybrid plug: tap and qvb on a bridge of their own, qvo on br-int. */
    private static void filter(String instance, Map<String, Object> devices, List<Object> links) {
        String qbr = "qbr-" + instance;
        Map<String, Object> ports = new LinkedHashMap<>();
        ports.put("tap-" + instance, Map.of());
        ports.put("qvb-" + instance, Map.of());
        devices.put(qbr, Map.of("kind", "bridge", "ports", ports));
        links.add(Map.of("endpoints", List.of(instance + ":eth0", qbr + ":tap-" + instance)));
        links.add(Map.of("endpoints", List.of(qbr + ":qvb-" + instance, "br-int:qvo-" + instance)));
    }

    /** Whether the instance has its port from the start: network and address, or neither. */
    private static boolean complete(String instance, Value spec, Problems problems) {
        if (spec.has("address") != spec.has("network")) {
            problems.add(
                    spec.where(),
                    "instance " + instance + " with "
                            + (spec.has("address") ? "'address' and no 'network'" : "'network' and no 'address'"),
                    "both, or neither where 'openstack server create' gives them");
        }
        return spec.has("address") && spec.has("network");
    }

    /** LVIDs are a host's own, allocated from 1. */
    private static Map<String, Integer> localVlans(Value p) {
        Map<String, Integer> all = new LinkedHashMap<>();
        p.entries("networks").forEach((segment, lvid) -> all.put(segment, Integer.parseInt(lvid.text())));
        p.entries("instances").values().forEach(spec -> {
            int next = 1;
            while (all.containsValue(next)) {
                next++;
            }
            if (spec.has("network")) {
                all.putIfAbsent(spec.text("network"), next);
            }
        });
        return all;
    }

    private static String mac(String name) {
        int hash = name.hashCode();
        return String.format(Locale.ROOT, "fa:16:3e:%02x:%02x:%02x", hash >>> 16 & 255, hash >>> 8 & 255, hash & 255);
    }

    private static Map<String, Object> instance(Value spec, String mac) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("kind", "vm");
        made.put("interfaces", Map.of("eth0", Map.of("address", spec.text("address"), "mac", mac)));
        if (spec.has("gateway")) {
            made.put("gateway", spec.text("gateway"));
        }
        if (spec.has("routes")) {
            made.put("routes", spec.get("routes"));
        }
        Language.programs(spec, made);
        return made;
    }

    private static void antiSpoofing(String tap, String mac, String cidr, StringBuilder flows) {
        String address = Ipv4Address.text(InterfaceAddress.parse(cidr).address());
        flows.append("table=0,priority=10,arp,in_port=").append(tap).append(",actions=resubmit(,24)\n");
        flows.append("table=0,priority=9,in_port=").append(tap).append(",actions=resubmit(,25)\n");
        flows.append("table=24,priority=2,arp,in_port=")
                .append(tap)
                .append(",arp_spa=")
                .append(address)
                .append(",actions=resubmit(,25)\n");
        flows.append("table=25,priority=2,in_port=")
                .append(tap)
                .append(",dl_src=")
                .append(mac)
                .append(",actions=NORMAL\n");
    }

    private static Map<String, Object> bridge(Map<String, Object> ports, StringBuilder flows, String failMode) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("kind", "ovs-bridge");
        made.put("fail-mode", failMode);
        made.put("ports", ports);
        made.put("flows", flows.toString());
        return made;
    }

    private static Map<String, Object> ageing(Value p, Map<String, Object> bridge) {
        if (p.has("mac-aging-time")) {
            bridge.put("mac-aging-time", p.text("mac-aging-time"));
        }
        return bridge;
    }

    private static Map<String, Object> physical(Value p, Map<String, Integer> local) {
        Map<String, Object> ports = new LinkedHashMap<>();
        ports.put("phy-br-bond", Map.of("patch", "br-int:int-br-bond"));
        List<Value> nics = p.items("nics");
        ports.put("bond0", Map.of("bond", nics.isEmpty() ? List.of("eth0", "eth1") : nics));
        StringBuilder flows = new StringBuilder(
                "table=0,priority=0,actions=NORMAL\ntable=0,priority=2,in_port=phy-br-bond,actions=drop\n");
        local.forEach((segment, lvid) -> flows.append("table=0,priority=4,in_port=phy-br-bond,dl_vlan=")
                .append(lvid)
                .append(",actions=mod_vlan_vid:")
                .append(segment)
                .append(",NORMAL\n"));
        if (p.has("management") && p.has("management-vlan")) {
            ports.put("br-bond", Map.of("tag", p.text("management-vlan")));
        }
        return bridge(ports, flows, "standalone");
    }
}
