package io.hopscope.protocols.netfilter;

import java.util.Arrays;

/**
 * The table of connections (nf_conntrack_core): each is found by the tuple of either direction, in its zone. Numbers only:
 * a million connections take 200 bytes each at most. What a connection is goes into {@link Tracker}, how it is translated
 * into {@link Nat}.
 */
public final class Conntrack {
    /** Bits of a connection's status, with the kernel's values (ip_conntrack_status). */
    static final int SEEN_REPLY = 2;

    static final int ASSURED = 4;
    static final int CONFIRMED = 8;
    static final int SOURCE_NAT = 16;
    static final int DESTINATION_NAT = 32;
    static final int NAT = SOURCE_NAT | DESTINATION_NAT;
    static final int SOURCE_DONE = 128;
    static final int DESTINATION_DONE = 256;
    /** Its source is in the index of translated sources. */
    static final int BY_SOURCE = 1 << 20;

    /** nf_conntrack_max of a machine with a few gigabytes. */
    public static final int LIMIT = 262_144;

    static final long SECOND = 1_000_000_000_000L;

    // What a connection has, in numbers of 32 bits.
    private static final int TUPLE = 3;
    private static final int KIND = 6;
    private static final int STATUS = 7;
    private static final int MARK = 8;
    private static final int EXPIRES = 9;
    private static final int SERIAL = 11;
    /** Of a free place the next one; of a connection who holds it beside the packet in hand, and where it masquerades. */
    private static final int NEXT = 12;

    private static final int TRAILS = 13;
    private static final int EPOCH = 19;
    /** Where {@link TcpTracker} keeps its own. */
    static final int TRACKED = 20;

    private static final int STRIDE = 36;

    private static final int PAGE_BITS = 8;
    private static final int PAGE = 1 << PAGE_BITS;
    /** Positions beside its own where a full table looks for a connection to give up. */
    private static final int EVICTION = 64;
    /** Connections looked at with each new one, whether they are over. */
    private static final int SWEEP = 8;
    /** How long a connection may be on its way through this host before it is given up. */
    private static final long PATIENCE = 10 * SECOND;

    private int[][] pages = {};
    private int made;
    private int free = -1;
    private int count;
    private int limit = LIMIT;
    private int cursor;
    /** Connection and direction, plus one; 0 for a free place. */
    private int[] index = new int[64];

    private int indexed;
    /** The same by source, of connections whose source is translated. */
    private int[] sources = new int[16];

    private int sourced;
    long found;
    private long dropped;
    private long early;
    long invalid;
    private long clashes;
    private final Tuple scratch = new Tuple();

    private int[] page(int id) {
        return pages[id >> PAGE_BITS];
    }

    private static int base(int id) {
        return (id & PAGE - 1) * STRIDE;
    }

    int get(int id, int field) {
        return page(id)[base(id) + field];
    }

    void set(int id, int field, int value) {
        page(id)[base(id) + field] = value;
    }

    public int limit() {
        return limit;
    }

    /** net.netfilter.nf_conntrack_max; 0 for no limit. */
    public void limit(int most) {
        limit = most == 0 ? Integer.MAX_VALUE : most;
    }

    /** Connections there are, those that nobody has noticed to be over among them. */
    public int count() {
        return count;
    }

    /** Packets dropped for a full table, or as their connection clashed with another. */
    public long dropped() {
        return dropped;
    }

    /** Connections given up for others. */
    public long early() {
        return early;
    }

    /** Tuples that were looked for to become somebody's, and were another one's. */
    public long found() {
        return found;
    }

    /** Packets that belong to no connection. */
    public long invalid() {
        return invalid;
    }

    /** Connections that did not come into the table as another one was there. */
    public long clashes() {
        return clashes;
    }

    /** Bytes that the table takes. */
    public long memory() {
        return pages.length * (long) PAGE * STRIDE * 4 + (index.length + sources.length) * 4L;
    }

    int source(int id, int direction) {
        return get(id, direction * TUPLE);
    }

    int destination(int id, int direction) {
        return get(id, direction * TUPLE + 1);
    }

    int ports(int id, int direction) {
        return get(id, direction * TUPLE + 2);
    }

    int protocol(int id) {
        return get(id, KIND) & 0xff;
    }

