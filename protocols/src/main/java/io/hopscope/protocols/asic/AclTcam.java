package io.hopscope.protocols.asic;

import io.hopscope.encap.Ipv4;
import java.util.ArrayList;
import java.util.List;

/**
 * Access rules in a TCAM: the first that matches decides; what none matches passes. Rules have addresses, protocol and
 * destination port; no ranges, no state.
 */
public final class AclTcam {
    /** {@link #match} found nothing. */
    public static final int NONE = -1;

    /** A packet's port where it has none, as a fragment. */
    public static final int NO_PORT = -1;

    private final int capacity;
    private final List<AclRule> rules = new ArrayList<>();
    private AclRule[] order = {};
    private long refused;

    public AclTcam(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("an ACL table of " + capacity + " entries");
        }
        this.capacity = capacity;
    }

    /** Puts a rule behind the others; false when the table is full. */
    public boolean add(AclRule rule) {
        if (rules.size() >= capacity) {
            refused++;
            return false;
        }
        rules.add(rule);
        order = rules.toArray(AclRule[]::new);
        return true;
    }

    /**
     * The position of the first rule that matches, or {@link #NONE}.
     *
     * @param port destination port of UDP or TCP, or {@link #NO_PORT}
     */
    public int match(Ipv4 ip, int port) {
        for (int i = 0; i < order.length; i++) {
            if (order[i].matches(ip.source(), ip.destination(), ip.protocol(), port)) {
                return i;
            }
        }
        return NONE;
    }

    public AclRule rule(int position) {
        return order[position];
    }

    public int capacity() {
        return capacity;
    }

    public int size() {
        return order.length;
    }

    /** Rules there were at the first refusal; -1 if there was none. */
    public int firstFailure() {
        return refused == 0 ? -1 : capacity;
    }

    /** Rules that found no room. */
    public long refused() {
        return refused;
    }
}
