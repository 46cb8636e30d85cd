package io.hopscope.devices.programs;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Program;
import io.hopscope.devices.StackOwner;
import io.hopscope.devices.Task;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Nearest;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code ip} of iproute2: the read-outs of addresses, links, routes and neighbours, and changes of the latter two. */
public final class Ip implements Program {
    private static final List<String> OBJECTS = List.of("address", "link", "neighbour", "route");

    @Override
    public String name() {
        return "ip";
    }

    @Override
    public String summary() {
        return "ip addr|link|route|neigh: show, and add or del for routes and neighbours; route get ADDRESS";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        IpStack stack = stack(node, host);
        List<String> words = new ArrayList<>(task.arguments());
        boolean brief = words.remove("-br") | words.remove("-brief");
        words.removeIf(word -> word.equals("-4") || word.equals("-c") || word.equals("-color"));
        if (stack == null) {
            fail(task, "no network stack of its own on " + node.name() + others(node));
            return;
        }
        String object = words.isEmpty() ? "" : words.remove(0);
        try {
            switch (object.isEmpty() ? ' ' : kind(object)) {
                case 'a' -> addresses(stack, words, brief, true, task);
                case 'l' -> addresses(stack, words, brief, false, task);
                case 'r' -> routes(stack, words, task, now);
                case 'n' -> neighbours(stack, words, task, now);
                default -> {
                    fail(task, "Object \"" + object + "\" is unknown, try \"ip help\"" + Nearest.hint(object, OBJECTS));
                    return;
                }
            }
            task.exit(0);
        } catch (IllegalArgumentException e) {
            fail(task, e.getMessage());
        }
    }

    private static void fail(Task task, String message) {
        task.line("Error: " + message);
        task.exit(1);
    }

    /** Abbreviations as iproute2 takes them. */
    private static char kind(String object) {
        for (String each : OBJECTS) {
            if (each.startsWith(object) || object.equals("neighbor")) {
                return object.charAt(0);
            }
        }
        return ' ';
    }

    private static IpStack stack(Node node, Host host) {
        if (host != null) {
            return host.stack();
        }
        // What is on a server but not the server itself, as a virtual machine, is asked by its own name.
        return node.devices().stream()
                .filter(device -> device.name().isEmpty())
                .map(device -> device instanceof StackOwner owner ? owner.stack() : null)
                .filter(stack -> stack != null)
                .findFirst()
                .orElse(null);
    }

    private static String others(Node node) {
        List<String> names = node.devices().stream()
                .filter(device -> device instanceof StackOwner)
                .map(Device::name)
                .toList();
        return names.isEmpty() ? "" : "; there is one on " + String.join(", ", names);
    }

    /** The names after {@code show} and {@code dev}. */
    private static String device(List<String> words) {
        words.removeIf(word -> List.of("show", "list", "ls", "sh", "s", "dev").contains(word));
        return words.isEmpty() ? null : words.get(0);
    }

    private static void addresses(IpStack stack, List<String> words, boolean brief, boolean inet, Task task) {
        String only = device(words);
        if (only != null && !only.equals("lo") && stack.find(only) == null) {
            throw new IllegalArgumentException("Device \"" + only + "\" does not exist.");
        }
        if (only == null || only.equals("lo")) {
            loopback(brief, inet, task);
        }
        for (NetInterface each : stack.interfaces()) {
            if (only == null || each.name().equals(only)) {
                show(each, brief, inet, task);
            }
        }
    }

    private static void loopback(boolean brief, boolean inet, Task task) {
        if (brief) {
            task.line(String.format(Locale.ROOT, "%-16s %-14s %s", "lo", "UNKNOWN", inet ? "127.0.0.1/8 " : ""));
            return;
        }
        task.line("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000");
        task.line("    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00");
        if (inet) {
            task.line("    inet 127.0.0.1/8 scope host lo");
            task.line("       valid_lft forever preferred_lft forever");
        }
    }

