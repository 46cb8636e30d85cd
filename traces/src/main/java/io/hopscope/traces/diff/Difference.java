package io.hopscope.traces.diff;

import io.hopscope.traces.Hop;
import java.util.List;

/**
 * The first packet that differs, and what led to it.
 *
 * @param port where
 * @param number of the packet at that port, from 1
 * @param a the packet on the left; null where there is none any more
 * @param b the same on the right
 * @param fields that differ, with their values; the first byte where no field has a name
 * @param wayA the hops of the packet's journey on the left as far as here
 * @param wayB the same on the right
 * @param decision index into both ways of the first hop at which something else was decided; -1 where nothing says so
 */
public record Difference(
        String port, long number, Hop a, Hop b, List<Field> fields, List<Hop> wayA, List<Hop> wayB, int decision) {
    /** A field of a packet, null where a side has none. */
    public record Field(String name, String a, String b) {}

    /** When it was, in picoseconds: the earlier of both. */
    public long picos() {
        if (a == null || b == null) {
            return a == null ? b.picos() : a.picos();
        }
        return Math.min(a.picos(), b.picos());
    }
}
