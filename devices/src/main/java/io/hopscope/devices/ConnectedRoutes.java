package io.hopscope.devices;

import io.hopscope.encap.InterfaceAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Fib;
import io.hopscope.protocols.Route;
import io.hopscope.protocols.RoutingPolicy;
import java.util.List;

/** The kernel's own routes, which come and go with the addresses of a stack's interfaces. */
final class ConnectedRoutes {
    private ConnectedRoutes() {}

    /** The first address in a network makes its routes; one after it is secondary there (inet_insert_ifa, fib_magic). */
    static void add(NetInterface via, InterfaceAddress address) {
        if (address.address() >>> 24 == 127) {
            // In every stack, and in no table.
            return;
        }
        IpStack stack = via.stack();
        int source = via.primary(address).address();
        unlessKnown(stack, Route.local(new Prefix(address.address(), 32), via.index(), source));
        Prefix prefix = address.prefix();
        if (via.loopback()) {
            if (prefix.length() < 32) {
                unlessKnown(stack, Route.local(prefix, via.index(), source));
            }
            return;
        }
        if (prefix.length() < 32) {
            unlessKnown(stack, Route.connected(prefix, via.index(), source));
        }
        if (prefix.length() < 31) {
            unlessKnown(stack, Route.broadcast(prefix.broadcast(), via.index(), source));
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
            boolean itself = route.type() == Route.Type.LOCAL && route.address() == address.address();
            if (route.device() == via.index() && (itself || route.source() == address.address())) {
                fib.remove(route);
            }
        }
        restore(via.stack());
    }

    /** With {@code ip link set down} all routes through an interface go but those to itself; its own come back with it. */
    static void shut(NetInterface via, boolean down) {
        IpStack stack = via.stack();
        stack.forgetPaths();
        if (!down) {
            via.addresses().forEach(address -> add(via, address));
            return;
        } else if (stack.hooked) {
            stack.netfilter().lost(via, null);
        }
        shut(via, stack.fib());
        RoutingPolicy policy = stack.policy();
        for (int table : policy == null ? List.<Integer>of() : List.copyOf(policy.tables())) {
            shut(via, policy.table(table));
        }
    }

    private static void shut(NetInterface via, Fib fib) {
        for (Route route : fib.routes()) {
            if (route.device() == via.index() && route.type() != Route.Type.LOCAL) {
                fib.remove(route);
            }
        }
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
        for (NetInterface each : stack.links()) {
            if (each.port() == null || !each.port().shut()) {
                each.addresses().forEach(address -> add(each, address));
            }
        }
    }
}
