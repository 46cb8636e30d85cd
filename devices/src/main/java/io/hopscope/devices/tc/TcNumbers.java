package io.hopscope.devices.tc;

import io.hopscope.core.qdisc.Chance;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as tc prints them. */
final class TcNumbers {
    private static final int KERNEL_TICK = 64;

    private TcNumbers() {}

    /** C's {@code %.*g}. */
    static String general(double value, int digits) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            BigDecimal plain = rounded.stripTrailingZeros();
            return plain.scale() < 0 ? plain.setScale(0).toPlainString() : plain.toPlainString();
        }
        String mantissa = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        int power = Math.abs(exponent);
        return mantissa + (exponent < 0 ? "e-" : "e+") + (power < 10 ? "0" : "") + power;
    }

    /** Of 2^32 - 1 parts. */
    static String percent(long part) {
        return general(part * 100.0 / Chance.ALWAYS, 6) + "%";
    }

    /** Microseconds, as sprint_time does. */
    static String micros(long micros) {
        if (micros >= 1_000_000) {
            return general(micros / 1e6, 3) + "s";
        }
        return micros >= 1000 ? general(micros / 1e3, 3) + "ms" : micros + "us";
    }

    /** Time that the kernel tells in ticks of 64 ns: 100us is 99us then. */
    static String ticks(long picos) {
        return micros(picos / 1000 / KERNEL_TICK * KERNEL_TICK / 1000);
    }

    /** Time that CoDel keeps in units of 1,024 ns. */
    static String codel(long picos) {
        return micros((picos / 1000 >> 10 << 10) / 1000);
    }

    /** Bits a second. */
    static String rate(long bits) {
        String[] units = {"", "K", "M", "G", "T"};
        long rate = bits;
        int unit = 0;
        while (unit < units.length - 1 && rate >= 1000 && (rate % 1000 == 0 || rate >= 1_000_000)) {
            rate /= 1000;
            unit++;
        }
        return rate + units[unit] + "bit";
    }

    /** Bytes. */
    static String size(long bytes) {
        double mega = 1 << 20;
        if (bytes >= mega && Math.abs(mega * Math.rint(bytes / mega) - bytes) < 1024) {
            return general(Math.rint(bytes / mega), 6) + "Mb";
        } else if (bytes >= 1024 && Math.abs(1024 * Math.rint(bytes / 1024.0) - bytes) < 16) {
            return general(Math.rint(bytes / 1024.0), 6) + "Kb";
        }
        return bytes + "b";
    }
}
