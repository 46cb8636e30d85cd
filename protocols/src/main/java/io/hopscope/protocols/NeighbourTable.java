package io.hopscope.protocols;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Linux's neighbour table for IPv4 and its state machine (net/core/neighbour.c, net/ipv4/arp.c; defaults of
 * ip-sysctl.rst). Asks for ARP through {@link Solicitor}; time is given with every call. What Linux does by a timer an
 * entry while nobody uses it, it does here when the entry is next looked at, so that an idle table has no deadline.
 */
public final class NeighbourTable {
    /** base_reachable_time: a confirmation lasts 0.5 to 1.5 times this. */
    public static final long BASE_REACHABLE = 30_000_000_000_000L;

    /** delay_first_probe_time. */
    public static final long DELAY_FIRST_PROBE = 5_000_000_000_000L;

    /** retrans_time_ms. */
    public static final long RETRANSMIT = 1_000_000_000_000L;

    /** locktime: another MAC is believed only this long after the last change. */
    public static final long LOCKTIME = 1_000_000_000_000L;

    /** ucast_solicit and mcast_solicit. */
    public static final int PROBES = 3;

    /** gc_thresh3: no more entries than this, permanent ones aside. */
    public static final int LIMIT = 1024;

    /** Sends ARP requests, and hears how they ended. */
    public interface Solicitor {
        /**
         * @param unicast to the MAC that is known, otherwise to all
         */
        void solicit(Neighbour neighbour, boolean unicast, long now);

        /** The MAC has become known, or is another one. */
        void resolved(Neighbour neighbour, long now);

        /** Nobody answered. */
        void failed(Neighbour neighbour, long now);
    }

    private final Solicitor solicitor;
    private final LongSupplier reachable;
    private static final Neighbour[] NONE = {null};
    private static final Comparator<Neighbour> ORDER = Comparator.comparingInt(Neighbour::device)
            .thenComparing((a, b) -> Integer.compareUnsigned(a.address, b.address));

    private Neighbour[] slots = NONE;
    private int size;
    private int dynamic;
    private int limit = LIMIT;
    private long next = Long.MAX_VALUE;
    /** Entries that had a deadline when it was last looked at: what expires is found without a search of all. */
    private Neighbour[] armed = {};

    private int armedCount;
    private long refused;

    /**
     * @param reachable draws how long a confirmation lasts, in picoseconds
     */
    public NeighbourTable(Solicitor solicitor, LongSupplier reachable) {
        this.solicitor = solicitor;
        this.reachable = reachable;
    }

    /**
     * @param entries that there may be at a time, permanent ones aside; {@link #LIMIT} where nothing is said
     */
    public void limit(int entries) {
        limit = entries;
    }

    /** Null where nothing is known and nothing was asked. */
    public Neighbour find(int device, int address) {
        for (int at = slot(device, address); slots[at] != null; at = at + 1 & slots.length - 1) {
            Neighbour entry = slots[at];
            if (entry.address == address && entry.device == device) {
                return entry;
            }
        }
        return null;
    }

    private int slot(int device, int address) {
        int hash = (address ^ device * 0x9e3779b9) * 0x85ebca6b;
        return (hash ^ hash >>> 15) & slots.length - 1;
    }

    /** The entry, made if there is none; null when the table is full (neighbour table overflow). */
    private Neighbour entry(int device, int address, long now) {
        Neighbour entry = find(device, address);
        if (entry != null) {
            return entry;
        }
        if (dynamic >= limit && !evict(now)) {
            refused++;
            return null;
        }
        entry = new Neighbour(device, address);
        entry.used = now;
        dynamic++;
        add(entry);
        return entry;
    }

    private void add(Neighbour entry) {
        if ((size + 1) * 4 > slots.length * 3) {
            Neighbour[] old = slots;
            slots = new Neighbour[Math.max(2, old.length * 2)];
            for (Neighbour each : old) {
                if (each != null) {
                    put(each);
                }
            }
        }
        put(entry);
        size++;
    }

    private void put(Neighbour entry) {
        int at = slot(entry.device, entry.address);
        while (slots[at] != null) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = entry;
    }

    /** Forced collection: the entry unused for longest, if it is neither permanent nor in use these five seconds. */
    private boolean evict(long now) {
        Neighbour oldest = null;
        for (Neighbour each : slots) {
            if (each != null
                    && each.state != Neighbour.State.PERMANENT
                    && each.waiting == null
                    && now - each.used > DELAY_FIRST_PROBE
                    && (oldest == null || each.used < oldest.used)) {
                oldest = each;
            }
        }
        return oldest != null && remove(oldest);
    }

