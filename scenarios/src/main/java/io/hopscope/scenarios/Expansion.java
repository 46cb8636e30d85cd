package io.hopscope.scenarios;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes and links as they grow: those of the file, then those of blueprints. */
final class Expansion {
    private static final int MOST_NODES = 200_000;

    private final Problems problems;
    final Map<String, Value> nodes = new LinkedHashMap<>();
    final List<Value> links = new ArrayList<>();

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

    void link(String a, String b, Where where) {
        links.add(Value.of(Map.of("endpoints", List.of(a, b)), where));
    }

    void link(Value link) {
        links.add(link);
    }
}
