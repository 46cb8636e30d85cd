package io.hopscope.protocols;

import io.hopscope.encap.Prefix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Longest-prefix match over IPv4 routes (RFC 1812, section 5.2.4.3). A few routes are a sorted list; more are a hash
 * table asked once for each prefix length in use. As in Linux without rules, the tables {@code local} and {@code main} are
 * one: the longest prefix decides, and only then the table.
 */
public final class Fib {
    private static final int FEW = 12;
    private static final Comparator<Route> ORDER = Comparator.comparingInt((Route route) -> -route.length())
            .thenComparing((a, b) ->
                    Integer.compareUnsigned(a.prefix().address(), b.prefix().address()))
            .thenComparing(route -> !route.ofLocalTable())
            .thenComparing((a, b) -> Integer.compareUnsigned(a.metric(), b.metric()));

    private static final int[] NONE = {};

    /** Hears of changes: a switch writes them into its tables. */
    public interface Watch {
        /** The routes to this very prefix are others now. */
        void changed(int address, int length);
    }

    private static final Route[] NO_ROUTES = {};

    private Route[] slots = NO_ROUTES;
    /** Address and mask of each route of a short list: a search that reads one cache line, and of the routes only the best. */
    private int[] few = NONE;

    private int size;
    /** Null for a short list. */
    private Index hashed;

    private Watch watch;

    /** There is one watch at most. */
    public void watch(Watch by) {
        watch = by;
    }

    private void tell(int address, int length) {
        if (watch != null) {
            watch.changed(address, length);
        }
    }

    /** What a hash table has beside its routes. */
    private static final class Index {
        /** The prefixes: address and length, one more so that no key is 0. */
        private final long[] keys;
        /** Bit n: a route of length n exists; there are 33 lengths. */
        private long lengths;

        private final int[] perLength = new int[33];

        Index(int slots) {
            keys = new long[slots];
        }

        void count(int length) {
            lengths |= 1L << length;
            perLength[length]++;
        }

        void uncount(int length) {
            if (--perLength[length] == 0) {
                lengths &= ~(1L << length);
            }
        }
    }

    public int size() {
        return size;
    }

    /** Adds a route; one of the same prefix, metric and table is replaced. The table {@code local} is asked first. */
    public void insert(Route route) {
        Route same = find(route);
        if (same != null) {
            take(same);
        }
        append(route);
    }

    /** Adds a route behind those of the same prefix, metric and table. */
    public void append(Route route) {
        if (hashed == null && size < FEW) {
            insertSorted(route);
        } else {
            if (hashed == null || (size + 1) * 2 > slots.length) {
                rehash();
            }
            put(route);
            hashed.count(route.length());
        }
        size++;
        tell(route.address(), route.length());
    }

    private void insertSorted(Route route) {
        if (size == slots.length) {
            slots = Arrays.copyOf(slots, Math.max(4, size * 2));
        }
        int at = size;
        while (at > 0 && ORDER.compare(slots[at - 1], route) > 0) {
            slots[at] = slots[at - 1];
            at--;
        }
        slots[at] = route;
        listed(size + 1);
    }

    private void listed(int routes) {
        few = new int[2 * routes];
        for (int i = 0; i < routes; i++) {
            few[2 * i] = slots[i].address();
            few[2 * i + 1] = Prefix.mask(slots[i].length());
        }
    }

    private void rehash() {
        Route[] old = slots;
        slots = new Route[Math.max(64, Integer.highestOneBit(size + 1) * 4)];
        hashed = new Index(slots.length);
        few = NONE;
        for (Route route : old) {
            if (route != null) {
                put(route);
                hashed.count(route.length());
            }
        }
    }

    private void put(Route route) {
        int at = slot(route.address(), route.length());
        while (slots[at] != null) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = route;
        hashed.keys[at] = key(route.address(), route.length());
    }

    private int slot(int address, int length) {
        int hash = (address ^ length * 0x9e3779b9) * 0x85ebca6b;
        return (hash ^ hash >>> 15) & slots.length - 1;
    }

    /** Brings a short table into the core's cache; the value means nothing. */
    public int touch() {
        return slots.length + (few.length == 0 ? 0 : few[0]);
    }

    /** The best route to an address, or null. */
    public Route lookup(int destination) {
        if (hashed == null) {
            int[] list = few;
            for (int i = 0; i < list.length; i += 2) {
                if (((destination ^ list[i]) & list[i + 1]) == 0) {
                    return slots[i >> 1];
                }
            }
            return null;
        }
        for (long left = hashed.lengths; left != 0; ) {
            int length = 63 - Long.numberOfLeadingZeros(left);
            left &= ~(1L << length);
            Route best = exact(destination & Prefix.mask(length), length);
            if (best != null) {
                return best;
            }
        }
        return null;
    }

