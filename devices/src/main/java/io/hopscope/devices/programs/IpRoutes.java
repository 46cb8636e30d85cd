package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** {@code ip route}: what it shows and changes, as rtnetlink allows it. */
final class IpRoutes {
    private static final List<String> VERBS =
            List.of("show", "list", "lst", "get", "add", "replace", "delete", "flush");

    /** Which routes are shown or flushed. */
    private record Filter(boolean main, boolean local, Prefix prefix, NetInterface device) {
        boolean takes(Route route) {
            return (route.ofLocalTable() ? local : main)
                    && (prefix == null || route.prefix().equals(prefix))
                    && (device == null || route.device() == device.index());
        }
    }

    private final IpStack stack;
    private final Task task;

    IpRoutes(IpStack stack, Task task) {
        this.stack = stack;
        this.task = task;
    }

    Step parse(Deque<String> words) {
        String verb = Ip.command(words, "route", VERBS);
        switch (verb) {
            case "get" -> {
                return get(words);
            }
            case "add", "replace" -> {
                RouteWords route = RouteWords.read(stack, new ArrayList<>(words));
                boolean only = !verb.equals("replace");
                return (run, now) -> add(route.routes(stack), only);
            }
            case "delete" -> {
                RouteWords route = RouteWords.read(stack, new ArrayList<>(words));
                return (run, now) -> delete(route);
            }
            case "flush" -> {
                return flush(words);
            }
            default -> {
                Filter filter = filter(words);
                return (run, now) -> show(filter, run);
            }
        }
    }

    private Filter filter(Deque<String> words) {
        boolean main = true;
        boolean local = false;
        Prefix prefix = null;
        NetInterface device = null;
        while (!words.isEmpty()) {
            String word = words.poll();
            switch (word) {
                case "table" -> {
                    String table = Ip.next(words);
                    if (!List.of("main", "local", "all", "254", "255").contains(table)) {
                        throw new Misuse(255, "Error: argument \"" + table + "\" is wrong: table id value is invalid");
                    }
                    main = !table.equals("local") && !table.equals("255");
                    local = !table.equals("main") && !table.equals("254");
                }
                case "dev" -> device = RouteWords.device(stack, Ip.next(words));
                case "to", "exact" -> prefix = RouteWords.prefix(Ip.next(words));
                default -> prefix = RouteWords.prefix(word);
            }
        }
        return new Filter(main, local, prefix, device);
    }

    private Step flush(Deque<String> words) {
        if (words.isEmpty()) {
            throw new Misuse(255, "\"ip route flush\" requires arguments.");
        } else if (words.size() == 1 && words.peek().equals("cache")) {
            // Linux has had no such cache since 3.6.
            return (run, now) -> {};
        }
        Filter filter = filter(words);
        return (run, now) -> {
            for (Route route : stack.fib().routes()) {
                if (filter.takes(route) && !route.ofLocalTable()) {
                    stack.fib().remove(route);
                }
            }
        };
    }

    private void add(List<Route> equal, boolean only) {
        Route route = equal.get(0);
        for (Route each : stack.fib().routes()) {
            if (each.prefix().equals(route.prefix()) && each.metric() == route.metric()) {
                if (only || each.ofLocalTable()) {
                    throw new Misuse(2, "RTNETLINK answers: File exists");
                }
            }
        }
        if (equal.size() > 1) {
            stack.multipath().route(equal);
        } else {
            stack.route(route);
        }
    }

    private void delete(RouteWords wanted) {
        for (Route each : stack.fib().routes()) {
            if (!each.ofLocalTable() && wanted.names(each)) {
                stack.fib().remove(each);
                return;
            }
        }
        throw new Misuse(2, "RTNETLINK answers: No such process");
    }

    private void show(Filter filter, Task run) {
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
            if (filter.takes(route)) {
                show(
                        route,
                        stack.multipath() == null
                                ? List.of()
                                : stack.multipath().equal(route),
                        run);
            }
        }
    }

    private void show(Route route, List<Route> equal, Task run) {
        String line = route.text(name(route)) + dead(route) + " ";
        if (equal.size() < 2) {
            run.line(line);
            return;
        }
        run.line(line.replace(hop(route), "").replace(" linkdown", ""));
        for (Route each : equal) {
            run.line("\tnexthop" + hop(each) + " weight 1" + dead(each) + " ");
        }
    }

    /** A link without carrier changes no route: it is only said of it. */
    private String dead(Route route) {
        for (NetInterface each : stack.interfaces()) {
            boolean here = each.index() == route.device() && route.type() != Route.Type.LOCAL;
            if (here && each.port() != null && !each.port().up()) {
                return " linkdown";
            }
        }
        return "";
    }

    private String hop(Route route) {
        return " via " + Ipv4Address.text(route.gateway()) + " dev " + name(route);
    }

    private String name(Route route) {
        for (NetInterface each : stack.interfaces()) {
            if (each.index() == route.device()) {
                return each.name();
            }
        }
        return "-";
    }

    private Step get(Deque<String> words) {
        if (words.isEmpty()) {
            throw new Misuse(1, "need at least a destination address");
        }
        String word = words.poll();
        Integer address = Words.address(task, word);
        if (address == null) {
            throw new Misuse(1, "Error: any valid prefix is expected rather than \"" + word + "\".");
        } else if (!words.isEmpty()) {
            throw Ip.garbage("to", words.peek(), List.of());
        }
        return (run, now) -> get(address, run);
    }

    private void get(int address, Task run) {
        Route route = stack.lookup(address);
        if (route == null || route.type() == Route.Type.UNREACHABLE) {
            throw new Misuse(
                    2, "RTNETLINK answers: " + (route == null ? "Network is unreachable" : "No route to host"));
        } else if (route.type() == Route.Type.PROHIBIT || route.type() == Route.Type.BLACKHOLE) {
            boolean prohibit = route.type() == Route.Type.PROHIBIT;
            throw new Misuse(2, "RTNETLINK answers: " + (prohibit ? "Permission denied" : "Invalid argument"));
        }
        String via = route.gateway() == 0 ? "" : " via " + Ipv4Address.text(route.gateway());
        String local =
                route.type() == Route.Type.UNICAST ? "" : route.type().name().toLowerCase(Locale.ROOT) + " ";
        // To itself a host speaks over its loopback.
        String device = route.type() == Route.Type.LOCAL ? "lo" : name(route);
        run.line(local + Ipv4Address.text(address) + via + " dev " + device + " src "
                + Ipv4Address.text(stack.source(route)) + " uid 0 ");
        run.line("    cache " + (route.type() == Route.Type.LOCAL ? "<local> " : ""));
    }
}
