package io.hopscope.protocols.firewall;

import java.util.Arrays;
import java.util.Comparator;

/**
 * What has begun through a firewall, so that the answers pass: the two ends, the protocol, when it will be forgotten. Open
 * addressing over one primitive array that grows from 16 sessions; what has expired makes room when room is needed.
 */
public final class SessionTable {
    /** A session's end has said that it is through. */
    private static final long LOW_DONE = 1 << 1;

    private static final long HIGH_DONE = 1 << 2;
    private static final long ANSWERED = 1 << 3;
    /** The end that comes first in the key has begun. */
    private static final long LOW_BEGAN = 1;

    private static final int FIRST = 16;
    private static final int WORDS = 5;
    private static final int KEY = 1;
    private static final int EXPIRES = 2;
    private static final int STATE = 3;
    private static final int BYTES = 4;
    /** Between two searches for what has expired. */
    private static final long SWEEP = 1_000_000_000_000L;

    /**
     * One session as a read-out shows it.
     *
     * @param from the segment it began in
     * @param expires when it will be forgotten if nothing more comes
     */
    public record Session(
            int protocol,
            int from,
            int source,
            int sourcePort,
            int to,
            int destination,
            int destinationPort,
            int rule,
            boolean answered,
            long expires,
            long bytes) {}

    private final int limit;
    private long[] words = {};
    private int mask = -1;
    private int size;
    private int most;
    private long opened;
    private long refused;
    private long sweepAt;

    /** The key of the last search. */
    private long ends;

    private long key;
    private boolean low;

