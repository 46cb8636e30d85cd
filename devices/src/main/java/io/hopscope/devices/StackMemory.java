package io.hopscope.devices;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.NeighbourTable;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** How a stack was configured when the run began: what it boots with after a loss of power. */
final class StackMemory {
    private record Interface(long mac, int mtu, boolean proxyArp, long virtualMac, List<InterfaceAddress> addresses) {}

    private record Known(int device, int address, long mac) {}

    private final List<Interface> interfaces = new ArrayList<>();
    private final List<Route> routes;
    private final List<Known> neighbours = new ArrayList<>();
    private final boolean forwarding;

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
    }

    private static Set<Route> same(List<Route> all) {
        Set<Route> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(all);
        return set;
    }
}
