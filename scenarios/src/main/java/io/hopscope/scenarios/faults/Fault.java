package io.hopscope.scenarios.faults;

import io.hopscope.core.Node;
import io.hopscope.core.Port;

/**
 * Something of the network that fails, and when.
 *
 * @param link one end of a cable that is cut; null where something else fails
 * @param node that loses its power; null where something else fails
 * @param other what fails where it is neither: a port, or one direction of a cable that is impaired
 * @param at when it fails, in picoseconds
 * @param until when it works again; {@link Long#MAX_VALUE} for never
 */
public record Fault(Port link, Node node, String other, long at, long until) {
    /** A link or a node. */
    public Fault(Port link, Node node, long at, long until) {
        this(link, node, null, at, until);
    }

    /** {@code link a:eth1 -- b:eth1}, {@code node tor1}, {@code port a:eth1}, {@code a:eth1 -> b:eth1 loss 1%}. */
    public String what() {
        if (other != null) {
            return other;
        }
        return link != null ? "link " + link + " -- " + link.peer() : "node " + node;
    }
}
