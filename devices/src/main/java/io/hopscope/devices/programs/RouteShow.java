package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.PathCache;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.RouteText;
import io.hopscope.protocols.RouteText.Part;
import io.hopscope.protocols.RoutingPolicy;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** {@code ip route show}: which routes, and what of them; what was asked for is not said again. */
final class RouteShow {
    private static final long SECOND = 1_000_000_000_000L;

    /** What is there in every stack, though its table has no room for it. */
    private static final List<Route> OF_LOOPBACK = List.of(
            Route.local(Prefix.parse("127.0.0.0/8"), Route.LOOPBACK, 0x7f000001),
            Route.local(Prefix.parse("127.0.0.1/32"), Route.LOOPBACK, 0x7f000001),
            Route.broadcast(0x7fffffff, Route.LOOPBACK, 0x7f000001));

    private final IpStack stack;
    private int table = RoutingPolicy.MAIN;
    private boolean cache;
    private Predicate<Route> wanted = route -> true;
    private Prefix only;
    private final Set<Part> known = EnumSet.noneOf(Part.class);

    RouteShow(IpStack stack) {
        this.stack = stack;
    }

    RouteShow parse(Deque<String> words) {
        while (!words.isEmpty()) {
            option(words.poll(), words);
        }
        return this;
    }

    private void option(String word, Deque<String> words) {
        switch (word) {
            case "table" -> {
                String name = Ip.next(words);
                if (name.equals("cache")) {
                    cache = true;
                } else {
                    table = RouteNames.table(name, "table id value is invalid\n");
                }
            }
            case "cache" -> cache = true;
            case "dev", "oif" -> {
                NetInterface device = RouteWords.device(stack, Ip.next(words));
                also(Part.DEVICE, route -> route.device() == device.index());
            }
            case "via" -> {
                int gateway = RouteWords.address(Ip.next(words));
                also(Part.VIA, route -> route.gateway() == gateway);
            }
            case "src" -> {
                int source = RouteWords.address(Ip.next(words));
                also(Part.SOURCE, route -> route.source() == source);
            }
            case "proto", "protocol" -> {
                String protocol = RouteNames.protocol(Ip.next(words));
                also(Part.PROTOCOL, route -> route.protocol().equals(protocol));
            }
            case "scope" -> {
                String name = Ip.next(words);
                if (!name.equals("all")) {
                    Route.Scope scope = RouteNames.scope(name);
                    also(Part.SCOPE, route -> route.scope() == scope);
                }
            }
            case "metric" -> {
                long metric = RouteNames.number(Ip.next(words), 0xffff_ffffL, "\"metric\" value is invalid\n");
                also(Part.METRIC, route -> Integer.toUnsignedLong(route.metric()) == metric);
            }
            case "type" -> {
                String type = Ip.next(words);
                wanted = wanted.and(route -> route.type().name().equalsIgnoreCase(type));
            }
            default -> destination(word, words);
        }
    }

    private void also(Part said, Predicate<Route> more) {
        known.add(said);
        wanted = wanted.and(more);
    }

    private void destination(String word, Deque<String> words) {
        String how = word;
        if (how.equals("to") && !words.isEmpty()) {
            how = List.of("root", "match", "exact").contains(words.peek()) ? words.poll() : "exact";
        }
        boolean named = word.equals("to") || List.of("root", "match", "exact").contains(word);
        Prefix prefix = RouteWords.prefix(named ? Ip.next(words) : word);
        switch (how) {
            case "root" ->
                wanted = wanted.and(route -> route.length() >= prefix.length() && prefix.contains(route.address()));
            case "match" ->
                wanted = wanted.and(route -> route.length() <= prefix.length() && route.contains(prefix.address()));
            default -> {
                wanted = wanted.and(route -> route.prefix().equals(prefix));
                only = prefix;
            }
        }
    }

    void show(Task run, long now) {
        if (cache) {
            cache(run, now);
            return;
        }
        if (table != RouteNames.ALL_TABLES && table(table) == null) {
            throw new Misuse(2, "Error: ipv4: FIB table does not exist.\nDump terminated");
        }
        for (int each : tables()) {
            for (Route route : sorted(each)) {
                if (wanted.test(route)) {
                    print(route, each, run);
                }
            }
        }
    }

