package io.hopscope.devices.programs;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as printf's {@code %g} writes them. */
final class Figures {
    private Figures() {}

    private static String significant(BigDecimal value, int digits) {
        BigDecimal rounded = value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** Microseconds in milliseconds. */
    static String millis(long micros) {
        return significant(BigDecimal.valueOf(micros, 3), 6);
    }

    /** Bits a second, as {@code ss} shortens them. */
    static String rate(long bits, boolean whole) {
        if (whole) {
            return bits + "bps";
        }
        String[] units = {"G", "M", "K"};
        int digits = 9;
        for (String unit : units) {
            BigDecimal value = BigDecimal.valueOf(bits, digits);
            if (value.compareTo(BigDecimal.ONE) > 0) {
                return significant(value, 3) + unit + "bps";
            }
            digits -= 3;
        }
        return bits + "bps";
    }
}
