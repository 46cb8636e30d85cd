package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Routes and neighbours in the words of iproute2: {@code 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink}. */
public final class RouteWords {
    private static final List<String> KEYS =
            List.of("via", "dev", "src", "metric", "proto", "protocol", "scope", "onlink", "table", "nexthop");

    private static final List<String> HOP_KEYS = List.of("via", "dev", "weight", "onlink", "nexthop");

    private Route.Type type = Route.Type.UNICAST;
    private Prefix prefix;
    private int gateway;
    private NetInterface device;
    private int source;
    private int metric = -1;
    private boolean onlink;
    private String protocol = "static";
    /** With a gateway each; empty for a route with one next hop or none. */
    private final List<RouteWords> nextHops = new ArrayList<>();

    private RouteWords() {}

    /**
     * The words after {@code ip route add}.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    public static Route parse(IpStack stack, List<String> words) {
        return parseAll(stack, words).get(0);
    }

    /** The same with one route for each {@code nexthop}. */
    public static List<Route> parseAll(IpStack stack, List<String> words) {
        return read(stack, words).routes(stack);
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
            case "metric" -> metric = number(Ip.next(left));
            case "proto", "protocol" -> protocol = Ip.next(left);
            case "scope", "table" -> Ip.next(left);
            case "onlink" -> onlink = true;
            case "nexthop" -> nextHop(stack, left);
            default -> throw Ip.garbage("to", key, KEYS);
        }
    }

    private void nextHop(IpStack stack, Deque<String> left) {
        if (stack.multipath() == null) {
            throw new Misuse(2, "Error: only a switch with 'asic' has several next hops.");
        }
        RouteWords hop = new RouteWords();
        while (!left.isEmpty() && !left.peek().equals("nexthop")) {
            String key = left.poll();
            switch (key) {
                case "via" -> hop.gateway = address(Ip.next(left));
                case "dev" -> hop.device = device(stack, Ip.next(left));
                case "weight" -> {
                    if (!Ip.next(left).equals("1")) {
                        throw new Misuse(2, "Error: next hops of other weights than 1 are not supported.");
                    }
                }
                case "onlink" -> hop.onlink = true;
                default -> throw Ip.garbage("to", key, HOP_KEYS);
            }
        }
        if (hop.gateway == 0) {
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
                && (metric < 0 || route.metric() == metric);
    }

    /** The routes, if their gateways can be reached as the stack stands. */
    List<Route> routes(IpStack stack) {
        List<Route> all = new ArrayList<>();
        for (RouteWords hop : nextHops) {
            hop.type = type;
            hop.prefix = prefix;
            hop.source = source;
            hop.metric = metric;
            hop.protocol = protocol;
            all.add(hop.route(stack));
        }
        return all.isEmpty() ? List.of(route(stack)) : all;
    }

    private Route route(IpStack stack) {
        if (type != Route.Type.UNICAST) {
            return Route.refusal(prefix, type).metric(Math.max(0, metric));
        }
        NetInterface out = gateway == 0 || onlink && device != null ? device : towards(stack);
        if (out == null) {
            throw new Misuse(2, "RTNETLINK answers: No such device");
        }
        Route route = gateway == 0 ? Route.link(prefix, out.index()) : Route.via(prefix, gateway, out.index());
        return route.source(source).metric(Math.max(0, metric)).onlink(onlink).protocol(protocol);
    }

    /** As fib_check_nh: a gateway has to be on a link of this host, not behind another gateway. */
    private NetInterface towards(IpStack stack) {
        for (Route each : stack.fib().routes()) {
            boolean link = each.type() == Route.Type.UNICAST && each.gateway() == 0 && each.contains(gateway);
            if (link && (device == null || each.device() == device.index())) {
                return interfaceOf(stack, each);
            }
        }
        throw new Misuse(2, "Error: Nexthop has invalid gateway.");
    }

    private static NetInterface interfaceOf(IpStack stack, Route route) {
        for (NetInterface each : stack.interfaces()) {
            if (each.index() == route.device()) {
                return each;
            }
        }
        return null;
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
            if (word.equals("default") || word.equals("all")) {
                return Prefix.ALL;
            }
            return word.indexOf('/') < 0 ? new Prefix(Ipv4Address.bits(word), 32) : Prefix.parse(word);
        } catch (IllegalArgumentException e) {
            throw new Misuse(1, "Error: any valid prefix is expected rather than \"" + word + "\".");
        }
    }

    private static int address(String word) {
        try {
            return Ipv4Address.bits(word);
        } catch (IllegalArgumentException e) {
            throw new Misuse(1, "Error: any valid address is expected rather than \"" + word + "\".");
        }
    }

    private static int number(String word) {
        try {
            return Integer.parseUnsignedInt(word);
        } catch (NumberFormatException e) {
            throw new Misuse(255, "Error: argument \"" + word + "\" is wrong: \"metric\" value is invalid");
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