    /** Which of the two tables is asked. */
    public enum Part {
        LOCAL,
        MAIN,
        BOTH
    }

    /**
     * The best route of one table, where rules ask them one after the other, or of those that lead out of one interface;
     * of several next hops that one.
     *
     * @param device 0 for any
     */
    public Route lookup(int destination, Part part, int device) {
        for (int i = 0; hashed == null && i < size; i++) {
            if (slots[i].contains(destination) && leading(slots[i], part, device) != null) {
                return leading(slots[i], part, device);
            }
        }
        for (long left = hashed == null ? 0 : hashed.lengths; left != 0; ) {
            int length = 63 - Long.numberOfLeadingZeros(left);
            left &= ~(1L << length);
            Route best = exact(destination & Prefix.mask(length), length, part, device);
            if (best != null) {
                return best;
            }
        }
        return null;
    }

    private static Route leading(Route route, Part part, int device) {
        if (part != Part.BOTH && route.ofLocalTable() != (part == Part.LOCAL)) {
            return null;
        }
        boolean through = device == 0 || route.device() == device;
        if (through || route.type() != Route.Type.UNICAST && !route.ofLocalTable()) {
            return route;
        }
        for (int i = 0;
                route.device() == Route.SEVERAL && i < route.traits().hops().size();
                i++) {
            if (route.traits().hops().get(i).device() == device) {
                return route.traits().hops().get(i);
            }
        }
        return null;
    }

    /** The best route to this very prefix, or null. */
    public Route best(int address, int length) {
        if (hashed != null) {
            return exact(address, length);
        }
        for (int i = 0; i < size; i++) {
            if (slots[i].address() == address && slots[i].length() == length) {
                return slots[i];
            }
        }
        return null;
    }

    private Route exact(int address, int length) {
        Route best = null;
        long key = key(address, length);
        long[] keys = hashed.keys;
        for (int at = slot(address, length); keys[at] != 0; at = at + 1 & keys.length - 1) {
            if (keys[at] == key && (best == null || ORDER.compare(slots[at], best) < 0)) {
                best = slots[at];
            }
        }
        return best;
    }

    private Route exact(int address, int length, Part part, int device) {
        Route best = null;
        for (int at = slot(address, length); slots[at] != null; at = at + 1 & slots.length - 1) {
            Route each = slots[at];
            boolean fits = each.address() == address && each.length() == length;
            if (fits && leading(each, part, device) != null && (best == null || ORDER.compare(each, best) < 0)) {
                best = each;
            }
        }
        return best == null ? null : leading(best, part, device);
    }

    private static long key(int address, int length) {
        return (long) address << 8 | length + 1;
    }

    /** Removes a route, this one and no other of its prefix; returns whether it was there. */
    public boolean remove(Route route) {
        boolean there = take(route);
        if (there) {
            tell(route.address(), route.length());
        }
        return there;
    }

    private boolean take(Route route) {
        if (hashed != null) {
            return removeHashed(route);
        }
        for (int i = 0; i < size; i++) {
            if (slots[i].equals(route)) {
                System.arraycopy(slots, i + 1, slots, i, size - i - 1);
                slots[size - 1] = null;
                removed(route.length());
                listed(size);
                return true;
            }
        }
        return false;
    }

    /** The first route of the same prefix, metric and table; null if there is none. */
    public Route find(Route like) {
        if (hashed == null) {
            for (int i = 0; i < size; i++) {
                if (same(slots[i], like)) {
                    return slots[i];
                }
            }
            return null;
        }
        for (int at = slot(like.address(), like.length()); slots[at] != null; at = at + 1 & slots.length - 1) {
            if (same(slots[at], like)) {
                return slots[at];
            }
        }
        return null;
    }

    private static boolean same(Route a, Route b) {
        return a.address() == b.address()
                && a.length() == b.length()
                && a.metric() == b.metric()
                && a.ofLocalTable() == b.ofLocalTable();
    }

    private boolean removeHashed(Route route) {
        for (int at = slot(route.address(), route.length()); slots[at] != null; at = at + 1 & slots.length - 1) {
            if (slots[at].equals(route)) {
                slots[at] = null;
                hashed.keys[at] = 0;
                removed(route.length());
                // What stood behind it in the same cluster is put again, so that no probe stops short.
                for (int next = at + 1 & slots.length - 1; slots[next] != null; next = next + 1 & slots.length - 1) {
                    Route moved = slots[next];
                    slots[next] = null;
                    hashed.keys[next] = 0;
                    put(moved);
                }
                return true;
            }
        }
        return false;
    }

    private void removed(int length) {
        size--;
        if (hashed != null) {
            hashed.uncount(length);
        }
    }

    /** Every route, longest prefix first, then by address and metric. */
    public List<Route> routes() {
        return Arrays.stream(slots).filter(route -> route != null).sorted(ORDER).toList();
    }
}
