package io.hopscope.devices.asic;

import io.hopscope.devices.IpStack;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.NeighbourTable;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.EcmpTable;
import io.hopscope.protocols.asic.HashTable;
import io.hopscope.protocols.asic.LpmTcam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Layer 3 as silicon has it, and its programming from what the CPU knows: neighbours become host entries, routes become
 * prefixes with a next hop or a group of equal ones. What finds no room is not there, and the CPU forwards it. One VRF.
 */
final class L3Tables {
    /** Values of prefixes; from {@link #FIRST} on they are numbers of next hops and of groups, by turns. */
    static final int LOCAL = 0;

    static final int GLEAN = 1;
    static final int REFUSED = 2;
    private static final int FIRST = 3;

    /** No {@link #adjacency} yet. */
    static final long UNRESOLVED = -1;

    final HashTable hosts;
    final LpmTcam prefixes;
    final EcmpTable groups;
    private final IpStack stack;
    private final AsicSwitch owner;
    /** Next hops beside the first of routes with several, by destination. */
    private final Map<Prefix, List<Route>> multipath = new LinkedHashMap<>();
    /** Interface and gateway to a next hop's number. */
    private final Map<Long, Integer> hops = new LinkedHashMap<>();

    private final List<Route> hopRoutes = new ArrayList<>();
    /** A next hop's VLAN and MAC, or {@link #UNRESOLVED}. */
    private long[] adjacencies = new long[16];

    private int neighbours;

    L3Tables(AsicSwitch owner, AsicSpec spec, IpStack stack) {
        this.owner = owner;
        this.stack = stack;
        AsicProfile profile = spec.tables();
        hosts = new HashTable(profile.host(), spec.hostAge());
        prefixes = new LpmTcam(profile.lpm(), profile.lpmCost());
        groups = new EcmpTable(profile.ecmpGroups(), profile.ecmpMembers(), profile.ecmpWidth());
    }

    /** VRF 0 in the upper bits. */
    static long key(int address) {
        return address & 0xffff_ffffL;
    }

    /** One more of the equal routes to a destination, or the only one. */
    void add(Route route) {
        if (route.gateway() != 0) {
            multipath
                    .computeIfAbsent(route.prefix(), prefix -> new ArrayList<>())
                    .add(route);
        }
    }

    /** Writes all that the CPU knows into the hardware: at the start, and after a reboot. */
    void program(long now) {
        clear(now);
        for (Neighbour each : stack.neighbourTable().entries(now)) {
            if (each.resolved()) {
                known(each, now);
            }
        }
        List<Route> routes = stack.fib().routes();
        routes.forEach(route -> connected(route));
        routes.forEach(route -> remote(route, now));
    }

    /** Forgets everything but what was counted. */
    void clear(long now) {
        hosts.clear();
        prefixes.clear();
        groups.clear();
        Arrays.fill(adjacencies, UNRESOLVED);
        neighbours = 0;
        stack.neighbourTable().entries(now).forEach(each -> each.stamp = -1);
    }

    private void connected(Route route) {
        if (route.type() == Route.Type.LOCAL) {
            prefix(route, LOCAL);
        } else if (route.type() == Route.Type.UNICAST && route.gateway() == 0) {
            prefix(route, GLEAN);
        }
    }

    private void remote(Route route, long now) {
        if (route.type() == Route.Type.UNICAST && route.gateway() != 0) {
            List<Route> equal = multipath.getOrDefault(route.prefix(), List.of(route));
            int[] numbers =
                    equal.stream().mapToInt(each -> hop(each)).distinct().toArray();
            // A router looks for its next hops before anybody needs them.
            equal.forEach(each -> stack.neighbourTable().use(each.device(), each.gateway(), now));
            if (numbers.length == 1) {
                prefix(route, FIRST + 2 * numbers[0]);
                return;
            }
            int group = groups.acquire(numbers);
            if (group == EcmpTable.FULL) {
                owner.full(now);
            } else {
                prefix(route, FIRST + 1 + 2 * group);
            }
        } else if (route.type() != Route.Type.UNICAST && !route.ofLocalTable()) {
            prefix(route, REFUSED);
        }
    }

