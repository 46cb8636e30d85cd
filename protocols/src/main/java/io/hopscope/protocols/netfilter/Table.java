package io.hopscope.protocols.netfilter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A table of chains: raw, mangle, nat, filter or security. */
public final class Table {
    /** Tables that there are, in the order in which a hook asks them. */
    static final List<String> NAMES = List.of("raw", "mangle", "nat", "filter", "security");

    private final String name;
    private final Map<String, Chain> chains = new LinkedHashMap<>();

    Table(String name) {
        this.name = name;
        builtIn(name).forEach(each -> chains.put(each, new Chain(name, each, true)));
    }

    static List<String> builtIn(String table) {
        return switch (table) {
            case "raw" -> List.of("PREROUTING", "OUTPUT");
            case "mangle" -> List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");
            case "nat" -> List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING");
            default -> List.of("INPUT", "FORWARD", "OUTPUT");
        };
    }

    public String name() {
        return name;
    }

    /** Null if there is none of that name. */
    Chain chain(String chainName) {
        return chains.get(chainName);
    }

    List<String> chainNames() {
        return List.copyOf(chains.keySet());
    }

    /** Built-in ones first, then the user's by name. */
    List<Chain> chains() {
        List<Chain> all = new ArrayList<>(chains.values());
        List<String> first = builtIn(name);
        all.sort(Comparator.comparingInt((Chain each) -> each.builtIn() ? first.indexOf(each.name()) : first.size())
                .thenComparing(Chain::name));
        return all;
    }

    Chain add(String chainName) {
        Chain made = new Chain(name, chainName, false);
        chains.put(chainName, made);
        return made;
    }

    void remove(Chain chain) {
        chain.flush();
        chains.remove(chain.name());
    }

    void rename(Chain chain, String to) {
        chains.remove(chain.name());
        chain.rename(to);
        chains.put(to, chain);
        chains.values().forEach(each -> each.rules().forEach(Rule::forgetText));
    }

    /** Complains about jumps that lead back, and matches and targets that a hook does not know. */
    void check() {
        Set<Chain> straight = new LinkedHashSet<>();
        for (Chain each : chains.values()) {
            circles(each, new LinkedHashSet<>(), straight);
        }
        for (Chain each : chains.values()) {
            if (each.builtIn()) {
                reach(each, each.name(), new LinkedHashSet<>());
            }
        }
    }

    /** Each chain once, however many ways lead to it. */
    private static void reach(Chain from, String hook, Set<Chain> reached) {
        if (!reached.add(from)) {
            return;
        }
        for (Rule each : from.rules()) {
            at(each, hook, each.target().name(), each.target().hooks());
            for (Match match : each.matches()) {
                at(each, hook, "-m " + match.name() + " so", match.hooks());
            }
            if (each.target() instanceof ChainTarget jump) {
                reach(jump.chain(), hook, reached);
            }
        }
    }

    private static void at(Rule rule, String hook, String what, List<String> hooks) {
        if (!hooks.isEmpty() && !hooks.contains(hook)) {
            throw new RuleSyntaxException(
                    rule.line(),
                    rule.column(),
                    what + " in a chain that " + hook + " leads to",
                    "it in chains that only " + String.join(", ", hooks) + " lead to",
                    null);
        }
    }

    /**
     * @param above the way here
     * @param straight chains from which no way leads back
     */
    private static void circles(Chain from, Set<Chain> above, Set<Chain> straight) {
        if (straight.contains(from)) {
            return;
        }
        above.add(from);
        for (Rule each : from.rules()) {
            if (each.target() instanceof ChainTarget jump) {
                if (above.contains(jump.chain())) {
                    throw new RuleSyntaxException(
                            each.line(),
                            each.column(),
                            "a jump back to " + jump.chain().name(),
                            "one that leads out of no circle",
                            null);
                }
                circles(jump.chain(), above, straight);
            }
        }
        above.remove(from);
        straight.add(from);
    }

    /**
     * As iptables-save prints it, without the remarks before and after.
     *
     * @param counters whether each rule has its own in front
     */
    List<String> save(boolean counters) {
        List<String> lines = new ArrayList<>();
        lines.add("*" + name);
        List<Chain> all = chains();
        for (Chain each : all) {
            Rule policy = each.policy();
            lines.add(":" + each.name() + " " + each.policyText() + " [" + policy.packets + ":" + policy.bytes + "]");
        }
        for (Chain each : all) {
            for (Rule rule : each.rules()) {
                String text = rule.text();
                lines.add((counters ? "[" + rule.packets + ":" + rule.bytes + "] " : "") + "-A " + each.name()
                        + (text.isEmpty() ? "" : " " + text));
            }
        }
        lines.add("COMMIT");
        return lines;
    }
}
