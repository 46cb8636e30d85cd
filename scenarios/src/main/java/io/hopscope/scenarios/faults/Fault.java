package io.hopscope.scenarios.faults;

import io.hopscope.core.Network;
import io.hopscope.core.Node;
import io.hopscope.core.Port;

/**
 * A link or a node that fails, and when.
 *
 * @param link one end of the cable; null where a node fails
 * @param node null where a link fails
 * @param at when it fails, in picoseconds
 * @param until when it works again; {@link Long#MAX_VALUE} for never
 */
public record Fault(Port link, Node node, long at, long until) {
    /** Makes it part of a network that has not run yet. */
    public void schedule(Network network) {
        if (link != null) {
            network.link(link, false, at);
        } else {
            network.power(node, false, at);
        }
        if (until == Long.MAX_VALUE) {
            return;
        } else if (link != null) {
            network.link(link, true, until);
        } else {
            network.power(node, true, until);
        }
    }

    /** {@code link a:eth1 -- b:eth1}, or {@code node tor1}. */
    public String what() {
        return link != null ? "link " + link + " -- " + link.peer() : "node " + node;
    }
}