    /** Returns true. */
    private boolean remove(Neighbour entry) {
        int at = slot(entry.device, entry.address);
        while (slots[at] != entry) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = null;
        for (int behind = at + 1 & slots.length - 1; slots[behind] != null; behind = behind + 1 & slots.length - 1) {
            Neighbour moved = slots[behind];
            slots[behind] = null;
            put(moved);
        }
        entry.deadline = Long.MAX_VALUE;
        size--;
        dynamic -= entry.state == Neighbour.State.PERMANENT ? 0 : 1;
        return true;
    }

    /** {@code ip neigh add ADDRESS lladdr MAC dev DEVICE nud permanent}. */
    public void permanent(int device, int address, long mac) {
        Neighbour entry = find(device, address);
        if (entry == null) {
            entry = new Neighbour(device, address);
            add(entry);
        } else if (entry.state != Neighbour.State.PERMANENT) {
            dynamic--;
        }
        entry.mac = mac;
        entry.known = true;
        entry.state = Neighbour.State.PERMANENT;
        entry.deadline = Long.MAX_VALUE;
    }

    /**
     * A packet is to go to the address. If the entry is not {@link Neighbour#resolved}, keep the packet in
     * {@link Neighbour#waiting} until the {@link Solicitor} hears more. Null when the table is full.
     */
    public Neighbour use(int device, int address, long now) {
        Neighbour entry = find(device, address);
        if (entry == null) {
            entry = entry(device, address, now);
            if (entry == null) {
                return null;
            }
        }
        if (entry.state == Neighbour.State.PERMANENT) {
            return entry;
        }
        entry.used = now;
        if (entry.state == Neighbour.State.REACHABLE) {
            long fresh = entry.confirmed + entry.reachableFor;
            if (now <= fresh) {
                // Linux looks at this when the confirmation runs out: used within five seconds before, it is probed.
                if (now + DELAY_FIRST_PROBE > fresh && entry.deadline == Long.MAX_VALUE) {
                    arm(entry, fresh);
                }
                return entry;
            }
            entry.state = Neighbour.State.STALE;
        }
        return leave(entry, now);
    }

    private Neighbour leave(Neighbour entry, long now) {
        switch (entry.state) {
            case STALE -> {
                entry.state = Neighbour.State.DELAY;
                arm(entry, now + DELAY_FIRST_PROBE);
            }
            case NONE, FAILED -> {
                entry.state = Neighbour.State.INCOMPLETE;
                entry.known = false;
                entry.probes = 1;
                arm(entry, now + RETRANSMIT);
                solicitor.solicit(entry, false, now);
            }
            default -> {}
        }
        return entry;
    }

    /** Something of higher layers proves that the neighbour is there (MSG_CONFIRM). */
    public void confirm(int device, int address, long now) {
        Neighbour entry = find(device, address);
        if (entry != null && entry.known && entry.state != Neighbour.State.PERMANENT) {
            entry.confirmed = now;
        }
    }

    /**
     * An ARP packet of a sender came in.
     *
     * @param create make an entry for a stranger: it asked for one of our addresses
     * @param reachable a reply to us alone: it proves that the neighbour is there
     * @param gratuitous it tells its own address: believed at once
     */
    public void heard(
            int device, int address, long mac, boolean create, boolean reachable, boolean gratuitous, long now) {
        Neighbour entry = create ? entry(device, address, now) : find(device, address);
        if (entry == null || entry.state == Neighbour.State.PERMANENT) {
            return;
        }
        age(entry, now);
        boolean same = entry.known && entry.mac == mac;
        boolean override = gratuitous || now > entry.updated + LOCKTIME;
        if (entry.resolved() && !same && !override) {
            return;
        }
        if (reachable) {
            entry.confirmed = now;
            entry.reachableFor = this.reachable.getAsLong();
        }
        boolean waited = !entry.resolved();
        if (!same) {
            entry.updated = now;
        }
        entry.mac = mac;
        entry.known = true;
        if (reachable) {
            become(entry, Neighbour.State.REACHABLE);
        } else if (waited || !same) {
            become(entry, Neighbour.State.STALE);
        }
        if (waited || !same) {
            solicitor.resolved(entry, now);
        }
    }

