package io.hopscope.devices.asic;

import io.hopscope.devices.IpStack;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.EcmpTable;
import io.hopscope.protocols.asic.LpmTcam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prefixes with a next hop or a group of equal ones, programmed from the CPU's routes, and after every change of them. What
 * finds no room is not there, and the CPU forwards it, until there is room. One VRF.
 */
final class RouteTable {
    /** Values of prefixes; from {@link #FIRST} on they are numbers of next hops and of groups, by turns. */
    static final int LOCAL = 0;

    static final int GLEAN = 1;
    static final int REFUSED = 2;
    private static final int FIRST = 3;

    /** Of a route that silicon need not know. */
    private static final int NOTHING = -1;
    /** Of one whose group found no room. */
    private static final int FULL = -2;

    /** No {@link #adjacency} yet. */
    static final long UNRESOLVED = -1;

    final LpmTcam prefixes;
    final EcmpTable groups;
    private final IpStack stack;
    private final AsicSwitch owner;
    /** Routes to destinations with several, one of which the CPU uses. */
    private final Map<Prefix, List<Route>> equal = new LinkedHashMap<>();
    /** Those of the beginning. */
    private Map<Prefix, List<Route>> configured = Map.of();

    /** What found no room, in order of the attempts. */
    private final Set<Prefix> unplaced = new LinkedHashSet<>();
    /** Interface and gateway to a next hop's number. */
    private final Map<Long, Integer> hops = new LinkedHashMap<>();

    private final List<Route> hopRoutes = new ArrayList<>();
    /** A next hop's VLAN and MAC, or {@link #UNRESOLVED}. */
    private long[] adjacencies = new long[16];

    RouteTable(AsicSwitch owner, AsicProfile profile) {
        this.owner = owner;
        stack = owner.stack();
        prefixes = new LpmTcam(profile.lpm(), profile.lpmCost());
        groups = new EcmpTable(profile.ecmpGroups(), profile.ecmpMembers(), profile.ecmpWidth());
    }

    /** One more of the equal routes to a destination, or the only one. */
    void add(Route route) {
        equal.computeIfAbsent(route.prefix(), prefix -> new ArrayList<>()).add(route);
    }

    /** All of the equal routes to a destination. */
    void set(List<Route> routes) {
        equal.put(routes.get(0).prefix(), new ArrayList<>(routes));
    }

    /** The route that the CPU uses, and its equals. */
    List<Route> equal(Route best) {
        List<Route> all = equal.get(best.prefix());
        if (all == null || all.stream().noneMatch(each -> each == best)) {
            return List.of(best);
        }
        return all.stream().filter(each -> each.metric() == best.metric()).toList();
    }

    /** Writes all routes that the CPU knows: at the start, and after a reboot; connected ones first. */
    void program(long now) {
        List<Route> routes = stack.fib().routes();
        routes.stream().filter(each -> each.gateway() == 0).forEach(each -> program(each, now));
        routes.stream().filter(each -> each.gateway() != 0).forEach(each -> program(each, now));
    }

    private void program(Route route, long now) {
        if (route == stack.fib().best(route.address(), route.length())) {
            write(route, now);
        }
    }

    /** Forgets everything but what was counted. */
    void clear() {
        prefixes.clear();
        groups.clear();
        unplaced.clear();
        Arrays.fill(adjacencies, UNRESOLVED);
    }

    /** Before the run: these are the equal routes after a loss of power. */
    void remember() {
        configured = copy(equal);
    }

    /** Power is lost. */
    void forget() {
        equal.clear();
        equal.putAll(copy(configured));
        clear();
    }

    private static Map<Prefix, List<Route>> copy(Map<Prefix, List<Route>> of) {
        Map<Prefix, List<Route>> all = new LinkedHashMap<>();
        of.forEach((prefix, routes) -> all.put(prefix, new ArrayList<>(routes)));
        return all;
    }

    /** The CPU's routes to a destination are others now. */
    void changed(int address, int length, long now) {
        Route best = stack.fib().best(address, length);
        Prefix prefix = new Prefix(address, length);
        if (best == null) {
            equal.remove(prefix);
            unplaced.remove(prefix);
            erase(address, length);
        } else {
            write(best, now);
        }
        retry(now);
    }

