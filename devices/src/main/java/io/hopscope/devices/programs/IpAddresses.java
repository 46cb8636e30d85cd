package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.LinuxBridge;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Task;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.Route;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code ip addr}, and {@code ip link}, which shows, and sets what is of bridges. */
final class IpAddresses {
    private static final String LOOPBACK = "lo";
    private static final List<String> LINK_VERBS = List.of("show", "lst", "list", "set");
    private static final List<String> VERBS = List.of("add", "delete", "flush", "show", "lst", "list");

    private final IpStack stack;
    private final boolean brief;
    private final boolean four;
    private final boolean details;
    private final boolean inet;

    /**
     * @param four only what is of IPv4: no link layer
     * @param details what a driver and VLANs have to say
     * @param inet addresses, and not only links
     */
    IpAddresses(IpStack stack, boolean brief, boolean four, boolean details, boolean inet) {
        this.stack = stack;
        this.brief = brief;
        this.four = four;
        this.details = details;
        this.inet = inet;
    }

    Step parse(Deque<String> words) {
        String verb = Ip.command(words, inet ? "address" : "link", inet ? VERBS : LINK_VERBS);
        return switch (verb) {
            case "add", "delete" -> change(verb.equals("add"), words);
            case "flush" -> flush(words);
            case "set" -> BridgeLinks.set(stack.node(), words);
            default -> shown(words);
        };
    }

    private Step shown(Deque<String> words) {
        String device = null;
        while (!words.isEmpty()) {
            String word = words.poll();
            // Every interface is up.
            if (!word.equals("up")) {
                word = word.equals("dev") ? Ip.next(words) : word;
                if (device != null) {
                    throw Ip.garbage("dev", word, names());
                }
                device = word;
            }
        }
        if (device != null && !names().contains(device)) {
            throw new Misuse(1, "Device \"" + device + "\" does not exist.", device, names());
        }
        String only = device;
        return (task, now) -> show(only, task);
    }

    private Step change(boolean add, Deque<String> words) {
        InterfaceAddress address = null;
        NetInterface device = null;
        boolean bare = false;
        Route.Scope scope = null;
        while (!words.isEmpty()) {
            String word = words.poll();
            switch (word) {
                case "dev" -> device = RouteWords.device(stack, Ip.next(words));
                // Nothing else is there to be chosen than the subnet's own.
                case "brd", "broadcast" -> Ip.next(words);
                case "scope" -> scope = RouteNames.scope(Ip.next(words));
                default -> {
                    String text = word.equals("local") ? Ip.next(words) : word;
                    if (address != null) {
                        throw Ip.garbage("local", text, List.of("dev"));
                    }
                    address = address(text);
                    bare = text.indexOf('/') < 0;
                }
            }
        }
        if (device == null) {
            throw new Misuse(1, "Not enough information: \"dev\" argument is required.");
        } else if (address == null) {
            throw new Misuse(2, "RTNETLINK answers: " + (add ? "Invalid argument" : "Operation not supported"));
        }
        NetInterface at = device;
        InterfaceAddress which = address;
        boolean any = bare;
        Route.Scope reach = scope;
        return add ? (task, now) -> add(at, which, reach) : (task, now) -> delete(at, which, any, task);
    }

    private static InterfaceAddress address(String word) {
        try {
            return word.indexOf('/') < 0
                    ? new InterfaceAddress(Ipv4Address.bits(word), 32)
                    : InterfaceAddress.parse(word);
        } catch (IllegalArgumentException e) {
            throw new Misuse(1, "Error: any valid prefix is expected rather than \"" + word + "\".");
        }
    }

    private static void add(NetInterface at, InterfaceAddress address, Route.Scope reach) {
        for (InterfaceAddress each : at.addresses()) {
            if (each.equals(address)) {
                throw new Misuse(2, "RTNETLINK answers: File exists");
            }
        }
        if (reach != null) {
            at.scope(address, reach);
        }
        at.address(address);
    }

    private static void delete(NetInterface at, InterfaceAddress address, boolean any, Task task) {
        if (any) {
            task.line("Warning: Executing wildcard deletion to stay compatible with old scripts.");
            task.line("         Explicitly specify the prefix length (" + address + ") to avoid this warning.");
            task.line("         This special behaviour is likely to disappear in further releases,");
            task.line("         fix your scripts!");
        }
        for (InterfaceAddress each : at.addresses()) {
            if (any ? each.address() == address.address() : each.equals(address)) {
                at.remove(each);
                return;
            }
        }
        throw new Misuse(2, "RTNETLINK answers: Cannot assign requested address");
    }

