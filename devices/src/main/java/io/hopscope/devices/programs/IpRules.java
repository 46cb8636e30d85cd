package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.RoutingPolicy;
import io.hopscope.protocols.RoutingRule;
import io.hopscope.protocols.RoutingRule.Action;
import io.hopscope.protocols.RoutingRule.Ports;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code ip rule}: policy routing in the words of iproute2. */
public final class IpRules {
    private static final List<String> VERBS = List.of("show", "list", "lst", "add", "delete", "flush");
    private static final Map<String, Integer> PROTOCOLS = new TreeMap<>(
            Map.of("icmp", Ipv4.ICMP, "ipencap", Ipv4.IPIP, "tcp", Ipv4.TCP, "udp", Ipv4.UDP, "gre", Ipv4.GRE));

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
                task.line(text(each));
            }
        }
    }

    private static String text(RoutingRule rule) {
        var line = new StringBuilder();
        line.append(Integer.toUnsignedString(rule.priority())).append(":\t");
        line.append(rule.inverted() ? "not " : "").append("from ").append(text(rule.from()));
        line.append(rule.to().length() == 0 ? "" : " to " + text(rule.to()));
        line.append(rule.tos() == 0 ? "" : " tos 0x" + Integer.toHexString(rule.tos()));
        if (rule.mask() != 0) {
            line.append(" fwmark 0x").append(Integer.toHexString(rule.mark()));
            line.append(rule.mask() == -1 ? "" : "/0x" + Integer.toHexString(rule.mask()));
        }
        line.append(rule.in() == null ? "" : " iif " + rule.in());
        line.append(rule.out() == null ? "" : " oif " + rule.out());
        line.append(rule.protocol() == 0 ? "" : " ipproto " + protocol(rule.protocol()));
        line.append(rule.source().equals(Ports.ANY) ? "" : " sport " + rule.source());
        line.append(rule.destination().equals(Ports.ANY) ? "" : " dport " + rule.destination());
        if (rule.action() == Action.LOOKUP) {
            line.append(" lookup ").append(RouteNames.table(rule.target()));
            line.append(rule.suppress() < 0 ? "" : " suppress_prefixlength " + rule.suppress());
        } else {
            line.append(' ').append(rule.action().name().toLowerCase(Locale.ROOT));
            line.append(rule.action() == Action.GOTO ? " " + rule.target() : "");
        }
        boolean said = !rule.maker().equals("kernel") && !rule.maker().equals("boot");
        return line.append(said ? " proto " + rule.maker() : "").toString();
    }

    private static String text(Prefix prefix) {
        return prefix.length() == 0
                ? "all"
                : prefix.length() == 32 ? Ipv4Address.text(prefix.address()) : prefix.toString();
    }

    private static String protocol(int number) {
        for (Map.Entry<String, Integer> each : PROTOCOLS.entrySet()) {
            if (each.getValue() == number) {
                return each.getKey();
            }
        }
        return "ipproto-" + number;
    }

    /** The number of an IP protocol. */
    static int protocol(String word) {
        Integer known = PROTOCOLS.get(word);
        return known != null ? known : (int) RouteNames.number(word, 255, "Invalid \"ipproto\" value\n");
    }
}
