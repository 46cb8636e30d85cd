package io.hopscope.scenarios.traffic;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Kinds of destination, counted apart: those that have an entry in a table and those that have none, for instance. Asked
 * once for each endpoint, when the traffic is installed.
 *
 * @param of the position among the names
 */
public record Categories(List<String> names, ToIntFunction<Endpoint> of) {
    /** What a packet has room for. */
    static final int MOST = 255;

    /** All destinations are alike. */
    public static final Categories NONE = new Categories(List.of("all"), endpoint -> 0);

    public Categories {
        names = List.copyOf(names);
        if (names.isEmpty() || names.size() > MOST) {
            throw new IllegalArgumentException(names.size() + " categories; expected 1 to " + MOST);
        }
    }
}
