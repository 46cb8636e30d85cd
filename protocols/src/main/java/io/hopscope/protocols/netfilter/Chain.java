package io.hopscope.protocols.netfilter;

import java.util.ArrayList;
import java.util.List;

/** A chain of rules, built in with a policy, or the user's. */
public final class Chain {
    private static final Rule[] NONE = {};

    private final String table;
    private String name;
    private final boolean builtIn;
    private final List<Rule> rules = new ArrayList<>();
    private final Rule policy = new Rule(this);
    private int verdict = Target.ACCEPT;
    private Rule[] compiled = NONE;
    /** Jumps and gotos that lead here. */
    int references;

    Chain(String table, String name, boolean builtIn) {
        this.table = table;
        this.name = name;
        this.builtIn = builtIn;
    }

    public String table() {
        return table;
    }

    public String name() {
        return name;
    }

    void rename(String to) {
        name = to;
    }

    boolean builtIn() {
        return builtIn;
    }

    /** {@code ACCEPT}, {@code DROP}, or {@code -} of a chain of the user's. */
    String policyText() {
        return !builtIn ? "-" : verdict == Target.DROP ? "DROP" : "ACCEPT";
    }

    int verdict() {
        return verdict;
    }

    void policy(boolean accept) {
        verdict = accept ? Target.ACCEPT : Target.DROP;
    }

    /** What counts the packets that no rule decided on. */
    Rule policy() {
        return policy;
    }

    List<Rule> rules() {
        return rules;
    }

    /** The rules as they stand now, for the walk. */
    Rule[] compiled() {
        return compiled;
    }

    /** From 1. */
    int number(Rule rule) {
        return rules.indexOf(rule) + 1;
    }

    void insert(int at, Rule rule) {
        rules.add(at, rule);
        rule.chain = this;
        link(rule, 1);
        forget(at);
    }

    void remove(int at) {
        Rule gone = rules.remove(at);
        link(gone, -1);
        forget(at);
    }

    /** What is said of packets that end at a rule names its number. */
    private void forget(int from) {
        for (int i = from; i < rules.size(); i++) {
            rules.get(i).attachment(null);
        }
    }

    private void link(Rule rule, int by) {
        if (rule.target() instanceof ChainTarget jump) {
            jump.chain().references += by;
        }
        for (Match each : rule.matches()) {
            each.use(by);
        }
        compiled = rules.toArray(NONE);
    }

    void flush() {
        while (!rules.isEmpty()) {
            remove(rules.size() - 1);
        }
    }

    void zero() {
        policy.packets = 0;
        policy.bytes = 0;
        for (Rule each : rules) {
            each.packets = 0;
            each.bytes = 0;
        }
    }

    void zero(int number) {
        if (number > rules.size()) {
            throw new RuleCommand.Refused("Index of counter too big.");
        }
        rules.get(number - 1).packets = 0;
        rules.get(number - 1).bytes = 0;
    }

    @Override
    public String toString() {
        return table + " " + name;
    }
}
