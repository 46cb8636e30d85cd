package io.hopscope.scenarios;

import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes and links as they grow: those of the file, then those of blueprints. */
final class Expansion {
    private static final int MOST_NODES = 200_000;

    private record Claim(Prefix prefix, String node) {}

    private final List<Claim> claims = new ArrayList<>();
    private final Problems problems;
    final Map<String, Value> nodes = new LinkedHashMap<>();
    final List<Value> links = new ArrayList<>();
    private final Map<String, String> joined = new HashMap<>();

    Expansion(Problems problems) {
        this.problems = problems;
    }

    Problems problems() {
        return problems;
    }

    /**
     * @param node plain texts, lists and maps, or a {@link Value}
     * @return false when there are too many
     */
    boolean node(String name, Object node, Where where) {
        if (nodes.containsKey(name)) {
            problems.add(where, "node '" + name + "' a second time", "each node once");
            return true;
        }
        if (nodes.size() >= MOST_NODES) {
            problems.add(where, "more than " + MOST_NODES + " nodes", "fewer");
            return false;
        }
        nodes.put(name, Value.of(node, where));
        return true;
    }

    /**
     * Takes a prefix for a node: nobody else's may overlap it.
     *
     * @param what it is, for the message: a container network
     */
    void claim(String what, Prefix prefix, String node, Where where) {
        Claim other = claims.stream()
                .filter(each -> each.prefix.overlaps(prefix))
                .findFirst()
                .orElse(null);
        if (other != null) {
            problems.add(
                    where,
                    what + " " + prefix + ", which overlaps " + other.prefix + " of " + other.node,
                    "one of its own");
        }
        claims.add(new Claim(prefix, node));
    }

    void link(String a, String b, Where where) {
        link(Value.of(Map.of("endpoints", List.of(a, b)), where));
    }

    void link(Value link) {
        links.add(link);
        List<Value> ends = link.items("endpoints");
        if (ends.size() == 2) {
            joined.putIfAbsent(ends.get(0).text(), ends.get(1).text());
            joined.putIfAbsent(ends.get(1).text(), ends.get(0).text());
        }
    }

    /** What a port is joined to so far; null for nothing. */
    String joined(String endpoint) {
        return joined.get(endpoint);
    }
}
