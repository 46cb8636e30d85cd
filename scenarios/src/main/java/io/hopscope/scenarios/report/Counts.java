package io.hopscope.scenarios.report;

import java.util.Locale;

/** Numbers as a person reads them in a table: exact while that is short. */
public final class Counts {
    private static final long MILLION = 1_000_000;

    private Counts() {}

    /** {@code 84,464}; from a million on three digits: {@code 1.23M}. At most seven characters. */
    public static String of(long count) {
        if (count < MILLION) {
            return String.format(Locale.ROOT, "%,d", count);
        }
        double rest = count;
        String unit = "";
        for (String each : new String[] {"k", "M", "G", "T", "P", "E"}) {
            if (rest < 999.5) {
                break;
            }
            rest /= 1000;
            unit = each;
        }
        return String.format(Locale.ROOT, rest < 9.995 ? "%.2f" : rest < 99.95 ? "%.1f" : "%.0f", rest) + unit;
    }

    /** {@code 56.3 %}; what is not nothing never reads 0, and what is not all never 100. */
    public static String percent(double percent) {
        if (Double.isNaN(percent)) {
            return "-";
        } else if (percent > 0 && percent < 0.01) {
            return "<0.01 %";
        } else if (percent < 10) {
            return String.format(Locale.ROOT, percent == 0 ? "0 %%" : "%.2f %%", percent);
        } else if (percent < 100 && percent >= 99.95) {
            return ">99.9 %";
        }
        return String.format(Locale.ROOT, percent == 100 ? "100 %%" : "%.1f %%", percent);
    }

    /** {@code 812 ms}, {@code 12.3 s}, {@code 4 min 05 s}. */
    public static String millis(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        return millis < 99_950
                ? String.format(Locale.ROOT, "%.1f s", millis / 1e3)
                : String.format(Locale.ROOT, "%d min %02d s", millis / 60_000, millis / 1000 % 60);
    }

    /** {@code 812 MiB}, {@code 1.4 GiB}. */
    public static String bytes(long bytes) {
        double mebi = bytes / (double) (1 << 20);
        return mebi < 1000
                ? String.format(Locale.ROOT, "%.0f MiB", mebi)
                : String.format(Locale.ROOT, "%.1f GiB", mebi / 1024);
    }

    /** {@code 980 ns}, {@code 12.4 us}, {@code 1.2 ms}, {@code 2.5 s}. */
    public static String nanos(long nanos) {
        if (nanos < 1000) {
            return nanos + " ns";
        }
        double rest = nanos / 1e3;
        for (String unit : new String[] {"us", "ms"}) {
            if (rest < 999.5) {
                return String.format(Locale.ROOT, rest < 99.95 ? "%.1f " : "%.0f ", rest) + unit;
            }
            rest /= 1000;
        }
        return String.format(Locale.ROOT, "%.1f s", rest);
    }
}