    /**
     * @param limit most sessions at a time
     */
    public SessionTable(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a table of " + limit + " sessions");
        }
        this.limit = limit;
    }

    /** The same key both ways: the lower end comes first. */
    private void key(int source, int sourcePort, int destination, int destinationPort, int kind) {
        long a = (source & 0xffff_ffffL) << 16 | sourcePort;
        long b = (destination & 0xffff_ffffL) << 16 | destinationPort;
        low = a <= b;
        long first = low ? a : b;
        long second = low ? b : a;
        ends = first >>> 16 << 32 | second >>> 16;
        // One more, so that no key is 0.
        key = (first & 0xffff) << 48 | (second & 0xffff) << 32 | kind + 1;
    }

    private static int slot(long ends, long key, int mask) {
        long hash = (ends * 0x9e3779b97f4a7c15L ^ key) * 0xbf58476d1ce4e5b9L;
        return (int) (hash >>> 32) & mask;
    }

    /** Where the key of the last search is, or -1 - the free place where it would be; the table is never full. */
    private int search() {
        int at = slot(ends, key, mask);
        while (words[at * WORDS + KEY] != 0) {
            if (words[at * WORDS + KEY] == key && words[at * WORDS] == ends) {
                return at;
            }
            at = at + 1 & mask;
        }
        return -1 - at;
    }

    /**
     * The place of the session that a packet belongs to, whichever way it goes; -1 without one. Good until the table is
     * changed.
     *
     * @param kind the protocol
     */
    public int find(int source, int sourcePort, int destination, int destinationPort, int kind, long now) {
        key(source, sourcePort, destination, destinationPort, kind);
        int at = size == 0 ? -1 : search();
        return at >= 0 && words[at * WORDS + EXPIRES] > now ? at : -1;
    }

    /** Whether the packet of the last search goes the way that its session began. */
    public boolean onward(int at) {
        return (words[at * WORDS + STATE] & LOW_BEGAN) != 0 == low;
    }

    /** Another packet of the session, that of the last search. */
    public void use(int at, int bytes, long expires) {
        words[at * WORDS + EXPIRES] = expires;
        words[at * WORDS + BYTES] += bytes;
        if (!onward(at)) {
            words[at * WORDS + STATE] |= ANSWERED;
        }
    }

    /** Whether a packet has come back. */
    public boolean answered(int at) {
        return (words[at * WORDS + STATE] & ANSWERED) != 0;
    }

    /** The sender of the packet of the last search is through. */
    public void done(int at) {
        words[at * WORDS + STATE] |= low ? LOW_DONE : HIGH_DONE;
    }

    /** Both are through, whatever they said. */
    public void end(int at) {
        words[at * WORDS + STATE] |= LOW_DONE | HIGH_DONE;
    }

    /** Whether both ends are through. */
    public boolean over(int at) {
        return (words[at * WORDS + STATE] & (LOW_DONE | HIGH_DONE)) == (LOW_DONE | HIGH_DONE);
    }

    /** The rule that let the session begin. */
    public int rule(int at) {
        return (int) (words[at * WORDS + STATE] >>> 32);
    }

    /**
     * Begins a session with the packet of the last search.
     *
     * @return false when the table is full of sessions that go on
     */
    public boolean open(int from, int to, int rule, int bytes, long expires, long now) {
        if (size >= limit && !roomFor(now)) {
            refused++;
            return false;
        }
        if ((size + 1) * 4 > (mask + 1) * 3) {
            grow(now);
        }
        int at = search();
        if (at < 0) {
            at = -1 - at;
            size++;
            most = Math.max(most, size);
        }
        long state = (long) rule << 32 | (long) to << 16 | (long) from << 8 | (low ? LOW_BEGAN : 0);
        put(at, ends, key, expires, state, bytes);
        opened++;
        return true;
    }

    private void put(int at, long itsEnds, long itsKey, long expires, long state, long bytes) {
        words[at * WORDS] = itsEnds;
        words[at * WORDS + KEY] = itsKey;
        words[at * WORDS + EXPIRES] = expires;
        words[at * WORDS + STATE] = state;
        words[at * WORDS + BYTES] = bytes;
    }

    /** What has expired goes; looked for once a second at most, as it takes a look at everything. */
    private boolean roomFor(long now) {
        if (mask < 0 || now < sweepAt) {
            return size < limit;
        }
        sweepAt = now + SWEEP;
        for (int i = 0; i <= mask; i++) {
            while (words[i * WORDS + KEY] != 0 && words[i * WORDS + EXPIRES] <= now) {
                remove(i);
            }
        }
        return size < limit;
    }

    /** Backward shift: what stood behind in the cluster moves up, so that no search stops short. */
    private void remove(int at) {
        int hole = at;
        for (int next = hole + 1 & mask; words[next * WORDS + KEY] != 0; next = next + 1 & mask) {
            int home = slot(words[next * WORDS], words[next * WORDS + KEY], mask);
            if ((next - home & mask) >= (next - hole & mask)) {
                System.arraycopy(words, next * WORDS, words, hole * WORDS, WORDS);
                hole = next;
            }
        }
        words[hole * WORDS + KEY] = 0;
        size--;
    }

    /** Twice the size, without what has expired. */
    private void grow(long now) {
        long[] old = words;
        long wantedEnds = ends;
        long wantedKey = key;
        int places = Math.max(FIRST, (mask + 1) * 2);
        words = new long[places * WORDS];
        mask = places - 1;
        size = 0;
        for (int i = 0; i < old.length; i += WORDS) {
            if (old[i + KEY] != 0 && old[i + EXPIRES] > now) {
                ends = old[i];
                key = old[i + KEY];
                System.arraycopy(old, i, words, (-1 - search()) * WORDS, WORDS);
                size++;
            }
        }
        ends = wantedEnds;
        key = wantedKey;
    }

    /** Forgets everything. */
    public void clear() {
        Arrays.fill(words, 0);
        size = 0;
    }

    /** Most sessions that there have been at a time, with those expired and not yet gone. */
    public int most() {
        return most;
    }

    /** Sessions begun. */
    public long opened() {
        return opened;
    }

    /** Sessions that found no room. */
    public long refused() {
        return refused;
    }

    public int limit() {
        return limit;
    }

    /** What goes on, by protocol and ends. */
    public Session[] sessions(long now) {
        Session[] all = new Session[size];
        int n = 0;
        for (int i = 0; i <= mask; i++) {
            int kind = (int) words[i * WORDS + KEY] - 1;
            if (words[i * WORDS + KEY] != 0 && words[i * WORDS + EXPIRES] > now) {
                all[n++] = session(i, kind);
            }
        }
        Session[] kept = Arrays.copyOf(all, n);
        Arrays.sort(
                kept,
                Comparator.comparingInt(Session::protocol)
                        .thenComparing(Session::source, Integer::compareUnsigned)
                        .thenComparingInt(Session::sourcePort)
                        .thenComparing(Session::destination, Integer::compareUnsigned)
                        .thenComparingInt(Session::destinationPort));
        return kept;
    }

    private Session session(int at, int protocol) {
        long both = words[at * WORDS];
        long itsKey = words[at * WORDS + KEY];
        long state = words[at * WORDS + STATE];
        boolean forward = (state & LOW_BEGAN) != 0;
        int[] address = {(int) (both >>> 32), (int) both};
        int[] port = {(int) (itsKey >>> 48), (int) (itsKey >>> 32) & 0xffff};
        int a = forward ? 0 : 1;
        return new Session(
                protocol,
                (int) (state >>> 8) & 0xff,
                address[a],
                port[a],
                (int) (state >>> 16) & 0xff,
                address[1 - a],
                port[1 - a],
                (int) (state >>> 32),
                (state & ANSWERED) != 0,
                words[at * WORDS + EXPIRES],
                words[at * WORDS + BYTES]);
    }
}
