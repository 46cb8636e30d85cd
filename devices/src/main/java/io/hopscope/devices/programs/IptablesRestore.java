package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Netfilter;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.protocols.netfilter.RuleSyntaxException;
import io.hopscope.protocols.netfilter.RulesText;
import io.hopscope.protocols.netfilter.Ruleset;
import java.util.List;

/** {@code iptables-restore}: loads tables from a here-document, each as a whole or not at all. */
public final class IptablesRestore implements Program {
    private record Plan(String text, boolean flush, boolean counters, boolean test) {}

    @Override
    public String name() {
        return "iptables-restore";
    }

    @Override
    public String summary() {
        return "iptables-restore [-c] [-n] [-t] <<EOF: loads the tables in the lines up to EOF";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        Ruleset rules = Netfilter.of(node, host).hooks().rules();
        Step.attempt(
                () -> {
                    Plan plan = plan(task.arguments());
                    return (run, instant) -> load(plan, rules, instant);
                },
                task,
                now);
    }

    private static void load(Plan plan, Ruleset rules, long now) {
        try {
            if (plan.test) {
                RulesText.test(rules, plan.text, plan.flush, plan.counters, now);
            } else {
                RulesText.restore(rules, plan.text, plan.flush, plan.counters);
            }
        } catch (RuleSyntaxException e) {
            if (e.refused()) {
                throw new Misuse(1, "iptables-restore: line " + e.line() + " failed");
            }
            throw new Misuse(2, "iptables-restore v1.8.9: " + e.getMessage() + "\nError occurred at line: " + e.line());
        }
    }

    /** The rules are read as well: what is wrong with them stands some lines below the command. */
    @Override
    public Fault check(Node node, Host host, Task task) {
        Fault own = Step.fault(() -> {
            plan(task.arguments());
            return (run, now) -> {};
        });
        RuleSyntaxException wrong = own != null ? null : RulesText.check(plan(task.arguments()).text);
        return wrong == null
                ? own
                : new Fault(
                        wrong.found(), wrong.nearest(), List.of(), wrong.expected(), wrong.line() + 1, wrong.column());
    }

    private static Plan plan(List<String> words) {
        boolean flush = true;
        boolean counters = false;
        boolean test = false;
        String text = null;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "-n", "--noflush" -> flush = false;
                case "-c", "--counters" -> counters = true;
                case "-t", "--test" -> test = true;
                case "-w", "--wait", "-W", "--wait-interval" ->
                    i += i + 1 < words.size() && words.get(i + 1).matches("[0-9]+") ? 1 : 0;
                default -> {
                    if (word.matches("-w[0-9]+|--wait(-interval)?=[0-9]+")) {
                        continue;
                    }
                    if (text != null || !word.contains("\n")) {
                        throw new Misuse(
                                1,
                                "Unknown arguments found on commandline: " + word,
                                word,
                                List.of("-n", "-c", "-t", "--noflush", "--counters", "--test"));
                    }
                    text = word;
                }
            }
        }
        if (text == null) {
            throw new Misuse(
                    1, "iptables-restore without rules: write them as a here-document, <<EOF and lines up to EOF");
        }
        return new Plan(text, flush, counters, test);
    }
}
