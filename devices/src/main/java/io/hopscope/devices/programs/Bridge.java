package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.devices.Host;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.devices.Tree;
import io.hopscope.devices.VxlanDevice;
import io.hopscope.encap.Bpdu;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Nearest;
import io.hopscope.protocols.Fdb;
import io.hopscope.protocols.stp.SpanningTree.PortView;
import java.util.ArrayList;
import java.util.List;

/** {@code bridge} of iproute2: what Linux bridges and VXLAN devices know. */
public final class Bridge implements Program {
    private static final List<String> OBJECTS = List.of("fdb", "link");

    @Override
    public String name() {
        return "bridge";
    }

    @Override
    public String summary() {
        return "bridge fdb [show [br NAME]], bridge [-d] link: stations and ports of Linux bridges, ports of spanning trees";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        List<String> words = new ArrayList<>(task.arguments());
        if (!words.isEmpty() && words.get(0).startsWith("-")) {
            words.add(words.remove(0));
        }
        String object = words.isEmpty() ? "" : words.remove(0);
        words.removeIf(word -> List.of("show", "list", "ls", "br", "dev").contains(word));
        boolean details = words.removeIf(word -> word.equals("-d") || word.equals("-details"));
        String only = words.isEmpty() ? null : words.get(0);
        if (!OBJECTS.contains(object)) {
            task.line("Object \"" + object + "\" is unknown, try \"bridge help\"." + Nearest.hint(object, OBJECTS));
            task.exit(255);
            return;
        }
        boolean found = only == null;
        for (Device device : node.devices()) {
            String name = device.name().isEmpty() ? node.name() : device.name();
            if (only != null && !only.equals(name)) {
                continue;
            }
            if (device instanceof LinuxBridge bridge) {
                found = true;
                if (object.equals("fdb")) {
                    fdb(name, bridge, task, now);
                } else {
                    links(name, bridge, details, task);
                }
            } else if (Trees.of(device) != null && object.equals("link")) {
                found = true;
                links(name, device, details, task);
            } else if (device instanceof VxlanDevice vxlan && object.equals("fdb")) {
                found = true;
                remotes(name, vxlan, task);
            }
        }
        if (!found) {
            task.line("Cannot find bridge device \"" + only + "\"");
        }
        task.exit(found ? 0 : 1);
    }

    private static void fdb(String name, LinuxBridge bridge, Task task, long now) {
        if (bridge.localMac() >= 0) {
            task.line(MacAddress.text(bridge.localMac()) + " dev " + name + " master " + name + " permanent");
        }
        for (Fdb.Entry entry : bridge.fdb().entries(now)) {
            String port = bridge.ports().get(entry.port()).name();
            task.line(MacAddress.text(entry.mac()) + " dev " + port + " master " + name + " "
                    + (entry.fixed() ? "permanent" : ""));
        }
    }

    private static void remotes(String name, VxlanDevice vxlan, Task task) {
        vxlan.remotes()
                .forEach((mac, remote) -> task.line(MacAddress.text(mac) + " dev " + name + " dst "
                        + Ipv4Address.text(remote) + " self permanent"));
    }

    private static void links(String name, Device bridge, boolean details, Task task) {
        Tree tree = Trees.of(bridge);
        int index = 2;
        for (Port port : bridge.ports()) {
            if (bridge instanceof LinuxBridge linux && linux.isSelf(port)) {
                continue;
            }
            String flags = port.up() ? "<BROADCAST,MULTICAST,UP,LOWER_UP>" : "<NO-CARRIER,BROADCAST,MULTICAST,UP>";
            String head = index++ + ": " + port.name() + ": " + flags + " mtu " + port.mtu() + " master " + name;
            if (tree == null) {
                task.line(head + " state " + (port.up() ? "forwarding" : "disabled") + " priority 32 cost 2 ");
                continue;
            }
            PortView view = tree.machine().ports().get(tree.ports().indexOf(port));
            // The kernel's 64 priorities: a quarter of those of the standard.
            task.line(
                    head + " state " + view.state() + " priority " + (view.id() >> 10) + " cost " + view.cost() + " ");
            if (details) {
                task.line("    role " + view.role() + (view.edge() ? " edge" : "") + " designated_bridge "
                        + Bpdu.id(view.bridge()) + " designated_port " + view.designatedPort() + " designated_cost "
                        + view.designatedCost() + " ");
            }
        }
    }
}
