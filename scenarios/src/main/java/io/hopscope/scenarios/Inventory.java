package io.hopscope.scenarios;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.StackOwner;
import io.hopscope.encap.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario's network consists of, under the names that steps, captures and expectations take. */
public final class Inventory {
    private Inventory() {}

    /** Nodes and what is on them: name, kind, and {@code eth0 10.0.0.1/24} for each address. */
    public static List<Map<String, Object>> nodes(Lab lab) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Node node : lab.network().nodes()) {
            boolean named = false;
            List<Map<String, Object>> inside = new ArrayList<>();
            for (Device device : node.devices()) {
                // A NIC and a bond are known by the ports that cables go to.
                boolean part = device.kind().equals("nic") || device.kind().equals("bond");
                if (!part) {
                    named |= device.name().isEmpty();
                    (device.name().isEmpty() ? all : inside)
                            .add(entry(device.toString(), device.kind(), addresses(device)));
                }
            }
            if (!named) {
                all.add(entry(node.name(), "server", List.of()));
            }
            all.addAll(inside);
        }
        return all;
    }

    private static Map<String, Object> entry(String name, String kind, List<String> addresses) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", name);
        entry.put("kind", kind);
        entry.put("addresses", addresses);
        return entry;
    }

    private static List<String> addresses(Device device) {
        List<String> all = new ArrayList<>();
        if (device instanceof StackOwner owner && owner.stack() != null) {
            for (NetInterface each : owner.stack().interfaces()) {
                each.addresses().forEach(address -> all.add(each.name() + " " + address));
            }
        }
        return all;
    }

    /** Ports that captures see: name, the port at the other end or null, MAC or null, and addresses. */
    public static List<Map<String, Object>> ports(Lab lab) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Node node : lab.network().nodes()) {
            for (Device device : node.devices()) {
                for (Port port : device.ports()) {
                    if (!port.hidden()) {
                        all.add(port(device, port));
                    }
                }
            }
        }
        return all;
    }

    private static Map<String, Object> port(Device device, Port port) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", port.toString());
        entry.put("peer", port.peer() == null ? null : port.peer().toString());
        entry.put("mac", port.mac() == 0 ? null : MacAddress.text(port.mac()));
        List<String> addresses = new ArrayList<>();
        if (device instanceof StackOwner owner && owner.stack() != null) {
            for (NetInterface each : owner.stack().interfaces()) {
                if (each.port() == port) {
                    String vlan = each.parent() == null ? "" : each.name() + " ";
                    each.addresses().forEach(address -> addresses.add(vlan + address));
                }
            }
        }
        entry.put("addresses", addresses);
        return entry;
    }
}
