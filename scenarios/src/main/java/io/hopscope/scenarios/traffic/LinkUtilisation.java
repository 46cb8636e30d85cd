package io.hopscope.scenarios.traffic;

import io.hopscope.core.Device;
import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How full each direction of each cable was between two instants. Nothing is measured in between: each node reads its
 * ends' counters twice. A cable without a rate is never full and is left out.
 */
public final class LinkUtilisation {
    /**
     * One direction.
     *
     * @param bits that went out, with preamble, padding, FCS and gap
     * @param percent of what the rate would have let through
     */
    public record Direction(Port from, Port to, long bits, double percent) {}

    private static final class Reading {
        private final Port port;
        private long before;
        private long after;

        Reading(Port port) {
            this.port = port;
        }
    }

    private final long from;
    private final long to;
    private final List<Reading> readings = new ArrayList<>();

    private LinkUtilisation(long from, long to) {
        this.from = from;
        this.to = to;
    }

    /** To be asked for before the run gets there; instants in picoseconds of virtual time. */
    public static LinkUtilisation between(Network network, long from, long to) {
        if (to <= from) {
            throw new IllegalArgumentException("from " + from + " to " + to + " is no time");
        }
        LinkUtilisation made = new LinkUtilisation(from, to);
        network.nodes().forEach(made::watch);
        return made;
    }

    private void watch(Node node) {
        List<Reading> own = new ArrayList<>();
        for (Device device : node.devices()) {
            for (Port port : device.ports()) {
                if (port.cabled() && port.rate() > 0) {
                    own.add(new Reading(port));
                }
            }
        }
        if (!own.isEmpty()) {
            readings.addAll(own);
            node.at(from, now -> own.forEach(each -> each.before = each.port.carriedBits(now)));
            node.at(to, now -> own.forEach(each -> each.after = each.port.carriedBits(now)));
        }
    }

    /** In order of node and port. */
    public List<Direction> directions() {
        List<Direction> all = new ArrayList<>();
        for (Reading each : readings) {
            long bits = Math.max(0, each.after - each.before);
            double possible = each.port.rate() * ((to - from) / 1e12);
            all.add(new Direction(each.port, each.port.peer(), bits, 100 * bits / possible));
        }
        return all;
    }

    /** The fullest, most first. */
    public List<Direction> busiest(int count) {
        return directions().stream()
                .sorted(Comparator.comparingDouble(Direction::percent).reversed())
                .limit(count)
                .toList();
    }
}
