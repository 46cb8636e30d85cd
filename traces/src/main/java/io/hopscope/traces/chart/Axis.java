package io.hopscope.traces.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One axis of a {@link Chart}: linear or logarithmic, with ticks at round numbers. */
public final class Axis {
    private static final int MANY = 8;
    private static final double NEARLY = 1e-9;
    private static final String[] UNITS = {"", "K", "M", "G", "T"};

    /** A place on the axis; without a label it is a short one. */
    public record Tick(double value, String label) {}

    private final String title;
    private final boolean log;
    private final double from;
    private final double to;
    private final List<Tick> ticks;

    private Axis(String title, boolean log, double from, double to, List<Tick> ticks) {
        this.title = title;
        this.log = log;
        this.from = from;
        this.to = to;
        this.ticks = ticks;
    }

    /** Ends at a round number that is no less than {@code to}. */
    public static Axis linear(String title, double from, double to) {
        double step = step(Math.max(to - from, NEARLY));
        double end = from + step * StrictMath.ceil((to - from) / step - NEARLY);
        List<Tick> ticks = new ArrayList<>();
        for (int n = 0; from + n * step <= end + step * NEARLY; n++) {
            double value = from + n * step;
            ticks.add(new Tick(value, text(value)));
        }
        return new Axis(title, false, from, end, ticks);
    }

    /** A step of 1, 2 or 5 times a power of ten, five or six of which fill the range. */
    private static double step(double range) {
        double power = StrictMath.pow(10, StrictMath.floor(StrictMath.log10(range / 5)));
        double times = range / 5 / power;
        return power * (times > 5 ? 10 : times > 2 ? 5 : times > 1 ? 2 : 1);
    }

    /**
     * @param from above 0
     */
    public static Axis log(String title, double from, double to) {
        List<Tick> all = new ArrayList<>();
        int labels = 0;
        for (int power = (int) StrictMath.floor(StrictMath.log10(from)); StrictMath.pow(10, power) <= to; power++) {
            for (int digit = 1; digit < 10; digit++) {
                double value = digit * StrictMath.pow(10, power);
                if (value >= from * (1 - NEARLY) && value <= to * (1 + NEARLY)) {
                    all.add(new Tick(value, digit == 1 || digit == 2 || digit == 5 ? text(value) : ""));
                    labels += digit == 1 || digit == 2 || digit == 5 ? 1 : 0;
                }
            }
        }
        if (labels > MANY) {
            all.replaceAll(tick -> new Tick(tick.value(), decade(tick.value()) ? tick.label() : ""));
        }
        return new Axis(title, true, from, to, all);
    }

    private static boolean decade(double value) {
        double power = StrictMath.log10(value);
        return Math.abs(power - StrictMath.rint(power)) < NEARLY;
    }

    /** The same axis with other ticks. */
    public Axis ticks(List<Tick> others) {
        return new Axis(title, log, from, to, List.copyOf(others));
    }

    /** {@code 1K}, {@code 150K}, {@code 2.5M}, {@code 0.1}. */
    public static String text(double value) {
        double rest = value;
        int unit = 0;
        while (Math.abs(rest) >= 1000 * (1 - NEARLY) && unit < UNITS.length - 1) {
            rest /= 1000;
            unit++;
        }
        String digits = String.format(Locale.ROOT, "%.3f", rest);
        return digits.replaceFirst("\\.?0+$", "") + UNITS[unit];
    }

    String title() {
        return title;
    }

    List<Tick> ticks() {
        return ticks;
    }

    /** 0 at the beginning, 1 at the end; what lies outside is moved to the nearer of them. */
    double place(double value) {
        double share = log
                ? StrictMath.log(Math.max(value, from) / from) / StrictMath.log(to / from)
                : (value - from) / (to - from);
        return Math.max(0, Math.min(1, share));
    }
}
