package io.hopscope.core.qdisc;

/**
 * A rate, as netem has it.
 *
 * @param rate bits per second; 0 for none
 * @param packetOverhead bytes that a frame counts for beside its own; may be negative
 * @param cellSize bytes of a cell, of which a frame fills whole ones; 0 for none
 * @param cellOverhead bytes that a cell counts for beside its own
 */
public record Pace(long rate, int packetOverhead, int cellSize, int cellOverhead) {
    public static final Pace NONE = new Pace(0, 0, 0, 0);
    private static final long BIT_SECONDS = 8_000_000_000_000L;

    public Pace {
        if (rate < 0 || cellSize < 0) {
            throw new IllegalArgumentException("a rate of " + rate + " bits a second in cells of " + cellSize);
        }
    }

    /** Bytes that a frame counts for. */
    long counted(int length) {
        long bytes = Math.max(0, (long) length + packetOverhead);
        if (cellSize > 0) {
            bytes = Math.max(0, (bytes + cellSize - 1) / cellSize * (cellSize + (long) cellOverhead));
        }
        return bytes;
    }

    /** Picoseconds that a frame takes. */
    public long time(int length) {
        long bytes = counted(length);
        return bytes > 1_000_000 ? (long) (bytes * (double) BIT_SECONDS / rate) : bytes * BIT_SECONDS / rate;
    }
}
