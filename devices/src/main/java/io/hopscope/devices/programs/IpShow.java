package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Task;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code ip addr show} and {@code ip link show}, in lines or as JSON. */
final class IpShow {
    private static final String LOOPBACK = "lo";
    private static final long FOR_EVER = 0xffff_ffffL;

    private final IpStack stack;
    private final IpOptions options;
    private final boolean inet;
    private String only;
    private boolean onlyUp;

    /**
     * @param inet addresses, and not only links
     */
    private IpShow(IpStack stack, IpOptions options, boolean inet) {
        this.stack = stack;
        this.options = options;
        this.inet = inet;
    }

    static Step read(IpStack stack, IpOptions options, boolean inet, Deque<String> words) {
        IpShow made = new IpShow(stack, options, inet);
        while (!words.isEmpty()) {
            String word = words.poll();
            if (word.equals("up")) {
                made.onlyUp = true;
                continue;
            }
            word = word.equals("dev") ? Ip.next(words) : word;
            if (made.only != null) {
                throw Ip.garbage("dev", word, made.names());
            }
            made.only = word;
        }
        if (made.only != null && !made.names().contains(made.only)) {
            throw new Misuse(1, "Device \"" + made.only + "\" does not exist.", made.only, made.names());
        }
        return (task, now) -> made.show(task);
    }

    private List<String> names() {
        return Stream.concat(Stream.of(LOOPBACK), stack.interfaces().stream().map(NetInterface::name))
                .toList();
    }

    private void show(Task task) {
        stack.loopback();
        JsonText json = new JsonText(options.pretty).array();
        for (NetInterface each : stack.links()) {
            boolean wanted = (only == null || each.name().equals(only)) && !(onlyUp && shut(each));
            if (!wanted || four() && each.addresses().isEmpty() && !options.brief) {
                continue;
            } else if (options.json) {
                write(each, json.object());
                json.endObject();
            } else if (options.brief) {
                task.line(brief(each));
            } else {
                lines(each).forEach(task::line);
            }
        }
        if (options.json) {
            json.endArray().lines().forEach(task::line);
        }
    }

    private boolean four() {
        return options.four && inet;
    }

    private String brief(NetInterface of) {
        var line = new StringBuilder(String.format(Locale.ROOT, "%-16s %-14s ", name(of), state(of)));
        if (inet) {
            of.addresses().forEach(address -> line.append(address).append(' '));
        } else {
            line.append(MacAddress.text(of.mac()))
                    .append(" <")
                    .append(String.join(",", flags(of)))
                    .append("> ");
        }
        return line.toString();
    }

    private static String name(NetInterface of) {
        return of.parent() == null ? of.name() : of.name() + "@" + of.parent().name();
    }

    /** One line for a link, or for an address, where -o is said: what would be others stands behind backslashes. */
    private List<String> lines(NetInterface of) {
        List<String> lines = new ArrayList<>();
        if (!(options.oneLine && inet)) {
            lines.add(of.index() + ": " + name(of) + ": <" + String.join(",", flags(of)) + "> mtu " + of.mtu()
                    + " qdisc " + qdisc(of) + " state " + state(of) + " " + (inet ? "" : "mode DEFAULT ")
                    + "group default qlen " + of.queueLength());
            if (!four() || options.details) {
                link(of, lines);
            }
        }
        for (InterfaceAddress address : inet ? of.addresses() : List.<InterfaceAddress>of()) {
            String life = "       valid_lft forever preferred_lft forever";
            if (options.oneLine) {
                lines.add(of.index() + ": " + of.name() + address(of, address) + "\\" + life);
            } else {
                lines.add(address(of, address));
                lines.add(life);
            }
        }
        if (options.statistics > 0 && !(options.oneLine && inet)) {
            lines.addAll(new IpStatistics(of).lines(options.statistics > 1));
        }
        return options.oneLine && !inet ? List.of(String.join("\\", lines)) : lines;
    }

    /** The limits are those of a driver: lo's, an Ethernet one's, a VLAN device's. */
    private void link(NetInterface of, List<String> lines) {
        String line = of.loopback()
                ? "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00"
                : "    link/ether " + MacAddress.text(of.mac()) + " brd ff:ff:ff:ff:ff:ff";
        if (!options.details) {
            lines.add(line);
            return;
        }
        String rest = "numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 ";
        line += " promiscuity 0 minmtu " + leastMtu(of) + " maxmtu " + (of.loopback() ? 0 : 65535) + " ";
        LinuxBridge bridge = bridge(of);
        if (bridge != null) {
            lines.add(line);
            lines.add(BridgeLinks.details(bridge) + rest);
        } else if (of.parent() == null) {
            lines.add(line + rest);
        } else {
            lines.add(line);
            lines.add("    vlan protocol 802.1Q id " + of.vlan() + " <REORDER_HDR> " + rest);
        }
    }

