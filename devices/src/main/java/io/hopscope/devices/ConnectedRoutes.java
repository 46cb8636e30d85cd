package io.hopscope.devices;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Route;

/** The kernel's own routes, which come and go with the addresses of a stack's interfaces. */
final class ConnectedRoutes {
    private ConnectedRoutes() {}

    /** The first address in a network makes its routes; one after it is secondary there (inet_insert_ifa, fib_magic). */
    static void add(NetInterface via, InterfaceAddress address) {
        IpStack stack = via.stack();
        unlessKnown(stack, Route.local(address.address(), via.index()));
        Prefix prefix = address.prefix();
        if (prefix.length() < 32) {
            unlessKnown(stack, Route.connected(prefix, via.index(), address.address()));
        }
        if (prefix.length() < 31) {
            unlessKnown(stack, Route.broadcast(prefix.broadcast(), via.index(), address.address()));
        }
    }

    private static void unlessKnown(IpStack stack, Route route) {
        if (stack.fib().find(route) == null) {
            stack.route(route);
        }
    }

    /** With an address go the routes that have it as their source (fib_del_ifaddr, fib_sync_down_addr). */
    static void remove(NetInterface via, InterfaceAddress address) {
        if (via.addresses().isEmpty()) {
            flush(via);
            return;
        }
        Fib fib = via.stack().fib();
        for (Route route : fib.routes()) {
            if (route.device() == via.index() && route.source() == address.address()) {
                fib.remove(route);
            }
        }
        restore(via.stack());
    }

    /** Without an address an interface has neither routes nor neighbours. */
    static void flush(NetInterface via) {
        Fib fib = via.stack().fib();
        for (Route route : fib.routes()) {
            if (route.device() == via.index()) {
                fib.remove(route);
            }
        }
        via.stack().neighbourTable().flush(via.index());
        restore(via.stack());
    }

    /** What was secondary in its network is the first there now (net.ipv4.conf.all.promote_secondaries, as systemd sets it). */
    private static void restore(IpStack stack) {
        for (NetInterface each : stack.interfaces()) {
            each.addresses().forEach(address -> add(each, address));
        }
    }
}
