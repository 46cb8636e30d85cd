package io.hopscope.protocols;

/** What routing looks at of a packet: filled in anew for each, and asked by {@link RoutingPolicy} and {@link NextHops}. */
public final class Flow {
    /** 0 where the host is still to choose it. */
    public int source;

    public int destination;
    /** Index of the interface it came in through; {@link Route#LOOPBACK} for one of this host's own. */
    public int in;
    /** Index of the interface that its socket is bound to, or 0. */
    public int out;

    public int mark;
    public int tos;
    /** 0 where nobody has said. */
    public int protocol;

    public int sourcePort;
    public int destinationPort;
    /** IP_PMTUDISC_PROBE: its packets mind the link's MTU, and not what is known of the way. */
    public boolean probes;

    /** A packet of this host's own to a destination, and nothing else known of it. */
    public Flow to(int address) {
        destination = address;
        source = 0;
        in = Route.LOOPBACK;
        out = 0;
        mark = 0;
        tos = 0;
        protocol = 0;
        sourcePort = 0;
        destinationPort = 0;
        probes = false;
        return this;
    }

    public Flow from(int address) {
        source = address;
        return this;
    }

    /**
     * A hash of both directions alike (__flow_hash_consistentify).
     *
     * @param policy as net.ipv4.fib_multipath_hash_policy: 0 for the addresses, 1 for protocol and ports as well
     */
    public int hash(long seed, int policy) {
        boolean swapped = Integer.compareUnsigned(destination, source) < 0;
        long addresses =
                (long) (swapped ? destination : source) << 32 | (swapped ? source : destination) & 0xffff_ffffL;
        long value = mix(addresses ^ seed);
        if (policy == 1) {
            boolean turned = source == destination ? destinationPort < sourcePort : swapped;
            long ports = (long) (turned ? destinationPort : sourcePort) << 16 | (turned ? sourcePort : destinationPort);
            value = mix(value ^ (ports << 8 | protocol));
        }
        return (int) (value >>> 32);
    }

    private static long mix(long bits) {
        long value = bits;
        value = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        value = (value ^ value >>> 27) * 0x94d049bb133111ebL;
        return value ^ value >>> 31;
    }
}