    Tuple tuple(int id, int direction, Tuple into) {
        int[] page = page(id);
        int at = base(id) + direction * TUPLE;
        return into.set(page[at], page[at + 1], page[at + 2], page[base(id) + KIND] & 0xff);
    }

    void tuple(int id, int direction, int from, int to, int both) {
        int[] page = page(id);
        int at = base(id) + direction * TUPLE;
        page[at] = from;
        page[at + 1] = to;
        page[at + 2] = both;
    }

    /** The zone that one direction is in; the other's may be 0. */
    int zone(int id, int direction) {
        int kind = get(id, KIND);
        return (kind >>> 8 + direction & 1) == 0 ? 0 : kind >>> 16;
    }

    int zone(int id) {
        return get(id, KIND) >>> 16;
    }

    int zoneDirections(int id) {
        return get(id, KIND) >>> 8 & 3;
    }

    int status(int id) {
        return get(id, STATUS);
    }

    void turnOn(int id, int bits) {
        page(id)[base(id) + STATUS] |= bits;
    }

    /** More copies of its first packet are under way, or fewer by one. */
    void hold(int id, int by) {
        set(id, NEXT, get(id, NEXT) + by);
    }

    boolean held(int id) {
        return (get(id, NEXT) & 0xffff) != 0;
    }

    /** The number of the interface whose address it has borrowed (MASQUERADE); 0 for none. */
    int borrowed(int id) {
        return get(id, NEXT) >>> 16;
    }

    boolean lent(int id, int number) {
        return used(id) && borrowed(id) == number;
    }

    void borrow(int id, int number) {
        set(id, NEXT, get(id, NEXT) & 0xffff | number << 16);
    }

    int mark(int id) {
        return get(id, MARK);
    }

    void mark(int id, int bits) {
        set(id, MARK, bits);
    }

    /** Tells one connection from a later one in the same place. */
    public int serial(int id) {
        return get(id, SERIAL);
    }

    /** Whether a place still holds the connection that it held. */
    public boolean holds(int id, int serial) {
        return id >= 0 && id < made && get(id, SERIAL) == serial;
    }

    /**
     * What the last two walks through the rules came to, for one direction and phase: two numbers of 16 bits, 0 for none.
     *
     * @param epoch of the rules: what was found by others is forgotten
     */
    int trail(int id, int which, int epoch) {
        int[] page = page(id);
        int base = base(id);
        if (page[base + EPOCH] != epoch) {
            Arrays.fill(page, base + TRAILS, base + EPOCH, 0);
            page[base + EPOCH] = epoch;
        }
        return page[base + TRAILS + which];
    }

    void trail(int id, int which, int both, int epoch) {
        trail(id, which, epoch);
        set(id, TRAILS + which, both);
    }

    long expires(int id) {
        int[] page = page(id);
        int at = base(id) + EXPIRES;
        return (long) page[at + 1] << 32 | page[at] & 0xffff_ffffL;
    }

    void expires(int id, long instant) {
        int[] page = page(id);
        int at = base(id) + EXPIRES;
        page[at] = (int) instant;
        page[at + 1] = (int) (instant >>> 32);
    }

    /** As the kernel tells it: whole seconds that are left. */
    long secondsLeft(int id, long now) {
        return Math.max(0, expires(id) - now) / SECOND;
    }

    /** Whether the place holds a connection that packets find. */
    boolean live(int id, long now) {
        return id < made && (status(id) & CONFIRMED) != 0 && expires(id) > now;
    }

    /** Places there are; not every one holds a connection. */
    int places() {
        return made;
    }

    private static int hash(int source, int destination, int ports, int protocol, int zone) {
        long mixed = (source * 0x9e3779b97f4a7c15L ^ destination) * 0xbf58476d1ce4e5b9L
                + ((long) ports << 24 ^ zone << 8 ^ protocol);
        mixed *= 0x94d049bb133111ebL;
        return (int) (mixed >>> 32);
    }

    private static int hash(Tuple t, int zone) {
        return hash(t.source, t.destination, t.ports, t.protocol, zone);
    }

    private boolean holds(int entry, Tuple t, int zone) {
        int id = entry - 1 >> 1;
        int[] page = page(id);
        int base = base(id);
        int at = base + (entry - 1 & 1) * TUPLE;
        return page[at] == t.source
                && page[at + 1] == t.destination
                && page[at + 2] == t.ports
                && (page[base + KIND] & 0xff) == t.protocol
                && zone(id, entry - 1 & 1) == zone;
    }

