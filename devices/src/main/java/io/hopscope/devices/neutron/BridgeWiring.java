package io.hopscope.devices.neutron;

import io.hopscope.core.Port;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.openflow.Flow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What neutron-openvswitch-agent does to the bridges of its node for provider networks (Newton: br_int.py, br_phys.py):
 * local VLANs, which are a node's own, tags of tap ports, anti-spoofing flows. No tunnels, no security groups.
 */
public final class BridgeWiring {
    /** DEAD_VLAN_TAG: of a port that belongs to no network yet. */
    public static final int DEAD_VLAN = 4095;

    private static final int LAST_VLAN = 4094;

    /** The flow that makes a provider VLAN a local one. */
    private static final Pattern PROVISIONED =
            Pattern.compile(".*priority=3,in_port=[^,]+,dl_vlan=(\\d+) actions=mod_vlan_vid:(\\d+),NORMAL");

    private final OvsBridge integration;
    private final OvsBridge physical;
    private final String inner;
    private final String outer;
    /** Local VLANs by provider VLAN. */
    private final Map<Integer, Integer> local = new LinkedHashMap<>();

    private BridgeWiring(OvsBridge integration, OvsBridge physical) {
        this.integration = integration;
        this.physical = physical;
        inner = "int-" + physical.name();
        outer = "phy-" + physical.name();
        for (Flow each : integration.pipeline().flows()) {
            Matcher flow = PROVISIONED.matcher(each.text(integration));
            if (flow.matches()) {
                local.put(Integer.valueOf(flow.group(1)), Integer.valueOf(flow.group(2)));
            }
        }
    }

    /**
     * The one of a node, made at its first use from the flows that are there.
     *
     * @param integration br-int
     * @param physical br-bond: patch ports {@code int-br-bond} and {@code phy-br-bond} join the two
     */
    public static BridgeWiring of(OvsBridge integration, OvsBridge physical) {
        if (!(integration.attachment instanceof BridgeWiring)) {
            integration.attachment = new BridgeWiring(integration, physical);
        }
        return (BridgeWiring) integration.attachment;
    }

    /** The bridge that a patch port named {@code int-NAME} of an integration bridge leads to; null if there is none. */
    public static OvsBridge physical(OvsBridge integration) {
        for (Port each : integration.ports()) {
            Port peer = each.name().startsWith("int-") ? each.peer() : null;
            if (peer != null && peer.device() instanceof OvsBridge found) {
                return found;
            }
        }
        return null;
    }

    public OvsBridge integration() {
        return integration;
    }

    /** The flows that an integration bridge and a physical one begin with: nothing passes that is not provisioned. */
    public void setUp(long now) {
        integration.secure(true);
        integration.addFlow("table=0,priority=0,actions=NORMAL", now);
        integration.addFlow("table=0,priority=2,in_port=" + inner + ",actions=drop", now);
        for (int table : new int[] {23, 24}) {
            integration.addFlow("table=" + table + ",priority=0,actions=drop", now);
        }
        physical.addFlow("table=0,priority=0,actions=NORMAL", now);
        physical.addFlow("table=0,priority=2,in_port=" + outer + ",actions=drop", now);
    }

    /** The provider VLAN of a local one; 0 if there is none. */
    public int segment(int vlan) {
        for (Map.Entry<Integer, Integer> each : local.entrySet()) {
            if (each.getValue() == vlan) {
                return each.getKey();
            }
        }
        return 0;
    }

    /** The local VLAN of a provider VLAN, provisioned on both bridges if it is new here: the lowest that is free. */
    public int provision(int segment, long now) {
        Integer known = local.get(segment);
        if (known != null) {
            return known;
        }
        int free = 1;
        while (local.containsValue(free)) {
            free++;
        }
        if (free > LAST_VLAN) {
            throw new IllegalStateException("no local VLAN is left on " + integration);
        }
        local.put(segment, free);
        integration.addFlow(
                "table=0,priority=3,in_port=" + inner + ",dl_vlan=" + segment + ",actions=mod_vlan_vid:" + free
                        + ",NORMAL",
                now);
        physical.addFlow(
                "table=0,priority=4,in_port=" + outer + ",dl_vlan=" + free + ",actions=mod_vlan_vid:" + segment
                        + ",NORMAL",
                now);
        return free;
    }

    /** {@code port_dead}: nothing passes until the port is bound. */
    public void dead(Port tap, long now) {
        integration.vlans(tap, VlanRules.access(DEAD_VLAN));
        integration.addFlow("table=0,priority=2,in_port=" + tap.name() + ",actions=drop", now);
    }

    /**
     * {@code port_bound}: tag and, with port security, the flows that let only the port's own addresses through.
     *
     * @return its local VLAN
     */
    public int bound(Port tap, int segment, long mac, List<InterfaceAddress> addresses, boolean security, long now) {
        int vlan = provision(segment, now);
        String port = "in_port=" + tap.name();
        integration.delFlows(port);
        integration.vlans(tap, VlanRules.access(vlan));
        if (security) {
            integration.addFlow("table=0,priority=10,arp," + port + ",actions=resubmit(,24)", now);
            integration.addFlow("table=0,priority=9," + port + ",actions=resubmit(,25)", now);
            for (InterfaceAddress each : addresses) {
                String address = Ipv4Address.text(each.address());
                integration.addFlow(
                        "table=24,priority=2,arp," + port + ",arp_spa=" + address + ",actions=resubmit(,25)", now);
            }
            integration.addFlow(
                    "table=25,priority=2," + port + ",dl_src=" + MacAddress.text(mac) + ",actions=NORMAL", now);
        }
        return vlan;
    }

    /** The port is no one's any more: its flows go, and with the last of its network the network's, as reclaimed. */
    public void unbound(Port tap, long now) {
        VlanRules rules = integration.vlans(tap);
        integration.delFlows("in_port=" + tap.name());
        dead(tap, now);
        int segment = rules.isAccess() ? segment(rules.untagged()) : 0;
        if (segment != 0 && !used(rules.untagged())) {
            local.remove(segment);
            integration.delFlows("table=0,in_port=" + inner + ",dl_vlan=" + segment);
            physical.delFlows("table=0,in_port=" + outer + ",dl_vlan=" + rules.untagged());
        }
    }

    private boolean used(int vlan) {
        for (Port each : integration.ports()) {
            VlanRules rules = integration.vlans(each);
            if (rules.isAccess() && rules.untagged() == vlan) {
                return true;
            }
        }
        return false;
    }

    /** Whether the port has anti-spoofing flows. */
    public boolean secured(Port tap) {
        String sign = ", table=25, priority=2,in_port=" + integration.numberOf(tap) + ",";
        return integration.pipeline().flows().stream()
                .anyMatch(flow -> flow.toString().contains(sign));
    }
}
