package io.hopscope.protocols;

import io.hopscope.encap.Prefix;
import io.hopscope.protocols.RoutingRule.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Linux's policy routing: rules in order of their priority, each of which asks a table or refuses. A host without rules of
 * its own has none of this, but one {@link Fib} for {@code local} and {@code main}.
 */
public final class RoutingPolicy {
    public static final int LOCAL = 255;
    public static final int MAIN = 254;
    public static final int DEFAULT = 253;

    /** A rule said that there is no route: no other rule is asked. */
    private static final Route NOWHERE =
            Route.refusal(Prefix.ALL, Route.Type.UNREACHABLE).protocol("kernel");

    private final Fib own;
    private final IntFunction<String> names;
    private final TreeMap<Integer, Fib> tables = new TreeMap<>();
    private List<RoutingRule> rules = new ArrayList<>(List.of(
            RoutingRule.builtIn(0, LOCAL), RoutingRule.builtIn(32766, MAIN), RoutingRule.builtIn(32767, DEFAULT)));
    private boolean custom;
    private RoutingRule decided;

    /**
     * @param own the tables {@code local} and {@code main}
     * @param names of interfaces by their index
     */
    public RoutingPolicy(Fib own, IntFunction<String> names) {
        this.own = own;
        this.names = names;
    }

    /** In order of priority. */
    public List<RoutingRule> rules() {
        return List.copyOf(rules);
    }

    public void rules(List<RoutingRule> others) {
        rules = new ArrayList<>(others);
        custom = true;
    }

    /** Whether the rules were ever others than the three there are from the start. */
    public boolean custom() {
        return custom;
    }

    /**
     * Adds a rule, behind those of its priority.
     *
     * @param placed false to have it one place before the second rule (fib_default_rule_pref)
     * @return false where there is one like it
     */
    public boolean add(RoutingRule rule, boolean placed) {
        RoutingRule added = placed
                ? rule
                : rule.priority(rules.size() < 2 ? 0 : rules.get(1).priority() - 1);
        if (rules.contains(added)) {
            return false;
        }
        custom = true;
        int at = 0;
        while (at < rules.size() && Integer.compareUnsigned(rules.get(at).priority(), added.priority()) <= 0) {
            at++;
        }
        rules.add(at, added);
        return true;
    }

    public void remove(RoutingRule rule) {
        rules.remove(rule);
        custom = true;
    }

    /** A numbered table, or {@code default}; null where there is none, or for the two that are kept together. */
    public Fib table(int id) {
        return tables.get(id);
    }

    /** The same, made if there is none. */
    public Fib makeTable(int id) {
        return tables.computeIfAbsent(id, number -> new Fib());
    }

    /** Numbers of the tables there are beside {@code local} and {@code main}. */
    public Set<Integer> tables() {
        return tables.keySet();
    }

    /**
     * The route of a packet: one of type {@link Route.Type#UNREACHABLE} and its like where a rule or route refuses it, null
     * where no table has any.
     */
    public Route lookup(Flow flow) {
        decided = null;
        String in = flow.in == 0 ? null : names.apply(flow.in);
        String out = flow.out == 0 ? null : names.apply(flow.out);
        for (int i = 0; i < rules.size(); i++) {
            RoutingRule rule = rules.get(i);
            if (!rule.takes(flow, in, out) || rule.action() == Action.NOP) {
                continue;
            }
            if (rule.action() == Action.GOTO) {
                i = Math.max(i, first(rule.target()) - 1);
                continue;
            }
            Route found = found(rule, flow);
            decided = found == null ? null : rule;
            if (found == NOWHERE) {
                return null;
            } else if (found != null && found.type() != Route.Type.THROW) {
                return found;
            }
        }
        return null;
    }

    /** The rule that had the last word on the packet looked up last, by itself or its table; null where none had any. */
    public RoutingRule decided() {
        return decided;
    }

    /** Where a goto goes on; behind itself where there is no such rule. */
    private int first(int priority) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).priority() == priority) {
                return i;
            }
        }
        return 0;
    }

    private Route found(RoutingRule rule, Flow flow) {
        return switch (rule.action()) {
            case BLACKHOLE -> Route.refusal(Prefix.ALL, Route.Type.BLACKHOLE);
            case PROHIBIT -> Route.refusal(Prefix.ALL, Route.Type.PROHIBIT);
            // fib4_rule_action: as if there were no route at all.
            case UNREACHABLE -> NOWHERE;
            default -> {
                Route route = lookup(rule.target(), flow.destination, flow.out);
                yield route != null && route.length() <= rule.suppress() ? null : route;
            }
        };
    }

    /**
     * What one table says.
     *
     * @param device that it has to lead out of, or 0
     */
    public Route lookup(int table, int destination, int device) {
        if (table == MAIN || table == LOCAL) {
            return own.lookup(destination, table == LOCAL ? Fib.Part.LOCAL : Fib.Part.MAIN, device);
        }
        Fib fib = tables.get(table);
        return fib == null ? null : fib.lookup(destination, Fib.Part.BOTH, device);
    }
}
