package io.hopscope.protocols.netfilter;

import java.util.Arrays;

/** A walk through the chains of a table, rule by rule (ipt_do_table), and what was looked at on the way. */
final class Walk {
    private Rule[][] backs = new Rule[8][];
    private int[] returns = new int[8];
    /** Rules that took the packet, in order; a policy's last. */
    private Rule[] steps = new Rule[16];

    private int taken;
    private int needs;
    private int flags;

    void begin() {
        taken = 0;
        needs = 0;
        flags = 0;
    }

    Rule[] steps() {
        return steps;
    }

    int taken() {
        return taken;
    }

    int needs() {
        return needs;
    }

    int flags() {
        return flags;
    }

    /** From a built-in chain to a verdict: ACCEPT, DROP or REJECT. */
    int run(Chain base, Packet p) {
        Rule[] rules = base.compiled();
        int depth = 0;
        int at = 0;
        while (true) {
            if (at == rules.length) {
                if (depth == 0) {
                    return policy(base, p);
                }
                depth--;
                rules = backs[depth];
                at = returns[depth];
                continue;
            }
            Rule rule = rules[at++];
            if (!examined(rule, p)) {
                continue;
            }
            step(rule, p);
            int verdict = rule.target().apply(p);
            needs |= rule.target().needs();
            switch (verdict) {
                case Target.CONTINUE -> {}
                case Target.RETURN -> at = rules.length;
                case Target.JUMP, Target.GOTO -> {
                    if (verdict == Target.JUMP) {
                        push(depth++, rules, at);
                    }
                    rules = ((ChainTarget) rule.target()).chain().compiled();
                    at = 0;
                }
                default -> {
                    p.decided = rule;
                    return verdict;
                }
            }
        }
    }

    /** Whether the rule matches; what that was found by is noted. */
    private boolean examined(Rule rule, Packet p) {
        needs |= rule.header().needs();
        if (!rule.header().matches(p)) {
            return false;
        }
        for (Match each : rule.matches()) {
            needs |= each.needs();
            flags |= each.flags();
            if (!each.matches(p)) {
                return false;
            }
        }
        return true;
    }

    private int policy(Chain base, Packet p) {
        step(base.policy(), p);
        if (base.verdict() == Target.DROP) {
            p.decided = base.policy();
        }
        return base.verdict();
    }

    private void step(Rule rule, Packet p) {
        rule.count(p.length);
        if (taken == steps.length) {
            steps = Arrays.copyOf(steps, taken * 2);
        }
        steps[taken++] = rule;
    }

    private void push(int depth, Rule[] rules, int at) {
        if (depth == backs.length) {
            backs = Arrays.copyOf(backs, depth * 2);
            returns = Arrays.copyOf(returns, depth * 2);
        }
        backs[depth] = rules;
        returns[depth] = at;
    }
}
