package io.hopscope.core.qdisc;

import java.util.List;
import java.util.Locale;

/**
 * How jitter is distributed, by tables of 4,096 points as those of tc's netem, computed from the same definitions: the
 * normal distribution, Pareto's with shape 3, and a quarter of the first with three quarters of the second.
 */
public enum Distribution {
    /** Every value from one end to the other is as likely: needs no table. */
    UNIFORM,
    NORMAL,
    PARETO,
    PARETONORMAL;

    /** What stands for one unit of jitter in a table. */
    static final int SCALE = 8192;

    private static final int SIZE = 4096;
    /** The step in which tc's table of the normal distribution was searched. */
    private static final double GRID = 20_000;

    private short[] table;

    /** As tc calls it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> words() {
        return List.of("uniform", "normal", "pareto", "paretonormal");
    }

    /**
     * Jitter around a mean.
     *
     * @param random 32 bits
     */
    long draw(long mean, long jitter, long random) {
        if (jitter == 0) {
            return mean;
        } else if (this == UNIFORM) {
            return mean - jitter + Math.multiplyHigh(random << 31, jitter << 2);
        }
        long t = table()[(int) (random % SIZE)];
        long rest = jitter % SCALE * t;
        rest += rest >= 0 ? SCALE / 2 : -SCALE / 2;
        return rest / SCALE + jitter / SCALE * t + mean;
    }

    synchronized short[] table() {
        if (table == null) {
            table = new short[SIZE];
            double normal = -4;
            for (int i = 0; i < SIZE; i++) {
                normal = quantile((4 * i + 0.5) / (4 * SIZE), normal);
                double stepped = SCALE * Math.floor(normal * GRID) / GRID;
                double pareto = SCALE * 4 / 3.0 * (StrictMath.pow((SIZE - i) / (double) SIZE, -1 / 3.0) - 1.5);
                pareto = Math.min(Short.MAX_VALUE, pareto);
                double value =
                        switch (this) {
                            case NORMAL -> stepped;
                            case PARETO -> pareto;
                            default -> stepped / 4 + pareto * 3 / 4;
                        };
                table[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.rint(value)));
            }
        }
        return table;
    }

    /** Where the normal distribution has come to {@code p}, by Newton's method from somewhere near and below. */
    private static double quantile(double p, double near) {
        double x = near;
        for (int i = 0; i < 8; i++) {
            x -= (normal(x) - p) / density(x);
        }
        return x;
    }

    /** The normal distribution function, by its series (Marsaglia 2004). */
    private static double normal(double x) {
        double sum = x;
        double term = x;
        for (int i = 3; sum + term != sum; i += 2) {
            term = term * x * x / i;
            sum += term;
        }
        return 0.5 + sum * density(x);
    }

    private static double density(double x) {
        return StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
