package io.hopscope.scenarios.eras;

import io.hopscope.scenarios.traffic.FrameSizes;
import io.hopscope.scenarios.traffic.Matrix;
import io.hopscope.scenarios.traffic.TrafficSpec;

/** Who talks to whom in which era. */
final class Talks {
    private static final double CLIENTS = 0.8;

    private Talks() {}

    /** Clients outside ask servers; a fifth is between servers. */
    static TrafficSpec clients(String name, double perEndpoint) {
        return TrafficSpec.of(name, Matrix.NORTH_SOUTH, perEndpoint)
                .mix(
                        new TrafficSpec.Share(Matrix.NORTH_SOUTH, CLIENTS),
                        new TrafficSpec.Share(Matrix.EAST_WEST, 1 - CLIENTS))
                .sizes(FrameSizes.fixed(200))
                .replies(FrameSizes.IMIX);
    }

    /** Microservices: anybody asks anybody, and is answered. */
    static TrafficSpec services(String name, double perEndpoint) {
        return TrafficSpec.of(name, Matrix.ALL_TO_ALL, perEndpoint)
                .sizes(FrameSizes.DATA_CENTRE)
                .replies(FrameSizes.DATA_CENTRE);
    }

    /** Services that ask one other each, and are answered. */
    static TrafficSpec peers(String name, double perEndpoint) {
        return TrafficSpec.of(name, Matrix.PAIRS, perEndpoint)
                .sizes(FrameSizes.DATA_CENTRE)
                .replies(FrameSizes.DATA_CENTRE);
    }

    /** One way, always into another subnet: what the core has no entry for is its CPU's work. */
    static TrafficSpec acrossSubnets(String name, double perEndpoint) {
        return TrafficSpec.of(name, Matrix.EAST_WEST, perEndpoint).local(0);
    }
}
