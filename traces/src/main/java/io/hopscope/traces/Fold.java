package io.hopscope.traces;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which hops of a flood need not be told, as they are like others that are: a packet of hundreds of hops is read by nobody. */
final class Fold {
    /** Up to here every hop is told. */
    private static final int FEW = 48;
    /** Alike, before the others are only counted. */
    private static final int EXAMPLES = 3;
    /** A frame that comes in by one port more often than this goes round. */
    private static final int ROUND = 3;

    private final List<Hop> hops;
    private final boolean[] hidden;
    private int from;

    Fold(List<Hop> hops) {
        this.hops = hops;
        hidden = new boolean[hops.size()];
        if (hops.size() <= FEW) {
            return;
        }
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < hops.size(); i++) {
            hidden[i] = seen.merge(kind(hops.get(i)), 1, Integer::sum) > EXAMPLES;
        }
        // A line for one alone would save none.
        for (int i = 0; i < hops.size(); i++) {
            hidden[i] &= i > 0 && hidden[i - 1] || hides(i + 1);
        }
    }

    /** Alike: what goes out of one device, and what came to the same end or decision at whichever. */
    private static String kind(Hop hop) {
        String why = hop.comment() == null ? "" : hop.comment();
        return hop.inbound() && hop.comment() != null ? why : hop.inbound() + hop.device() + why;
    }

    boolean hides(int hop) {
        return hop < hidden.length && hidden[hop];
    }

    /** What stands for those hidden since the last time. */
    List<String> told() {
        Map<String, Set<String>> ports = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        int first = from;
        while (first < hidden.length && !hidden[first]) {
            first++;
        }
        int end = first;
        while (hides(end)) {
            end++;
        }
        for (Hop hop : hops.subList(first, end)) {
            String kind = hop.inbound() && hop.comment() != null ? hop.comment() : "out of " + hop.device();
            ports.computeIfAbsent(kind, key -> new HashSet<>()).add(hop.port());
            counts.merge(kind, 1, Integer::sum);
        }
        from = end;
        List<String> lines = new ArrayList<>();
        ports.forEach((kind, at) -> {
            int count = counts.get(kind);
            String where = at.size() == 1 ? "at " + at.iterator().next() : "at " + at.size() + " ports";
            lines.add("... and "
                    + (at.size() < count
                            ? count + " times more " + where
                            : count + (count == 1 ? " more port" : " more ports"))
                    + " like this: " + kind);
        });
        if (lines.size() > EXAMPLES) {
            int more = end - first;
            return List.of("... and " + more + " more hops like those above (--all shows all)");
        }
        lines.set(lines.size() - 1, lines.get(lines.size() - 1) + " (--all shows all)");
        return lines;
    }

    /** Says so where the packet goes round; null where it does not. */
    String loop() {
        Map<String, Integer> came = new LinkedHashMap<>();
        Map<String, Integer> onward = new HashMap<>();
        hops.stream().filter(hop -> !hop.inbound()).forEach(hop -> onward.merge(hop.device(), 1, Integer::sum));
        for (Hop hop : hops.size() > FEW ? hops : List.<Hop>of()) {
            if (hop.inbound() && onward.getOrDefault(hop.device(), 0) > ROUND) {
                came.merge(hop.port(), 1, Integer::sum);
            }
        }
        String most = null;
        for (String port : came.keySet()) {
            most = most == null || came.get(port) > came.get(most) ? port : most;
        }
        return most == null || came.get(most) <= ROUND
                ? null
                : "a loop: it came in at " + most + " " + came.get(most) + " times";
    }
}
