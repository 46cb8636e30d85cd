package io.hopscope.protocols;

import io.hopscope.encap.MacAddress;
import io.hopscope.encap.View;
import java.util.Arrays;

/**
 * A forwarding database (IEEE 802.1Q-2018, clause 8.8): VLAN and MAC to a port's number, learned from sources and aged.
 * Open addressing over one array of bytes; grows from 16 entries, a quarter each time, since a server of a large layer 2
 * hears a thousand stations. No multicast entries.
 */
public final class Fdb implements Stations {
    /** 802.1D's default, and that of Linux and OVS. */
    public static final long AGEING = 300_000_000_000_000L;

    /** What learning did. */
    public enum Learned {
        KNOWN,
        NEW,
        MOVED,
        REFUSED
    }

    /**
     * One entry as a read-out shows it.
     *
     * @param age picoseconds since the station was last heard; 0 for a static one, and where the table does not tell
     */
    public record Entry(int vlan, long mac, int port, long age, boolean fixed) {}

    private static final long STATIC = Long.MAX_VALUE;
    private static final long EMPTY = 0;
    private static final int FIRST = 16;
    private static final byte[] NONE = {};
    private static final int BYTES = 20;
    private static final int HEARD = 8;
    private static final int PORT = 16;

    private final int capacity;
    private long ageing;
    /**
     * Twenty bytes an entry, so that it lies in one cache line or two: the key, VLAN in the upper 16 bits, one more so that
     * no key is 0, MAC in the lower 48; when it was heard; its port.
     */
    private byte[] bytes = NONE;

    /** Entries there is room for. */
    private int room;

    private int size;
    /** Where the last station learned and the last one asked for are: packets come in trains. */
    private int learnedAt;

    private int foundAt;
    private long refused;
    private long evicted;

    /**
     * @param capacity most entries at a time
     * @param ageing picoseconds after which a station not heard is forgotten
     */
    public Fdb(int capacity, long ageing) {
        this.capacity = capacity;
        this.ageing = ageing;
    }

    public void ageing(long picoseconds) {
        ageing = picoseconds;
    }

    @Override
    public long ageing() {
        return ageing;
    }

    @Override
    public void ageing(long picoseconds, long now) {
        ageing = picoseconds;
    }

    private static long key(int vlan, long mac) {
        return vlan + 1L << 48 | mac;
    }

    private int slot(long key) {
        long hash = key * 0x9e3779b97f4a7c15L;
        return (int) ((hash >>> 32) * room >>> 32);
    }

    private int after(int at) {
        return at + 1 == room ? 0 : at + 1;
    }

    /** Steps from one slot on to another. */
    private int steps(int from, int to) {
        return to >= from ? to - from : to - from + room;
    }

    private long key(int at) {
        return View.get64(bytes, at * BYTES);
    }

    private long heard(int at) {
        return View.get64(bytes, at * BYTES + HEARD);
    }

    private int port(int at) {
        return View.get32(bytes, at * BYTES + PORT);
    }

    private void set(int at, long key, long heard, int port) {
        View.put64(bytes, at * BYTES, key);
        View.put64(bytes, at * BYTES + HEARD, heard);
        View.put32(bytes, at * BYTES + PORT, port);
    }

    /** Where the key is, or -1 - the free slot where it would be; the table is never full. */
    private int find(long key) {
        int at = slot(key);
        long there = key(at);
        while (there != EMPTY) {
            if (there == key) {
                return at;
            }
            at = after(at);
            there = key(at);
        }
        return -1 - at;
    }

    /** A frame from the station came in by the port. Group addresses are not learned. */
    public Learned learn(int vlan, long mac, int port, long now) {
        if (MacAddress.isGroup(mac)) {
            return Learned.REFUSED;
        }
        long key = key(vlan, mac);
        int at = learnedAt;
        if (at >= room || key(at) != key) {
            at = size == 0 ? -1 : find(key);
        }
        if (at >= 0) {
            learnedAt = at;
            return refresh(at, port, now);
        }
        if (size >= capacity && !makeRoom(now)) {
            refused++;
            return Learned.REFUSED;
        }
        add(key, port, now);
        return Learned.NEW;
    }

    private Learned refresh(int at, int port, long now) {
        boolean same = port(at) == port;
        if (heard(at) == STATIC) {
            return same ? Learned.KNOWN : Learned.REFUSED;
        }
        View.put64(bytes, at * BYTES + HEARD, now);
        if (same) {
            return Learned.KNOWN;
        }
        View.put32(bytes, at * BYTES + PORT, port);
        return Learned.MOVED;
    }

    private void add(long key, int port, long stamp) {
        if ((size + 1) * 5 > room * 4) {
            grow(stamp == STATIC ? 0 : stamp);
        }
        set(-1 - find(key), key, stamp, port);
        size++;
    }

    /** A quarter larger, without what has aged. */
    private void grow(long now) {
        byte[] old = bytes;
        room = Math.max(FIRST, room + room / 4);
        bytes = new byte[room * BYTES];
        size = 0;
        for (int i = 0; i < old.length; i += BYTES) {
            long key = View.get64(old, i);
            long heard = View.get64(old, i + HEARD);
            if (key != EMPTY && fresh(heard, now)) {
                set(-1 - find(key), key, heard, View.get32(old, i + PORT));
                size++;
            }
        }
    }

