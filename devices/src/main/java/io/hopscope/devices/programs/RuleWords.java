package io.hopscope.devices.programs;

import io.hopscope.encap.Prefix;
import io.hopscope.protocols.RoutingPolicy;
import io.hopscope.protocols.RoutingRule;
import io.hopscope.protocols.RoutingRule.Action;
import io.hopscope.protocols.RoutingRule.Ports;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Locale;

/** A rule of policy routing in the words of iproute2, or as much of one as is looked for. */
final class RuleWords {
    private long priority = -1;
    private boolean inverted;
    private Prefix from = Prefix.ALL;
    private Prefix to = Prefix.ALL;
    private String in;
    private String out;
    private int mark;
    private int mask;
    private int tos;
    private int protocol;
    private Ports source = Ports.ANY;
    private Ports destination = Ports.ANY;
    private Action action;
    private int target = -1;
    private int suppress = -1;
    private String maker = "boot";

    private RuleWords() {}

    static RuleWords read(Collection<String> words) {
        Deque<String> left = new ArrayDeque<>(words);
        RuleWords read = new RuleWords();
        while (!left.isEmpty()) {
            read.selector(left.poll(), left);
        }
        if (read.action == Action.GOTO && read.priority >= 0 && read.target <= read.priority) {
            throw new Misuse(2, "Error: Backward goto not supported.");
        }
        return read;
    }

    private void selector(String word, Deque<String> left) {
        switch (word) {
            case "not" -> inverted = true;
            case "from" -> from = RouteWords.prefix(Ip.next(left));
            case "to" -> to = RouteWords.prefix(Ip.next(left));
            case "iif", "dev" -> in = Ip.next(left);
            case "oif" -> out = Ip.next(left);
            case "pref", "preference", "priority", "order" ->
                priority = RouteNames.number(Ip.next(left), 0xffff_ffffL, "preference value is invalid\n");
            case "fwmark" -> mark(Ip.next(left));
            case "tos", "dsfield" -> {
                tos = (int) RouteNames.number(Ip.next(left), 255, "TOS value is invalid\n");
                if ((tos & 3) != 0) {
                    throw new Misuse(2, "Error: Invalid dsfield (tos): ECN bits must be 0.");
                }
            }
            case "ipproto" -> protocol = IpRules.protocol(Ip.next(left));
            case "sport" -> source = ports(Ip.next(left));
            case "dport" -> destination = ports(Ip.next(left));
            default -> action(word, left);
        }
    }

    private void mark(String word) {
        int slash = word.indexOf('/');
        String value = slash < 0 ? word : word.substring(0, slash);
        mark = (int) RouteNames.number(value, 0xffff_ffffL, "fwmark value is invalid\n");
        mask = slash < 0
                ? -1
                : (int) RouteNames.number(word.substring(slash + 1), 0xffff_ffffL, "fwmask value is invalid\n");
    }

    private static Ports ports(String word) {
        int dash = word.indexOf('-');
        int first = port(dash < 0 ? word : word.substring(0, dash));
        int last = dash < 0 ? first : port(word.substring(dash + 1));
        if (first == 0 || last < first) {
            throw new Misuse(2, "Error: Invalid port range");
        }
        return new Ports(first, last);
    }

    private static int port(String word) {
        return (int) RouteNames.number(word, 0xffff, "invalid port\n");
    }

    private void action(String word, Deque<String> left) {
        switch (word) {
            case "table", "lookup" -> {
                action = Action.LOOKUP;
                target = RouteNames.table(Ip.next(left), "invalid table ID\n");
            }
            case "suppress_prefixlength", "sup_pl" ->
                suppress = (int) RouteNames.number(Ip.next(left), 32, "suppress_prefixlength value is invalid\n");
            case "goto" -> {
                action = Action.GOTO;
                target = (int) RouteNames.number(Ip.next(left), 0xffff_ffffL, "invalid target\n");
            }
            case "protocol", "proto" -> maker = RouteNames.protocol(Ip.next(left));
            default -> {
                String name = word.equals("type") ? Ip.next(left) : word;
                action = refusal(name);
            }
        }
    }

    private static Action refusal(String word) {
        for (Action each : Action.values()) {
            boolean takesNothing = each != Action.LOOKUP && each != Action.GOTO;
            if (takesNothing && each.name().toLowerCase(Locale.ROOT).equals(word)) {
                return each;
            }
        }
        throw new Misuse(255, "Error: argument \"" + word + "\" is wrong: Failed to parse rule type");
    }

    /** Whether the priority was said. */
    boolean placed() {
        return priority >= 0;
    }

    RoutingRule rule() {
        return new RoutingRule(
                (int) Math.max(0, priority),
                inverted,
                from,
                to,
                in,
                out,
                mark,
                mask,
                tos,
                protocol,
                source,
                destination,
                action == null ? Action.LOOKUP : action,
                action == null ? RoutingPolicy.MAIN : target,
                suppress,
                maker);
    }

    /** Whether a rule is one that these words mean: what is not said is not compared. */
    boolean names(RoutingRule rule) {
        return (priority < 0 || Integer.toUnsignedLong(rule.priority()) == priority)
                && (!inverted || rule.inverted())
                && (from.length() == 0 || rule.from().equals(from))
                && (to.length() == 0 || rule.to().equals(to))
                && (in == null || in.equals(rule.in()))
                && (out == null || out.equals(rule.out()))
                && (mask == 0 || rule.mark() == mark && rule.mask() == mask)
                && (tos == 0 || rule.tos() == tos)
                && (protocol == 0 || rule.protocol() == protocol)
                && (source.equals(Ports.ANY) || rule.source().equals(source))
                && (destination.equals(Ports.ANY) || rule.destination().equals(destination))
                && (suppress < 0 || rule.suppress() == suppress)
                && (action == null || rule.action() == action && (target == -1 || rule.target() == target));
    }
}
