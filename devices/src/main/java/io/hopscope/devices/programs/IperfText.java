package io.hopscope.devices.programs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as iperf 2.1 prints them. */
final class IperfText {
    private static final String[] BYTES = {"Byte", "KByte", "MByte", "GByte"};
    private static final String[] BITS = {"bit", "Kbit", "Mbit", "Gbit"};
    static final String RULE = "-".repeat(60);
    static final String HEAD = "[ ID] Interval       Transfer     Bandwidth";
    static final String UDP_HEAD = HEAD + "        Jitter   Lost/Total Datagrams";

    private IperfText() {}

    /**
     * Four characters and a unit (byte_snprintf).
     *
     * @param bytes a number of bytes, or of bytes a second
     * @param format a small letter for bits; a or A for whatever unit fits
     */
    static String number(double bytes, char format) {
        boolean whole = Character.isUpperCase(format);
        double value = whole ? bytes : bytes * 8;
        double unit = whole ? 1024 : 1000;
        int power = "KMG".indexOf(Character.toUpperCase(format)) + 1;
        if (power == 0) {
            for (double left = value; left >= unit && power < 3; left /= unit) {
                power++;
            }
        }
        for (int i = 0; i < power; i++) {
            value /= unit;
        }
        // What would be rounded up to more digits gets fewer.
        int digits = value < 0.9995 ? 3 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%4s %s", fixed(value, digits), (whole ? BYTES : BITS)[power]);
    }

    /** As C rounds: what lies in the middle goes to the even digit. */
    private static String fixed(double value, int digits) {
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** {@code [  1] 0.0000-1.0000 sec  1.05 GBytes  9.01 Gbits/sec}. */
    static String transfer(String id, long from, long to, long bytes, char format) {
        double seconds = (to - from) / 1e12;
        return String.format(
                Locale.ROOT,
                "%s%6.4f-%6.4f sec  %ss  %ss/sec",
                id,
                from / 1e12,
                to / 1e12,
                number(bytes, Character.toUpperCase(format)),
                number(seconds > 0 ? bytes / seconds : 0, format));
    }

    /** What UDP adds to it. */
    static String loss(double jitter, long lost, long total) {
        return String.format(Locale.ROOT, "  %6.3f ms %s", jitter / 1e9, lost(lost, total));
    }

    static String lost(long lost, long total) {
        return lost + "/" + total + " (" + percent(total == 0 ? 0 : 100.0 * lost / total) + "%)";
    }

    /** Two digits that count (%.2g). */
    private static String percent(double value) {
        if (value == 0) {
            return "0";
        } else if (value >= 99.5) {
            return "1e+02";
        } else if (value >= 9.95) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        int digits = 1;
        for (double scaled = value; scaled < 0.995 && digits < 12; scaled *= 10) {
            digits++;
        }
        String text = String.format(Locale.ROOT, "%." + digits + "f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    static String id(int number) {
        return String.format(Locale.ROOT, "[%3d] ", number);
    }

    /** A stream that the other side fills. */
    static String reverseId(int number) {
        return String.format(Locale.ROOT, "[%3s] ", "*" + number);
    }

    static final String SUM = "[SUM] ";
}
