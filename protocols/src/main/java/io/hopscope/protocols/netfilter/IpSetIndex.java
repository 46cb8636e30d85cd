package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Prefix;
import java.util.Arrays;
import java.util.Map;

/** Finds a packet's values among the members of a set: an open-addressing table of numbers, asked once for each combination of prefix lengths in use. */
final class IpSetIndex {
    private static final int STRIDE = 4;

    private final IpSet.Dimension[] dimensions;
    private final long[] key = new long[3];
    /** Values of three dimensions, then 1 + lengths; 0 for a free slot. */
    private long[] slots = new long[8 * STRIDE];

    private SetEntry[] entries = new SetEntry[8];
    private int used;
    /** Combinations of lengths there are, the longest first. */
    private int[] combinations = {};

    IpSetIndex(IpSet.Dimension[] dimensions) {
        this.dimensions = dimensions;
    }

    /** To be filled before {@link #find}. */
    long[] key() {
        return key;
    }

    /** What is kept of the member that says yes; null for none. */
    SetEntry find(long now) {
        SetEntry entry = longest(now);
        return entry == null || entry.nomatch ? null : entry;
    }

    /** What is kept of the member that decides, whatever it says; null for none. */
    SetEntry longest(long now) {
        for (int lengths : combinations) {
            int at = slot(masked(0, lengths), masked(1, lengths), masked(2, lengths), lengths);
            SetEntry entry = entries[at / STRIDE];
            if (entry != null && !entry.gone(now)) {
                return entry;
            }
        }
        return null;
    }

    private long masked(int i, int lengths) {
        if (i >= dimensions.length) {
            return 0;
        }
        return dimensions[i] == IpSet.Dimension.NET
                ? key[i] & Prefix.mask(lengths >>> 8 * i & 0xff) & 0xffff_ffffL
                : key[i];
    }

    private int slot(long a, long b, long c, int lengths) {
        long hash = (a * 0x9e3779b97f4a7c15L + b) * 0xbf58476d1ce4e5b9L + c + lengths;
        int mask = slots.length / STRIDE - 1;
        int i = (int) (hash * 0x94d049bb133111ebL >>> 40) & mask;
        long mark = 1L + lengths;
        while (true) {
            int at = i * STRIDE;
            long own = slots[at + 3];
            if (own == 0 || own == mark && slots[at] == a && slots[at + 1] == b && slots[at + 2] == c) {
                return at;
            }
            i = i + 1 & mask;
        }
    }

    void put(IpSet.Member member, SetEntry entry) {
        if ((used + 1) * 2 > slots.length / STRIDE) {
            grow();
        }
        int at = slot(member.first(), member.second(), member.third(), member.lengths());
        used += slots[at + 3] == 0 ? 1 : 0;
        slots[at] = member.first();
        slots[at + 1] = member.second();
        slots[at + 2] = member.third();
        slots[at + 3] = 1L + member.lengths();
        entries[at / STRIDE] = entry;
        combine(member.lengths());
    }

    private void combine(int lengths) {
        for (int each : combinations) {
            if (each == lengths) {
                return;
            }
        }
        combinations = Arrays.copyOf(combinations, combinations.length + 1);
        combinations[combinations.length - 1] = lengths;
        // The longest network of the first dimension comes first, then of the next.
        Integer[] sorted = Arrays.stream(combinations).boxed().toArray(Integer[]::new);
        Arrays.sort(sorted, (x, y) -> Integer.compare(rank(y), rank(x)));
        for (int i = 0; i < sorted.length; i++) {
            combinations[i] = sorted[i];
        }
    }

    private static int rank(int lengths) {
        return (lengths & 0xff) << 16 | lengths & 0xff00 | lengths >>> 16;
    }

    private void grow() {
        long[] old = slots;
        SetEntry[] oldEntries = entries;
        slots = new long[old.length * 2];
        entries = new SetEntry[oldEntries.length * 2];
        for (int i = 0; i < old.length; i += STRIDE) {
            if (old[i + 3] != 0) {
                int to = slot(old[i], old[i + 1], old[i + 2], (int) (old[i + 3] - 1));
                System.arraycopy(old, i, slots, to, STRIDE);
                entries[to / STRIDE] = oldEntries[i / STRIDE];
            }
        }
    }

    void rebuild(Map<IpSet.Member, SetEntry> members) {
        entries = new SetEntry[8];
        slots = new long[8 * STRIDE];
        used = 0;
        combinations = new int[0];
        members.forEach(this::put);
    }
}
