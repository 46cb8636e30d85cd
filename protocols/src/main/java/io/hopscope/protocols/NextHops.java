package io.hopscope.protocols;

import java.util.Arrays;
import java.util.List;

/**
 * The next hops of one route, among which flows are spread by a hash and by weight as Linux does (fib_rebalance,
 * fib_select_multipath): each has a share of the hash's 31 bits.
 */
public final class NextHops {
    /** Bits of a hash that count. */
    private static final int BITS = 31;

    private final Route[] routes;
    private final int[] weights;
    private final int[] upper;

    /**
     * @param routes one for each next hop, all to the same prefix
     * @param weights from 1 to 256 each
     */
    public NextHops(List<Route> routes, int[] weights) {
        this.routes = routes.toArray(new Route[0]);
        this.weights = weights.clone();
        long total = Arrays.stream(weights).asLongStream().sum();
        upper = new int[weights.length];
        long sum = 0;
        for (int i = 0; i < upper.length; i++) {
            sum += weights[i];
            upper[i] = (int) (((sum << BITS) + total / 2) / total - 1);
        }
    }

    public int size() {
        return routes.length;
    }

    public Route get(int i) {
        return routes[i];
    }

    public int weight(int i) {
        return weights[i];
    }

    /** The next hop of a flow. */
    public Route pick(int hash) {
        int value = hash >>> 1;
        for (int i = 0; i < upper.length - 1; i++) {
            if (value <= upper[i]) {
                return routes[i];
            }
        }
        return routes[routes.length - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NextHops those
                && Arrays.equals(routes, those.routes)
                && Arrays.equals(weights, those.weights);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(routes);
    }
}
