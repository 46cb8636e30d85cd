package io.hopscope.scenarios;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Bond;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Nic;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.StackOwner;
import io.hopscope.devices.Switch;
import io.hopscope.devices.VlanRules;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.encap.InterfaceAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds one address at two interfaces that hear each other: no mistake, for that is worth emulating, but seldom meant. It
 * looks through bridges, bonds and the VLANs of switches; not through tunnels, nor through flows of Open vSwitch.
 */
public final class DuplicateAddresses {
    /** More than this nobody reads. */
    private static final int MOST = 20;

    /** A frame at a port, on its way out of it. */
    private record Place(Port port, int vlan) {}

    private DuplicateAddresses() {}

    /** A line for each pair. */
    public static List<String> warnings(Lab lab) {
        Map<Integer, List<NetInterface>> all = new LinkedHashMap<>();
        for (Node node : lab.network().nodes()) {
            for (Device device : node.devices()) {
                if (device instanceof StackOwner owner && owner.stack() != null) {
                    for (NetInterface each : owner.stack().interfaces()) {
                        // Routers that share a virtual MAC share the address as well.
                        if (each.port() != null && each.virtualMac() == 0) {
                            each.addresses().forEach(address -> all.computeIfAbsent(
                                            address.address(), key -> new ArrayList<>(1))
                                    .add(each));
                        }
                    }
                }
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<NetInterface> same : all.values()) {
            for (int i = 0; i + 1 < same.size() && lines.size() < MOST; i++) {
                warn(same, i, lines);
            }
        }
        return lines;
    }

    private static void warn(List<NetInterface> same, int i, List<String> lines) {
        NetInterface one = same.get(i);
        Set<Place> heard = heard(one);
        for (NetInterface other : same.subList(i + 1, same.size())) {
            if (other.stack() != one.stack() && heard.contains(new Place(other.port(), other.vlan()))) {
                InterfaceAddress shared = one.addresses().stream()
                        .filter(mine ->
                                other.addresses().stream().anyMatch(theirs -> theirs.address() == mine.address()))
                        .findFirst()
                        .orElseThrow();
                lines.add(shared + " of " + name(one) + " is also " + name(other) + "'s, and both hear each other");
            }
        }
    }

    private static String name(NetInterface of) {
        return of.port().device() + ":" + of.name();
    }

    /** Where a broadcast of an interface comes in, with the VLAN that its tag names there; 0 for none. */
    private static Set<Place> heard(NetInterface from) {
        Set<Place> heard = new HashSet<>();
        Deque<Place> out = new ArrayDeque<>(List.of(new Place(from.port(), from.vlan())));
        while (!out.isEmpty()) {
            Place at = out.poll();
            Port far = at.port.peer();
            Place in = new Place(far, at.vlan);
            if (far != null && heard.add(in)) {
                onward(in, out);
            }
        }
        return heard;
    }

    private static void onward(Place in, Deque<Place> out) {
        Device device = in.port.device();
        boolean through = device instanceof LinuxBridge || device instanceof Nic || device instanceof Bond;
        boolean tagging = device instanceof Switch
                || device instanceof AsicSwitch
                || device instanceof OvsBridge bridge && bridge.plain();
        int vlan = in.vlan;
        if (tagging) {
            VlanRules rules = rules(in.port);
            vlan = in.vlan == 0 ? Math.max(0, rules.untagged()) : in.vlan;
            if (in.vlan == 0 && rules.untagged() < 0 || !rules.carries(vlan)) {
                return;
            }
        }
        for (Port each : device.ports()) {
            if (each == in.port || !through && !tagging) {
                continue;
            } else if (through) {
                out.add(new Place(each, vlan));
            } else if (rules(each).carries(vlan)) {
                out.add(new Place(each, rules(each).bare(vlan) ? 0 : vlan));
            }
        }
    }

    private static VlanRules rules(Port port) {
        return port.device() instanceof OvsBridge bridge ? bridge.vlans(port) : (VlanRules) port.attachment;
    }
}
