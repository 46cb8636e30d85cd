package io.hopscope.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What each kind of device costs; the figures and their sources stand in {@code costs.properties}. */
public final class Costs {
    /** Pure link arithmetic. */
    public static final Costs NONE = new Costs(new Properties(), 0);

    private final Properties figures;
    private final double scale;

    private Costs(Properties figures, double scale) {
        this.figures = figures;
        this.scale = scale;
    }

    public static Costs defaults() {
        var figures = new Properties();
        try (InputStream in = Costs.class.getResourceAsStream("costs.properties")) {
            figures.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Costs(figures, 1);
    }

    public Costs scaled(double factor) {
        return new Costs(figures, scale * factor);
    }

    /** A kind without a figure costs nothing. */
    public Cost of(String kind) {
        String figure = figures.getProperty(kind);
        if (figure == null || scale == 0) {
            return Cost.NONE;
        }
        String[] parts = figure.trim().split("\\s+");
        boolean pipelined = parts.length > 2 && parts[2].equals("pipeline");
        Cost cost = new Cost(picos(parts[0]), picos(parts[1]), pipelined);
        return scale == 1 ? cost : cost.scaled(scale);
    }

    private static long picos(String nanos) {
        return StrictMath.round(Double.parseDouble(nanos) * 1000);
    }
}
