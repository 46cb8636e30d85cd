package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.protocols.RoutingPolicy;
import io.hopscope.protocols.RoutingRule;
import io.hopscope.protocols.RuleText;
import java.util.Deque;
import java.util.List;

/** {@code ip rule}: policy routing in the words of iproute2. */
public final class IpRules {
    private static final List<String> VERBS = List.of("show", "list", "lst", "add", "delete", "flush");
    private final IpStack stack;

    IpRules(IpStack stack) {
        this.stack = stack;
    }

    /**
     * The words after {@code ip rule add}, of a scenario.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    public static void enter(IpStack stack, List<String> words) {
        new IpRules(stack).add(RuleWords.read(words));
    }

    Step parse(Deque<String> words) {
        String verb = Ip.command(words, "rule", VERBS);
        if ((verb.equals("add") || verb.equals("delete")) && words.isEmpty()) {
            throw new Misuse(1, "\"ip rule " + (verb.equals("add") ? "add" : "del") + "\" requires arguments.");
        }
        RuleWords read = RuleWords.read(words);
        return switch (verb) {
            case "add" -> (task, now) -> add(read);
            case "delete" -> (task, now) -> delete(read);
            case "flush" -> (task, now) -> flush(read);
            default -> (task, now) -> show(read, task);
        };
    }

    private void add(RuleWords read) {
        if (!stack.makePolicy().add(read.rule(), read.placed())) {
            throw new Misuse(2, "RTNETLINK answers: File exists");
        }
    }

    private List<RoutingRule> rules() {
        return stack.policy() == null
                ? new RoutingPolicy(stack.fib(), index -> "").rules()
                : stack.policy().rules();
    }

    private void delete(RuleWords read) {
        for (RoutingRule each : rules()) {
            if (read.names(each)) {
                stack.makePolicy().remove(each);
                return;
            }
        }
        throw new Misuse(2, "RTNETLINK answers: No such file or directory");
    }

    /** All but the first: who has no way to itself has none at all. */
    private void flush(RuleWords read) {
        for (RoutingRule each : rules()) {
            if (each.priority() != 0 && read.names(each)) {
                stack.makePolicy().remove(each);
            }
        }
    }

    private void show(RuleWords read, Task task) {
        for (RoutingRule each : rules()) {
            if (read.names(each)) {
                task.line(RuleText.of(each));
            }
        }
    }

    /** The number of an IP protocol. */
    static int protocol(String word) {
        Integer known = RuleText.PROTOCOLS.get(word);
        return known != null ? known : (int) RouteNames.number(word, 255, "Invalid \"ipproto\" value\n");
    }
}
