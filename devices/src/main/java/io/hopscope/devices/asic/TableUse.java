package io.hopscope.devices.asic;

/**
 * How full a table of a switch is.
 *
 * @param used entries, or slots of a TCAM
 * @param watermark most of them that there ever were
 * @param collisions entries that were refused, in all
 * @param missing what the CPU knows and the table has not, now; {@link #UNKNOWN} for stations, which only the table knows
 * @param firstFailure how much was used at the first refusal; -1 if there was none
 */
public record TableUse(
        String name, int capacity, int used, int watermark, long collisions, long missing, int firstFailure) {
    public static final long UNKNOWN = -1;
}
