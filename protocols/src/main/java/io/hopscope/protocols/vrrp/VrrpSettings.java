package io.hopscope.protocols.vrrp;

/**
 * One router's part in a virtual router.
 *
 * @param priority 1 to 254; 255 for the owner of the addresses
 * @param interval between advertisements, in picoseconds; 40.95 s at most
 * @param preempt whether a router of lower priority gives way
 * @param primary the address that advertisements come from
 */
public record VrrpSettings(int vrid, int priority, long interval, boolean preempt, int primary) {
    public static final int OWNER = 255;
    public static final int PRIORITY = 100;
    /** A second. */
    public static final long INTERVAL = 1_000_000_000_000L;
}
