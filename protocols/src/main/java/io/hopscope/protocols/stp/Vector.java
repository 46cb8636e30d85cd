package io.hopscope.protocols.stp;

/**
 * A priority vector (IEEE 802.1D-2004, clause 17.5): the less, the better.
 *
 * @param root the bridge believed to be root
 * @param cost of the path to it
 * @param bridge who says so
 * @param port through which port
 */
record Vector(long root, int cost, long bridge, int port) implements Comparable<Vector> {
    @Override
    public int compareTo(Vector other) {
        int by = Long.compareUnsigned(root, other.root);
        by = by != 0 ? by : Integer.compareUnsigned(cost, other.cost);
        by = by != 0 ? by : Long.compareUnsigned(bridge, other.bridge);
        return by != 0 ? by : Integer.compare(port, other.port);
    }

    boolean better(Vector other) {
        return compareTo(other) < 0;
    }

    /** Behind a port of that cost. */
    Vector plus(int pathCost) {
        return new Vector(root, cost + pathCost, bridge, port);
    }
}
