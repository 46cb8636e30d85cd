package io.hopscope.protocols.netfilter;

/** What rules ask of the host they run on. */
public interface Surroundings {
    /** What an address is to this host (RTN_ values of rtnetlink). */
    enum Kind {
        UNSPEC,
        UNICAST,
        LOCAL,
        BROADCAST,
        ANYCAST,
        MULTICAST,
        BLACKHOLE,
        UNREACHABLE,
        PROHIBIT
    }

    /**
     * What an address is to this host.
     *
     * @param device of the host's own addresses only those of this interface count; null for all
     */
    Kind kind(int address, String device);

    /** The source that this host has on the way to a destination by an interface (MASQUERADE); 0 for none. */
    int source(String out, int destination);

    /** The first address of an interface (REDIRECT); 0 for none. */
    int first(String in);

    /**
     * Whether the way back to a source leads out of an interface (xt_rpfilter).
     *
     * @param mark what policy routing goes by
     * @param loose any interface will do
     * @param local an address of this host's own will do
     */
    boolean leadsBack(int source, int destination, int mark, String in, boolean loose, boolean local);

    /** The largest packet that can go to a destination, and that its source can be sent (TCPMSS). */
    int mtu(int source, int destination);

    /** A line of the kernel's log. */
    void log(String line);

    /** The next of a seeded stream, evenly distributed from 0 to below the bound. */
    int random(int bound);
}
