package io.hopscope.protocols.netfilter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts of iptables-restore(8), and lines of iptables and ipset commands as a shell script has them. A text is taken as a
 * whole or not at all.
 */
public final class RulesText {
    private static final List<String> TABLES = Table.NAMES;

    private final Ruleset rules;
    private final boolean flush;
    private final boolean counters;
    private final Map<String, Table> made = new LinkedHashMap<>();
    private Table table;
    /** What earlier commands of the run may make is not there, and nobody complains. */
    private boolean lenient;

    private RulesText(Ruleset rules, boolean flush, boolean counters) {
        this.rules = rules;
        this.flush = flush;
        this.counters = counters;
    }

    /**
     * Loads a text.
     *
     * @param flush whether what a table had is gone; iptables-restore without {@code --noflush}
     * @param counters whether counters in the text count ({@code -c})
     * @throws RuleSyntaxException with line and column in the text; nothing has changed then
     */
    public static void restore(Ruleset rules, String text, boolean flush, boolean counters) {
        new RulesText(rules, flush, counters).read(text);
    }

    /**
     * Loads a text into a copy of the rules and sets, and forgets it; iptables-restore with {@code --test}.
     *
     * @param now by which times of members are reckoned
     * @throws RuleSyntaxException with line and column in the text
     */
    public static void test(Ruleset rules, String text, boolean flush, boolean counters, long now) {
        Ruleset copy = new Ruleset();
        List<String> sets = new ArrayList<>();
        rules.sets().command(List.of("save"), now, sets::add);
        copy.sets().restore(String.join("\n", sets), now);
        restore(copy, String.join("\n", save(rules, null, true, "")), true, true);
        restore(copy, text, flush, counters);
    }

    /**
     * What is wrong with the words of a text, whatever rules and sets there are by then; null if nothing is.
     */
    public static RuleSyntaxException check(String text) {
        RulesText reading = new RulesText(new Ruleset(), false, false);
        reading.lenient = true;
        try {
            reading.read(text);
            return null;
        } catch (RuleSyntaxException e) {
            return e;
        }
    }

    private void read(String text) {
        boolean whole = false;
        try {
            lines(text);
            whole = true;
        } finally {
            if (!whole) {
                // Sets that rules speak of are free again.
                made.values().forEach(RulesText::discard);
                discard(table);
            }
        }
    }

    private static void discard(Table table) {
        if (table != null) {
            table.chains().forEach(Chain::flush);
        }
    }

