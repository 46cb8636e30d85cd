package io.hopscope.scenarios;

import io.hopscope.devices.Program;
import io.hopscope.encap.Tunnel;
import io.hopscope.protocols.asic.AsicProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** What there is, by name, with a line about each. */
public final class Catalogue {
    /** What can be listed. */
    public static final List<String> KINDS = List.of("scenarios", "devices", "blueprints", "commands", "tunnels");

    private Catalogue() {}

    /**
     * @param kind one of {@link #KINDS}
     */
    public static Map<String, String> of(String kind) {
        Map<String, String> all = new LinkedHashMap<>();
        switch (kind) {
            case "scenarios" ->
                BuiltIn.names()
                        .forEach(name ->
                                all.put(name, BuiltIn.find(name, Map.of()).description()));
            case "blueprints" -> Blueprints.all().forEach(each -> all.put(each.name(), each.summary()));
            case "commands" -> {
                for (Program each : Programs.all()) {
                    all.put(each.name(), each.summary());
                }
            }
            case "tunnels" -> {
                for (Tunnel each : ServiceLoader.load(Tunnel.class)) {
                    // A device carries frames in VXLAN; of the others the headers are known.
                    String use = each.name().equals("vxlan") ? "the vxlan device" : "no device of its own";
                    all.put(each.name(), each.overhead() + " bytes of headers; " + use);
                }
            }
            default -> devices(all);
        }
        return all;
    }

    private static void devices(Map<String, String> all) {
        all.put("linux", "node: a host or Linux router: interfaces, routes, neighbours (also: host)");
        all.put("bridge", "node or device: a Linux bridge: learning, ageing, flooding, hairpin, STP, VLAN filtering");
        all.put("switch", "node: a VLAN-aware switch: access and trunk ports, native VLANs, RSTP or STP");
        all.put("router", "node: a switch with VLAN interfaces: routes, neighbours, virtual MACs, VRRP");
        all.put("firewall", "node: a router with segments, access lists between them and a session table");
        all.put("asic", "key of switch and router: table sizes, CPU, CoPP; profiles " + AsicProfile.names());
        all.put("server", "node: a chassis with devices of its own, joined by wires");
        all.put("vm", "device: a host with a processor of its own");
        all.put("container", "device: a host that shares its server's processor (also: host)");
        all.put("ovs-bridge", "device: Open vSwitch: flow tables, NORMAL, tags, patch ports, bonds");
        all.put("vxlan", "device: Linux's vxlan interface with static FDB entries");
        all.put("nic", "device: a physical NIC");
        all.put("bonds", "key of linux and server: Linux's active-backup bonds of NICs");
    }
}
