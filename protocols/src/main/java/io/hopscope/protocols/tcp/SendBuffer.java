package io.hopscope.protocols.tcp;

import java.util.Arrays;

/**
 * What was written and is not yet acknowledged. Bytes lie in a ring at their sequence number; stretches that come from a
 * {@link ByteSource} are not kept at all, only remembered.
 */
final class SendBuffer {
    private static final int FIRST_SIZE = 1024;
    private static final byte[] NONE = {};

    private byte[] ring = NONE;
    /** Stretches that are made again when asked for, in order. */
    private int stretches;

    private int[] from = {};
    private int[] to = {};
    private ByteSource[] source = {};
    private long[] offset = {};

    /** Where PSH is due: behind the last byte of a write, and wherever half a window would go without. */
    private int[] pushes = {};

    private int pushCount;
    /** Where the piece begins that the next write adds to (the tail of the kernel's queue). */
    private int piece;

    int size() {
        return ring.length;
    }

    /** Adds bytes behind {@code end}; {@code start} is the first that is still needed. */
    void write(int start, int end, byte[] bytes, int at, int length) {
        int needed = end - start + length;
        if (needed > ring.length) {
            grow(start, end, needed);
        }
        int mask = ring.length - 1;
        int first = Math.min(length, ring.length - (end & mask));
        System.arraycopy(bytes, at, ring, end & mask, first);
        System.arraycopy(bytes, at + first, ring, 0, length - first);
    }

    private void grow(int start, int end, int needed) {
        byte[] larger = new byte[Math.max(FIRST_SIZE, Integer.highestOneBit(needed - 1) << 1)];
        for (int seq = start; seq != end && ring.length > 0; seq++) {
            larger[seq & larger.length - 1] = ring[seq & ring.length - 1];
        }
        ring = larger;
    }

    /** Adds a stretch of a source behind {@code end}. */
    void write(int end, ByteSource of, long at, int length) {
        int last = stretches - 1;
        if (last >= 0 && to[last] == end && source[last] == of && offset[last] + (to[last] - from[last]) == at) {
            to[last] += length;
            return;
        }
        if (stretches == from.length) {
            int size = Math.max(2, stretches * 2);
            from = Arrays.copyOf(from, size);
            to = Arrays.copyOf(to, size);
            source = Arrays.copyOf(source, size);
            offset = Arrays.copyOf(offset, size);
        }
        from[stretches] = end;
        to[stretches] = end + length;
        source[stretches] = of;
        offset[stretches++] = at;
    }

    /** A write goes from one number to another: pieces of so many bytes, the last of which may be added to. */
    void written(Connection c, int start, int finish, int goal) {
        boolean adds = pushCount > 0 && pushes[pushCount - 1] == start && Seq.before(c.sndNxt, start);
        if (adds && start - piece < goal) {
            pushCount--;
        } else {
            piece = start;
        }
        while (Seq.before(piece + goal, finish)) {
            piece += goal;
            if (Seq.after(piece, c.pushedSeq + (c.maxWindow >> 1))) {
                push(c, piece);
            }
        }
        push(c, finish);
    }

    private void push(Connection c, int at) {
        if (pushCount == pushes.length) {
            pushes = Arrays.copyOf(pushes, Math.max(4, pushCount * 2));
        }
        pushes[pushCount++] = at;
        c.pushedSeq = at;
    }

    /** PSH is due there too, before what is due already: by what a window is asked for. */
    void pushFirst(int at) {
        if (pushCount > 0 && !Seq.after(pushes[0], at)) {
            return;
        }
        if (pushCount == pushes.length) {
            pushes = Arrays.copyOf(pushes, Math.max(4, pushCount * 2));
        }
        System.arraycopy(pushes, 0, pushes, 1, pushCount++);
        pushes[0] = at;
    }

    /** Whether PSH is due in a segment that is sent now. */
    boolean pushes(int finish) {
        int gone = 0;
        while (gone < pushCount && !Seq.after(pushes[gone], finish)) {
            gone++;
        }
        if (gone > 0) {
            pushCount -= gone;
            System.arraycopy(pushes, gone, pushes, 0, pushCount);
        }
        return gone > 0;
    }

    void copy(int seq, byte[] into, int at, int length) {
        int done = 0;
        for (int i = 0; i < stretches && done < length; i++) {
            if (Seq.before(seq + done, to[i])) {
                int before = Math.min(Math.max(0, from[i] - (seq + done)), length - done);
                copyRing(seq + done, into, at + done, before);
                done += before;
                int part = Math.min(length - done, to[i] - (seq + done));
                if (part > 0) {
                    source[i].copy(offset[i] + (seq + done - from[i]), into, at + done, part);
                    done += part;
                }
            }
        }
        copyRing(seq + done, into, at + done, length - done);
    }

    private void copyRing(int seq, byte[] into, int at, int length) {
        if (length > 0) {
            int mask = ring.length - 1;
            int first = Math.min(length, ring.length - (seq & mask));
            System.arraycopy(ring, seq & mask, into, at, first);
            System.arraycopy(ring, 0, into, at + first, length - first);
        }
    }

    /** Everything before a number has arrived. */
    void acknowledge(int una) {
        int gone = 0;
        while (gone < stretches && !Seq.after(to[gone], una)) {
            gone++;
        }
        if (gone > 0) {
            stretches -= gone;
            System.arraycopy(from, gone, from, 0, stretches);
            System.arraycopy(to, gone, to, 0, stretches);
            System.arraycopy(source, gone, source, 0, stretches);
            System.arraycopy(offset, gone, offset, 0, stretches);
            Arrays.fill(source, stretches, stretches + gone, null);
        }
        if (stretches > 0 && Seq.before(from[0], una)) {
            // A stretch may go on for longer than sequence numbers do.
            offset[0] += una - from[0];
            from[0] = una;
        }
    }
}
