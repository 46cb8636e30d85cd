package io.hopscope.protocols.asic;

import java.util.ArrayList;
import java.util.List;

/**
 * Control-plane policing: how many packets a second of each class may reach the CPU.
 *
 * @param rates one a {@link PuntClass}, in order; empty for no policing: every class shares one queue
 */
public record CoppProfile(String name, List<Long> rates) {
    /** SONiC's copp_cfg.j2 and its neighbour-miss trap; what has no group of its own has the default's 600. */
    private static final CoppProfile SONIC = of("sonic", 600, 6000, 600, 300, 6000, 200, 600, 600, 600, 600, 600);

    /** NX-OS on Nexus 3000: bpdu, routingProto1, arp, dhcp, selfIp, glean, ttl1, l3mtufail, l3slowpath, l3destmiss, default. */
    private static final CoppProfile NX_OS = of("nx-os", 12000, 1000, 200, 300, 500, 500, 100, 100, 100, 100, 400);

    private static final CoppProfile NONE = new CoppProfile("none", List.of());

    public CoppProfile {
        rates = List.copyOf(rates);
    }

    private static CoppProfile of(String name, long... rates) {
        List<Long> all = new ArrayList<>();
        for (long each : rates) {
            all.add(each);
        }
        return new CoppProfile(name, all);
    }

    public static List<String> names() {
        return List.of("sonic", "nx-os", "none");
    }

    /**
     * @throws IllegalArgumentException if there is none of that name
     */
    public static CoppProfile named(String name) {
        return switch (name) {
            case "sonic" -> SONIC;
            case "nx-os" -> NX_OS;
            case "none" -> NONE;
            default -> throw new IllegalArgumentException("CoPP profile " + name);
        };
    }

    public boolean polices() {
        return !rates.isEmpty();
    }

    /** The same with another rate for one class. */
    public CoppProfile with(PuntClass of, long rate) {
        List<Long> changed = new ArrayList<>(rates);
        changed.set(of.ordinal(), rate);
        return new CoppProfile(name, changed);
    }

    /** A policer a class, each with a burst of one second's packets, as SONiC's cbs is its cir. */
    public TokenBucket[] policers() {
        return rates.stream().map(rate -> new TokenBucket(rate, rate)).toArray(TokenBucket[]::new);
    }
}
