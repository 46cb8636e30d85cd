package io.hopscope.scenarios.report;

import io.hopscope.scenarios.eras.EraSpec;
import java.util.ArrayList;
import java.util.List;

/** Which further runs the figures of a {@link CapacityReport} need. */
public final class CapacityPlan {
    /** Packets a second of each endpoint in a sweep. */
    public static final double RATE = 1;

    /** Shares of the full size: 10, 30, 46, 60 and 100 thousand of 150. */
    private static final double[] SHARES = {1 / 15., 1 / 5., 0.304, 0.4, 2 / 3.};

    /** A subnet is built if it is no larger than the era itself, so many times. */
    private static final int LARGER = 10;

    private static final int[] PREFIXES = {24, 23, 22, 20, 18};
    /** Network, broadcast, the gateway and both cores. */
    private static final int RESERVED = 5;

    private CapacityPlan() {}

    /** The same servers with fewer endpoints on them, smallest first; the full size is not among them. */
    public static List<EraSpec> sweep(EraSpec full, List<Integer> endpoints) {
        List<Integer> densities = new ArrayList<>();
        if (endpoints.isEmpty()) {
            for (double share : SHARES) {
                densities.add((int) StrictMath.round(full.density() * share));
            }
        }
        for (int each : endpoints) {
            densities.add((int) StrictMath.round((double) each / full.servers()));
        }
        return densities.stream()
                .map(each -> Math.max(1, each))
                .filter(each -> each < full.density())
                .distinct()
                .sorted()
                .map(each -> full.size(full.racks(), full.perRack(), each).loads(List.of(RATE)))
                .toList();
    }

    /** Networks of one full subnet, /24 first: nobody sends anything there but the one who asks. */
    public static List<EraSpec> arp(EraSpec era) {
        List<EraSpec> all = new ArrayList<>();
        int largest = Math.max(hosts(23), LARGER * era.servers() * era.density());
        for (int prefix : PREFIXES) {
            if (hosts(prefix) > largest) {
                continue;
            }
            int servers = Math.max(1, hosts(prefix) / era.density());
            int perRack = Math.min(servers, era.perRack());
            all.add(era.size((servers + perRack - 1) / perRack, perRack, era.density())
                    .subnetSize(prefix)
                    .warm(true)
                    .loads(List.of()));
        }
        return all;
    }

    /** Addresses that are left for hosts. */
    static int hosts(int prefix) {
        return (1 << 32 - prefix) - RESERVED;
    }
}