    /** The new before the old goes, as silicon does it: no packet finds nothing. */
    private void write(Route best, long now) {
        int old = prefixes.find(best.address(), best.length());
        int value = value(best, now);
        if (value == NOTHING) {
            erase(best.address(), best.length());
        } else if (value != FULL && prefixes.insert(best.address(), best.length(), value)) {
            unplaced.remove(best.prefix());
            release(old);
        } else {
            release(value);
            erase(best.address(), best.length());
            unplaced.add(best.prefix());
            owner.full();
        }
    }

    private int value(Route route, long now) {
        if (route.type() == Route.Type.LOCAL) {
            return LOCAL;
        } else if (route.type() == Route.Type.BROADCAST) {
            return NOTHING;
        } else if (route.type() != Route.Type.UNICAST) {
            return REFUSED;
        } else if (route.gateway() == 0) {
            return GLEAN;
        }
        List<Route> all = equal(route);
        int[] numbers = numbers(all);
        // A router looks for its next hops before anybody needs them.
        all.forEach(each -> stack.neighbourTable().use(each.device(), each.gateway(), now));
        if (numbers.length == 1) {
            return FIRST + 2 * numbers[0];
        }
        int group = groups.acquire(numbers);
        return group == EcmpTable.FULL ? FULL : FIRST + 1 + 2 * group;
    }

    private int[] numbers(List<Route> all) {
        return all.stream().mapToInt(each -> hop(each)).distinct().toArray();
    }

    private void erase(int address, int length) {
        release(prefixes.find(address, length));
        prefixes.remove(address, length);
    }

    private void release(int value) {
        if (group(value)) {
            groups.release((value - FIRST) / 2);
        }
    }

    private static boolean group(int value) {
        return value >= FIRST && (value - FIRST & 1) == 1;
    }

    /** What found no room before may find some now. */
    private void retry(long now) {
        for (Prefix each : List.copyOf(unplaced)) {
            Route best = stack.fib().best(each.address(), each.length());
            if (prefixes.full()) {
                return;
            } else if (best.gateway() == 0 || groups.fits(numbers(equal(best)))) {
                write(best, now);
            }
        }
    }

    /** Destinations that found no room. */
    int unplaced() {
        return unplaced.size();
    }

    private static long hop(int device, int gateway) {
        return (long) device << 32 | gateway & 0xffff_ffffL;
    }

    /** The number of a next hop, made if there is none. */
    private int hop(Route route) {
        long key = hop(route.device(), route.gateway());
        Integer known = hops.get(key);
        if (known != null) {
            return known;
        }
        int number = hopRoutes.size();
        hops.put(key, number);
        hopRoutes.add(route);
        if (number == adjacencies.length) {
            adjacencies = Arrays.copyOf(adjacencies, number * 2);
        }
        Neighbour neighbour = stack.neighbourTable().find(route.device(), route.gateway());
        adjacencies[number] = neighbour != null && neighbour.resolved() ? owner.adjacency(neighbour) : UNRESOLVED;
        return number;
    }

    /** A neighbour's MAC is known: a next hop that waited for it can be used. */
    void known(Neighbour neighbour) {
        Integer hop = hops.get(hop(neighbour.device(), neighbour.address()));
        if (hop != null) {
            adjacencies[hop] = owner.adjacency(neighbour);
        }
    }

    void lost(Neighbour neighbour) {
        Integer hop = hops.get(hop(neighbour.device(), neighbour.address()));
        if (hop != null) {
            adjacencies[hop] = UNRESOLVED;
        }
    }

    /** The next hop of a flow, by a prefix's value. */
    int nextHop(int value, int hash) {
        int index = (value - FIRST) / 2;
        return group(value) ? groups.member(index, hash ^ owner.salt()) : index;
    }

    long adjacency(int hop) {
        return adjacencies[hop];
    }

    String text(int value, int hop) {
        Route route = hopRoutes.get(hop);
        String among =
                group(value) ? "ECMP group of " + groups.width((value - FIRST) / 2) + ", next hop " : "next hop ";
        return "LPM -> " + among + Ipv4Address.text(route.gateway()) + " is "
                + MacAddress.text(L2Table.mac(adjacencies[hop])) + " in VLAN " + L2Table.vlan(adjacencies[hop]);
    }
}
