package io.hopscope.scenarios;

import io.hopscope.devices.NameService;
import io.hopscope.encap.DnsName;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.dns.ResolverSettings;
import io.hopscope.traces.PacketFilter;
import java.util.List;
import java.util.Map;

/** The words of a scenario and what may stand behind each; containerlab's shape where containerlab has one. */
final class Language {
    static final Type NAME = Type.parsed("a name of letters, digits, '.', '_' and '-'", "^[A-Za-z0-9_.-]+$", text -> {
        if (!text.matches("[A-Za-z0-9_.-]+")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    });
    static final Type ADDRESS = Type.parsed("an IPv4 address such as 10.0.0.1", null, Ipv4Address::bits);
    static final Type CIDR = Type.parsed("an address with its prefix length such as 10.0.0.1/24", null, text -> {
        if (text.indexOf('/') < 0) {
            throw new IllegalArgumentException(text);
        }
        return InterfaceAddress.parse(text);
    });
    static final Type MAC = Type.parsed("a MAC address such as 02:00:00:00:00:01", null, MacAddress::bits);
    static final Type TIME = Type.parsed("a time such as 100ms: ps, ns, us, ms, s or m", null, Units::time);
    static final Type RATE = Type.parsed("a rate: a number with bps, Kbps, Mbps or Gbps", null, Units::rate);
    static final String VLAN_TEXT = "a VLAN from 1 to 4094";
    static final Type VLAN = Type.number(1, 4094, VLAN_TEXT);
    private static final Type TAG = Type.number(1, 4095, "a VLAN from 1 to 4094, or 4095, which is no network's");
    static final Type MTU = Type.number(68, 65535, "an MTU from 68 to 65535");
    static final Type COUNT = Type.number(0, 1_000_000_000_000L, "a whole number");
    static final Type ENDPOINT = Type.parsed("node:port or node/device:port", null, text -> {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            throw new IllegalArgumentException(text);
        }
        return text;
    });
    static final Type DOMAIN = Type.parsed("a domain name such as lab.example", null, text -> {
        if (!DnsName.valid(text)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    });
    static final Type RESOLVER_OPTION = Type.parsed(
            "an option of resolv.conf: ndots:, timeout: or attempts: with a number",
            "^(ndots|timeout|attempts):[0-9]{1,3}$",
            Language::resolverOption);
    static final Type HOSTS_LINE =
            Type.parsed("a line of /etc/hosts such as '10.0.0.2 web web.lab'", null, NameService.HostsLine::parse);
    static final Type PATTERN = Type.text("a port's name, in which * stands for anything");
    static final Type FILTER = Type.parsed(
            "a filter as tcpdump takes it, such as 'icmp and src host 10.0.0.1'", null, PacketFilter::parse);

    private static final Type CAPTURE_FILTER =
            Type.parsed("a filter as tcpdump takes it, such as 'vlan 101 and icmp'", null, PacketFilter::exact);

    static final List<String> NODE_KINDS = List.of("linux", "host", "bridge", "switch", "router", "firewall", "server");
    static final List<String> DEVICE_KINDS = List.of("vm", "container", "host", "bridge", "ovs-bridge", "vxlan", "nic");

    static final Keys VRRP = new Keys("a virtual router")
            .required("vrid", Type.number(1, 255, "a number from 1 to 255"), "its number; names its MAC")
            .required("address", Type.list(ADDRESS), "the address that hosts have for gateway, or several")
            .key("priority", Type.number(1, 254, "a priority from 1 to 254"), "100; the owner of the address has 255")
            .key("interval", TIME, "between two advertisements: 1s")
            .key("preempt", Type.flag("preemption"), "whether a master of lower priority gives way; true");

    static final Keys INTERFACE = new Keys("an interface")
            .key("address", Type.list(CIDR), "IPv4 address with prefix length, or several")
            .key("mac", MAC, "derived from the name where it is not given")
            .key("mtu", MTU, "largest packet; 1500")
            .key("virtual-mac", MAC, "MAC that a router answers ARP with (VRRP)")
            .key("vrrp", VRRP, "part in a virtual router (VRRPv3)")
            .key("proxy-arp", Type.flag("proxy ARP"), "answer ARP for what is routed elsewhere")
            .key("dhcp-relay", Type.list(ADDRESS), "DHCP servers that requests of clients here are relayed to");

    private static final Type INTERFACES =
            Type.map("interfaces by name", Type.either(CIDR, Type.named("interface", INTERFACE)));

    static final Keys DNS = new Keys("a resolver")
            .key("servers", Type.list(ADDRESS), "whom names are asked for, three at most, in this order")
            .key("search", Type.list(DOMAIN), "domains that are tried behind a name")
            .key("options", Type.list(RESOLVER_OPTION), "as in resolv.conf: ndots:1, timeout:5, attempts:2");

    static final Keys FILE = new Keys("a file")
            .required("size", Type.parsed("a size such as 8000, 64KB or 1MiB", null, Units::size), "how many bytes")
            .key("fill", Type.parsed("one letter", "^.$", Language::letter), "what they all are; x");

    private static final Type FILES =
            Type.map("files by path", Type.either(Type.text("the file's text"), Type.named("file", FILE)));

    private static final List<String> PROGRAM_KEYS = List.of("dns", "hosts", "services", "files");

    static final Keys PORT = new Keys("a port")
            .key("mode", Type.choice("mode", List.of("access", "trunk")), "access where 'vlan' is given, else trunk")
            .key("vlan", VLAN, "VLAN of an access port")
            .key(
                    "vlans",
                    Type.list(VlanReader.ENTRY),
                    "VLANs of a trunk; all where it is left out; of a bridge as 'bridge vlan' has them")
            .key("native", VLAN, "VLAN of a trunk that goes untagged")
            .key("tag", TAG, "ovs-bridge: VLAN of an access port")
            .key("trunks", Type.list(VLAN), "ovs-bridge: VLANs of a trunk")
            .key("patch", ENDPOINT, "ovs-bridge: the patch port at the other end, bridge:port")
            .key("bond", Type.list(NAME), "ovs-bridge: NICs of an active-backup bond, the active one first")
            .key("mac", MAC, "stp: source of its BPDUs; derived from the name where it is not given")
            .key("cost", Type.number(1, 200_000_000, "a path cost from 1"), "stp: by its rate where it is left out")
            .key("priority", Type.number(0, 240, "a port priority from 0 to 240"), "stp: in steps of 16; 128")
            .key("edge", Type.flag("edge port"), "rstp: leads to hosts only, forwards at once")
            .key("hairpin", Type.flag("hairpin mode"), "bridge: frames may leave where they came in");

    private static final Type PORTS = Type.map("ports by name", Type.named("port", PORT));

    static final Keys STP = new Keys("a spanning tree")
            .key(
                    "mode",
                    Type.choice("mode", TreeReader.MODES),
                    "bridge: stp; switch: rstp or stp; off to begin without")
            .key("priority", Type.number(0, 61440, "a bridge priority"), "in steps of 4096; 32768")
            .key("hello", TIME, "between two BPDUs of the root; 2s")
            .key("max-age", TIME, "what was heard is forgotten then; 20s")
            .key("forward-delay", TIME, "spent listening, and learning; 15s");

    static final Keys LINK = new Keys("a link")
            .required("endpoints", Type.list(ENDPOINT), "the two ends, node:port or node/device:port")
            .key("rate", RATE, "of a cable: 10Gbps where it is left out; 0 for unlimited")
            .key("delay", TIME, "of a cable: 1us where it is left out")
            .key("queue", COUNT, "frames that wait at the sender; 1000")
            .key("overhead", Type.number(0, 1000, "bytes"), "bytes on the wire beside the frame; 24")
            .key("minimum", Type.number(0, 10000, "bytes"), "shortest frame; 60")
            .key("impair", CableReader.IMPAIR, "what a cable does to frames: netem's words; by end {a:eth0: ...}")
            .key("qdisc", CableReader.QDISC, "where frames wait before the link: tc's words; by end {a:eth0: ...}")
            .instead("vars", "no 'vars': leave it out")
            .instead("mtu", "the interface's 'mtu' at the node");

    static final Keys RULES_FILE =
            new Keys("a file of rules").required("file", Type.text("a file's name"), "beside the scenario");

    private static final Keys DEVICE = hostKeys(new Keys("a device")
                    .required("kind", Type.choice("kind", DEVICE_KINDS), "what it is: " + DEVICE_KINDS))
            .key("flows", Type.text("flows in ovs-ofctl syntax, one a line"), "ovs-bridge: its flow table")
            .key("fail-mode", Type.choice("fail-mode", List.of("standalone", "secure")), "ovs-bridge")
            .key("mac-aging-time", TIME, "ovs-bridge and bridge: how long a station is remembered; 300s")
            .key("vni", Type.number(0, 16_777_215, "a VNI of 24 bits"), "vxlan: its network")
            .key("local", ADDRESS, "vxlan: source of the outer packets")
            .key("udp-port", Type.number(1, 65535, "a UDP port"), "vxlan: 8472, Linux's default, or 4789")
            .key("udp-checksum", Type.flag("outer UDP checksum"), "vxlan: true, Linux's default")
            .key("fdb", Type.list(Type.text("MAC dst ADDRESS")), "vxlan: static entries as 'bridge fdb' shows them");

    static final Keys NODE = hostKeys(new Keys("a node")
                    .key("kind", Type.choice("kind", NODE_KINDS), "what it is: " + NODE_KINDS)
                    .key("group", NAME, "takes what it does not say itself from this group"))
            .key("mac-aging-time", TIME, "switch, router, bridge: how long a station is remembered; 300s")
            .key("svis", Type.map("VLAN interfaces by VLAN", Type.named("interface", INTERFACE)), "router, switch")
            .key(
                    "asic",
                    AsicReader.TYPE,
                    "switch, router: the limits of its silicon; as large as need be where left out")
            .key("bonds", Type.map("bonds by name", Type.named("bond", BondReader.BOND)), "linux, server: bonded NICs")
            .key("segments", FirewallReader.SEGMENTS, "firewall: interfaces by segment")
            .key("acl", FirewallReader.LISTS, "firewall: what may begin between segments")
            .key("sessions", FirewallReader.SESSIONS, "firewall: how many, and how long they go on")
            .key("devices", Type.map("devices by name", Type.named("device", DEVICE)), "server: what it holds")
            .key("links", Type.list(Type.named("link", LINK)), "server: wires between its devices")
            .key("labels", Type.map("labels", Type.text("a text")), "ignored")
            .instead("image", "no image: nodes are emulated, leave it out")
            .instead("image-pull-policy", "no image: leave it out")
            .instead("binds", "no file system: leave it out")
            .instead("exec", "steps under 'run:', such as {node: NAME, exec: 'ip route'}")
            .instead("cmd", "steps under 'run:'")
            .instead("entrypoint", "steps under 'run:'")
            .instead("env", "no processes: leave it out")
            .instead("startup-config", "addresses and routes as keys of the node")
            .instead("mgmt-ipv4", "no management network: leave it out")
            .instead("network-mode", "no container engine: leave it out")
            .instead("license", "no licence is needed: leave it out")
            .instead("type", "no vendor models: leave it out");

    static final Keys TOPOLOGY = new Keys("a topology")
            .key("defaults", Type.named("node", NODE), "what every node has unless it says otherwise")
            .key("kinds", Type.map("nodes' defaults by kind", Type.named("node", NODE)), "the same for a kind")
            .key("groups", Type.map("nodes' defaults by group", Type.named("node", NODE)), "the same for a group")
            .key("link-defaults", linkDefaults(), "what every cable has unless it says otherwise")
            .key("nodes", Type.map("nodes by name", Type.named("node", NODE)), "the chassis")
            .key("links", Type.list(Type.named("link", LINK)), "what joins them")
            .key("blueprints", Type.list(new BlueprintType()), "big structures from a few parameters")
            .key("era", Type.named("era", EraReader.KEYS), "a whole data centre, as 'hopscope capacity' builds it");

    static final Keys STEP = new Keys("a step")
            .key("at", TIME, "when it starts; with the run where it is left out")
            .key("node", Type.text("a node, or node/device"), "where")
            .key("exec", Type.list(Type.text("a command")), "what: ping, traceroute, ip, bridge, ovs-ofctl...")
            .key("link", Type.text("a link as \"a:eth1 -- b:eth1\""), "the link that is cut or joined again")
            .key("state", Type.choice("state", FaultReader.STATES), "of the link at both ends, or of the node's power")
            .key("migrate", Type.text("a virtual machine"), "which goes to another compute node while it runs")
            .key("to", NAME, "the compute node it goes to")
            .key(
                    "inject",
                    Type.text("a pcapng or pcap file"),
                    "whose packets are sent out of a port; beside the scenario")
            .key("port", ENDPOINT, "inject: where")
            .key("speed", InjectStep.SPEED, "inject: 1 keeps their times, 2 is twice as fast; or line-rate")
            .key("loop", COUNT, "inject: how many times; 1")
            .key("filter", FILTER, "inject: which packets; all where it is left out")
            .key("from", Type.text("an interface of the capture"), "inject: only what was seen there")
            .key("downtime", TIME, "from its stop on one node to its going on on the other: 60ms");

    static final Keys ROW = new Keys("a row of a path")
            .key("port", PATTERN, "where")
            .key("eth-src", MAC, "source MAC")
            .key("eth-dst", MAC, "destination MAC")
            .key("vlan", Type.parsed("a VLAN, or - for none", null, text -> text), "802.1Q tag, or - for none")
            .key("ttl", Type.number(0, 255, "a TTL"), "of the outermost IPv4 header");

    static final Keys PATH = new Keys("a path")
            .required("filter", FILTER, "which packets; what the first frame of a journey must match")
            .key("nth", Type.number(1, 1_000_000, "a number from 1"), "which of them; the first")
            .key("hops", COUNT, "how many ports it crosses")
            .key("ports", Type.list(PATTERN), "the ports in order")
            .key("rows", Type.list(ROW), "the ports in order, with header fields")
            .key("lost", Type.flag("whether it is lost"), "false where it is left out")
            .key("at", PATTERN, "the port where it is lost")
            .key("reason", Type.text("a text"), "a part of the reason why it is lost");

    static final Keys PING = new Keys("a ping")
            .required("from", Type.text("a node or device"), "who pings")
            .required("to", Type.text("an address or a name"), "whom")
            .key("received", COUNT, "replies; as many as were sent where it is left out")
            .key("ttl", Type.number(0, 255, "a TTL"), "of every reply");

    static final Keys DROPS = new Keys("drops")
            .key("reason", Type.text("a text"), "a part of the reason")
            .key("port", PATTERN, "where")
            .key("count", COUNT, "how many; at least one where it is left out");

    static final Keys READOUT = new Keys("a read-out")
            .required("node", Type.text("a node or device"), "where")
            .required("exec", Type.text("a command"), "a step's command, or a read-out at the end of the run")
            .key("contains", Type.list(Type.text("a text")), "texts that its output has")
            .key("lacks", Type.list(Type.text("a text")), "texts that its output has not")
            .key("exit", Type.number(0, 255, "an exit code"), "its exit code; 0");

    static final Keys EXPECTATION = new Keys("an expectation")
            .key("ping", Type.named("ping", PING), "replies to a ping of the run")
            .key("path", Type.named("path", PATH), "the way of a packet")
            .key("drops", Type.either(Type.choice("drops", List.of("none")), DROPS), "packets that died")
            .key("output", READOUT, "what a command prints: tables, for instance")
            .key("traffic", TrafficExpectation.KEYS, "what became of traffic");

    static final Keys CAPTURE = new Keys("a capture")
            .key("ports", Type.list(PATTERN), "which ports; all where it is left out")
            .key("filter", CAPTURE_FILTER, "which packets, to the letter as tcpdump; all where it is left out")
            .key("split", Type.choice("split", List.of("none", "port", "node")), "a file a port or a node as well")
            .key("snap-length", Type.number(64, 262_144, "bytes"), "bytes kept of a frame");

    static final Keys SCENARIO = new Keys("a scenario")
            .required("name", NAME, "names the folder of results")
            .key("description", Type.text("a text"), "one line for 'hopscope list'")
            .key("lesson", Type.text("a text"), "what a run says at its end: what to learn from it")
            .key("seed", Type.number(0, Long.MAX_VALUE, "a whole number"), "of all randomness; 1")
            .key("duration", TIME, "the run ends then; when nothing is left to do where it is left out")
            .key("cost", Type.parsed("'none' or a factor such as 1.5", null, Language::cost), "of devices' work")
            .key("parameters", Type.map("parameters with their defaults", Type.text("a value")), "used as ${name}")
            .required("topology", TOPOLOGY, "nodes and links")
            .key("run", Type.list(STEP), "what happens")
            .key(
                    "traffic",
                    Type.list(Type.named("traffic", TrafficReader.KEYS)),
                    "packets between hosts, by the second")
            .key("events", Type.list(EventParser.TYPE), "what happens to links, nodes and ports, and when")
            .key(
                    "faults",
                    Type.several(Type.named("faults", FaultReader.FAULTS)),
                    "links and nodes that fail at random")
            .key(
                    "watch",
                    Type.several(Type.named("watch", WatchReader.KEYS)),
                    "what is looked at meanwhile, for figures")
            .key("expect", Type.list(EXPECTATION), "what must be seen")
            .key("capture", CAPTURE, "what is captured")
            .instead("mgmt", "no management network: leave it out")
            .instead("prefix", "no containers are named: leave it out");

    private Language() {}

    /** What programs of a host need: keys of hosts, and of those that blueprints make. */
    static Keys programKeys(Keys keys) {
        return keys.key(
                        "dns",
                        Type.either(ADDRESS, new Resolvers()),
                        "/etc/resolv.conf: a name server, several, or {servers, search, options}")
                .key("hosts", Type.list(HOSTS_LINE), "lines of /etc/hosts, such as '10.0.0.2 web web.lab'")
                .key("services", Type.list(Type.text("a command")), "commands that run from the start, such as dnsmasq")
                .key("files", FILES, "files by path: a text, or {size, fill}");
    }

    /** Hands those keys on. */
    static void programs(Value from, Map<String, Object> to) {
        for (String key : PROGRAM_KEYS) {
            if (from.has(key)) {
                to.put(key, from.get(key));
            }
        }
    }

    private static Keys hostKeys(Keys keys) {
        return programKeys(keys)
                .key("interfaces", INTERFACES, "network interfaces by name; eth0.10 is VLAN 10 on eth0")
                .key("address", CIDR, "short for interfaces: {eth0: ADDRESS}")
                .key("mac", MAC, "of eth0; of a bridge's own interface, or of a switch")
                .key("mtu", MTU, "of every interface")
                .key("gateway", ADDRESS, "short for a route: default via ADDRESS")
                .key(
                        "routes",
                        Type.list(Type.text("a route as 'ip route add' takes it")),
                        "such as 10.0.0.0/8 via 10.1.1.1")
                .key(
                        "rules",
                        Type.list(Type.text("a rule as 'ip rule add' takes it")),
                        "policy routing, such as from 10.0.1.0/24 lookup 100")
                .key("neighbours", Type.list(Type.text("as 'ip neigh add' takes it")), "permanent ones")
                .key("forwarding", Type.flag("IPv4 forwarding"), "whether it routes")
                .key(
                        "sysctls",
                        Type.map("sysctls", Type.text("a value")),
                        "those of net.ipv4, net.core, net.netfilter and net.bridge that 'sysctl -a' shows; those of IPv6 change nothing")
                .key(
                        "iptables",
                        Type.list(Type.either(Type.text("rules"), Type.named("rules-file", RULES_FILE))),
                        "rules as iptables-restore takes them, or iptables commands, one a line")
                .key(
                        "ipset",
                        Type.list(Type.either(Type.text("sets"), Type.named("rules-file", RULES_FILE))),
                        "sets as ipset restore takes them, before the rules")
                .key(
                        "stp",
                        Type.either(Type.choice("stp", TreeReader.MODES), Type.named("spanning-tree", STP)),
                        "bridge, switch, router: spanning tree")
                .key("vlan-filtering", Type.flag("VLAN filtering"), "bridge: frames are sorted by VLAN; false")
                .key(
                        "vlan-default-pvid",
                        Type.number(0, 4094, "a VLAN from 1 to 4094, or 0 for none"),
                        "bridge: VLAN of ports that list none; 1")
                .key("vlans", Type.list(VlanReader.ENTRY), "bridge: VLANs of its own interface")
                .key("ports", PORTS, "switch, router, bridge, ovs-bridge: what ports are");
    }

    private static Keys linkDefaults() {
        return new Keys("defaults of cables")
                .key("rate", RATE, "10Gbps")
                .key("delay", TIME, "1us")
                .key("queue", COUNT, "1000")
                .key("overhead", Type.number(0, 1000, "bytes"), "24")
                .key("minimum", Type.number(0, 10000, "bytes"), "60")
                .key("impair", CableReader.IMPAIR, "netem's words")
                .key("qdisc", CableReader.QDISC, "tc's words");
    }

    /** The settings with an option of resolv.conf. */
    static ResolverSettings resolverOption(ResolverSettings of, String text) {
        int colon = text.indexOf(':');
        if (!text.matches("[a-z]+:[0-9]{1,3}")) {
            throw new IllegalArgumentException(text);
        }
        return of.option(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static String letter(String text) {
        if (text.length() != 1 || text.charAt(0) > '~') {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static ResolverSettings resolverOption(String text) {
        return resolverOption(ResolverSettings.NONE, text);
    }

    static double cost(String text) {
        double factor = text.equals("none") ? 0 : Double.parseDouble(text);
        if (!(factor >= 0 && factor <= 1e6)) {
            throw new IllegalArgumentException(text);
        }
        return factor;
    }

    /** What each kind of node or device takes beside {@code kind}, {@code group} and {@code labels}. */
    static List<String> keysOf(String kind) {
        List<String> host = List.of(
                "interfaces",
                "address",
                "mac",
                "mtu",
                "gateway",
                "routes",
                "rules",
                "neighbours",
                "forwarding",
                "sysctls",
                "iptables",
                "ipset",
                "dns",
                "hosts",
                "files",
                "services");
        return switch (kind) {
            case "bridge" ->
                List.of("ports", "mac", "mac-aging-time", "stp", "vlan-filtering", "vlan-default-pvid", "vlans");
            case "switch", "router" ->
                List.of("ports", "svis", "routes", "neighbours", "mac-aging-time", "stp", "mac", "asic");
            case "firewall" ->
                List.of("interfaces", "mtu", "gateway", "routes", "neighbours", "segments", "acl", "sessions");
            case "ovs-bridge" -> List.of("ports", "flows", "fail-mode", "mac-aging-time", "mac");
            case "vxlan" -> List.of("vni", "local", "udp-port", "udp-checksum", "fdb");
            case "nic" -> List.of();
            case "server" -> {
                var all = new java.util.ArrayList<>(host);
                all.addAll(List.of("bonds", "devices", "links"));
                yield all;
            }
            case "linux", "host" -> {
                var all = new java.util.ArrayList<>(host);
                all.add("bonds");
                yield all;
            }
            default -> host;
        };
    }

    /** Name servers in a list, or with what else resolv.conf says. */
    private static final class Resolvers implements Type {
        private final Type several = Type.list(ADDRESS);
        private final Type whole = Type.named("resolver", DNS);

        @Override
        public void check(Value value, Problems problems) {
            (value.isList() ? several : whole).check(value, problems);
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("anyOf", List.of(several.schema(), whole.schema()));
        }
    }

    /** One blueprint: which keys it takes depends on its kind. */
    private static final class BlueprintType implements Type {
        @Override
        public void check(Value value, Problems problems) {
            Value kind = value.get("kind");
            Blueprint known = kind == null || !kind.isText() ? null : Blueprints.find(kind.text());
            if (known != null) {
                known.keys().check(value, problems);
            } else if (kind == null) {
                problems.add(value.where(), "a blueprint without 'kind'", "one of " + Blueprints.names());
            } else {
                problems.unknown(kind.where(), "blueprint", String.valueOf(kind.text()), Blueprints.names());
            }
        }

        @Override
        public Map<String, Object> schema() {
            List<Map<String, Object>> all =
                    Blueprints.all().stream().map(each -> each.keys().schema()).toList();
            return Map.of("anyOf", all);
        }
    }
}