    private static void show(NetInterface each, boolean brief, boolean inet, Task task) {
        if (brief) {
            var line = new StringBuilder(String.format(Locale.ROOT, "%-16s %-14s ", each.name(), "UP"));
            each.addresses().forEach(address -> line.append(inet ? address + " " : ""));
            task.line(line + (inet ? "" : MacAddress.text(each.mac()) + " <BROADCAST,MULTICAST,UP,LOWER_UP> "));
            return;
        }
        task.line(each.index() + ": " + each.name() + ": <BROADCAST,MULTICAST,UP,LOWER_UP> mtu " + each.mtu()
                + " qdisc noqueue state UP group default qlen 1000");
        task.line("    link/ether " + MacAddress.text(each.mac()) + " brd ff:ff:ff:ff:ff:ff");
        for (InterfaceAddress address : inet ? each.addresses() : List.<InterfaceAddress>of()) {
            String broadcast = address.length() < 31
                    ? " brd " + Ipv4Address.text(address.prefix().broadcast())
                    : "";
            task.line("    inet " + address + broadcast + " scope global " + each.name());
            task.line("       valid_lft forever preferred_lft forever");
        }
    }

    private static void routes(IpStack stack, List<String> words, Task task, long now) {
        String verb = words.isEmpty() ? "show" : words.get(0);
        switch (verb) {
            case "get" -> get(stack, words, task);
            case "add", "replace", "append" -> stack.route(RouteWords.parse(stack, words.subList(1, words.size())));
            case "del", "delete" -> {
                Route route = RouteWords.parse(stack, words.subList(1, words.size()));
                if (!stack.fib().remove(route.prefix(), route.metric())) {
                    throw new IllegalArgumentException("No such process");
                }
            }
            default -> table(stack, words, task);
        }
    }

    private static void table(IpStack stack, List<String> words, Task task) {
        boolean local = words.contains("local") || words.contains("all");
        boolean main = !words.contains("local");
        List<Route> all = new ArrayList<>(stack.fib().routes());
        // iproute2 shows the default route first, then by address.
        all.sort((a, b) -> {
            int byDefault = Integer.compare(
                    Math.min(1, a.prefix().length()), Math.min(1, b.prefix().length()));
            return byDefault != 0
                    ? byDefault
                    : Integer.compareUnsigned(a.prefix().address(), b.prefix().address());
        });
        for (Route route : all) {
            if (route.ofLocalTable() ? local : main) {
                task.line(route.text(name(stack, route)));
            }
        }
    }

    private static String name(IpStack stack, Route route) {
        for (NetInterface each : stack.interfaces()) {
            if (each.index() == route.device()) {
                return each.name();
            }
        }
        return "-";
    }

    private static void get(IpStack stack, List<String> words, Task task) {
        if (words.size() < 2) {
            throw new IllegalArgumentException("need at least a destination address.");
        }
        Integer address = Words.address(task, words.get(1));
        if (address == null) {
            throw new IllegalArgumentException("an inet prefix is expected rather than \"" + words.get(1) + "\".");
        }
        Route route = stack.lookup(address);
        if (route == null || route.type() == Route.Type.UNREACHABLE) {
            throw new IllegalArgumentException("Network is unreachable");
        }
        String via = route.gateway() == 0 ? "" : " via " + Ipv4Address.text(route.gateway());
        String local =
                route.type() == Route.Type.UNICAST ? "" : route.type().name().toLowerCase(Locale.ROOT) + " ";
        task.line(local + Ipv4Address.text(address) + via + " dev " + name(stack, route) + " src "
                + Ipv4Address.text(stack.source(route)) + " uid 0 ");
        task.line("    cache ");
    }

    private static void neighbours(IpStack stack, List<String> words, Task task, long now) {
        String verb = words.isEmpty() ? "show" : words.get(0);
        if (verb.equals("flush")) {
            stack.neighbourTable().flush();
        } else if (verb.equals("add") || verb.equals("replace")) {
            RouteWords.neighbour(stack, words.subList(1, words.size()));
        } else {
            String only = device(words);
            for (Neighbour each : stack.neighbourTable().entries(now)) {
                String device = stack.interfaces().get(each.device() - 2).name();
                if (only == null || only.equals(device)) {
                    task.line(each.text(device) + " ");
                }
            }
        }
    }
}