    /** Twice the connection plus the direction; -1 for none. One that is over is taken away. */
    int find(Tuple t, int zone, long now) {
        int mask = index.length - 1;
        for (int at = hash(t, zone) & mask; index[at] != 0; at = at + 1 & mask) {
            if (holds(index[at], t, zone)) {
                int entry = index[at] - 1;
                if (expires(entry >> 1) > now) {
                    return entry;
                }
                kill(entry >> 1);
                return -1;
            }
        }
        return -1;
    }

    /** Whether another connection has a tuple already (nf_conntrack_tuple_taken). */
    boolean taken(Tuple t, int zone, int besides, long now) {
        int mask = index.length - 1;
        for (int at = hash(t, zone) & mask; index[at] != 0; at = at + 1 & mask) {
            int id = index[at] - 1 >> 1;
            if (id != besides && holds(index[at], t, zone) && expires(id) > now) {
                return true;
            }
        }
        return false;
    }

    /** A connection that is not in the table yet; -1 if the table is full. */
    int begin(Tuple first, int zone, int directions, long now) {
        sweep(now);
        if (count >= limit && !evict(hash(first, zone), now)) {
            dropped++;
            return -1;
        }
        int id = place();
        int[] page = page(id);
        int base = base(id);
        Arrays.fill(page, base, base + SERIAL, 0);
        Arrays.fill(page, base + TRAILS, base + STRIDE, 0);
        tuple(id, 0, first.source, first.destination, first.ports);
        scratch.invert(first);
        tuple(id, 1, scratch.source, scratch.destination, scratch.ports);
        page[base + KIND] = first.protocol | directions << 8 | zone << 16;
        page[base + NEXT] = 0;
        expires(id, now + PATIENCE);
        count++;
        return id;
    }

    private int place() {
        if (free >= 0) {
            int id = free;
            free = get(id, NEXT);
            return id;
        }
        if (made >> PAGE_BITS >= pages.length) {
            pages = Arrays.copyOf(pages, pages.length + 1);
            pages[pages.length - 1] = new int[PAGE * STRIDE];
        }
        return made++;
    }

    /** A few places are looked at with each new connection, one after the other: what is over makes room. */
    private void sweep(long now) {
        for (int i = 0; i < SWEEP && made > 0; i++) {
            cursor = cursor + 1 < made ? cursor + 1 : 0;
            if (used(cursor) && expires(cursor) <= now) {
                kill(cursor);
            }
        }
    }

    /** Whether a place is taken, by a connection in the table or one on its way there. */
    private boolean used(int id) {
        return (get(id, KIND) & 0xff_ffff) != 0 || source(id, 0) != 0 || destination(id, 0) != 0;
    }

    /** early_drop: a connection that is not assured, near to where the new one belongs. */
    private boolean evict(int hash, long now) {
        int mask = index.length - 1;
        boolean room = false;
        for (int i = 0; i < EVICTION && !room; i++) {
            int entry = index[hash + i & mask];
            int id = entry - 1 >> 1;
            if (entry != 0 && (expires(id) <= now || (status(id) & ASSURED) == 0)) {
                early++;
                kill(id);
                room = true;
            }
        }
        return room;
    }

    /** Puts a connection into the table; false where somebody else has one of its tuples by now. */
    boolean confirm(int id, long now) {
        if ((indexed + 2) * 10L > index.length * 7L) {
            grow();
        }
        for (int direction = 0; direction < 2; direction++) {
            if (taken(tuple(id, direction, scratch), zone(id, direction), id, now)) {
                clashes++;
                dropped++;
                return false;
            }
        }
        link(id, 0);
        link(id, 1);
        turnOn(id, CONFIRMED);
        return true;
    }

    private void link(int id, int direction) {
        int mask = index.length - 1;
        int at = hash(tuple(id, direction, scratch), zone(id, direction)) & mask;
        while (index[at] != 0) {
            // One that is over and has the tuple must not be found before this one.
            if (index[at] - 1 >> 1 != id && holds(index[at], tuple(id, direction, scratch), zone(id, direction))) {
                kill(index[at] - 1 >> 1);
                at = hash(tuple(id, direction, scratch), zone(id, direction)) & mask;
                continue;
            }
            at = at + 1 & mask;
        }
        index[at] = id * 2 + direction + 1;
        indexed++;
    }

