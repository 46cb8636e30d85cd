package io.hopscope.protocols.netfilter;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** {@code iptables -L -n}, with {@code -v} and {@code --line-numbers}. */
final class RuleListing {
    private static final long[] STEPS = {1000, 1000, 1000, 1000};
    private static final String UNITS = "KMGT";

    /** The options: -n, -v, -x and --line-numbers. */
    record Style(boolean numeric, boolean verbose, boolean exact, boolean numbers) {}

    private RuleListing() {}

    /**
     * @param rule the number of the only rule, which stands without headings; 0 for all
     */
    static void list(Table table, Chain only, int rule, Style style, Consumer<String> out) {
        if (rule > 0) {
            if (rule <= only.rules().size()) {
                out.accept(numbered(only.rules().get(rule - 1), rule, style));
            }
            return;
        }
        boolean first = true;
        for (Chain each : only == null ? table.chains() : List.of(only)) {
            if (!first) {
                out.accept("");
            }
            first = false;
            out.accept(head(each, style.verbose, style.exact));
            out.accept(titles(style));
            int number = 0;
            for (Rule one : each.rules()) {
                out.accept(numbered(one, ++number, style));
            }
        }
    }

    private static String numbered(Rule rule, int number, Style style) {
        return (style.numbers ? String.format(Locale.ROOT, "%-4d ", number) : "") + line(rule, style);
    }

    private static String head(Chain chain, boolean verbose, boolean exact) {
        if (!chain.builtIn()) {
            return "Chain " + chain.name() + " (" + chain.references + " references)";
        }
        Rule policy = chain.policy();
        String counts = !verbose
                ? ""
                : " " + count(policy.packets, exact).strip() + " packets, "
                        + count(policy.bytes, exact).strip() + " bytes";
        return "Chain " + chain.name() + " (policy " + chain.policyText() + counts + ")";
    }

    private static String titles(Style style) {
        String counts = style.exact ? "    pkts      bytes " : " pkts bytes ";
        return (style.numbers ? "num  " : "")
                + (style.verbose
                        ? counts + "target     prot opt in     out     source               destination         "
                        : "target     prot opt source               destination         ");
    }

    private static String count(long value, boolean exact) {
        if (exact) {
            return String.format(Locale.ROOT, "%8d ", value);
        } else if (value <= 99_999) {
            return String.format(Locale.ROOT, "%5d ", value);
        }
        long left = value;
        for (int i = 0; i < STEPS.length; i++) {
            left = (left + STEPS[i] / 2) / STEPS[i];
            if (left <= 9999 || i == STEPS.length - 1) {
                return String.format(Locale.ROOT, "%4d%c ", left, UNITS.charAt(i));
            }
        }
        return "";
    }

    private static String column(String text, int width) {
        boolean not = text.startsWith("!");
        String bare = not ? text.substring(1) : text;
        return (not ? '!' : ' ') + bare + " ".repeat(Math.max(0, width - bare.length()));
    }

    private static String line(Rule rule, Style style) {
        String[] columns = rule.header().columns(style.numeric);
        StringBuilder line = new StringBuilder();
        if (style.verbose) {
            line.append(count(rule.packets(), style.exact)).append(count(rule.bytes(), style.exact));
        }
        // A '!' stands right before what it turns round, outside of the column.
        line.append(String.format(
                Locale.ROOT, "%-9s %s %2s ", rule.target().listName(), column(columns[0], 4), columns[1]));
        if (style.verbose) {
            line.append(String.format(Locale.ROOT, " %-6s %-6s ", columns[2], columns[3]));
        }
        line.append(column(columns[4], 19))
                .append(' ')
                .append(column(columns[5], 19))
                .append(' ');
        if (rule.target() instanceof ChainTarget) {
            rule.target().list(line);
        }
        for (Match each : rule.matches()) {
            each.list(line);
        }
        if (!(rule.target() instanceof ChainTarget)) {
            rule.target().list(line);
        }
        return line.toString();
    }
}
