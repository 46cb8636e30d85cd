package io.hopscope.scenarios.traffic;

import io.hopscope.core.RandomStream;

/** How many packets a flow has: a fixed number, or a bounded Pareto distribution, in which few flows carry most bytes. */
public final class FlowSizes {
    private final int least;
    private final int most;
    private final double shape;

    private FlowSizes(int least, int most, double shape) {
        if (least < 1 || most < least) {
            throw new IllegalArgumentException("flows of " + least + " to " + most + " packets");
        }
        this.least = least;
        this.most = most;
        this.shape = shape;
    }

    public static FlowSizes fixed(int packets) {
        return new FlowSizes(packets, packets, 1);
    }

    /**
     * Bounded Pareto.
     *
     * @param shape the smaller, the heavier the tail; 1.2 is usual for flows
     */
    public static FlowSizes pareto(int least, int most, double shape) {
        if (!(shape > 0)) {
            throw new IllegalArgumentException("a shape of " + shape + "; expected more than 0");
        }
        return new FlowSizes(least, most, shape);
    }

    int next(RandomStream random) {
        if (least == most) {
            return least;
        }
        double cut = 1 - StrictMath.pow((double) least / most, shape);
        double drawn = least / StrictMath.pow(1 - random.nextDouble() * cut, 1 / shape);
        return Math.min(most, (int) drawn);
    }

    @Override
    public String toString() {
        return least == most ? String.valueOf(least) : "pareto " + least + " to " + most + ", shape " + shape;
    }
}
