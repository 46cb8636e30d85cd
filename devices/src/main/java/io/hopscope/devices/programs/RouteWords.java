package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.NextHops;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.RoutingPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Routes and neighbours in the words of iproute2: {@code 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink}. */
public final class RouteWords {
    private static final List<String> KEYS =
            List.of("via", "dev", "src", "metric", "proto", "protocol", "scope", "onlink", "table", "mtu", "nexthop");

    private static final List<String> HOP_KEYS = List.of("via", "dev", "weight", "onlink", "nexthop");

    private Route.Type type = Route.Type.UNICAST;
    private Prefix prefix;
    private int gateway;
    private NetInterface device;
    private int source;
    private long metric = -1;
    private boolean onlink;
    private int weight = 1;
    private int mtu;
    private boolean locked;
    private String protocol = "boot";
    private Route.Scope scope;
    private int table;
    private final List<RouteWords> nextHops = new ArrayList<>();

    private RouteWords() {}

    /**
     * The words after {@code ip route add}.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    public static Route parse(IpStack stack, List<String> words) {
        return read(stack, words).routes(stack).get(0);
    }

    /**
     * The same, into the table that the words name.
     *
     * @param main takes routes of {@code main}
     */
    public static void enter(IpStack stack, List<String> words, Consumer<Route> main) {
        RouteWords read = read(stack, words);
        List<Route> routes = read.routes(stack);
        if (read.ofMain()) {
            routes.forEach(main);
        } else {
            read.fib(stack).insert(routes.get(0));
            stack.routed(routes.get(0));
        }
    }

    /** Reads the words, of which only the names have to be right. */
    static RouteWords read(IpStack stack, List<String> words) {
        Deque<String> left = new ArrayDeque<>(words);
        RouteWords read = new RouteWords();
        for (Route.Type each : Route.Type.values()) {
            if (!left.isEmpty() && each.name().equalsIgnoreCase(left.peek())) {
                read.type = each;
                left.poll();
                break;
            }
        }
        read.prefix = prefix(Ip.next(left));
        while (!left.isEmpty()) {
            read.option(stack, left);
        }
        return read;
    }

    private void option(IpStack stack, Deque<String> left) {
        String key = left.poll();
        switch (key) {
            case "via" -> gateway = address(Ip.next(left));
            case "dev" -> device = device(stack, Ip.next(left));
            case "src" -> source = address(Ip.next(left));
            case "metric", "priority", "preference" ->
                metric = RouteNames.number(Ip.next(left), 0xffff_ffffL, "\"metric\" value is invalid\n");
            case "proto", "protocol" -> protocol = RouteNames.protocol(Ip.next(left));
            case "scope" -> scope = RouteNames.scope(Ip.next(left));
            case "table" -> table = RouteNames.table(Ip.next(left), "\"table\" value is invalid\n");
            case "mtu" -> {
                String word = Ip.next(left);
                locked = word.equals("lock");
                word = locked ? Ip.next(left) : word;
                mtu = (int) RouteNames.number(word, 0xffff_ffffL, "\"mtu\" value is invalid\n");
            }
            case "onlink" -> onlink = true;
            case "nexthop" -> nextHop(stack, left);
            default -> throw Ip.garbage("to", key, KEYS);
        }
    }

    private void nextHop(IpStack stack, Deque<String> left) {
        RouteWords hop = new RouteWords();
        while (!left.isEmpty() && !left.peek().equals("nexthop")) {
            String key = left.poll();
            switch (key) {
                case "via" -> hop.gateway = address(Ip.next(left));
                case "dev" -> hop.device = device(stack, Ip.next(left));
                case "weight" -> {
                    String word = Ip.next(left);
                    hop.weight = (int) RouteNames.number(word, 256, "\"weight\" is invalid\n");
                    if (hop.weight == 0) {
                        throw new Misuse(255, "Error: argument \"0\" is wrong: \"weight\" is invalid\n");
                    } else if (hop.weight != 1 && stack.multipath() != null) {
                        throw new Misuse(2, "Error: next hops of other weights than 1 are not supported.");
                    }
                }
                case "onlink" -> hop.onlink = true;
                default -> throw Ip.garbage("to", key, HOP_KEYS);
            }
        }
        if (hop.gateway == 0 && stack.multipath() != null) {
            throw new Misuse(2, "Error: a next hop without 'via'.");
        }
        nextHops.add(hop);
    }

    /** Whether a route is one that these words ask to delete: what is not said is not compared. */
    boolean names(Route route) {
        return route.prefix().equals(prefix)
                && route.type() == type
                && (gateway == 0 || route.gateway() == gateway)
                && (device == null || route.device() == device.index())
                && (source == 0 || route.source() == source)
                && (scope == null || route.scope() == scope)
                && (protocol.equals("boot") || route.protocol().equals(protocol))
                && (metric < 0 || Integer.toUnsignedLong(route.metric()) == metric);
    }

    /** Whether it is {@code main} that is meant, and not another table by its number. */
    boolean ofMain() {
        return table == 0 || table == RoutingPolicy.MAIN || table == RoutingPolicy.LOCAL;
    }

    /** The table that is meant, made if there is none. */
    Fib fib(IpStack stack) {
        return ofMain() ? stack.fib() : stack.makePolicy().makeTable(table);
    }

    /** The same as far as there is one; null for none. */
    Fib known(IpStack stack) {
        return ofMain()
                ? stack.fib()
                : stack.policy() == null ? null : stack.policy().table(table);
    }

