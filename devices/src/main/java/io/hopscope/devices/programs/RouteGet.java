package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.PathCache;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.Flow;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.RouteText;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** {@code ip route get}: which way a packet would go, asked of the same code that sends packets. */
final class RouteGet {
    private static final List<String> KEYS =
            List.of("from", "iif", "oif", "dev", "mark", "tos", "ipproto", "sport", "dport", "uid");

    private final IpStack stack;
    private final Task task;
    private final Flow flow = new Flow();
    private NetInterface in;
    private boolean match;

    RouteGet(IpStack stack, Task task) {
        this.stack = stack;
        this.task = task;
    }

    Step parse(Deque<String> words) {
        flow.to(0);
        boolean named = false;
        while (!words.isEmpty()) {
            String word = words.poll();
            if (word.equals("fibmatch")) {
                match = true;
            } else if (named || KEYS.contains(word)) {
                option(word, words);
            } else {
                String name = word.equals("to") ? Ip.next(words) : word;
                Integer address = Words.address(task, name);
                if (address == null) {
                    throw new Misuse(1, "Error: any valid prefix is expected rather than \"" + name + "\".");
                }
                flow.destination = address;
                named = true;
            }
        }
        if (!named) {
            throw new Misuse(1, "need at least a destination address");
        }
        return this::get;
    }

    private void option(String word, Deque<String> words) {
        switch (word) {
            case "from" -> flow.source = RouteWords.address(Ip.next(words));
            case "iif" -> in = RouteWords.device(stack, Ip.next(words));
            case "oif", "dev" ->
                flow.out = RouteWords.device(stack, Ip.next(words)).index();
            case "mark" -> flow.mark = (int) RouteNames.number(Ip.next(words), 0xffff_ffffL, "invalid mark\n");
            case "tos", "dsfield" -> flow.tos = (int) RouteNames.number(Ip.next(words), 255, "TOS value is invalid\n");
            case "ipproto" -> flow.protocol = IpRules.protocol(Ip.next(words));
            case "sport" -> flow.sourcePort = (int) RouteNames.number(Ip.next(words), 0xffff, "invalid port\n");
            case "dport" -> flow.destinationPort = (int) RouteNames.number(Ip.next(words), 0xffff, "invalid port\n");
            case "uid" -> RouteNames.number(Ip.next(words), 0xffff_ffffL, "invalid UID\n");
            default -> throw Ip.garbage("to", word, KEYS);
        }
    }

    private void get(Task run, long now) {
        if (in == null && flow.source != 0 && !owns(flow.source)) {
            throw new Misuse(2, "RTNETLINK answers: Network is unreachable");
        } else if (in != null && owns(flow.source)) {
            throw new Misuse(2, "RTNETLINK answers: Invalid argument");
        }
        Route route = in == null ? stack.lookup(flow) : stack.lookup(flow, in);
        boolean through = route != null && route.type() == Route.Type.UNICAST;
        if (in != null && (route == null || through) && !stack.forwarding()) {
            throw new Misuse(2, "RTNETLINK answers: No route to host");
        }
        refuse(route);
        if (match) {
            new RouteText(
                            stack.policy() != null ? route : stack.fib().lookup(flow.destination),
                            index -> stack.device(index).name())
                    .lines()
                    .forEach(line -> run.line(line + " "));
            return;
        }
        run.line(line(route));
        run.line("    cache " + flags(route) + cached(route, now) + (in == null ? "" : "iif " + in.name() + " "));
    }

    private static void refuse(Route route) {
        String refusal = route == null
                ? "Network is unreachable"
                : switch (route.type()) {
                    case UNREACHABLE -> "No route to host";
                    case PROHIBIT -> "Permission denied";
                    case BLACKHOLE -> "Invalid argument";
                    default -> null;
                };
        if (refusal != null) {
            throw new Misuse(2, "RTNETLINK answers: " + refusal);
        }
    }

    private boolean owns(int address) {
        return address >>> 24 == 127
                || stack.links().stream()
                        .anyMatch(each -> each.addresses().stream().anyMatch(own -> own.address() == address));
    }

    private String line(Route route) {
        boolean local = route.type() == Route.Type.LOCAL;
        var line = new StringBuilder(
                route.type() == Route.Type.UNICAST ? "" : route.type().name().toLowerCase(Locale.ROOT) + " ");
        line.append(Ipv4Address.text(flow.destination));
        if (flow.source != 0) {
            line.append(" from ").append(Ipv4Address.text(flow.source));
        }
        if (route.gateway() != 0) {
            line.append(" via ").append(Ipv4Address.text(route.gateway()));
        }
        // To itself a host speaks over its loopback.
        line.append(" dev ").append(local ? "lo" : stack.device(route.device()).name());
        line.append(table(route));
        if (flow.source == 0) {
            line.append(" src ").append(Ipv4Address.text(stack.source(route)));
        }
        if (flow.mark != 0) {
            line.append(" mark 0x").append(Integer.toHexString(flow.mark));
        }
        return line.append(in == null ? " uid 0 " : " ").toString();
    }

    /** While there are no rules of its own, {@code local} and {@code main} are one table. */
    private String table(Route route) {
        if (stack.policy() == null || !stack.policy().custom()) {
            return "";
        } else if (route.ofLocalTable() && stack.fib().routes().contains(route)) {
            return " table local";
        }
        for (int id : stack.policy().tables()) {
            if (stack.policy().table(id).routes().stream().anyMatch(each -> each == route)) {
                return " table " + RouteNames.table(id);
            }
        }
        return "";
    }

    private String flags(Route route) {
        return switch (route.type()) {
            case LOCAL -> "<local> ";
            case BROADCAST -> "<local,brd> ";
            default -> {
                boolean back = in != null && route.device() == in.index();
                yield back && stack.redirects(in, flow.source, route) ? "<redirect> " : "";
            }
        };
    }

    private String cached(Route route, long now) {
        for (PathCache.Entry each : in == null ? stack.paths().entries(now) : List.<PathCache.Entry>of()) {
            if (each.destination() == flow.destination) {
                return RouteShow.cached(each, now);
            }
        }
        int mtu = route.traits().mtu();
        return mtu == 0 ? "" : (route.traits().locked() ? "mtu lock " : "mtu ") + mtu + " ";
    }
}
