package io.hopscope.protocols;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import java.util.Locale;

/**
 * An IPv4 route as {@code ip route} shows it.
 *
 * @param address of the destination; the prefix lies here in two numbers, since there are very many routes,
 *     and the length in a byte, which is eight bytes less
 * @param length of the destination's prefix
 * @param gateway the next hop, or 0 where the destination is on the link
 * @param device index of the interface it leaves by; unused for {@link Type#UNREACHABLE} and its like
 * @param source preferred source address, or 0
 * @param metric lower is better
 * @param onlink the gateway is taken to be on the link whatever the addresses say
 * @param protocol who made it: {@code kernel}, {@code static}, {@code bgp}...
 */
public record Route(
        int address,
        byte length,
        Type type,
        int gateway,
        int device,
        int source,
        int metric,
        boolean onlink,
        Scope scope,
        String protocol) {
    /** As the record's own, with the prefix's length as everybody else has it. */
    public Route(
            int address,
            int length,
            Type type,
            int gateway,
            int device,
            int source,
            int metric,
            boolean onlink,
            Scope scope,
            String protocol) {
        this(address, (byte) length, type, gateway, device, source, metric, onlink, scope, protocol);
    }

    /** What becomes of a packet (rtnetlink's RTN_ values). */
    public enum Type {
        UNICAST,
        LOCAL,
        BROADCAST,
        BLACKHOLE,
        UNREACHABLE,
        PROHIBIT
    }

    /** How far the destination is (rtnetlink's RT_SCOPE_ values). */
    public enum Scope {
        GLOBAL,
        LINK,
        HOST
    }

    /** The destination. */
    public Prefix prefix() {
        return new Prefix(address, length);
    }

    /** Whether a destination lies in the prefix. */
    public boolean contains(int destination) {
        return ((destination ^ address) & Prefix.mask(length)) == 0;
    }

    /** The kernel's own route to the subnet of an address. */
    public static Route connected(Prefix prefix, int device, int source) {
        return new Route(
                prefix.address(), prefix.length(), Type.UNICAST, 0, device, source, 0, false, Scope.LINK, "kernel");
    }

    /** An address of this host. */
    public static Route local(int address, int device) {
        return new Route(address, 32, Type.LOCAL, 0, device, address, 0, false, Scope.HOST, "kernel");
    }

    /** A subnet's broadcast address. */
    public static Route broadcast(int address, int device, int source) {
        return new Route(address, 32, Type.BROADCAST, 0, device, source, 0, false, Scope.LINK, "kernel");
    }

    /** By way of another router. */
    public static Route via(Prefix prefix, int gateway, int device) {
        return new Route(
                prefix.address(), prefix.length(), Type.UNICAST, gateway, device, 0, 0, false, Scope.GLOBAL, "static");
    }

    /** Straight out of an interface. */
    public static Route link(Prefix prefix, int device) {
        return new Route(prefix.address(), prefix.length(), Type.UNICAST, 0, device, 0, 0, false, Scope.LINK, "static");
    }

    /** A refusal: blackhole, unreachable or prohibit. */
    public static Route refusal(Prefix prefix, Type type) {
        return new Route(prefix.address(), prefix.length(), type, 0, 0, 0, 0, false, Scope.GLOBAL, "static");
    }

    public Route source(int bits) {
        return new Route(address, length, type, gateway, device, bits, metric, onlink, scope, protocol);
    }

    public Route metric(int value) {
        return new Route(address, length, type, gateway, device, source, value, onlink, scope, protocol);
    }

    public Route onlink(boolean on) {
        return new Route(address, length, type, gateway, device, source, metric, on, scope, protocol);
    }

    public Route protocol(String name) {
        return new Route(address, length, type, gateway, device, source, metric, onlink, scope, name);
    }

    /** Kept in the kernel's table {@code local}, not in {@code main}. */
    public boolean ofLocalTable() {
        return type == Type.LOCAL || type == Type.BROADCAST;
    }

    /** Who is asked for by ARP to send a packet this way. */
    public int nextHop(int destination) {
        return gateway == 0 ? destination : gateway;
    }

    /**
     * The line of {@code ip route}.
     *
     * @param deviceName name of the interface
     */
    public String text(String deviceName) {
        var line = new StringBuilder(64);
        if (type != Type.UNICAST) {
            line.append(type.name().toLowerCase(Locale.ROOT)).append(' ');
        }
        line.append(length == 0 ? "default" : length == 32 ? Ipv4Address.text(address) : prefix().toString());
        if (gateway != 0) {
            line.append(" via ").append(Ipv4Address.text(gateway));
        }
        if (type == Type.UNICAST || ofLocalTable()) {
            line.append(" dev ").append(deviceName);
        }
        if (!protocol.equals("static")) {
            line.append(" proto ").append(protocol);
        }
        if (scope != Scope.GLOBAL) {
            line.append(" scope ").append(scope.name().toLowerCase(Locale.ROOT));
        }
        if (source != 0) {
            line.append(" src ").append(Ipv4Address.text(source));
        }
        if (metric != 0) {
            line.append(" metric ").append(metric);
        }
        return line.append(onlink ? " onlink" : "").toString();
    }
}