    /**
     * The route, if its gateways can be reached as the stack stands; one for each next hop where a switch keeps them apart.
     */
    List<Route> routes(IpStack stack) {
        if (nextHops.isEmpty()) {
            return List.of(route(stack));
        }
        List<Route> all = new ArrayList<>();
        for (RouteWords hop : nextHops) {
            hop.type = type;
            hop.prefix = prefix;
            hop.source = source;
            hop.metric = metric;
            hop.protocol = protocol;
            hop.mtu = mtu;
            hop.locked = locked;
            all.add(hop.route(stack));
        }
        if (stack.multipath() != null) {
            return all;
        }
        return List.of(Route.several(
                new NextHops(all, nextHops.stream().mapToInt(hop -> hop.weight).toArray())));
    }

    private Route route(IpStack stack) {
        int number = (int) Math.max(0, metric);
        if (type == Route.Type.LOCAL || type == Route.Type.BROADCAST) {
            Route made = type == Route.Type.LOCAL
                    ? Route.local(prefix, device().index(), source)
                    : Route.broadcast(prefix.address(), device().index(), source);
            return made.metric(number).protocol(protocol);
        } else if (type != Route.Type.UNICAST) {
            return Route.refusal(prefix, type).metric(number).protocol(protocol);
        }
        NetInterface out = gateway == 0 || onlink && device != null ? device() : towards(stack);
        if (source != 0
                && stack.links().stream().noneMatch(each -> each.addresses().stream()
                        .anyMatch(address -> address.address() == source))) {
            throw new Misuse(2, "Error: Invalid prefsrc address.");
        }
        Route route = gateway == 0 ? Route.link(prefix, out.index()) : Route.via(prefix, gateway, out.index());
        route = route.source(source).metric(number).onlink(onlink).protocol(protocol);
        route = scope == null ? route : route.scope(scope);
        return mtu == 0 ? route : route.mtu(mtu, locked);
    }

    private NetInterface device() {
        if (device == null) {
            throw new Misuse(2, "RTNETLINK answers: No such device");
        }
        return device;
    }

    /** As fib_check_nh: a gateway has to be on a link of this host, not behind another gateway. */
    private NetInterface towards(IpStack stack) {
        for (Route each : stack.fib().routes()) {
            boolean link = each.type() == Route.Type.UNICAST
                    && each.gateway() == 0
                    && each.device() != Route.SEVERAL
                    && each.contains(gateway);
            if (link && (device == null || each.device() == device.index())) {
                return stack.device(each.device());
            }
        }
        throw new Misuse(2, "Error: Nexthop has invalid gateway.");
    }

    static NetInterface device(IpStack stack, String name) {
        NetInterface found = stack.find(name);
        if (found == null) {
            List<String> names =
                    stack.interfaces().stream().map(NetInterface::name).toList();
            throw new Misuse(1, "Cannot find device \"" + name + "\"", name, names);
        }
        return found;
    }

    static Prefix prefix(String word) {
        try {
            if (word.equals("default") || word.equals("all") || word.equals("any")) {
                return Prefix.ALL;
            }
            if (word.indexOf('/') < 0) {
                return new Prefix(Ipv4Address.bits(word), 32);
            }
            InterfaceAddress whole = InterfaceAddress.parse(word);
            if (whole.prefix().address() != whole.address()) {
                throw new Misuse(2, "Error: Invalid prefix for given prefix length.");
            }
            return whole.prefix();
        } catch (Misuse e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new Misuse(1, "Error: any valid prefix is expected rather than \"" + word + "\".");
        }
    }

    static int address(String word) {
        try {
            return Ipv4Address.bits(word);
        } catch (IllegalArgumentException e) {
            throw new Misuse(1, "Error: any valid address is expected rather than \"" + word + "\".");
        }
    }

    /**
     * The words after {@code ip neigh add}: {@code ADDRESS lladdr MAC dev NAME [nud permanent]}.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    public static void neighbour(IpStack stack, List<String> words) {
        readNeighbour(stack, words).enter(stack);
    }

    /** A permanent neighbour. */
    record Neighbour(NetInterface device, int address, long mac) {
        void enter(IpStack stack) {
            stack.permanent(device, address, mac);
        }
    }

    static Neighbour readNeighbour(IpStack stack, List<String> words) {
        Deque<String> left = new ArrayDeque<>(words);
        if (left.isEmpty()) {
            throw new Misuse(255, "Device and destination are required arguments.");
        }
        int address = address(left.poll());
        NetInterface device = null;
        long mac = -1;
        while (!left.isEmpty()) {
            String key = left.poll();
            switch (key) {
                case "lladdr" -> mac = mac(Ip.next(left));
                case "dev" -> device = device(stack, Ip.next(left));
                case "nud" -> Ip.next(left);
                case "permanent", "PERMANENT" -> {}
                default -> throw Ip.garbage("to", key, List.of("lladdr", "dev", "nud"));
            }
        }
        if (device == null) {
            throw new Misuse(255, "Device and destination are required arguments.");
        } else if (mac < 0) {
            throw new Misuse(2, "RTNETLINK answers: Invalid argument");
        }
        return new Neighbour(device, address, mac);
    }

    private static long mac(String word) {
        try {
            return MacAddress.bits(word);
        } catch (IllegalArgumentException e) {
            throw new Misuse(255, "\"" + word + "\" is invalid lladdr.");
        }
    }
}