    private void grow() {
        int[] old = index;
        index = new int[old.length * 2];
        int mask = index.length - 1;
        for (int entry : old) {
            if (entry != 0) {
                index[vacant(index, home(entry, mask))] = entry;
            }
        }
    }

    private static int vacant(int[] in, int from) {
        int at = from;
        while (in[at] != 0) {
            at = at + 1 & in.length - 1;
        }
        return at;
    }

    private int home(int entry, int mask) {
        int id = entry - 1 >> 1;
        int direction = entry - 1 & 1;
        return hash(tuple(id, direction, scratch), zone(id, direction)) & mask;
    }

    /** A connection ends, in the table or not yet. */
    void kill(int id) {
        int status = status(id);
        if ((status & CONFIRMED) != 0) {
            unlink(id, 0);
            unlink(id, 1);
        }
        if ((status & BY_SOURCE) != 0) {
            unlinkSource(id);
        }
        int[] page = page(id);
        int base = base(id);
        Arrays.fill(page, base, base + SERIAL, 0);
        page[base + SERIAL]++;
        page[base + NEXT] = free;
        free = id;
        count--;
    }

    private void unlink(int id, int direction) {
        int mask = index.length - 1;
        int wanted = id * 2 + direction + 1;
        int at = home(wanted, mask);
        while (index[at] != wanted) {
            at = at + 1 & mask;
        }
        indexed--;
        // Whatever follows and may stand here moves up, so that a search never stops too early.
        for (int next = at + 1 & mask; index[next] != 0; next = next + 1 & mask) {
            int home = home(index[next], mask);
            if ((next - home & mask) >= (next - at & mask)) {
                index[at] = index[next];
                at = next;
            }
        }
        index[at] = 0;
    }

    private int sourceHome(int id, int mask) {
        return hash(source(id, 0), 0, ports(id, 0) >>> 16, protocol(id), zone(id, 0)) & mask;
    }

    /** Makes a connection known by its source, which is translated. */
    void linkSource(int id) {
        if ((sourced + 1) * 10L > sources.length * 7L) {
            int[] old = sources;
            sources = new int[old.length * 2];
            for (int entry : old) {
                if (entry != 0) {
                    sources[vacant(sources, sourceHome(entry - 1, sources.length - 1))] = entry;
                }
            }
        }
        sources[vacant(sources, sourceHome(id, sources.length - 1))] = id + 1;
        sourced++;
        turnOn(id, BY_SOURCE);
    }

    private void unlinkSource(int id) {
        int mask = sources.length - 1;
        int at = sourceHome(id, mask);
        while (sources[at] != id + 1) {
            at = at + 1 & mask;
        }
        sourced--;
        for (int next = at + 1 & mask; sources[next] != 0; next = next + 1 & mask) {
            int home = sourceHome(sources[next] - 1, mask);
            if ((next - home & mask) >= (next - at & mask)) {
                sources[at] = sources[next];
                at = next;
            }
        }
        sources[at] = 0;
    }

    /**
     * The next connection after one whose source is this one's, and is translated (find_appropriate_src).
     *
     * @param after -1 for the first
     */
    int nextOfSource(Tuple t, int zone, int after) {
        int mask = sources.length - 1;
        boolean behind = after < 0;
        for (int at = hash(t.source, 0, t.ports >>> 16, t.protocol, zone) & mask;
                sources[at] != 0;
                at = at + 1 & mask) {
            int id = sources[at] - 1;
            if (behind
                    && source(id, 0) == t.source
                    && ports(id, 0) >>> 16 == t.ports >>> 16
                    && protocol(id) == t.protocol
                    && zone(id, 0) == zone) {
                return id;
            }
            behind |= id == after;
        }
        return -1;
    }

    /** Power is lost, or conntrack -F. */
    public void clear() {
        pages = new int[0][];
        made = 0;
        free = -1;
        count = 0;
        index = new int[64];
        indexed = 0;
        sources = new int[16];
        sourced = 0;
        cursor = 0;
        found = 0;
        dropped = 0;
        early = 0;
        invalid = 0;
        clashes = 0;
    }
}