    /** The table; null for none. */
    private Fib table(int id) {
        if (id == RoutingPolicy.MAIN || id == RoutingPolicy.LOCAL) {
            return stack.fib();
        }
        Fib fib = stack.policy() == null ? null : stack.policy().table(id);
        return fib == null && id == RoutingPolicy.DEFAULT ? new Fib() : fib;
    }

    private List<Integer> tables() {
        if (table != RouteNames.ALL_TABLES) {
            return List.of(table);
        }
        List<Integer> all = new ArrayList<>(
                stack.policy() == null ? Set.of() : stack.policy().tables());
        all.add(RoutingPolicy.MAIN);
        all.add(RoutingPolicy.LOCAL);
        return all;
    }

    /** By address as the kernel walks its tree, wider prefixes first. */
    private List<Route> sorted(int id) {
        List<Route> all = new ArrayList<>(table(id).routes());
        if (id == RoutingPolicy.MAIN || id == RoutingPolicy.LOCAL) {
            all.removeIf(route -> route.ofLocalTable() != (id == RoutingPolicy.LOCAL));
        }
        if (id == RoutingPolicy.LOCAL) {
            all.addAll(OF_LOOPBACK);
        }
        all.sort((a, b) -> {
            int byAddress = Integer.compareUnsigned(a.address(), b.address());
            return byAddress != 0 ? byAddress : Integer.compare(a.length(), b.length());
        });
        return all;
    }

    private void print(Route route, int id, Task run) {
        List<Route> equal =
                stack.multipath() == null ? List.of() : stack.multipath().equal(route);
        boolean several = equal.size() > 1;
        RouteText text = new RouteText(route, index -> stack.device(index).name())
                .without(known)
                .linkdown(this::dead);
        if (several) {
            text.without(EnumSet.of(Part.VIA, Part.DEVICE));
        }
        if (table == RouteNames.ALL_TABLES && id != RoutingPolicy.MAIN) {
            text.table(RouteNames.table(id));
        }
        text.lines().forEach(line -> run.line(line + " "));
        for (Route each : several ? equal : List.<Route>of()) {
            run.line("\tnexthop via " + Ipv4Address.text(each.gateway()) + " dev "
                    + stack.device(each.device()).name() + " weight 1" + (dead(each.device()) ? " linkdown " : " "));
        }
    }

    /** Whether an interface has no carrier: that changes no route, and is only said of it. */
    private boolean dead(int device) {
        NetInterface via = stack.device(device);
        return via != null && via.port() != null && !via.port().up();
    }

    private void cache(Task run, long now) {
        for (PathCache.Entry each : stack.paths().entries(now)) {
            if (only == null || only.contains(each.destination())) {
                Route route = stack.lookup(each.destination());
                if (route != null) {
                    String via = route.gateway() == 0 ? "" : " via " + Ipv4Address.text(route.gateway());
                    run.line(Ipv4Address.text(each.destination()) + via + " dev "
                            + stack.device(route.device()).name() + " ");
                    run.line("    cache " + cached(each, now));
                }
            }
        }
    }

    /** What the cache says of a destination, as the second line of a route. */
    static String cached(PathCache.Entry entry, long now) {
        String expires = "expires " + Math.max(0, (entry.expires() - now) / SECOND) + "sec ";
        String redirected = entry.gateway() == 0 ? "" : "<redirected> ";
        String mtu = entry.mtu() == 0 ? "" : (entry.locked() ? "mtu lock " : "mtu ") + entry.mtu() + " ";
        return redirected + expires + mtu;
    }

    void flush() {
        if (table != RouteNames.ALL_TABLES && table(table) == null) {
            throw new Misuse(2, "Error: ipv4: FIB table does not exist.\nFlush terminated");
        }
        for (int each : tables()) {
            Fib fib = table(each);
            for (Route route : sorted(each)) {
                if (wanted.test(route) && !(route.ofLocalTable() && each == RoutingPolicy.LOCAL)) {
                    fib.remove(route);
                    stack.forgetPaths(route.prefix());
                }
            }
        }
    }
}
