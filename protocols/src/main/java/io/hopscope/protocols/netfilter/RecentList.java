package io.hopscope.protocols.netfilter;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** One list of xt_recent: addresses, and when they were seen; the one not seen for longest gives way. */
final class RecentList {
    /** ip_list_tot. */
    private static final int LARGEST = 100;

    /** An address, its TTL as it was last seen, and the latest times. */
    static final class Entry {
        private final int address;
        private int ttl;
        private long[] times = new long[1];
        private int count;
        private int next;

        Entry(int address) {
            this.address = address;
        }

        int ttl() {
            return ttl;
        }

        /** How often it was seen since then. */
        int since(long instant) {
            int seen = 0;
            for (int i = 0; i < count; i++) {
                seen += times[i] >= instant ? 1 : 0;
            }
            return seen;
        }

        private void see(long now, int asTtl, int room) {
            if (times.length < room) {
                long[] more = new long[room];
                for (int i = 0; i < count; i++) {
                    more[i] = times[(next + i + times.length - count) % times.length];
                }
                times = more;
                next = count % room;
            }
            times[next] = now;
            next = (next + 1) % times.length;
            count = Math.min(count + 1, times.length);
            ttl = asTtl;
        }

        private long last() {
            return times[(next + times.length - 1) % times.length];
        }

        @Override
        public String toString() {
            return address + " " + Arrays.toString(times);
        }
    }

    /** The one not seen for longest first. */
    private final Map<Integer, Entry> entries = new LinkedHashMap<>(16, 0.75f, false);
    /** Times that are kept of an address: as many as a rule asks for. */
    private int room = 1;

    /** Rules that name it. */
    private int references;

    /** A rule names it, or no longer; how many do. */
    int use(int by) {
        references += by;
        return references;
    }

    void room(int hits) {
        room = Math.max(room, hits);
    }

    int size() {
        return entries.size();
    }

    /**
     * Null if it is not there.
     *
     * @param ttl 0 for any
     */
    Entry find(int address, int ttl) {
        Entry found = entries.get(address);
        return found == null || ttl == 0 || found.ttl == ttl ? found : null;
    }

    void see(int address, int ttl, long now) {
        Entry entry = entries.remove(address);
        if (entry == null) {
            entry = new Entry(address);
            if (entries.size() >= LARGEST) {
                entries.remove(entries.keySet().iterator().next());
            }
        }
        entry.see(now, ttl, room);
        entries.put(address, entry);
    }

    void remove(int address) {
        entries.remove(address);
    }

    /** recent_entry_reap: the oldest goes if it was not seen since then, unless it is the one in hand. */
    void reap(long since, Entry spared) {
        if (!entries.isEmpty()) {
            Entry oldest = entries.values().iterator().next();
            if (oldest != spared && oldest.last() < since) {
                entries.remove(oldest.address);
            }
        }
    }
}
