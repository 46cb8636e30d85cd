package io.hopscope.scenarios;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with units: {@code 100ms}, {@code 10Gbps}. */
final class Units {
    /** A unit that does not exist. */
    static final class Unknown extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final String what;
        private final String found;
        private final transient List<String> valid;

        Unknown(String what, String found, List<String> valid) {
            super(what + " " + found);
            this.what = what;
            this.found = found;
            this.valid = valid;
        }

        String what() {
            return what;
        }

        String found() {
            return found;
        }

        List<String> valid() {
            return valid;
        }
    }

    private static final Pattern NUMBER = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([A-Za-zµ/]*)");
    private static final Map<String, Double> TIME =
            units("ps", 1, "ns", 1e3, "us", 1e6, "ms", 1e9, "s", 1e12, "m", 6e13);
    private static final Map<String, Double> RATE =
            units("bps", 1, "Kbps", 1e3, "Mbps", 1e6, "Gbps", 1e9, "Tbps", 1e12, "kbit", 1e3, "mbit", 1e6, "gbit", 1e9);

    private static final Map<String, Double> SIZE =
            units("B", 1, "KB", 1e3, "MB", 1e6, "GB", 1e9, "KiB", 1024, "MiB", 1048576, "GiB", 1073741824);

    private Units() {}

    private static Map<String, Double> units(Object... pairs) {
        Map<String, Double> units = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            units.put((String) pairs[i], ((Number) pairs[i + 1]).doubleValue());
        }
        return units;
    }

    private static double parse(String what, String text, Map<String, Double> units, String alone) {
        Matcher matcher = NUMBER.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        String unit = matcher.group(2).isEmpty() ? alone : matcher.group(2);
        Double factor = unit == null ? null : units.get(unit);
        if (factor == null) {
            List<String> valid =
                    units.keySet().stream().map(each -> matcher.group(1) + each).toList();
            throw new Unknown(what, text, valid);
        }
        return Double.parseDouble(matcher.group(1)) * factor;
    }

    /** Picoseconds; {@code 0} needs no unit. */
    static long time(String text) {
        double picos = parse("time", text, TIME, text.strip().equals("0") ? "s" : null);
        if (picos > 9e18) {
            throw new IllegalArgumentException(text);
        }
        return StrictMath.round(picos);
    }

    /** Bytes; a number alone is one of bytes. */
    static long size(String text) {
        double bytes = parse("size", text, SIZE, "B");
        if (bytes > 1e15) {
            throw new IllegalArgumentException(text);
        }
        return StrictMath.round(bytes);
    }

    /** Bits per second; {@code 0} for unlimited. */
    static long rate(String text) {
        double rate = parse("rate", text, RATE, text.strip().equals("0") ? "bps" : null);
        if (rate > 1e15) {
            throw new IllegalArgumentException(text);
        }
        return StrictMath.round(rate);
    }
}
