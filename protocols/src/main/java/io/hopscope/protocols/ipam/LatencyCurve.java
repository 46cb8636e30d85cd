package io.hopscope.protocols.ipam;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long an allocation takes by how many there are already: points with straight lines between them, level before the
 * first and after the last.
 */
public final class LatencyCurve {
    private static final Pattern POINT = Pattern.compile("(\\d{1,9}):(\\d{1,9}(?:\\.\\d{1,6})?)(us|ms|s)");

    /**
     * The one published figure is about ten seconds an address beyond 40,000 instances; that it is small before is a
     * choice of this model.
     */
    public static final LatencyCurve DEFAULT = parse("0:10ms,30000:100ms,40000:10s");

    private final long[] sizes;
    private final long[] picos;

    private LatencyCurve(long[] sizes, long[] picos) {
        this.sizes = sizes;
        this.picos = picos;
    }

    /**
     * Reads {@code 0:10ms,30000:100ms,40000:10s}.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    public static LatencyCurve parse(String text) {
        List<long[]> points = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            Matcher point = POINT.matcher(each);
            if (!point.matches()) {
                throw new IllegalArgumentException("found '" + each + "', expected SIZE:LATENCY such as 30000:100ms");
            }
            long size = Long.parseLong(point.group(1));
            if (!points.isEmpty() && points.get(points.size() - 1)[0] >= size) {
                throw new IllegalArgumentException("found size " + size + " after a larger one, expected rising sizes");
            }
            points.add(new long[] {size, picos(point.group(2), point.group(3))});
        }
        return new LatencyCurve(
                points.stream().mapToLong(point -> point[0]).toArray(),
                points.stream().mapToLong(point -> point[1]).toArray());
    }

    private static long picos(String number, String unit) {
        double factor = unit.equals("us") ? 1e6 : unit.equals("ms") ? 1e9 : 1e12;
        double value = Double.parseDouble(number) * factor;
        if (value > 3.6e15) {
            throw new IllegalArgumentException("found '" + number + unit + "', expected at most an hour");
        }
        return StrictMath.round(value);
    }

    /** Picoseconds for the next allocation when there are so many. */
    public long at(long size) {
        int next = 0;
        while (next < sizes.length && sizes[next] <= size) {
            next++;
        }
        if (next == 0 || next == sizes.length) {
            return picos[Math.max(0, next - 1)];
        }
        double share = (double) (size - sizes[next - 1]) / (sizes[next] - sizes[next - 1]);
        return picos[next - 1] + StrictMath.round(share * (picos[next] - picos[next - 1]));
    }
}