    private void become(Neighbour entry, Neighbour.State state) {
        entry.state = state;
        entry.deadline = Long.MAX_VALUE;
        entry.probes = 0;
    }

    private static void age(Neighbour entry, long now) {
        if (entry.state == Neighbour.State.REACHABLE
                && entry.deadline == Long.MAX_VALUE
                && now > entry.confirmed + entry.reachableFor) {
            entry.state = Neighbour.State.STALE;
        }
    }

    private void arm(Neighbour entry, long deadline) {
        entry.deadline = deadline;
        next = Math.min(next, deadline);
        if (!entry.armed) {
            entry.armed = true;
            if (armedCount == armed.length) {
                armed = Arrays.copyOf(armed, Math.max(4, armedCount * 2));
            }
            armed[armedCount++] = entry;
        }
    }

    /** When to call {@link #expire} next; {@link Long#MAX_VALUE} when nothing is under way. */
    public long nextDeadline() {
        return next;
    }

    /** Does what is due: probes, or gives up. */
    public void expire(long now) {
        if (now < next) {
            return;
        }
        for (Neighbour entry : takeDue(now)) {
            entry.deadline = Long.MAX_VALUE;
            due(entry, now);
        }
        next = Long.MAX_VALUE;
        for (int i = 0; i < armedCount; i++) {
            next = Math.min(next, armed[i].deadline);
        }
    }

    /** Takes what is due, and what needs no deadline any more, off the list of the armed; what is due, in order. */
    private Neighbour[] takeDue(long now) {
        Neighbour[] due = {};
        int count = 0;
        int kept = 0;
        for (int i = 0; i < armedCount; i++) {
            Neighbour entry = armed[i];
            if (entry.deadline > now && entry.deadline != Long.MAX_VALUE) {
                armed[kept++] = entry;
                continue;
            }
            entry.armed = false;
            if (entry.deadline <= now) {
                due = count < due.length ? due : Arrays.copyOf(due, Math.max(4, count * 2));
                due[count++] = entry;
            }
        }
        Arrays.fill(armed, kept, armedCount, null);
        armedCount = kept;
        Neighbour[] ordered = Arrays.copyOf(due, count);
        Arrays.sort(ordered, ORDER);
        return ordered;
    }

    private void due(Neighbour entry, long now) {
        switch (entry.state) {
            case REACHABLE -> {
                long fresh = entry.confirmed + entry.reachableFor;
                if (now < fresh) {
                    arm(entry, fresh);
                } else if (now <= entry.used + DELAY_FIRST_PROBE) {
                    entry.state = Neighbour.State.DELAY;
                    arm(entry, now + DELAY_FIRST_PROBE);
                } else {
                    entry.state = Neighbour.State.STALE;
                }
            }
            case DELAY -> {
                if (now <= entry.confirmed + DELAY_FIRST_PROBE) {
                    entry.state = Neighbour.State.REACHABLE;
                } else {
                    entry.state = Neighbour.State.PROBE;
                    entry.probes = 0;
                    probe(entry, true, now);
                }
            }
            case INCOMPLETE -> probe(entry, false, now);
            case PROBE -> probe(entry, true, now);
            default -> {}
        }
    }

    private void probe(Neighbour entry, boolean unicast, long now) {
        if (entry.probes >= PROBES) {
            become(entry, Neighbour.State.FAILED);
            entry.known = false;
            solicitor.failed(entry, now);
            return;
        }
        entry.probes++;
        arm(entry, now + RETRANSMIT);
        solicitor.solicit(entry, unicast, now);
    }

    /** How often a packet found the table full. */
    public long refused() {
        return refused;
    }

    /** {@code ip neigh flush}: forgets everything but permanent entries that nothing waits for. */
    public void flush() {
        for (Neighbour entry : sorted()) {
            if (entry.state != Neighbour.State.PERMANENT && entry.waiting == null) {
                remove(entry);
            }
        }
    }

    /** Every entry as of now, by interface and address. */
    public List<Neighbour> entries(long now) {
        List<Neighbour> all = sorted();
        all.forEach(entry -> age(entry, now));
        return all;
    }

    private List<Neighbour> sorted() {
        Neighbour[] all = new Neighbour[size];
        int n = 0;
        for (Neighbour entry : slots) {
            if (entry != null) {
                all[n++] = entry;
            }
        }
        Arrays.sort(all, ORDER);
        return Arrays.asList(all);
    }
}