    private void lines(String text) {
        int number = 0;
        int open = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String stripped = line.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                continue;
            }
            open = stripped.startsWith("*") ? number : open;
            try {
                line(new Words(line, number), stripped);
            } catch (RuleSyntaxException e) {
                if (!lenient || !e.later() && !e.refused()) {
                    throw e;
                }
            } catch (RuleCommand.Refused | IpSets.Refused e) {
                if (!lenient) {
                    throw RuleSyntaxException.refused(number, e.getMessage());
                }
            }
        }
        if (table != null) {
            throw new RuleSyntaxException(
                    open, 1, "'*" + table.name() + "' without an end", "COMMIT after its rules", null);
        }
        made.values().forEach(rules::put);
    }

    private void line(Words words, String stripped) {
        if (stripped.startsWith("iptables ") || stripped.startsWith("ipset ")) {
            command(words);
        } else if (stripped.startsWith("*")) {
            begin(words);
        } else if (table == null) {
            words.take("");
            throw words.wrong("'*' and a table before rules", List.of());
        } else if (stripped.equals("COMMIT")) {
            commit();
        } else if (stripped.startsWith(":")) {
            chain(words);
        } else {
            rule(words);
        }
    }

    /** A command of a script is carried out on the tables as the text leaves them. */
    private void command(Words words) {
        boolean set = words.take("a command").equals("ipset");
        if (table != null) {
            throw words.wrong("COMMIT before a command");
        } else if (set) {
            rules.sets().command(words);
            return;
        }
        made.values().forEach(rules::put);
        made.clear();
        RuleCommand.parse(rules, words).run(line -> {});
    }

    private void begin(Words words) {
        String name = words.take("a table").substring(1);
        if (table != null) {
            throw words.wrong("COMMIT before the next table");
        } else if (!TABLES.contains(name)) {
            throw words.wrong(
                    "a table: *" + String.join(", *", TABLES),
                    TABLES.stream().map(each -> "*" + each).toList());
        }
        words.finish();
        rules.settle();
        table = new Table(name);
        Table old = made.containsKey(name) ? made.get(name) : rules.table(name);
        if (!flush && old != null) {
            for (String line : old.save(true)) {
                Words own = new Words(line, 0);
                if (line.startsWith(":")) {
                    declare(own, true);
                }
            }
            for (String line : old.save(true)) {
                if (line.startsWith("[")) {
                    rule(new Words(line, 0), true);
                }
            }
        }
    }

    private void commit() {
        table.check();
        discard(made.put(table.name(), table));
        table = null;
    }

    private void chain(Words words) {
        declare(words, counters);
    }

    private void declare(Words words, boolean counting) {
        String name = words.take("a chain").substring(1);
        Chain chain = table.chain(name);
        boolean builtIn = chain != null && chain.builtIn();
        checkName(words, name);
        String policy = words.take("a policy");
        if (builtIn ? !policy.equals("ACCEPT") && !policy.equals("DROP") : !policy.equals("-")) {
            throw words.wrong(
                    builtIn ? "a policy: ACCEPT or DROP" : "'-': only built-in chains have a policy",
                    builtIn ? List.of("ACCEPT", "DROP") : List.of());
        }
        if (chain == null) {
            chain = table.add(name);
        } else if (!builtIn) {
            chain.flush();
        }
        if (builtIn) {
            chain.policy(policy.equals("ACCEPT"));
        }
        if (!words.empty()) {
            long[] both = counts(words);
            if (counting) {
                chain.policy().packets = both[0];
                chain.policy().bytes = both[1];
            }
        }
        words.finish();
    }

    static void checkName(Words words, String name) {
        if (name.isEmpty() || name.length() > 28 || name.startsWith("-") || name.startsWith("!")) {
            throw words.wrong("a chain's name of 28 characters at most");
        } else if (RuleParser.isTarget(name)) {
            throw words.wrong("a chain's name that is no target's");
        }
    }

    /** {@code [PACKETS:BYTES]}. */
    private static long[] counts(Words words) {
        String text = words.take("counters");
        int colon = text.indexOf(':');
        if (!text.matches("\\[[0-9]{1,18}:[0-9]{1,18}]")) {
            throw words.wrong("counters such as [0:0]");
        }
        return new long[] {
            Long.parseLong(text.substring(1, colon)), Long.parseLong(text.substring(colon + 1, text.length() - 1))
        };
    }

    private void rule(Words words) {
        rule(words, counters);
    }

    private void rule(Words words, boolean counting) {
        long[] both = words.peek().startsWith("[") ? counts(words) : new long[2];
        String verb = words.peek();
        if (!List.of("-A", "--append").contains(verb)) {
            RuleCommand.parse(rules, words, table).run(line -> {});
            return;
        }
        words.take("");
        Chain chain = chainOf(table, words);
        for (Rule each : RuleParser.parse(table, rules, words, chain)) {
            if (counting && (both[0] != 0 || both[1] != 0)) {
                each.packets = both[0];
                each.bytes = both[1];
            }
            chain.insert(chain.rules().size(), each);
        }
    }

    static Chain chainOf(Table table, Words words) {
        Chain chain = table.chain(words.take("a chain"));
        if (chain == null) {
            throw words.wrong("a chain of table " + table.name(), table.chainNames());
        }
        return chain;
    }

    /**
     * All tables as iptables-save prints them.
     *
     * @param only a table's name, or null for all
     * @param date as ctime(3) writes it
     */
    public static List<String> save(Ruleset rules, String only, boolean counters, String date) {
        rules.settle();
        List<String> lines = new ArrayList<>();
        for (Table each : rules.tables()) {
            if (only == null || only.equals(each.name())) {
                lines.add("# Generated by iptables-save v1.8.9 on " + date);
                lines.addAll(each.save(counters));
                lines.add("# Completed on " + date);
            }
        }
        return lines;
    }
}
