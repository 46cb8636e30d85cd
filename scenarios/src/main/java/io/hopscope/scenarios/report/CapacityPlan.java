package io.hopscope.scenarios.report;

import io.hopscope.scenarios.eras.EraSpec;
import io.hopscope.scenarios.eras.Eras;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

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

    /**
     * The same servers with fewer endpoints on them, and with as many, preloaded: with policing, unless there is none, and
     * without. The full size with policing is the era's own run, if that has the load.
     *
     * @param endpoints sizes; empty for five below the full one
     */
    public static List<EraSpec> sweep(EraSpec full, List<Integer> endpoints) {
        TreeSet<Integer> densities = new TreeSet<>(List.of(full.density()));
        if (endpoints.isEmpty()) {
            for (double share : SHARES) {
                densities.add(density(full, share * full.servers() * full.density()));
            }
        }
        endpoints.forEach(each -> densities.add(density(full, each)));
        List<EraSpec> all = new ArrayList<>();
        for (boolean copp : full.copp() ? new boolean[] {true, false} : new boolean[] {false}) {
            for (int each : densities) {
                if (each != full.density()
                        || copp != full.copp()
                        || !full.loads().contains(RATE)) {
                    all.add(full.size(full.racks(), full.perRack(), each)
                            .switches(full.table(), copp, full.crash())
                            .warm(true)
                            .loads(List.of(RATE)));
                }
            }
        }
        return all;
    }

    private static int density(EraSpec full, double endpoints) {
        return Math.max(1, (int) StrictMath.round(endpoints / full.servers()));
    }

    /**
     * Networks of one full subnet, /24 first: nobody sends anything there but the one who asks. Below them virtual machines
     * have the same network as containers, and these do not have to be started one by one.
     */
    public static List<EraSpec> arp(EraSpec asked) {
        EraSpec usual = EraSpec.usual(asked.name().equals(Eras.VM) ? Eras.CONTAINER_L2 : asked.name());
        EraSpec era = usual.size(asked.racks(), asked.perRack(), asked.density())
                .switches(asked.table(), asked.copp(), false)
                .run(asked.seed(), asked.workers());
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
