package io.hopscope.traces;

import java.util.Locale;

/** Durations as a person reads them. */
public final class Durations {
    private static final long MICRO = 1_000_000;

    private Durations() {}

    /** With two decimals, in the greatest of us, ms and s that leaves something before them. */
    public static String text(long picos) {
        long unit = picos < 1000 * MICRO - 5_000
                ? MICRO
                : picos < 1_000_000 * MICRO - 5_000_000 ? 1000 * MICRO : 1_000_000 * MICRO;
        long hundredths = (picos + unit / 200) / (unit / 100);
        return String.format(
                Locale.ROOT,
                "%d.%02d %s",
                hundredths / 100,
                hundredths % 100,
                unit == MICRO ? "us" : unit == 1000 * MICRO ? "ms" : "s");
    }

    /** An instant in seconds, without zeros at the end: {@code 16.1 s}. */
    public static String instant(long picos) {
        String fraction =
                String.format(Locale.ROOT, "%012d", picos % 1_000_000_000_000L).replaceFirst("0+$", "");
        return picos / 1_000_000_000_000L + (fraction.isEmpty() ? "" : "." + fraction) + " s";
    }
}
