package io.hopscope.devices.tc;

import io.hopscope.core.qdisc.Chance;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command line of tc as it is read word by word, and tc's numbers with their units. */
final class TcWords {
    private static final Pattern NUMBER = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)([A-Za-z%]*)");

    /** Picoseconds; without a unit tc means microseconds. */
    private static final Map<String, Double> TIME = Map.ofEntries(
            Map.entry("", 1e6),
            Map.entry("s", 1e12),
            Map.entry("sec", 1e12),
            Map.entry("secs", 1e12),
            Map.entry("ms", 1e9),
            Map.entry("msec", 1e9),
            Map.entry("msecs", 1e9),
            Map.entry("us", 1e6),
            Map.entry("usec", 1e6),
            Map.entry("usecs", 1e6),
            Map.entry("ns", 1e3),
            Map.entry("nsec", 1e3),
            Map.entry("nsecs", 1e3));

    /** Bits a second: with "bps" tc means bytes. */
    private static final Map<String, Double> RATE = Map.ofEntries(
            Map.entry("", 1.0),
            Map.entry("bit", 1.0),
            Map.entry("kbit", 1e3),
            Map.entry("mbit", 1e6),
            Map.entry("gbit", 1e9),
            Map.entry("tbit", 1e12),
            Map.entry("kibit", 1024.0),
            Map.entry("mibit", 1048576.0),
            Map.entry("gibit", 1073741824.0),
            Map.entry("bps", 8.0),
            Map.entry("kbps", 8e3),
            Map.entry("mbps", 8e6),
            Map.entry("gbps", 8e9),
            Map.entry("tbps", 8e12),
            Map.entry("kibps", 8 * 1024.0),
            Map.entry("mibps", 8 * 1048576.0),
            Map.entry("gibps", 8 * 1073741824.0));

    private static final Map<String, Double> SIZE = Map.ofEntries(
            Map.entry("", 1.0),
            Map.entry("b", 1.0),
            Map.entry("k", 1024.0),
            Map.entry("kb", 1024.0),
            Map.entry("m", 1048576.0),
            Map.entry("mb", 1048576.0),
            Map.entry("g", 1073741824.0),
            Map.entry("gb", 1073741824.0),
            Map.entry("kbit", 128.0),
            Map.entry("mbit", 131072.0),
            Map.entry("gbit", 134217728.0));

    private final List<String> words;
    private int next;

    TcWords(List<String> words) {
        this.words = words;
    }

    boolean more() {
        return next < words.size();
    }

    String peek() {
        return more() ? words.get(next) : "";
    }

    /** The next word, which has to be there. */
    String next() {
        if (!more()) {
            throw TcFault.incomplete(next);
        }
        return words.get(next++);
    }

    /** What {@link #next} gave last. */
    String last() {
        return words.get(next - 1);
    }

    /** Which of the words {@link #next} gave last. */
    int at() {
        return next - 1;
    }

    /** Whether the next word is a number, as tc looks for optional ones. */
    boolean number() {
        return more() && Character.isDigit(words.get(next).charAt(0));
    }

    TcFault fault(String message) {
        return TcFault.of(at(), message);
    }

    private static Double value(String word, Map<String, Double> units) {
        Matcher matcher = NUMBER.matcher(word);
        Double unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
        return unit == null ? null : (Double) (Double.parseDouble(matcher.group(1)) * unit);
    }

    /**
     * A part of 2^32 - 1.
     *
     * @param message what tc says if it is none
     */
    long percent(String message) {
        Matcher matcher = NUMBER.matcher(next());
        boolean right = matcher.matches()
                && (matcher.group(2).isEmpty() || matcher.group(2).equals("%"));
        double percent = right ? Double.parseDouble(matcher.group(1)) : -1;
        if (percent < 0 || percent > 100) {
            throw fault(message);
        }
        return Chance.part(percent);
    }

    /** Picoseconds, whole nanoseconds of them. */
    long time(String message) {
        return whole(next(), TIME, 4.29e15, message) / 1000 * 1000;
    }

    /** Bits a second, whole bytes of them. */
    long rate(String message) {
        return whole(next(), RATE, 1e15, message) / 8 * 8;
    }

    /** Bytes. */
    long size(String message) {
        return whole(next(), SIZE, 4_294_967_295.0, message);
    }

    private long whole(String word, Map<String, Double> units, double most, String message) {
        Double value = value(word, units);
        if (value == null || value > most) {
            throw fault(message);
        }
        return StrictMath.round(value);
    }

    /** A whole number from 0, also as 0x1f. */
    long number(long most, String message) {
        try {
            long value = Long.decode(next());
            if (value >= 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw fault(message);
        }
        throw fault(message);
    }

    /** A whole number that may be below 0. */
    int integer(String message) {
        try {
            return Integer.decode(next());
        } catch (NumberFormatException e) {
            throw fault(message);
        }
    }
}
