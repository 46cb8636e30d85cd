package io.hopscope.devices;

import io.hopscope.encap.Prefix;
import io.hopscope.protocols.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a host has been told of the way to single destinations: the path's MTU (RFC 1191), and better routers (redirects).
 * Linux's next-hop exceptions: each is of one route, and gone with it.
 */
public final class PathCache {
    /** net.ipv4.route.mtu_expires, and what a redirect is good for (ip_rt_gc_timeout). */
    static final long MTU_EXPIRES = 600_000_000_000_000L;

    private static final long REDIRECT_EXPIRES = 300_000_000_000_000L;

    /** FNHE_RECLAIM_DEPTH x FNHE_HASH_SIZE. */
    private static final int MOST = 10_240;

    /** What is known of one destination. */
    public static final class Entry {
        private final Route route;
        private final int destination;
        private int mtu;
        private boolean locked;
        private int gateway;
        private long expires;

        Entry(Route route, int destination) {
            this.route = route;
            this.destination = destination;
        }

        /** Whether a route is the one it was learned of, or one of its next hops, or it by way of the better router. */
        private boolean isOf(Route other) {
            return route == other
                    || route.address() == other.address()
                            && route.length() == other.length()
                            && route.metric() == other.metric();
        }

        /** The route that it is an exception of. */
        public Route route() {
            return route;
        }

        public int destination() {
            return destination;
        }

        /** 0 where nothing is known of it. */
        public int mtu() {
            return mtu;
        }

        /** The path takes less than net.ipv4.route.min_pmtu: routers may fragment. */
        public boolean locked() {
            return locked;
        }

        /** 0 where nobody redirected. */
        public int gateway() {
            return gateway;
        }

        /** When it is no longer believed. */
        public long expires() {
            return expires;
        }
    }

    private final Map<Integer, Entry> entries = new LinkedHashMap<>();

    /** What is known of a destination as long as it goes by that route; null for nothing. */
    Entry find(int destination, Route route, long now) {
        Entry entry = entries.get(destination);
        if (entry == null) {
            return null;
        } else if (entry.expires <= now || !entry.isOf(route)) {
            entries.remove(destination);
            return null;
        }
        return entry;
    }

    private Entry make(int destination, Route route, long now) {
        Entry entry = find(destination, route, now);
        if (entry == null) {
            if (entries.size() >= MOST) {
                entries.remove(entries.keySet().iterator().next());
            }
            entry = new Entry(route, destination);
            entries.put(destination, entry);
        }
        return entry;
    }

    void mtu(int destination, Route route, int mtu, boolean locked, long expires, long now) {
        Entry entry = make(destination, route, now);
        entry.mtu = mtu;
        entry.locked = locked;
        entry.expires = expires;
    }

    void redirect(int destination, Route route, int gateway, long now) {
        Entry entry = make(destination, route, now);
        entry.gateway = gateway;
        entry.expires = now + REDIRECT_EXPIRES;
    }

    /** In the order in which they were learned. */
    public List<Entry> entries(long now) {
        List<Entry> all = new ArrayList<>(entries.values());
        all.removeIf(each -> each.expires <= now);
        return all;
    }

    /** Routes to this prefix are others now. */
    void forget(Prefix changed) {
        entries.values().removeIf(each -> changed.contains(each.destination));
    }
}
