package io.hopscope.scenarios.eras;

import io.hopscope.core.Network;
import java.util.List;

/** The four eras of the data centre. */
public final class Eras {
    public static final String BARE_METAL = "bare-metal";
    public static final String VM = "vm";
    public static final String CONTAINER_L2 = "container-l2";
    public static final String CONTAINER_ROUTED = "container-routed";
    public static final List<String> NAMES = List.of(BARE_METAL, VM, CONTAINER_L2, CONTAINER_ROUTED);

    private Eras() {}

    static Site build(EraSpec spec) {
        Network network = new Network(spec.seed());
        return switch (spec.name()) {
            case CONTAINER_ROUTED -> new RoutedNodes(spec, network).build();
            case VM -> new ComputeNodes(spec, network, true).build();
            default -> new ComputeNodes(spec, network, false).build();
        };
    }
}
