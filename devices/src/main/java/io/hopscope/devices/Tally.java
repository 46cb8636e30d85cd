package io.hopscope.devices;

import java.util.Arrays;

/**
 * What happens to a stack now and then, counted. Most stacks see a few kinds only: a number has room from the first time on.
 */
final class Tally {
    /** ICMP has types of eight bits; nobody knows more than this many of them (RFC 792 and after). */
    private static final int ICMP_TYPES = 256;

    private static final int KINDS = IpCounter.values().length;

    private final byte[] places = new byte[KINDS];
    private long[] counts = new long[4];
    private int used;
    /** By type, those that came in first; null before the first. */
    private long[] icmp;
    /** Packets whose headers are none: what they are marked with nobody can say. */
    long unreadable;

    void count(IpCounter what, long by) {
        int place = places[what.ordinal()];
        if (place == 0) {
            if (used == counts.length) {
                counts = Arrays.copyOf(counts, used + 4);
            }
            place = ++used;
            places[what.ordinal()] = (byte) place;
        }
        counts[place - 1] += by;
    }

    long get(IpCounter what) {
        int place = places[what.ordinal()];
        return place == 0 ? 0 : counts[place - 1];
    }

    void icmp(int type, boolean in) {
        if (icmp == null) {
            icmp = new long[2 * 16];
        }
        int at = 2 * type + (in ? 0 : 1);
        if (at >= icmp.length) {
            icmp = Arrays.copyOf(icmp, 2 * ICMP_TYPES);
        }
        icmp[at]++;
    }

    long icmpOf(int type, boolean in) {
        int at = 2 * type + (in ? 0 : 1);
        return icmp == null || at >= icmp.length ? 0 : icmp[at];
    }

    void clear() {
        Arrays.fill(places, (byte) 0);
        Arrays.fill(counts, 0);
        used = 0;
        unreadable = 0;
        icmp = null;
    }
}
