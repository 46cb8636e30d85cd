package io.hopscope.protocols.stp;

/**
 * What a bridge is told about its spanning tree; times in picoseconds.
 *
 * @param bridge its id: priority in the upper 16 bits, MAC in the lower 48
 */
public record TreeSettings(long bridge, long hello, long maxAge, long forwardDelay) {
    public static final int PRIORITY = 32768;
    private static final long SECOND = 1_000_000_000_000L;

    /** 802.1D's defaults: hello 2 s, max age 20 s, forward delay 15 s. */
    public static TreeSettings of(int priority, long mac) {
        return new TreeSettings((long) priority << 48 | mac, 2 * SECOND, 20 * SECOND, 15 * SECOND);
    }

    public TreeSettings times(long helloTime, long maximumAge, long delay) {
        return new TreeSettings(bridge, helloTime, maximumAge, delay);
    }
}
