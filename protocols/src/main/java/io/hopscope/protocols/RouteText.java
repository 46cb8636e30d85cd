package io.hopscope.protocols;

import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** A route in the words of iproute2. What everybody who asked knows, since it is what was asked for, is left out. */
public final class RouteText {
    /** What may be left out. */
    public enum Part {
        VIA,
        DEVICE,
        PROTOCOL,
        SCOPE,
        SOURCE,
        METRIC
    }

    private final Route route;
    private final IntFunction<String> names;
    private final Set<Part> without = EnumSet.noneOf(Part.class);
    private String table;
    private IntPredicate dead = device -> false;

    /**
     * @param names of interfaces by their index
     */
    public RouteText(Route route, IntFunction<String> names) {
        this.route = route;
        this.names = names;
    }

    public RouteText without(Set<Part> parts) {
        without.addAll(parts);
        return this;
    }

    /** Says which table it is from; null for nothing. */
    public RouteText table(String name) {
        table = name;
        return this;
    }

    /**
     * Says of routes that the link is down; that of an address of its own has none.
     *
     * @param devices whether that of an index is
     */
    public RouteText linkdown(IntPredicate devices) {
        dead = devices;
        return this;
    }

    private boolean says(Part part) {
        return !without.contains(part);
    }

    /** One line, and one more for each of several next hops; without the space that iproute2 ends them with. */
    public List<String> lines() {
        var line = new StringBuilder(64);
        if (route.type() != Route.Type.UNICAST) {
            line.append(route.type().name().toLowerCase(Locale.ROOT)).append(' ');
        }
        line.append(
                route.length() == 0
                        ? "default"
                        : route.length() == 32
                                ? Ipv4Address.text(route.address())
                                : route.prefix().toString());
        boolean single = route.device() != Route.SEVERAL;
        if (single) {
            hop(line, route);
        }
        if (table != null) {
            line.append(" table ").append(table);
        }
        attributes(line);
        line.append(single && route.onlink() ? " onlink" : "");
        line.append(single ? linkdown(route) : "");
        if (route.traits().mtu() != 0) {
            line.append(route.traits().locked() ? " mtu lock " : " mtu ")
                    .append(route.traits().mtu());
        }
        List<String> lines = new ArrayList<>();
        lines.add(line.toString());
        for (int i = 0; !single && i < route.traits().hops().size(); i++) {
            Route each = route.traits().hops().get(i);
            var next = new StringBuilder("\tnexthop");
            hop(next, each);
            next.append(" weight ")
                    .append(route.traits().hops().weight(i))
                    .append(each.onlink() ? " onlink" : "")
                    .append(linkdown(each));
            lines.add(next.toString());
        }
        return lines;
    }

    private String linkdown(Route hop) {
        boolean out = hop.type() == Route.Type.UNICAST || hop.type() == Route.Type.BROADCAST;
        return out && dead.test(hop.device()) ? " linkdown" : "";
    }

    private void hop(StringBuilder line, Route hop) {
        if (hop.gateway() != 0 && says(Part.VIA)) {
            line.append(" via ").append(Ipv4Address.text(hop.gateway()));
        }
        if ((hop.type() == Route.Type.UNICAST || hop.ofLocalTable()) && says(Part.DEVICE)) {
            line.append(" dev ").append(names.apply(hop.device()));
        }
    }

    private void attributes(StringBuilder line) {
        if (!route.protocol().equals("boot") && says(Part.PROTOCOL)) {
            line.append(" proto ").append(route.protocol());
        }
        if (route.scope() != Route.Scope.GLOBAL && says(Part.SCOPE)) {
            line.append(" scope ").append(route.scope().name().toLowerCase(Locale.ROOT));
        }
        if (route.source() != 0 && says(Part.SOURCE)) {
            line.append(" src ").append(Ipv4Address.text(route.source()));
        }
        if (route.metric() != 0 && says(Part.METRIC)) {
            line.append(" metric ").append(Integer.toUnsignedString(route.metric()));
        }
    }
}
