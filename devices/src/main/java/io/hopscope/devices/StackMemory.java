package io.hopscope.devices;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Neighbour;
import io.hopscope.protocols.NeighbourTable;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How a stack was configured when the run began: what it boots with after a loss of power. */
final class StackMemory {
    private record Interface(long mac, int mtu, boolean proxyArp, long virtualMac, List<InterfaceAddress> addresses) {}

    private record Known(int device, int address, long mac) {}

    private final List<Interface> interfaces = new ArrayList<>();
    private final Set<Route> routes;
    private final List<Known> neighbours = new ArrayList<>();
    private final boolean forwarding;

    StackMemory(IpStack stack) {
        for (NetInterface each : stack.interfaces()) {
            interfaces.add(new Interface(
                    each.mac(), each.mtu(), each.proxyArp(), each.virtualMac(), List.copyOf(each.addresses())));
        }
        routes = new LinkedHashSet<>(stack.fib().routes());
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
        Set<Route> now = new LinkedHashSet<>(fib.routes());
        now.stream().filter(each -> !routes.contains(each)).forEach(fib::remove);
        routes.stream().filter(each -> !now.contains(each)).forEach(fib::insert);
        NeighbourTable table = stack.neighbourTable();
        neighbours.forEach(each -> table.permanent(each.device, each.address, each.mac));
        stack.forwarding(forwarding);
    }
}
