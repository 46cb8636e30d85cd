package io.hopscope.protocols.firewall;

import io.hopscope.protocols.asic.AclRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may begin between segments: access lists, each for what goes from one segment to another, in their order. The first
 * rule that matches decides; what none matches is denied. No time ranges, no users, no applications.
 */
public final class Policy {
    /** {@link #match} found nothing: denied. */
    public static final int NONE = -1;

    /** In place of a segment: every one. */
    public static final String ANY = "any";

    /** As lists are numbered, so that another rule finds room between two. */
    private static final int STEP = 10;

    /** A rule in its list. */
    private record Line(String list, int number, AclRule rule) {}

    private final List<String> segments;
    private final List<Line> lines = new ArrayList<>();
    /** The positions of the rules that apply, by pair of segments. */
    private final int[][] pairs;

    private long[] hits = {};
    private final long[] ungranted;

    /**
     * @param segments their names; elsewhere they go by their positions
     */
    public Policy(List<String> segments) {
        this.segments = List.copyOf(segments);
        int n = segments.size();
        pairs = new int[n * n][0];
        ungranted = new long[n * n];
    }

    public List<String> segments() {
        return segments;
    }

    private int pair(int from, int to) {
        return from * segments.size() + to;
    }

    /**
     * Puts a rule behind the others.
     *
     * @param from a segment, or {@link #ANY}
     * @param to likewise
     */
    public Policy add(String from, String to, AclRule rule) {
        String list = from + "-" + to;
        long before = lines.stream().filter(line -> line.list.equals(list)).count();
        lines.add(new Line(list, (int) (before + 1) * STEP, rule));
        hits = Arrays.copyOf(hits, lines.size());
        for (int in = 0; in < segments.size(); in++) {
            for (int out = 0; out < segments.size(); out++) {
                if (is(from, in) && is(to, out)) {
                    int[] those = pairs[pair(in, out)];
                    those = Arrays.copyOf(those, those.length + 1);
                    those[those.length - 1] = lines.size() - 1;
                    pairs[pair(in, out)] = those;
                }
            }
        }
        return this;
    }

    private boolean is(String name, int segment) {
        return name.equals(ANY) || name.equals(segments.get(segment));
    }

    /**
     * The position of the first rule that matches what begins, or {@link #NONE}; it is counted.
     *
     * @param port destination port, or -1 where there is none
     */
    public int match(int from, int to, int source, int destination, int protocol, int port) {
        for (int at : pairs[pair(from, to)]) {
            if (lines.get(at).rule.matches(source, destination, protocol, port)) {
                hits[at]++;
                return at;
            }
        }
        ungranted[pair(from, to)]++;
        return NONE;
    }

    public boolean permits(int position) {
        return lines.get(position).rule.permit();
    }

    /** A rule as messages name it: {@code inside-outside 10 permit tcp any any eq 443}. */
    public String text(int position) {
        Line line = lines.get(position);
        return line.list + " " + line.number + " " + line.rule;
    }

    /** How often a rule has matched. */
    public long hits(int position) {
        return hits[position];
    }

    /** As NX-OS shows access lists, then what no rule matched. */
    public List<String> dump() {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            lists.computeIfAbsent(line.list, name -> new ArrayList<>())
                    .add("        " + line.number + " " + line.rule + " [match=" + hits[i] + "]");
        }
        List<String> text = new ArrayList<>();
        lists.forEach((name, rules) -> {
            text.add("IP access list " + name);
            text.add("        statistics per-entry");
            text.addAll(rules);
        });
        for (int in = 0; in < segments.size(); in++) {
            for (int out = 0; out < segments.size(); out++) {
                if (ungranted[pair(in, out)] > 0) {
                    text.add("no rule, " + segments.get(in) + "-" + segments.get(out) + " [match="
                            + ungranted[pair(in, out)] + "]");
                }
            }
        }
        return text;
    }
}
