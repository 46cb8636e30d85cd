package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.OvsBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Switch;
import io.hopscope.devices.Task;
import io.hopscope.devices.Tree;
import io.hopscope.devices.VlanMembership;
import io.hopscope.devices.VxlanDevice;
import io.hopscope.devices.asic.AsicSwitch;
import io.hopscope.encap.Bpdu;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.Fdb;
import io.hopscope.protocols.Stations;
import io.hopscope.protocols.stp.SpanningTree.PortView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** {@code bridge} of iproute2: what Linux bridges, VLAN switches and VXLAN devices know, and the state of their ports. */
public final class Bridge implements Program {
    private static final List<String> OBJECTS = List.of("fdb", "link", "vlan");
    private static final List<String> SHOW = List.of("show", "list", "lst", "ls");
    private static final List<String> OPTIONS =
            List.of("-d", "-details", "-j", "-json", "-c", "-compressvlans", "-color");

    /** Which entries are shown: of this bridge, at this port. */
    record Only(String bridge, String port) {
        boolean takes(String ofBridge, String atPort) {
            return (bridge == null || bridge.equals(ofBridge)) && (port == null || port.equals(atPort));
        }
    }

    @Override
    public String name() {
        return "bridge";
    }

    @Override
    public String summary() {
        return "bridge [-d] [-j] fdb|link|vlan show [br BRIDGE] [dev PORT], bridge vlan add|del dev PORT vid N [pvid] [untagged] [self]: stations, ports and VLANs of bridges and switches";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Step.attempt(() -> parse(node, host, task), task, now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        return Step.fault(() -> parse(node, host, task));
    }

    private static Step parse(Node node, Host host, Task task) {
        Deque<String> words = new ArrayDeque<>(task.arguments());
        Set<String> options = options(words);
        if (words.isEmpty()) {
            throw new Misuse(255, "Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }");
        }
        String object = words.poll();
        if (!OBJECTS.contains(object)) {
            throw new Misuse(1, "Object \"" + object + "\" is unknown, try \"bridge help\".", object, OBJECTS);
        }
        String verb = words.isEmpty() ? "show" : words.poll();
        for (String change : object.equals("vlan") ? BridgeVlan.VERBS : List.<String>of()) {
            if (change.startsWith(verb)) {
                return BridgeVlan.change(node, change.equals("add"), words);
            }
        }
        if (!SHOW.contains(verb)) {
            throw new Misuse(
                    255, "Command \"" + verb + "\" is unknown, try \"bridge " + object + " help\".", verb, SHOW);
        }
        if (bridges(node).isEmpty()) {
            throw new Misuse(1, "no bridge, switch or vxlan device on " + node.name() + others(node));
        }
        Only only = only(node, words);
        int first = host == null ? 2 : host.stack().interfaces().size() + 2;
        boolean json = options.contains("-j") || options.contains("-json");
        boolean details = options.contains("-d") || options.contains("-details");
        if (json && !object.equals("vlan")) {
            throw new Misuse(255, "no JSON of " + object + " here: \"bridge -j vlan show\"");
        }
        return switch (object) {
            case "fdb" -> (run, now) -> fdb(node, only, run, now);
            case "vlan" -> (run, now) -> BridgeVlan.show(node, only, json, run);
            default -> (run, now) -> links(node, only, first, details, run);
        };
    }

    /** Options stand before the object. */
    private static Set<String> options(Deque<String> words) {
        var given = new HashSet<String>();
        while (!words.isEmpty() && words.peek().startsWith("-")) {
            String option = words.poll();
            if (!OPTIONS.contains(option)) {
                throw new Misuse(255, "Option \"" + option + "\" is unknown, try \"bridge help\".", option, OPTIONS);
            }
            given.add(option);
        }
        return given;
    }

    private static Only only(Node node, Deque<String> words) {
        String bridge = null;
        String port = null;
        while (!words.isEmpty()) {
            String key = words.poll();
            List<String> valid = key.equals("br") ? bridges(node) : ports(node);
            if (!List.of("br", "brport", "dev").contains(key)) {
                throw Ip.garbage("dev", key, List.of("br", "brport", "dev"));
            }
            String name = Ip.next(words);
            if (!valid.contains(name)) {
                throw new Misuse(1, "Cannot find device \"" + name + "\"", name, valid);
            }
            bridge = key.equals("br") ? name : bridge;
            port = key.equals("br") ? port : name;
        }
        return new Only(bridge, port);
    }

    private static String others(Node node) {
        return node.devices().stream().anyMatch(OvsBridge.class::isInstance)
                ? "; ask its Open vSwitch by ovs-appctl fdb/show"
                : "";
    }

    static String name(Device device) {
        return device.name().isEmpty() ? device.node().name() : device.name();
    }

    private static boolean known(Device device) {
        return device instanceof VxlanDevice || stations(device) != null;
    }

    /** Null for a device that is no bridge. */
    private static Stations stations(Device device) {
        if (device instanceof LinuxBridge bridge) {
            return bridge.fdb();
        } else if (device instanceof Switch vlans) {
            return vlans.fdb();
        }
        return device instanceof AsicSwitch asic ? asic.stations() : null;
    }

    private static List<String> bridges(Node node) {
        return node.devices().stream().filter(Bridge::known).map(Bridge::name).toList();
    }

    private static List<String> ports(Node node) {
        return Stream.concat(
                        bridges(node).stream(),
                        node.devices().stream()
                                .filter(Bridge::known)
                                .flatMap(device -> device.ports().stream())
                                .filter(port -> !port.hidden())
                                .map(Port::name))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static void fdb(Node node, Only only, Task task, long now) {
        for (Device device : node.devices()) {
            if (device instanceof LinuxBridge bridge) {
                own(name(device), bridge, only, task);
            }
            if (stations(device) != null) {
                stations(device, only, task, now);
            } else if (device instanceof VxlanDevice vxlan && only.takes(name(device), name(device))) {
                remotes(name(device), vxlan, task);
            }
        }
    }

    private static void own(String name, LinuxBridge bridge, Only only, Task task) {
        if (bridge.localMac() >= 0 && only.takes(name, name)) {
            String mac = MacAddress.text(bridge.localMac()) + " dev " + name;
            for (int vlan = 1; bridge.filtersVlans() && vlan < VlanMembership.END; vlan++) {
                if (bridge.selfCarries(vlan)) {
                    task.line(mac + " vlan " + vlan + " master " + name + " permanent");
                }
            }
            task.line(mac + " master " + name + " permanent");
        }
    }

    private static void stations(Device device, Only only, Task task, long now) {
        for (Fdb.Entry entry : stations(device).entries(now)) {
            String port = device.ports().get(entry.port()).name();
            if (only.takes(name(device), port)) {
                task.line(MacAddress.text(entry.mac()) + " dev " + port
                        + (entry.vlan() == 0 ? "" : " vlan " + entry.vlan()) + " master " + name(device) + " "
                        + (entry.fixed() ? "permanent" : ""));
            }
        }
    }

    private static void remotes(String name, VxlanDevice vxlan, Task task) {
        vxlan.remotes()
                .forEach(remote -> task.line(MacAddress.text(remote.mac()) + " dev " + name + " dst "
                        + Ipv4Address.text(remote.address()) + " self permanent"));
    }

    /**
     * @param first index of the first port: those before are the host's own interfaces
     */
    private static void links(Node node, Only only, int first, boolean details, Task task) {
        int index = first;
        for (Device device : node.devices()) {
            for (Port port : stations(device) != null ? device.ports() : List.<Port>of()) {
                boolean self = device instanceof LinuxBridge linux && linux.isSelf(port);
                if (!self && only.takes(name(device), port.name())) {
                    link(index, device, port, details, task);
                }
                index += self ? 0 : 1;
            }
        }
    }

    private static void link(int index, Device device, Port port, boolean details, Task task) {
        // The bridge's end of a veth pair has the MTU of the other.
        int mtu = port.peer() == null ? port.mtu() : port.peer().mtu();
        String down = port.shut() ? "<BROADCAST,MULTICAST>" : "<NO-CARRIER,BROADCAST,MULTICAST,UP>";
        String flags = port.up() ? "<BROADCAST,MULTICAST,UP,LOWER_UP>" : down;
        String head = index + ": " + port.name() + ": " + flags + " mtu " + mtu + " master " + name(device);
        Tree tree = Trees.of(device);
        if (tree == null) {
            task.line(head + " state " + (port.up() ? "forwarding" : "disabled") + " priority 32 cost 2 ");
            return;
        }
        PortView view = tree.machine().ports().get(tree.ports().indexOf(port));
        // The kernel's 64 priorities: a quarter of those of the standard.
        task.line(head + " state " + view.state() + " priority " + (view.id() >> 10) + " cost " + view.cost() + " ");
        if (details) {
            task.line("    role " + view.role() + (view.edge() ? " edge" : "") + " designated_bridge "
                    + Bpdu.id(view.bridge()) + " designated_port " + view.designatedPort() + " designated_cost "
                    + view.designatedCost() + " ");
        }
    }
}
