package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.BridgeVlans;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.Switch;
import io.hopscope.devices.Task;
import io.hopscope.devices.VlanMembership;
import io.hopscope.devices.VlanRules;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** {@code bridge vlan}: shows the VLANs of ports, and changes those of Linux bridges. */
final class BridgeVlan {
    static final List<String> VERBS = List.of("add", "delete");

    private static final List<String> WORDS = List.of("dev", "vid", "pvid", "untagged", "self", "master");
    private static final String REFUSED = "RTNETLINK answers: Operation not supported";

    /** Which VLANs of which port, and how. */
    private static final class Request {
        private String device;
        private int first = -1;
        private int last = -1;
        private boolean pvid;
        private boolean untagged;
        private boolean self;
    }

    private BridgeVlan() {}

    /** What the VLANs of a port are, of a bridge as of a switch; null where it has none. */
    private static VlanMembership of(Device device, Port port) {
        if (device instanceof LinuxBridge bridge) {
            return bridge.vlans().of(port);
        }
        VlanRules rules = device instanceof Switch ? Switch.rules(port) : null;
        if (rules == null) {
            return null;
        }
        var of = new VlanMembership();
        for (int vlan = 1; vlan < VlanMembership.END; vlan++) {
            if (rules.carries(vlan)) {
                of.add(vlan, vlan, vlan == rules.untagged(), vlan == rules.untagged());
            }
        }
        return of;
    }

    static String name(Device device, Port port) {
        return device instanceof LinuxBridge linux && linux.isSelf(port) ? Bridge.name(device) : port.name();
    }

    /** VLANs that follow one another stand in one line, as with -c. */
    static void show(Node node, Bridge.Only only, boolean json, Task task) {
        var objects = new ArrayList<String>();
        if (!json) {
            task.line("port              vlan-id  ");
        }
        for (Device device : node.devices()) {
            for (Port port : device.ports()) {
                String name = name(device, port);
                VlanMembership of = of(device, port);
                if (of != null && only.takes(Bridge.name(device), name) && json) {
                    objects.add("{\"ifname\":\"" + name + "\",\"vlans\":[" + String.join(",", entries(of)) + "]}");
                } else if (of != null && only.takes(Bridge.name(device), name)) {
                    lines(name, of, task);
                }
            }
        }
        if (json) {
            task.line("[" + String.join(",", objects) + "]");
        }
    }

    private static void lines(String port, VlanMembership of, Task task) {
        String lead = port;
        for (int first = 1; first < VlanMembership.END; first++) {
            if (of.carries(first)) {
                int last = of.last(first);
                task.line(String.format(Locale.ROOT, "%-16s  %d", lead, first)
                        + (last > first ? "-" + last : "")
                        + (first == of.pvid() ? " PVID" : "")
                        + (of.bare(first) ? " Egress Untagged" : ""));
                lead = "";
                first = last;
            }
        }
    }

    private static List<String> entries(VlanMembership of) {
        var all = new ArrayList<String>();
        for (int first = 1; first < VlanMembership.END; first++) {
            if (of.carries(first)) {
                int last = of.last(first);
                String pvid = first == of.pvid() ? "\"PVID\"" : "";
                String bare = of.bare(first) ? "\"Egress Untagged\"" : "";
                String flags = pvid + (pvid.isEmpty() || bare.isEmpty() ? "" : ",") + bare;
                all.add("{\"vlan\":" + first
                        + (last > first ? ",\"vlanEnd\":" + last : "")
                        + (flags.isEmpty() ? "" : ",\"flags\":[" + flags + "]")
                        + "}");
                first = last;
            }
        }
        return all;
    }

    /** {@code bridge vlan add|del dev PORT vid FIRST[-LAST] [pvid] [untagged] [self|master]}. */
    static Step change(Node node, boolean add, Deque<String> words) {
        Request wanted = request(words);
        if (wanted.device == null || wanted.first < 0) {
            throw new Misuse(255, "Device and VLAN ID are required arguments.");
        }
        Port port = port(node, wanted);
        LinuxBridge bridge = (LinuxBridge) port.device();
        check(wanted);
        return (task, now) -> {
            BridgeVlans vlans = bridge.vlans();
            if (add) {
                vlans.of(port).add(wanted.first, wanted.last, wanted.pvid, wanted.untagged);
            } else {
                vlans.remove(port, wanted.first, wanted.last);
            }
        };
    }

    private static Request request(Deque<String> words) {
        var wanted = new Request();
        while (!words.isEmpty()) {
            String word = words.poll();
            switch (word) {
                case "dev" -> wanted.device = Ip.next(words);
                case "vid" -> range(wanted, Ip.next(words));
                case "pvid" -> wanted.pvid = true;
                case "untagged" -> wanted.untagged = true;
                case "self" -> wanted.self = true;
                case "master" -> {}
                default ->
                    throw new Misuse(
                            255, "Command \"" + word + "\" is unknown, try \"bridge vlan help\".", word, WORDS);
            }
        }
        return wanted;
    }

    /** As atoi reads it: what is no number is 0, which the kernel refuses. */
    private static int number(String word) {
        return word.matches("[0-9]{1,5}") ? Integer.parseInt(word) : 0;
    }

    private static void range(Request wanted, String word) {
        int dash = word.indexOf('-');
        wanted.first = number(dash < 0 ? word : word.substring(0, dash));
        wanted.last = dash < 0 ? wanted.first : number(word.substring(dash + 1));
        if (dash >= 0 && wanted.last <= wanted.first) {
            throw new Misuse(255, "Invalid VLAN range \"" + wanted.first + "-" + wanted.last + "\"");
        }
    }

    private static void check(Request wanted) {
        if (wanted.last >= 4096) {
            throw new Misuse(255, "Invalid VLAN ID \"" + wanted.last + "\"");
        } else if (wanted.first < 1 || wanted.last >= VlanMembership.END) {
            throw new Misuse(255, "Error: bridge: Vlan id is invalid.");
        } else if (wanted.pvid && wanted.last > wanted.first) {
            throw new Misuse(255, "pvid cannot be configured for a vlan range");
        }
    }

    /** A port takes them from its master, the bridge itself as {@code self}. */
    private static Port port(Node node, Request wanted) {
        var names = new ArrayList<String>();
        for (Device device : node.devices()) {
            for (Port port : device.ports()) {
                if (!(device instanceof LinuxBridge bridge)) {
                    continue;
                }
                String name = name(device, port);
                names.add(name);
                if (name.equals(wanted.device) && bridge.isSelf(port) == wanted.self) {
                    return port;
                } else if (name.equals(wanted.device)) {
                    throw new Misuse(255, REFUSED);
                }
            }
        }
        throw new Misuse(255, "Cannot find bridge device \"" + wanted.device + "\"", wanted.device, names);
    }
}
