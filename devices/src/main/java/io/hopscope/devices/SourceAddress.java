package io.hopscope.devices;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.protocols.Route;

/** Which of a host's addresses its own packets come from. */
final class SourceAddress {
    private SourceAddress() {}

    /** The source address of a packet of this host. */
    static int of(IpStack stack, Route route) {
        if (route.source() != 0) {
            return route.source();
        }
        NetInterface via = stack.device(route.device());
        int toward = route.gateway();
        for (InterfaceAddress each : via.addresses()) {
            if (toward != 0 && each.prefix().contains(toward)) {
                return each.address();
            }
        }
        if (via.primary() != 0) {
            return via.primary();
        }
        for (NetInterface each : stack.interfaces()) {
            if (each.primary() != 0) {
                return each.primary();
            }
        }
        return 0;
    }
}
