package io.hopscope.core;

/**
 * What a cable is, the same in both directions.
 *
 * @param rate bits per second; 0 for unlimited
 * @param delay propagation delay in picoseconds of virtual time
 * @param queue frames that wait at the sender beside the one in transmission
 * @param overhead bytes a frame occupies beside its own: FCS 4, preamble 8, gap 12 (IEEE 802.3)
 * @param minimum bytes a frame is padded to for time's sake (60 without FCS); captured bytes are not padded
 * @param veth whether both ends belong to one kernel, as those of containerlab's links do: what that notes at a packet
 *     beside its bytes crosses it as well
 */
public record CableSpec(long rate, long delay, int queue, int overhead, int minimum, boolean veth) {
    public static final long GIGABIT = 1_000_000_000L;
    public static final long MICROSECOND = 1_000_000L;

    /** 10 Gb/s, 1 us, 1,000 frames (txqueuelen), Ethernet's overhead. */
    public static final CableSpec DEFAULT = new CableSpec(10 * GIGABIT, MICROSECOND, 1000, 24, 60);

    public CableSpec {
        if (rate < 0 || delay < 0 || queue < 0 || overhead < 0 || minimum < 0) {
            throw new IllegalArgumentException("a cable's numbers are not negative");
        }
        if (rate == 0 && delay == 0) {
            throw new IllegalArgumentException("a cable with neither delay nor rate: use a wire inside one node");
        }
    }

    /** A cable between two machines. */
    public CableSpec(long rate, long delay, int queue, int overhead, int minimum) {
        this(rate, delay, queue, overhead, minimum, false);
    }

    public CableSpec rate(long bitsPerSecond) {
        return new CableSpec(bitsPerSecond, delay, queue, overhead, minimum, veth);
    }

    public CableSpec delay(long picoseconds) {
        return new CableSpec(rate, picoseconds, queue, overhead, minimum, veth);
    }

    public CableSpec queue(int frames) {
        return new CableSpec(rate, delay, frames, overhead, minimum, veth);
    }

    public CableSpec framing(int overheadBytes, int minimumBytes) {
        return new CableSpec(rate, delay, queue, overheadBytes, minimumBytes, veth);
    }

    /** Picoseconds from the first bit sent to the last bit received, for the shortest frame. */
    public long shortest() {
        return delay + (rate == 0 ? 0 : (minimum + overhead) * 8_000_000_000_000L / rate);
    }
}