    private Step flush(Deque<String> words) {
        if (words.isEmpty()) {
            throw new Misuse(1, "Flush requires arguments.");
        }
        String word = words.poll();
        NetInterface device = RouteWords.device(stack, word.equals("dev") ? Ip.next(words) : word);
        if (!words.isEmpty()) {
            throw Ip.garbage("dev", words.peek(), List.of());
        }
        return (task, now) -> device.flush();
    }

    private List<String> names() {
        return Stream.concat(Stream.of(LOOPBACK), stack.interfaces().stream().map(NetInterface::name))
                .toList();
    }

    private void show(String only, Task task) {
        stack.loopback();
        for (NetInterface each : stack.links()) {
            if (only == null || each.name().equals(only)) {
                show(each, task);
            }
        }
    }

    /** The limits are those of a driver: lo's, an Ethernet one's, a VLAN device's. */
    private void link(NetInterface of, Task task) {
        String line = of.loopback()
                ? "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00"
                : "    link/ether " + MacAddress.text(of.mac()) + " brd ff:ff:ff:ff:ff:ff";
        if (!details) {
            task.line(line);
            return;
        }
        int least = of.loopback() || of.parent() != null ? 0 : 68;
        String rest = "numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 ";
        line += " promiscuity 0 minmtu " + least + " maxmtu " + (of.loopback() ? 0 : 65535) + " ";
        LinuxBridge bridge = of.loopback() ? null : BridgeLinks.find(stack.node(), of.name());
        if (bridge != null
                && of.port() != null
                && of.port().peer() != null
                && bridge.isSelf(of.port().peer())) {
            task.line(line);
            task.line(BridgeLinks.details(bridge) + rest);
        } else if (of.parent() == null) {
            task.line(line + rest);
        } else {
            task.line(line);
            task.line("    vlan protocol 802.1Q id " + of.vlan() + " <REORDER_HDR> " + rest);
        }
    }

    private static String name(NetInterface of) {
        return of.parent() == null ? of.name() : of.name() + "@" + of.parent().name();
    }

    private String mode() {
        return inet ? "group default " : "mode DEFAULT group default ";
    }

    private void show(NetInterface each, Task task) {
        if (brief) {
            var line = new StringBuilder(String.format(Locale.ROOT, "%-16s %-14s ", name(each), state(each)));
            each.addresses().forEach(address -> line.append(inet ? address + " " : ""));
            task.line(line + (inet ? "" : MacAddress.text(each.mac()) + " " + flags(each) + " "));
            return;
        }
        if (four && each.addresses().isEmpty()) {
            return;
        }
        task.line(each.index() + ": " + name(each) + ": " + flags(each) + " mtu " + each.mtu() + " qdisc " + qdisc(each)
                + " state " + state(each) + " " + mode() + "qlen 1000");
        if (!four || details) {
            link(each, task);
        }
        for (InterfaceAddress address : inet ? each.addresses() : List.<InterfaceAddress>of()) {
            String broadcast = address.length() < 31 && !each.loopback()
                    ? " brd " + Ipv4Address.text(address.prefix().broadcast())
                    : "";
            task.line("    inet " + address + broadcast + " scope "
                    + each.scope(address).name().toLowerCase(Locale.ROOT) + " "
                    + (each.secondary(address) ? "secondary " : "") + each.name());
            task.line("       valid_lft forever preferred_lft forever");
        }
    }

    private static boolean up(NetInterface each) {
        return each.port() == null || each.port().up();
    }

    private static String state(NetInterface each) {
        return each.loopback() ? "UNKNOWN" : up(each) ? "UP" : "DOWN";
    }

    private static String flags(NetInterface each) {
        if (each.loopback()) {
            return "<LOOPBACK,UP,LOWER_UP>";
        }
        if (up(each)) {
            return "<BROADCAST,MULTICAST,UP,LOWER_UP>";
        }
        return each.port().shut() ? "<BROADCAST,MULTICAST>" : "<NO-CARRIER,BROADCAST,MULTICAST,UP>";
    }

    private static String qdisc(NetInterface each) {
        return each.parent() != null || each.port() == null || each.port().qdisc() == null
                ? "noqueue"
                : each.port().qdisc().kind();
    }
}
