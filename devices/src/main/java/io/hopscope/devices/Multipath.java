package io.hopscope.devices;

import io.hopscope.protocols.Route;
import java.util.List;

/** A router that spreads flows over equal routes. */
public interface Multipath {
    /** Several routes to one destination, in place of those of their metric. */
    void route(List<Route> equal);

    /** A route of the table and its equals. */
    List<Route> equal(Route route);
}
