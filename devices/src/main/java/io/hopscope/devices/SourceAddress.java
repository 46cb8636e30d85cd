package io.hopscope.devices;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.Route;

/** Which of a host's addresses its own packets come from. */
final class SourceAddress {
    private SourceAddress() {}

    /** The route's own, or the first of the interface that reaches so far; in the gateway's network if there is one. */
    static int of(IpStack stack, Route route) {
        if (route.source() != 0) {
            return route.source();
        }
        // A connected destination is within reach of an address that is good for this host only (fib_create_info).
        boolean near = route.gateway() == 0;
        return select(stack, stack.device(route.device()), route.gateway(), near ? Route.Scope.HOST : Route.Scope.LINK);
    }

    /**
     * As inet_select_addr.
     *
     * @param toward who is to be in the same network, or 0
     * @param scope addresses that reach less far are not taken
     */
    static int select(IpStack stack, NetInterface via, int toward, Route.Scope scope) {
        int first = 0;
        for (InterfaceAddress each : via.addresses()) {
            if (via.scope(each).compareTo(scope) > 0 || via.secondary(each)) {
                continue;
            }
            if (toward == 0 || each.prefix().contains(toward)) {
                return each.address();
            }
            first = first == 0 ? each.address() : first;
        }
        if (first != 0) {
            return first;
        }
        for (NetInterface each : stack.links()) {
            for (InterfaceAddress address : each.addresses()) {
                if (each.scope(address) != Route.Scope.LINK
                        && each.scope(address).compareTo(scope) <= 0) {
                    return address.address();
                }
            }
        }
        return 0;
    }
}
