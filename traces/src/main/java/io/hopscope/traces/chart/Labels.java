package io.hopscope.traces.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds room for labels beside what they name: of some dozens of places around a point the one that covers least of lines
 * and other labels. Labels are placed in the order given, and none moves later.
 */
final class Labels {
    static final double SIZE = 12;
    static final double LEADING = 14.5;
    /** Leader lines begin where a label is further away than this. */
    static final double NEAR = 16;

    private static final double[] DISTANCES = {9, 16, 26, 36, 46, 58, 72, 90, 110};
    /** Which way along x and y, and how unwelcome: a name is looked for to the right first. */
    private static final double[][] DIRECTIONS = {
        {1, 0, 0},
        {1, -0.8, 4},
        {1, 0.8, 4},
        {1, -0.3, 8},
        {1, 0.3, 8},
        {0, -1, 30},
        {0, 1, 30},
        {-1, -0.8, 32},
        {-1, 0.8, 32},
        {-1, 0, 36},
        {-1, -0.3, 36}
    };

    /** How far to the left or right a label stands that is above or below. */
    private static final double ASIDE = 14;

    private static final double COVERS_LABEL = 2000;
    private static final double COVERS_LINE = 100;

    /** A rectangle; {@code x} and {@code y} are its upper left corner. */
    record Box(double x, double y, double width, double height) {
        double right() {
            return x + width;
        }

        double bottom() {
            return y + height;
        }

        boolean meets(Box other) {
            return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
        }

        boolean holds(Box other) {
            return other.x >= x && other.y >= y && other.right() <= right() && other.bottom() <= bottom();
        }

        /** Whether a line from a to b passes through (Liang and Barsky 1984). */
        boolean crossed(double ax, double ay, double bx, double by) {
            double[] p = {ax - bx, bx - ax, ay - by, by - ay};
            double[] q = {ax - x, right() - ax, ay - y, bottom() - ay};
            double enters = 0;
            double leaves = 1;
            for (int side = 0; side < 4; side++) {
                if (p[side] == 0 && q[side] < 0) {
                    return false;
                } else if (p[side] < 0) {
                    enters = Math.max(enters, q[side] / p[side]);
                } else if (p[side] > 0) {
                    leaves = Math.min(leaves, q[side] / p[side]);
                }
            }
            return enters <= leaves;
        }
    }

    private final Box canvas;
    private final List<Box> taken = new ArrayList<>();
    private final List<double[]> segments = new ArrayList<>();

    Labels(Box canvas) {
        this.canvas = canvas;
    }

    void segment(double ax, double ay, double bx, double by) {
        segments.add(new double[] {ax, ay, bx, by});
    }

    void take(Box box) {
        taken.add(box);
    }

    /** The box of a label for a point; taken from now on. */
    Box place(double x, double y, String label) {
        return place(x, y, width(label), label.split("\n").length * LEADING);
    }

    /** The same for what is so large. */
    Box place(double x, double y, double width, double height) {
        Box best = null;
        double least = Double.MAX_VALUE;
        for (double distance : DISTANCES) {
            for (double[] way : DIRECTIONS) {
                Box box = beside(x, y, way, distance, width, height);
                double cost = cost(box) + distance + way[2];
                if (cost < least) {
                    least = cost;
                    best = box;
                }
            }
        }
        taken.add(best);
        return best;
    }

    private static Box beside(double x, double y, double[] way, double distance, double width, double height) {
        double aside = Math.abs(way[1]) < 0.5 ? distance : Math.min(distance, ASIDE);
        double left = way[0] == 0 ? x - width / 2 : way[0] > 0 ? x + aside : x - aside - width;
        double middle = y + way[1] * (distance + height / 2);
        return new Box(left, middle - height / 2, width, height);
    }

    private double cost(Box box) {
        double cost = canvas.holds(box) ? 0 : 4 * COVERS_LABEL;
        for (Box other : taken) {
            cost += box.meets(other) ? COVERS_LABEL : 0;
        }
        int crossings = 0;
        for (double[] each : segments) {
            crossings += box.crossed(each[0], each[1], each[2], each[3]) ? 1 : 0;
        }
        return cost + COVERS_LINE * Math.min(10, crossings);
    }

    /** A little more than the fonts that browsers have for sans-serif need. */
    static double width(String label) {
        double widest = 0;
        for (String line : label.split("\n")) {
            double width = 0;
            for (char c : line.toCharArray()) {
                width += "il.,:;|!' ".indexOf(c) >= 0
                        ? 0.33
                        : Character.isUpperCase(c) || "mw%".indexOf(c) >= 0 ? 0.78 : 0.58;
            }
            widest = Math.max(widest, width);
        }
        return widest * SIZE + 4;
    }
}
