package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import java.util.List;
import java.util.function.LongSupplier;

/** The four eras of the data centre. */
public final class Eras {
    public static final String BARE_METAL = "bare-metal";
    public static final String VM = "vm";
    public static final String CONTAINER_L2 = "container-l2";
    public static final String CONTAINER_ROUTED = "container-routed";
    public static final List<String> NAMES = List.of(BARE_METAL, VM, CONTAINER_L2, CONTAINER_ROUTED);

    private Eras() {}

    /** For people. */
    static String title(String name) {
        return switch (name) {
            case BARE_METAL -> "bare metal, flat layer 2, gateway on the core";
            case VM -> "virtual machines on a large layer 2";
            case CONTAINER_L2 -> "containers on the same large layer 2";
            default -> "containers behind a virtual router in each node";
        };
    }

    /** What a design of this size consists of: of the machines' servers a third has none and is an endpoint itself. */
    public static String population(EraSpec spec) {
        String servers = spec.racks() + " racks x " + spec.perRack() + " servers";
        if (!spec.name().equals(VM)) {
            return servers + " x " + spec.density() + " endpoints";
        }
        int virtualised = VirtualMachines.virtualised(spec.servers());
        return servers + ", " + virtualised + " of them with " + spec.density() + " virtual machines each, "
                + (spec.servers() - virtualised) + " with none";
    }

    /**
     * Builds an era, lets everybody come and send, and reads what the switches then hold.
     *
     * @param clock nanoseconds of real time
     * @throws IllegalArgumentException if it cannot be built in that size
     */
    public static EraResult run(EraSpec spec, Progress progress, LongSupplier clock) {
        return new Experiment(spec, progress, clock).run();
    }

    /**
     * Builds an era into a network in which everybody comes, one after the other, when the switches have found one
     * another: from eight seconds on.
     *
     * @throws IllegalArgumentException if it cannot be built in that size
     */
    public static void into(Network network, EraSpec spec) {
        Site site = build(spec, network);
        new Announcements(site, Experiment.READY, network.seed().stream("announcements"));
    }

    static Site build(EraSpec spec) {
        return build(spec, new Network(spec.seed()));
    }

    private static Site build(EraSpec spec, Network network) {
        return switch (spec.name()) {
            case CONTAINER_ROUTED -> new RoutedNodes(spec, network).build();
            case VM -> new VirtualMachines(spec, network).build();
            case CONTAINER_L2 -> new Containers(spec, network).build();
            default -> new BareMetal(spec, network).build();
        };
    }
}