    private void prefix(Route route, int value) {
        if (!prefixes.insert(route.address(), route.length(), value)) {
            owner.full(stack.node().now());
        }
    }

    /** The number of a next hop, made if there is none. */
    private int hop(Route route) {
        long key = (long) route.device() << 32 | route.gateway() & 0xffff_ffffL;
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
        adjacencies[number] = neighbour != null && neighbour.resolved() ? adjacency(neighbour) : UNRESOLVED;
        return number;
    }

    private long adjacency(Neighbour neighbour) {
        return L2Table.key(owner.vlan(neighbour.device()), neighbour.mac());
    }

    /** A neighbour's MAC is known: it becomes a host entry, and a next hop that waited for it can be used. */
    void known(Neighbour neighbour, long now) {
        neighbours += neighbour.stamp < 0 ? 1 : 0;
        Integer hop = hops.get((long) neighbour.device() << 32 | neighbour.address() & 0xffff_ffffL);
        if (hop != null) {
            adjacencies[hop] = adjacency(neighbour);
        }
        long key = key(neighbour.address());
        HashTable.Outcome outcome = neighbour.state() == Neighbour.State.PERMANENT
                ? hosts.insertFixed(key, adjacency(neighbour), now)
                : hosts.insert(key, adjacency(neighbour), now);
        if (outcome == HashTable.Outcome.FULL) {
            owner.full(now);
        }
        neighbour.stamp = stamp();
    }

    /** Changes whenever there may be room again; never negative. */
    private int stamp() {
        return (int) hosts.removals() & Integer.MAX_VALUE;
    }

    void lost(Neighbour neighbour) {
        neighbours -= neighbour.stamp < 0 ? 0 : 1;
        neighbour.stamp = -1;
        Integer hop = hops.get((long) neighbour.device() << 32 | neighbour.address() & 0xffff_ffffL);
        if (hop != null) {
            adjacencies[hop] = UNRESOLVED;
        }
        hosts.remove(key(neighbour.address()));
    }

    /** A packet came to the CPU for want of an entry: if the neighbour is known, and there may be room now, it gets one. */
    void missed(int destination, long now) {
        Route route = stack.lookup(destination);
        if (route == null || route.type() != Route.Type.UNICAST) {
            return;
        }
        NeighbourTable table = stack.neighbourTable();
        for (Route each : multipath.getOrDefault(route.prefix(), List.of(route))) {
            int next = each.nextHop(destination);
            Neighbour neighbour =
                    each.gateway() == 0 ? table.find(each.device(), next) : table.use(each.device(), next, now);
            if (neighbour != null && neighbour.resolved() && neighbour.stamp != stamp()) {
                known(neighbour, now);
            }
        }
    }

    /** The next hop of a flow, by a prefix's value. */
    int nextHop(int value, int hash) {
        int index = (value - FIRST) / 2;
        return (value - FIRST & 1) == 0 ? index : groups.member(index, hash ^ owner.salt());
    }

    long adjacency(int hop) {
        return adjacencies[hop];
    }

    String text(int value, int hop) {
        Route route = hopRoutes.get(hop);
        String among = (value - FIRST & 1) == 0
                ? "next hop "
                : "ECMP group of " + groups.width((value - FIRST) / 2) + ", next hop ";
        return "LPM -> " + among + Ipv4Address.text(route.gateway()) + " is "
                + MacAddress.text(L2Table.mac(adjacencies[hop])) + " in VLAN " + L2Table.vlan(adjacencies[hop]);
    }

    /** Neighbours whose MAC the CPU knows. */
    int neighbours() {
        return neighbours;
    }

    /** Those of them that have no entry. */
    int missing(long now) {
        return Math.max(0, neighbours - hosts.size(now));
    }
}
