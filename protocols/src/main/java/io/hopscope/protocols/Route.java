package io.hopscope.protocols;

import io.hopscope.encap.Prefix;

/**
 * An IPv4 route as {@code ip route} shows it.
 *
 * @param address of the destination; the prefix lies here in two numbers, since there are very many routes,
 *     and the length in a byte, which is eight bytes less
 * @param length of the destination's prefix
 * @param gateway the next hop, or 0 where the destination is on the link
 * @param device index of the interface it leaves by, or {@link #SEVERAL}; unused for {@link Type#UNREACHABLE} and its like
 * @param source preferred source address, or 0
 * @param metric lower is better, unsigned
 * @param traits what many routes have in common
 */
public record Route(
        int address, byte length, Type type, int gateway, int device, int source, int metric, Traits traits) {
    /** In place of a device: each packet takes one of {@link Traits#hops}. */
    public static final int SEVERAL = -1;

    /** Index of the loopback interface, as the kernel counts. */
    public static final int LOOPBACK = 1;

    /**
     * What many routes have in common, so that they share it.
     *
     * @param protocol who made it: {@code kernel}, {@code bgp}, or {@code boot}, which {@code ip route} says nothing of
     * @param onlink the gateway is taken to be on the link whatever the addresses say
     * @param mtu largest packet of this way, or 0 for the interface's
     * @param locked path MTU discovery does not change it, nor does it set DF
     * @param hops next hops among which flows are spread, or null
     */
    public record Traits(Scope scope, String protocol, boolean onlink, int mtu, boolean locked, NextHops hops) {
        Traits(Scope scope, String protocol) {
            this(scope, protocol, false, 0, false, null);
        }
    }

    private static final String KERNEL = "kernel";
    private static final String BOOT = "boot";
    private static final Traits KERNEL_LINK = new Traits(Scope.LINK, KERNEL);
    private static final Traits KERNEL_HOST = new Traits(Scope.HOST, KERNEL);
    private static final Traits BOOT_LINK = new Traits(Scope.LINK, BOOT);
    private static final Traits BOOT_GLOBAL = new Traits(Scope.GLOBAL, BOOT);

    /** What becomes of a packet (rtnetlink's RTN_ values). */
    public enum Type {
        UNICAST,
        LOCAL,
        BROADCAST,
        BLACKHOLE,
        UNREACHABLE,
        PROHIBIT,
        /** The search ends here, and goes on with the next rule. */
        THROW
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

    public Scope scope() {
        return traits.scope;
    }

    public String protocol() {
        return traits.protocol;
    }

    public boolean onlink() {
        return traits.onlink;
    }

    private static Route of(Prefix prefix, Type type, int gateway, int device, int source, Traits traits) {
        return new Route(prefix.address(), (byte) prefix.length(), type, gateway, device, source, 0, traits);
    }

    /** The kernel's own route to the subnet of an address. */
    public static Route connected(Prefix prefix, int device, int source) {
        return of(prefix, Type.UNICAST, 0, device, source, KERNEL_LINK);
    }

    /** An address of this host. */
    public static Route local(int address, int device) {
        return local(new Prefix(address, 32), device, address);
    }

    /** Addresses of this host. */
    public static Route local(Prefix prefix, int device, int source) {
        return of(prefix, Type.LOCAL, 0, device, source, KERNEL_HOST);
    }

    /** A subnet's broadcast address. */
    public static Route broadcast(int address, int device, int source) {
        return of(new Prefix(address, 32), Type.BROADCAST, 0, device, source, KERNEL_LINK);
    }

    /** By way of another router. */
    public static Route via(Prefix prefix, int gateway, int device) {
        return of(prefix, Type.UNICAST, gateway, device, 0, BOOT_GLOBAL);
    }

    /** Straight out of an interface. */
    public static Route link(Prefix prefix, int device) {
        return of(prefix, Type.UNICAST, 0, device, 0, BOOT_LINK);
    }

    /** A refusal: blackhole, unreachable, prohibit or throw. */
    public static Route refusal(Prefix prefix, Type type) {
        return of(prefix, type, 0, 0, 0, BOOT_GLOBAL);
    }

    /** Several next hops: routes to the same prefix with a gateway or a device each. */
    public static Route several(NextHops hops) {
        Route first = hops.get(0);
        return new Route(
                first.address,
                first.length,
                Type.UNICAST,
                0,
                SEVERAL,
                first.source,
                first.metric,
                new Traits(Scope.GLOBAL, first.protocol(), false, first.traits.mtu, first.traits.locked, hops));
    }

    public Route source(int bits) {
        return new Route(address, length, type, gateway, device, bits, metric, traits);
    }

    public Route metric(int value) {
        return new Route(address, length, type, gateway, device, source, value, traits);
    }

    /** The same with other traits. */
    public Route traits(Traits others) {
        return new Route(address, length, type, gateway, device, source, metric, others);
    }

    public Route onlink(boolean on) {
        return on == traits.onlink
                ? this
                : traits(new Traits(traits.scope, traits.protocol, on, traits.mtu, traits.locked, traits.hops));
    }

    public Route protocol(String name) {
        return name.equals(traits.protocol)
                ? this
                : traits(new Traits(traits.scope, name, traits.onlink, traits.mtu, traits.locked, traits.hops));
    }

    public Route scope(Scope scope) {
        return scope == traits.scope
                ? this
                : traits(new Traits(scope, traits.protocol, traits.onlink, traits.mtu, traits.locked, traits.hops));
    }

    /** {@code mtu BYTES} or {@code mtu lock BYTES}. */
    public Route mtu(int bytes, boolean locked) {
        return traits(new Traits(traits.scope, traits.protocol, traits.onlink, bytes, locked, traits.hops));
    }

    /** The same by way of another router on the same link, which redirected here. */
    public Route redirected(int to) {
        return new Route(address, length, type, to, device, source, metric, traits);
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
        return String.join(" ", new RouteText(this, index -> deviceName).lines());
    }
}
