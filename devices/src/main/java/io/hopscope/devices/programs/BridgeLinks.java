package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.StackOwner;
import io.hopscope.devices.VlanMembership;
import io.hopscope.protocols.stp.TreeSettings;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** What {@code ip link} says of Linux bridges, and sets: {@code ip link set BRIDGE type bridge vlan_filtering 1}. */
final class BridgeLinks {
    private static final List<String> SETTINGS =
            List.of("vlan_filtering", "vlan_default_pvid", "stp_state", "ageing_time");
    private static final long CENTISECOND = 10_000_000_000L;

    private BridgeLinks() {}

    /** Null where no bridge is called so. */
    static LinuxBridge find(Node node, String name) {
        for (Device device : node.devices()) {
            if (device instanceof LinuxBridge bridge && Bridge.name(device).equals(name)) {
                return bridge;
            }
        }
        return null;
    }

    private static List<String> names(Node node) {
        return node.devices().stream()
                .filter(LinuxBridge.class::isInstance)
                .map(Bridge::name)
                .toList();
    }

    /** Whether the node has a bridge and no stack of its own, as a {@code kind: bridge} node. */
    static boolean bare(Node node) {
        return !names(node).isEmpty()
                && node.devices().stream().noneMatch(each -> each.name().isEmpty() && each instanceof StackOwner);
    }

    /** {@code ip link} where there is nothing but bridges. */
    static Step parse(Node node, Deque<String> words, boolean details) {
        String verb = Ip.command(words, "link", List.of("show", "lst", "list", "set"));
        if (verb.equals("set")) {
            return set(node, words);
        }
        String only = words.isEmpty() ? null : words.poll();
        only = "dev".equals(only) ? Ip.next(words) : only;
        if (only != null && find(node, only) == null) {
            throw new Misuse(1, "Device \"" + only + "\" does not exist.", only, names(node));
        }
        String which = only;
        return (task, now) -> {
            int index = 2;
            for (Device device : node.devices()) {
                if (device instanceof LinuxBridge bridge
                        && (which == null || Bridge.name(device).equals(which))) {
                    task.line(index + ": " + Bridge.name(device)
                            + ": <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue"
                            + " state UP mode DEFAULT group default qlen 1000");
                    if (details) {
                        task.line(details(bridge));
                    }
                }
                index += device instanceof LinuxBridge ? 1 + device.ports().size() : 0;
            }
        };
    }

    /** {@code ip link set [dev] BRIDGE type bridge SETTING VALUE ...}. */
    static Step set(Node node, Deque<String> words) {
        String name = Ip.next(words);
        name = name.equals("dev") ? Ip.next(words) : name;
        LinuxBridge bridge = find(node, name);
        if (bridge == null) {
            throw new Misuse(1, "Cannot find device \"" + name + "\"", name, names(node));
        }
        String type = Ip.next(words);
        if (!type.equals("type")) {
            throw Ip.garbage("dev", type, List.of("type"));
        }
        String kind = Ip.next(words);
        if (!kind.equals("bridge")) {
            throw new Misuse(2, "RTNETLINK answers: Operation not supported", kind, List.of("bridge"));
        }
        Step all = (task, now) -> {};
        do {
            Step before = all;
            Step next = setting(bridge, Ip.next(words), words);
            all = (task, now) -> {
                before.run(task, now);
                next.run(task, now);
            };
        } while (!words.isEmpty());
        return all;
    }

    private static Step setting(LinuxBridge bridge, String key, Deque<String> words) {
        if (!SETTINGS.contains(key)) {
            throw new Misuse(255, "bridge: unknown command \"" + key + "\"?", key, SETTINGS);
        }
        String word = Ip.next(words);
        if (!word.matches("[0-9]{1,9}")) {
            throw new Misuse(255, "Error: argument \"" + word + "\" is wrong: invalid " + key);
        }
        int value = Integer.parseInt(word);
        return switch (key) {
            case "vlan_filtering" -> (task, now) -> bridge.vlans().filtering(value != 0);
            case "vlan_default_pvid" -> pvid(bridge, value);
            case "ageing_time" -> (task, now) -> bridge.fdb().ageing(value * CENTISECOND);
            default ->
                (task, now) -> {
                    if (!bridge.stp(value != 0, now)) {
                        String name = Bridge.name(bridge);
                        throw new Misuse(2, "the scenario gives " + name + " no 'stp' that could be turned on");
                    }
                };
        };
    }

    private static Step pvid(LinuxBridge bridge, int vlan) {
        if (vlan >= VlanMembership.END) {
            throw new Misuse(2, "RTNETLINK answers: Invalid argument");
        }
        return (task, now) -> {
            if (bridge.filtersVlans()) {
                // "Please disable vlan filtering to change default_pvid", says the kernel's log.
                throw new Misuse(2, "RTNETLINK answers: Operation not permitted");
            }
            bridge.vlans().defaultPvid(vlan);
        };
    }

    /** The driver's line of {@code ip -d link}; what stands in the kernel's between this is not modelled. */
    static String details(LinuxBridge bridge) {
        TreeSettings tree = bridge.tree() == null
                ? TreeSettings.of(TreeSettings.PRIORITY, 0)
                : bridge.tree().machine().bridge().settings();
        return String.format(
                Locale.ROOT,
                "    bridge forward_delay %d hello_time %d max_age %d ageing_time %d stp_state %d priority %d"
                        + " vlan_filtering %d vlan_protocol 802.1Q vlan_default_pvid %d vlan_stats_enabled 0"
                        + " vlan_stats_per_port 0 ",
                tree.forwardDelay() / CENTISECOND,
                tree.hello() / CENTISECOND,
                tree.maxAge() / CENTISECOND,
                bridge.fdb().ageing() / CENTISECOND,
                bridge.tree() == null ? 0 : 1,
                (int) (tree.bridge() >>> 48),
                bridge.filtersVlans() ? 1 : 0,
                bridge.defaultPvid());
    }
}