    private boolean fresh(long stamp, long now) {
        return stamp == STATIC || now - stamp < ageing;
    }

    /** As OVS does it: the station not heard for longest gives way. False when all are static. */
    private boolean makeRoom(long now) {
        int oldest = -1;
        for (int i = 0; i < room; i++) {
            if (key(i) != EMPTY && heard(i) != STATIC && (oldest < 0 || heard(i) < heard(oldest))) {
                oldest = i;
            }
        }
        if (oldest >= 0) {
            evicted += fresh(heard(oldest), now) ? 1 : 0;
            remove(oldest);
        }
        return oldest >= 0;
    }

    /** The port to a station; -1 if it is not known. */
    public int lookup(int vlan, long mac, long now) {
        long key = key(vlan, mac);
        int at = foundAt;
        if (at >= room || key(at) != key) {
            at = size == 0 ? -1 : find(key);
            foundAt = Math.max(at, 0);
        }
        return at >= 0 && fresh(heard(at), now) ? port(at) : -1;
    }

    /** The port of an entry, aged or not; -1 without one. Changes nothing: for looking ahead. */
    public int peek(int vlan, long mac) {
        int at = size == 0 ? -1 : find(key(vlan, mac));
        return at >= 0 ? port(at) : -1;
    }

    /** An entry that neither ages nor moves. */
    public void addStatic(int vlan, long mac, int port) {
        long key = key(vlan, mac);
        int at = size == 0 ? -1 : find(key);
        if (at >= 0) {
            set(at, key, STATIC, port);
        } else {
            add(key, port, STATIC);
        }
    }

    /** Returns whether there was such an entry. */
    public boolean remove(int vlan, long mac) {
        int at = size == 0 ? -1 : find(key(vlan, mac));
        if (at >= 0) {
            remove(at);
        }
        return at >= 0;
    }

    /** Backward shift: what stood behind in the cluster moves up, so that no search stops short. */
    private void remove(int at) {
        int hole = at;
        for (int next = after(hole); key(next) != EMPTY; next = after(next)) {
            int home = slot(key(next));
            if (steps(home, next) >= steps(hole, next)) {
                set(hole, key(next), heard(next), port(next));
                hole = next;
            }
        }
        View.put64(bytes, hole * BYTES, EMPTY);
        size--;
    }

    /** Forgets every station but the static ones. */
    public void clear() {
        for (int i = 0; i < room; i++) {
            while (key(i) != EMPTY && heard(i) != STATIC) {
                remove(i);
            }
        }
    }

    /** Forgets what was learned by a port, as when its link goes down. */
    @Override
    public void flush(int port) {
        for (int i = 0; i < room; i++) {
            while (key(i) != EMPTY && port(i) == port && heard(i) != STATIC) {
                remove(i);
            }
        }
    }

    /** Forgets what was learned by a port in a VLAN. */
    public void flush(int port, int vlan) {
        for (int i = 0; i < room; i++) {
            while (key(i) >>> 48 == vlan + 1 && port(i) == port && heard(i) != STATIC) {
                remove(i);
            }
        }
    }

    /**
     * Forgets every station not heard for a time, as Linux's garbage collector does.
     *
     * @return when the next one will be due if it is not heard again; {@link Long#MAX_VALUE} for none
     */
    public long sweep(long age, long now) {
        long oldest = Long.MAX_VALUE;
        for (int i = 0; i < room; i++) {
            while (key(i) != EMPTY && heard(i) != STATIC && heard(i) + age <= now) {
                remove(i);
            }
            if (key(i) != EMPTY && heard(i) != STATIC) {
                oldest = Math.min(oldest, heard(i));
            }
        }
        return oldest == Long.MAX_VALUE ? oldest : oldest + age;
    }

    /** Entries that have not aged. */
    public int size(long now) {
        int count = 0;
        for (int i = 0; i < room; i++) {
            count += key(i) != EMPTY && fresh(heard(i), now) ? 1 : 0;
        }
        return count;
    }

    /** Stations not learned for want of room. */
    public long refused() {
        return refused;
    }

    /** Stations forgotten before their time for want of room. */
    public long evicted() {
        return evicted;
    }

    /** What has not aged, by VLAN and MAC. */
    @Override
    public Entry[] entries(long now) {
        Entry[] all = new Entry[size];
        int n = 0;
        for (int i = 0; i < room; i++) {
            if (key(i) != EMPTY && fresh(heard(i), now)) {
                boolean fixed = heard(i) == STATIC;
                all[n++] = new Entry(
                        (int) (key(i) >>> 48) - 1,
                        key(i) & 0xffff_ffff_ffffL,
                        port(i),
                        fixed ? 0 : now - heard(i),
                        fixed);
            }
        }
        Entry[] kept = Arrays.copyOf(all, n);
        Arrays.sort(kept, (a, b) -> a.vlan != b.vlan ? a.vlan - b.vlan : Long.compare(a.mac, b.mac));
        return kept;
    }
}
