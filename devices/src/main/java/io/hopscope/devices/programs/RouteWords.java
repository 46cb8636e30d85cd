package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.NetInterface;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Nearest;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Routes and neighbours in the words of iproute2: {@code 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink}. */
public final class RouteWords {
    private static final List<String> KEYS =
            List.of("via", "dev", "src", "metric", "proto", "protocol", "scope", "onlink", "table");

    private RouteWords() {}

    /**
     * The words after {@code ip route add}.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    public static Route parse(IpStack stack, List<String> words) {
        Deque<String> left = new ArrayDeque<>(words);
        Route.Type type = Route.Type.UNICAST;
        for (Route.Type each : Route.Type.values()) {
            if (!left.isEmpty() && each.name().equalsIgnoreCase(left.peek())) {
                type = each;
                left.poll();
                break;
            }
        }
        Prefix prefix = prefix(need(left, "a prefix"));
        if (type != Route.Type.UNICAST) {
            return Route.refusal(prefix, type);
        }
        return unicast(stack, prefix, left);
    }

    private static Route unicast(IpStack stack, Prefix prefix, Deque<String> left) {
        int gateway = 0;
        NetInterface device = null;
        int source = 0;
        int metric = 0;
        boolean onlink = false;
        String protocol = "static";
        while (!left.isEmpty()) {
            String key = left.poll();
            switch (key) {
                case "via" -> gateway = Ipv4Address.bits(need(left, "an address after via"));
                case "dev" -> device = device(stack, need(left, "an interface after dev"));
                case "src" -> source = Ipv4Address.bits(need(left, "an address after src"));
                case "metric" -> metric = number(need(left, "a number after metric"));
                case "proto", "protocol" -> protocol = need(left, "a name after proto");
                case "scope", "table" -> need(left, "a name after " + key);
                case "onlink" -> onlink = true;
                default ->
                    throw new IllegalArgumentException(
                            "either \"to\" is duplicate, or \"" + key + "\" is a garbage." + Nearest.hint(key, KEYS));
            }
        }
        if (device == null) {
            device = throughConnected(stack, gateway);
        }
        Route route = gateway == 0 ? Route.link(prefix, device.index()) : Route.via(prefix, gateway, device.index());
        return route.source(source).metric(metric).onlink(onlink).protocol(protocol);
    }

    private static NetInterface throughConnected(IpStack stack, int gateway) {
        Route toward = gateway == 0 ? null : stack.lookup(gateway);
        if (toward == null || toward.type() != Route.Type.UNICAST) {
            throw new IllegalArgumentException(
                    gateway == 0
                            ? "a route needs via or dev"
                            : "Nexthop has invalid gateway: " + Ipv4Address.text(gateway)
                                    + " is on no subnet of this host.");
        }
        for (NetInterface each : stack.interfaces()) {
            if (each.index() == toward.device()) {
                return each;
            }
        }
        throw new IllegalArgumentException("no interface towards " + Ipv4Address.text(gateway));
    }

    private static NetInterface device(IpStack stack, String name) {
        NetInterface found = stack.find(name);
        if (found == null) {
            List<String> names =
                    stack.interfaces().stream().map(NetInterface::name).toList();
            throw new IllegalArgumentException("Cannot find device \"" + name + "\"" + Nearest.hint(name, names));
        }
        return found;
    }

    private static Prefix prefix(String word) {
        if (word.equals("default")) {
            return Prefix.ALL;
        }
        return word.indexOf('/') < 0 ? new Prefix(Ipv4Address.bits(word), 32) : Prefix.parse(word);
    }

    private static int number(String word) {
        try {
            return Integer.parseUnsignedInt(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + word + "\" is not a number", e);
        }
    }

    private static String need(Deque<String> left, String what) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException("the line ends where " + what + " is expected");
        }
        return left.poll();
    }

    /**
     * The words after {@code ip neigh add}: {@code ADDRESS lladdr MAC dev NAME [nud permanent]}.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    public static void neighbour(IpStack stack, List<String> words) {
        Deque<String> left = new ArrayDeque<>(words);
        int address = Ipv4Address.bits(need(left, "an address"));
        NetInterface device = null;
        long mac = -1;
        while (!left.isEmpty()) {
            String key = left.poll();
            switch (key) {
                case "lladdr" -> mac = MacAddress.bits(need(left, "a MAC after lladdr"));
                case "dev" -> device = device(stack, need(left, "an interface after dev"));
                case "nud" -> need(left, "a state after nud");
                case "permanent", "PERMANENT" -> {}
                default -> throw new IllegalArgumentException("\"" + key + "\" is a garbage.");
            }
        }
        if (device == null || mac < 0) {
            throw new IllegalArgumentException("a neighbour needs " + (device == null ? "dev" : "lladdr"));
        }
        stack.neighbourTable().permanent(device.index(), address, mac);
    }
}
