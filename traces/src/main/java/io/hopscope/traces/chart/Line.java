package io.hopscope.traces.chart;

import java.util.List;

/**
 * One line of a {@link Chart}, named where it ends.
 *
 * @param label of several lines, if need be; empty for none
 * @param colour as CSS writes it
 * @param dashed for what was not measured
 */
public record Line(String label, String colour, List<Point> points, boolean dashed, Dots dots) {
    /** What stands at each point, or at the last one only. */
    public enum Dots {
        NONE,
        END,
        FULL,
        HOLLOW
    }

    /** A measured value. */
    public record Point(double x, double y) {}

    public Line {
        points = List.copyOf(points);
    }

    public static Line of(String label, String colour, List<Point> points) {
        return new Line(label, colour, points, false, Dots.NONE);
    }

    public Line dots(Dots newDots) {
        return new Line(label, colour, points, dashed, newDots);
    }

    public Line dashed(boolean on) {
        return new Line(label, colour, points, on, dots);
    }
}
