package io.hopscope.devices;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.NeighbourTable;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.RoutingPolicy;
import io.hopscope.protocols.RoutingRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How a stack was configured when the run began: what it boots with after a loss of power. */
final class StackMemory {
    private record Interface(long mac, int mtu, boolean proxyArp, long virtualMac, List<InterfaceAddress> addresses) {}

    private record Known(int device, int address, long mac) {}

    private final List<Interface> interfaces = new ArrayList<>();
    private final List<Route> routes;
    private final List<Known> neighbours = new ArrayList<>();
    private final boolean forwarding;
    private final List<InterfaceAddress> loopback;
    private final List<RoutingRule> rules;
    private final Map<Integer, List<Route>> tables = new TreeMap<>();
    private final Map<String, String> settings;

    StackMemory(IpStack stack) {
        for (NetInterface each : stack.interfaces()) {
            interfaces.add(new Interface(
                    each.mac(), each.mtu(), each.proxyArp(), each.virtualMac(), List.copyOf(each.addresses())));
        }
        routes = stack.fib().routes();
        for (Neighbour each : stack.neighbourTable().entries(0)) {
            if (each.state() == Neighbour.State.PERMANENT) {
                neighbours.add(new Known(each.device(), each.address(), each.mac()));
            }
        }
        forwarding = stack.forwarding();
        loopback = List.copyOf(stack.loopback().addresses());
        RoutingPolicy policy = stack.policy();
        rules = policy == null ? null : policy.rules();
        if (policy != null) {
            policy.tables().forEach(id -> tables.put(id, policy.table(id).routes()));
        }
        settings = stack.sysctls() == null ? null : stack.sysctls().values();
    }

    void restore(IpStack stack) {
        for (int i = 0; i < interfaces.size(); i++) {
            Interface was = interfaces.get(i);
            NetInterface each = stack.interfaces().get(i);
            each.mac(was.mac).mtu(was.mtu).proxyArp(was.proxyArp).virtualMac(was.virtualMac);
            each.restore(was.addresses);
        }
        Fib fib = stack.fib();
        // The very ones: a switch knows which of several equal routes it is by that.
        List<Route> now = fib.routes();
        Set<Route> before = same(routes);
        Set<Route> present = same(now);
        now.stream().filter(each -> !before.contains(each)).forEach(fib::remove);
        routes.stream().filter(each -> !present.contains(each)).forEach(fib::insert);
        NeighbourTable table = stack.neighbourTable();
        neighbours.forEach(each -> table.permanent(each.device, each.address, each.mac));
        stack.forwarding(forwarding);
        stack.loopback().restore(loopback);
        policy(stack);
        if (stack.sysctls() != null && settings != null) {
            stack.sysctls().restore(settings);
        } else {
            stack.resetSysctls();
        }
    }

    private void policy(IpStack stack) {
        if (rules == null) {
            stack.resetPolicy();
            return;
        }
        RoutingPolicy policy = stack.makePolicy();
        policy.rules(rules);
        for (int id : List.copyOf(policy.tables())) {
            Fib table = policy.table(id);
            table.routes().forEach(table::remove);
        }
        tables.forEach((id, all) -> all.forEach(policy.makeTable(id)::append));
    }

    private static Set<Route> same(List<Route> all) {
        Set<Route> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(all);
        return set;
    }
}