    /** Whose own interface this is; null for any other. */
    private LinuxBridge bridge(NetInterface of) {
        LinuxBridge bridge = of.loopback() ? null : BridgeLinks.find(stack.node(), of.name());
        boolean own = bridge != null
                && of.port() != null
                && of.port().peer() != null
                && bridge.isSelf(of.port().peer());
        return own ? bridge : null;
    }

    private static int leastMtu(NetInterface of) {
        return of.loopback() || of.parent() != null ? 0 : 68;
    }

    private static boolean broadcasts(NetInterface of, InterfaceAddress address) {
        return address.length() < 31 && !of.loopback();
    }

    private static String scope(NetInterface of, InterfaceAddress address) {
        return of.scope(address).name().toLowerCase(Locale.ROOT);
    }

    private static String address(NetInterface of, InterfaceAddress address) {
        String broadcast = broadcasts(of, address)
                ? " brd " + Ipv4Address.text(address.prefix().broadcast())
                : "";
        return "    inet " + address + broadcast + " scope " + scope(of, address) + " "
                + (of.secondary(address) ? "secondary " : "") + of.name();
    }

    private void write(NetInterface of, JsonText json) {
        if (options.brief) {
            writeBrief(of, json);
            return;
        }
        json.put("ifindex", of.index());
        if (of.parent() != null) {
            json.put("link", of.parent().name());
        }
        json.put("ifname", of.name())
                .put("flags", flags(of))
                .put("mtu", of.mtu())
                .put("qdisc", qdisc(of));
        json.put("operstate", state(of));
        if (!inet) {
            json.put("linkmode", "DEFAULT");
        }
        json.put("group", "default").put("txqlen", of.queueLength());
        if (!four() || options.details) {
            json.put("link_type", of.loopback() ? "loopback" : "ether").put("address", MacAddress.text(of.mac()));
            json.put("broadcast", of.loopback() ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff");
            if (options.details) {
                details(of, json);
            }
        }
        if (inet) {
            json.array("addr_info");
            of.addresses().forEach(address -> write(of, address, json));
            json.endArray();
        }
        if (options.statistics > 0) {
            new IpStatistics(of).write(json);
        }
    }

    private void writeBrief(NetInterface of, JsonText json) {
        if (of.parent() != null) {
            json.put("link", of.parent().name());
        }
        json.put("ifname", of.name()).put("operstate", state(of));
        if (!inet) {
            json.put("address", MacAddress.text(of.mac())).put("flags", flags(of));
            return;
        }
        json.array("addr_info");
        of.addresses().forEach(address -> json.object()
                .put("local", Ipv4Address.text(address.address()))
                .put("prefixlen", address.length())
                .endObject());
        json.endArray();
    }

    private static void details(NetInterface of, JsonText json) {
        json.put("promiscuity", 0).put("min_mtu", leastMtu(of)).put("max_mtu", of.loopback() ? 0 : 65535);
        if (of.parent() != null) {
            json.object("linkinfo").put("info_kind", "vlan").object("info_data").put("protocol", "802.1Q");
            json.put("id", of.vlan())
                    .put("flags", List.of("REORDER_HDR"))
                    .endObject()
                    .endObject();
        }
        json.put("num_tx_queues", 1)
                .put("num_rx_queues", 1)
                .put("gso_max_size", 65536)
                .put("gso_max_segs", 65535);
    }

    private static void write(NetInterface of, InterfaceAddress address, JsonText json) {
        json.object().put("family", "inet").put("local", Ipv4Address.text(address.address()));
        json.put("prefixlen", address.length());
        if (broadcasts(of, address)) {
            json.put("broadcast", Ipv4Address.text(address.prefix().broadcast()));
        }
        json.put("scope", scope(of, address));
        if (of.secondary(address)) {
            json.put("secondary", true);
        }
        json.put("label", of.name()).put("valid_life_time", FOR_EVER).put("preferred_life_time", FOR_EVER);
        json.endObject();
    }

    private static boolean shut(NetInterface of) {
        return of.port() != null && of.port().shut();
    }

    private static boolean up(NetInterface of) {
        return of.port() == null || of.port().up();
    }

    private static String state(NetInterface of) {
        return of.loopback() ? "UNKNOWN" : up(of) ? "UP" : "DOWN";
    }

    private static List<String> flags(NetInterface of) {
        if (of.loopback()) {
            return List.of("LOOPBACK", "UP", "LOWER_UP");
        } else if (up(of)) {
            return List.of("BROADCAST", "MULTICAST", "UP", "LOWER_UP");
        }
        return shut(of) ? List.of("BROADCAST", "MULTICAST") : List.of("NO-CARRIER", "BROADCAST", "MULTICAST", "UP");
    }

    private static String qdisc(NetInterface of) {
        return of.parent() != null || of.port() == null || of.port().qdisc() == null
                ? "noqueue"
                : of.port().qdisc().kind();
    }
}
