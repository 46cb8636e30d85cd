package io.hopscope.protocols;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

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

    /** A timer of five seconds fires up to 256 ms late at 250 Hz: what was confirmed as the delay began is too long ago. */
    private static final long LATE = 128_000_000_000L;

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

        /** How long a confirmation lasts, in picoseconds: random, drawn for each. */
        long reachableTime();

        /** The entry is gone. */
        default void forgotten(Neighbour neighbour) {}

        /** There is an entry for the address, though nothing need be known of it yet. */
        default void added(Neighbour neighbour) {}
    }

    private final Solicitor solicitor;
    private static final Neighbour[] NONE = {null};
    private static final Comparator<Neighbour> ORDER = Comparator.comparingInt(Neighbour::device)
            .thenComparing((a, b) -> Integer.compareUnsigned(a.address(), b.address()));

    private Neighbour[] slots = NONE;
    /** The entry used last: most hosts have one neighbour that matters, their gateway. */
    private Neighbour last;

    private int size;
    private int dynamic;
    private long next = Long.MAX_VALUE;
    /** Null for a table of Linux's size, as nearly every host has: all of it is searched for what expires. */
    private Large large;

    private int refused;

    public NeighbourTable(Solicitor solicitor) {
        this.solicitor = solicitor;
    }

    /** The table of a core switch: what expires is found without a search of all. */
    private static final class Large {
        private final int limit;
        /** A binary heap of deadlines; what is no longer an entry's deadline is passed over when its time comes. */
        private long[] instants = new long[4];

        private Neighbour[] heap = new Neighbour[4];
        private int count;

        Large(int limit) {
            this.limit = limit;
        }

        void arm(Neighbour entry) {
            if (count == heap.length) {
                heap = Arrays.copyOf(heap, count * 2);
                instants = Arrays.copyOf(instants, count * 2);
            }
            int at = count++;
            while (at > 0 && instants[(at - 1) / 2] > entry.deadline) {
                move((at - 1) / 2, at);
                at = (at - 1) / 2;
            }
            instants[at] = entry.deadline;
            heap[at] = entry;
        }

        private void move(int from, int to) {
            instants[to] = instants[from];
            heap[to] = heap[from];
        }

        private Neighbour poll() {
            Neighbour first = heap[0];
            long instant = instants[--count];
            int at = 0;
            for (int child = 1; child < count; child = 2 * at + 1) {
                child += child + 1 < count && instants[child + 1] < instants[child] ? 1 : 0;
                if (instants[child] >= instant) {
                    break;
                }
                move(child, at);
                at = child;
            }
            move(count, at);
            heap[count] = null;
            return first;
        }

        long next() {
            return count == 0 ? Long.MAX_VALUE : instants[0];
        }

        /** What is due, in order. */
        List<Neighbour> takeDue(long now) {
            List<Neighbour> due = new ArrayList<>();
            while (next() <= now) {
                long instant = instants[0];
                Neighbour entry = poll();
                if (entry.deadline == instant) {
                    due.add(entry);
                }
            }
            due.sort(ORDER);
            return due;
        }
    }

    /**
     * Makes the table larger or smaller than that of Linux.
     *
     * @param entries that there may be at a time, permanent ones aside; {@link #LIMIT} where nothing is said
     */
    public void limit(int entries) {
        large = new Large(entries);
        for (Neighbour entry : slots) {
            if (entry != null && entry.deadline != Long.MAX_VALUE) {
                large.arm(entry);
            }
        }
    }

    /** Brings the entry used last into the core's cache; the value means nothing. */
    public long touch() {
        return slots.length + (last == null ? 0 : last.mac);
    }

    /** The same for the entry that an address is likely to have. */
    public long touch(int device, int address) {
        Neighbour likely = slots[slot(device, address)];
        return likely == null ? 0 : likely.mac;
    }

    /** Null where nothing is known and nothing was asked. */
    public Neighbour find(int device, int address) {
        long key = Neighbour.key(device, address);
        for (int at = slot(device, address); slots[at] != null; at = at + 1 & slots.length - 1) {
            if (slots[at].key == key) {
                return slots[at];
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
        if (dynamic >= (large == null ? LIMIT : large.limit) && !evict(now)) {
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
        solicitor.added(entry);
    }

    private void put(Neighbour entry) {
        int at = slot(entry.device(), entry.address());
        while (slots[at] != null) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = entry;
    }

    /** Forced collection: the entry unused for longest of those that failed or were not used these five seconds. */
    private boolean evict(long now) {
        Neighbour oldest = null;
        for (Neighbour each : slots) {
            if (each != null
                    && each.state != Neighbour.State.PERMANENT
                    && each.waiting == null
                    && (each.state == Neighbour.State.FAILED || now - each.used > DELAY_FIRST_PROBE)
                    && (oldest == null || each.used < oldest.used)) {
                oldest = each;
            }
        }
        return oldest != null && remove(oldest);
    }

    /** Returns true. */
    private boolean remove(Neighbour entry) {
        int at = slot(entry.device(), entry.address());
        while (slots[at] != entry) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = null;
        last = null;
        for (int behind = at + 1 & slots.length - 1; slots[behind] != null; behind = behind + 1 & slots.length - 1) {
            Neighbour moved = slots[behind];
            slots[behind] = null;
            put(moved);
        }
        entry.deadline = Long.MAX_VALUE;
        size--;
        dynamic -= entry.state == Neighbour.State.PERMANENT ? 0 : 1;
        solicitor.forgotten(entry);
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
        Neighbour entry = last;
        if (entry == null || entry.key != Neighbour.key(device, address)) {
            entry = entry(device, address, now);
            if (entry == null) {
                return null;
            }
            last = entry;
        }
        if (now >= entry.sure) {
            return look(entry, now);
        }
        if (entry.sure != Long.MAX_VALUE) {
            entry.used = now;
        }
        return entry;
    }

    private Neighbour look(Neighbour entry, long now) {
        if (entry.state == Neighbour.State.PERMANENT) {
            entry.sure = Long.MAX_VALUE;
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
                entry.sure = fresh - DELAY_FIRST_PROBE + 1;
                return entry;
            }
            entry.sure = Long.MIN_VALUE;
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
            case DELAY, PROBE -> entry.sure = entry.deadline;
            default -> {}
        }
        return entry;
    }

    /**
     * An ARP packet of a sender came in.
     *
     * @param create make an entry for a stranger: it asked for one of our addresses, and is believed at once
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
        entry.sure = Long.MIN_VALUE;
        boolean same = entry.known && entry.mac == mac;
        boolean override = create || gratuitous || now > entry.updated + LOCKTIME;
        if (entry.resolved() && !same && !override) {
            return;
        }
        if (reachable) {
            entry.confirmed = now;
            entry.reachableFor = solicitor.reachableTime();
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
        if (large != null) {
            large.arm(entry);
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
        next = Long.MAX_VALUE;
        for (Neighbour entry : large == null ? sorted() : large.takeDue(now)) {
            if (entry.deadline <= now) {
                entry.sure = Long.MIN_VALUE;
                entry.deadline = Long.MAX_VALUE;
                due(entry, now);
            }
        }
        if (large != null) {
            next = large.next();
            return;
        }
        for (Neighbour entry : slots) {
            if (entry != null) {
                next = Math.min(next, entry.deadline);
            }
        }
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
                if (now + LATE <= entry.confirmed + DELAY_FIRST_PROBE) {
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
        flush(-1);
    }

    /** {@code ip neigh flush dev DEVICE}; any device for -1. */
    public void flush(int device) {
        for (Neighbour entry : sorted()) {
            boolean meant = device < 0 || entry.device() == device;
            if (meant && entry.state != Neighbour.State.PERMANENT && entry.waiting == null) {
                remove(entry);
            }
        }
    }

    /** Forgets everything, permanent entries as well, and whatever waits. */
    public void clear() {
        slots = NONE;
        last = null;
        size = 0;
        dynamic = 0;
        next = Long.MAX_VALUE;
        large = large == null ? null : new Large(large.limit);
    }

    /** {@code arp -s ADDRESS MAC temp}: what somebody knows who has not asked; stale, so that it is probed once used. */
    public void inject(int device, int address, long mac, long now) {
        Neighbour entry = entry(device, address, now);
        if (entry == null || entry.state == Neighbour.State.PERMANENT) {
            return;
        }
        boolean waited = !entry.resolved();
        entry.sure = Long.MIN_VALUE;
        entry.mac = mac;
        entry.known = true;
        entry.updated = now;
        become(entry, Neighbour.State.STALE);
        if (waited) {
            solicitor.resolved(entry, now);
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
