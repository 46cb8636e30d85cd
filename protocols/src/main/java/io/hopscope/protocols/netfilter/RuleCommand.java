package io.hopscope.protocols.netfilter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One iptables(8) command: understood first, carried out by {@link #run}. */
public final class RuleCommand {
    private static final Map<String, String> VERBS = Map.ofEntries(
            Map.entry("--append", "-A"),
            Map.entry("--check", "-C"),
            Map.entry("--delete", "-D"),
            Map.entry("--insert", "-I"),
            Map.entry("--replace", "-R"),
            Map.entry("--list", "-L"),
            Map.entry("--list-rules", "-S"),
            Map.entry("--flush", "-F"),
            Map.entry("--zero", "-Z"),
            Map.entry("--new-chain", "-N"),
            Map.entry("--delete-chain", "-X"),
            Map.entry("--policy", "-P"),
            Map.entry("--rename-chain", "-E"));
    private static final List<String> SHORT =
            List.of("-A", "-C", "-D", "-I", "-R", "-L", "-S", "-F", "-Z", "-N", "-X", "-P", "-E");
    private static final List<String> OPTIONS = List.of("-t", "-n", "-v", "-x", "-w", "--line-numbers");
    private static final List<String> LONG =
            List.of("--table", "--numeric", "--verbose", "--exact", "--line-numbers", "--wait", "--wait-interval");

    /** What iptables says when it cannot do what it has understood; exit code 1. */
    public static final class Refused extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super("iptables: " + message);
        }
    }

    /** What the command does. */
    private interface Deed {
        void run(Consumer<String> out);
    }

    private final Ruleset rules;
    private final Words words;
    private Table table;
    private String tableName = "filter";
    private boolean numeric;
    private boolean verbose;
    private boolean exact;
    private boolean numbers;
    /** -Z beside -L or -S: shown first, then begun anew. */
    private boolean zeroes;

    private boolean shows;
    /** Of the only rule that -L, -S or -Z is about; 0 for all. */
    private int single;

    private Deed deed;

    private RuleCommand(Ruleset rules, Words words) {
        this.rules = rules;
        this.words = words;
    }

    /** The words behind {@code iptables}. */
    public static RuleCommand parse(Ruleset rules, List<String> words) {
        return parse(rules, new Words(words));
    }

    static RuleCommand parse(Ruleset rules, Words words) {
        return new RuleCommand(rules, words).read();
    }

    /** A command within a table of iptables-restore. */
    static RuleCommand parse(Ruleset rules, Words words, Table within) {
        RuleCommand made = new RuleCommand(rules, words);
        made.table = within;
        return made.read();
    }

    /** Carries it out. */
    public void run(Consumer<String> out) {
        rules.settle();
        deed.run(out);
    }

    private RuleCommand read() {
        boolean restoring = table != null;
        String verb = options();
        if (verb.equals("-Z") && words.peek().matches("-[nvx]*[LS][nvx]*|--list(-rules)?")) {
            verb = command(words.take(""));
            zeroes = true;
        }
        if (table == null) {
            table = rules.table(tableName) == null ? new Table(tableName) : rules.table(tableName);
        }
        deed = verb(verb);
        if (!restoring && !List.of("-L", "-S", "-C").contains(verb)) {
            Deed bare = deed;
            deed = out -> {
                // The table is the one there is by now: an earlier command may have made it.
                if (rules.table(table.name()) == null) {
                    rules.put(table);
                }
                bare.run(out);
                rules.changed();
            };
        }
        return this;
    }

    /** Options that may stand before the command and after it; returns the command. */
    private String options() {
        String verb = null;
        while (!words.empty() && (verb == null || option(words.peek(), true))) {
            String word = words.take("");
            if (!option(word, false)) {
                verb = command(word);
            }
        }
        if (verb == null) {
            throw words.missing("no command", "one such as -A, -I, -D, -L or -S");
        }
        return verb;
    }

    private static String whole(String word) {
        List<String> all = new ArrayList<>(LONG);
        all.addAll(VERBS.keySet());
        return word.startsWith("--") && word.indexOf('=') < 0 ? Words.whole(word, all) : word;
    }

    /**
     * Takes an option that is no command, with what belongs to it.
     *
     * @param only whether it is to be asked and not taken
     */
    private boolean option(String word, boolean only) {
        String full = whole(word);
        boolean known = List.of("-t", "-n", "-v", "-x", "-w", "-W").contains(full) || LONG.contains(full);
        boolean waits = full.matches("-w[0-9]+|--wait(-interval)?=[0-9]+");
        if (only || !known) {
            return known || waits;
        }
        switch (full) {
            case "-t", "--table" -> tableName = Table.NAMES.get(words.choice("a table", Table.NAMES));
            case "-n", "--numeric" -> numeric = true;
            case "-v", "--verbose" -> verbose = true;
            case "-x", "--exact" -> exact = true;
            case "--line-numbers" -> numbers = true;
            // Nobody else has the lock.
            default -> number();
        }
        return true;
    }

    private String command(String word) {
        String verb = VERBS.getOrDefault(whole(word), word);
        if (SHORT.contains(verb)) {
            return verb;
        }
        // -nvL and its like: several letters behind one dash.
        if (word.matches("-[nvx]*[LSFZ][nvx]*")) {
            numeric |= word.indexOf('n') > 0;
            verbose |= word.indexOf('v') > 0;
            exact |= word.indexOf('x') > 0;
            return "-" + word.replaceAll("[-nvx]", "");
        }
        List<String> all = new ArrayList<>(SHORT);
        all.addAll(VERBS.keySet().stream().sorted().toList());
        all.addAll(OPTIONS);
        throw words.wrong("a command such as -A, -I, -D, -L or -S", all);
    }

    private Deed verb(String verb) {
        return switch (verb) {
            case "-A" -> append();
            case "-I" -> insert();
            case "-D" -> delete();
            case "-R" -> replace();
            case "-C" -> check();
            case "-N" -> create();
            case "-P" -> policy();
            case "-E" -> rename();
            case "-L" -> list();
            case "-S" -> saved();
            default -> each(verb, only(false));
        };
    }

    /** What may follow the name of a chain. */
    private void late() {
        while (!words.empty()) {
            String word = words.peek();
            if (shows && word.matches("-Z|--zero?|--zer")) {
                words.take("");
                zeroes = true;
                continue;
            } else if (!option(word, true)) {
                words.finish();
            }
            words.take("");
            if (List.of("-t", "--table").contains(whole(word))) {
                throw words.wrong("-t before the command");
            }
            option(word, false);
        }
    }

    private Chain chain() {
        return RulesText.chainOf(table, words);
    }

    private List<Rule> rule(Chain chain) {
        return RuleParser.parse(table, rules, words, chain);
    }

    private Deed append() {
        Chain chain = chain();
        List<Rule> made = rule(chain);
        return out -> put(chain, chain.rules().size(), made);
    }

    /** A rule that cannot be there is taken away again. */
    private void put(Chain chain, int at, List<Rule> made) {
        for (int i = 0; i < made.size(); i++) {
            chain.insert(at + i, made.get(i));
        }
        try {
            table.check();
        } catch (RuleSyntaxException e) {
            made.forEach(each -> chain.remove(at));
            throw e;
        }
    }

    /** The number of a rule, or 0 where there is none. */
    private int number() {
        return words.peek().matches("[0-9]{1,9}") ? Integer.parseInt(words.take("")) : 0;
    }

    private Deed insert() {
        Chain chain = chain();
        int given = number();
        List<Rule> made = rule(chain);
        return out -> {
            int at = Math.max(given, 1);
            if (at > chain.rules().size() + 1) {
                throw new Refused("Index of insertion too big.");
            }
            put(chain, at - 1, made);
        };
    }

    private Deed delete() {
        Chain chain = chain();
        int at = number();
        if (at > 0) {
            words.finish();
            return out -> {
                if (at > chain.rules().size()) {
                    throw new Refused("Index of deletion too big.");
                }
                chain.remove(at - 1);
            };
        }
        List<Rule> like = rule(chain);
        return out -> like.forEach(each -> chain.remove(find(chain, each)));
    }

    private static int find(Chain chain, Rule like) {
        for (int i = 0; i < chain.rules().size(); i++) {
            if (chain.rules().get(i).text().equals(like.text())) {
                return i;
            }
        }
        throw new Refused("Bad rule (does a matching rule exist in that chain?).");
    }

    private Deed replace() {
        Chain chain = chain();
        int at = (int) words.number("a rule's number", 1, Integer.MAX_VALUE);
        List<Rule> made = rule(chain);
        if (made.size() > 1) {
            throw words.missing("several addresses in a replacement", "one");
        }
        return out -> {
            if (at > chain.rules().size()) {
                throw new Refused("Index of replacement too big.");
            }
            put(chain, at - 1, made);
            chain.remove(at);
        };
    }

    private Deed check() {
        Chain chain = chain();
        List<Rule> like = rule(chain);
        return out -> like.forEach(each -> find(chain, each));
    }

    private Deed create() {
        String name = words.take("a chain's name");
        RulesText.checkName(words, name);
        words.finish();
        return out -> {
            if (table.chain(name) != null) {
                throw new Refused("Chain already exists.");
            }
            table.add(name);
        };
    }

    private Deed policy() {
        Chain chain = chain();
        if (!chain.builtIn()) {
            throw words.wrong("a built-in chain: the others have no policy");
        }
        boolean accept = words.choice("a policy", List.of("ACCEPT", "DROP")) == 0;
        words.finish();
        return out -> chain.policy(accept);
    }

    private Deed rename() {
        Chain chain = chain();
        String to = words.take("the new name");
        RulesText.checkName(words, to);
        words.finish();
        return out -> {
            if (chain.builtIn()) {
                throw new Refused("No chain/target/match by that name.");
            } else if (table.chain(to) != null) {
                throw new Refused("File exists.");
            }
            table.rename(chain, to);
        };
    }

    private Chain only(boolean showing) {
        shows = showing;
        zeroes |= showing && words.accept("-Z");
        Chain only = words.empty()
                        || option(words.peek(), true)
                        || shows && words.peek().startsWith("-")
                ? null
                : chain();
        single = only == null ? 0 : number();
        late();
        return only;
    }

    private List<Chain> those(Chain only) {
        return only == null ? table.chains() : List.of(only);
    }

    private void zero(Chain only, Consumer<String> out) {
        for (Chain each : zeroes ? those(only) : List.<Chain>of()) {
            each.zero();
            if (verbose) {
                out.accept("Zeroing chain `" + each.name() + "'");
            }
        }
    }

    private Deed list() {
        Chain only = only(true);
        return out -> {
            RuleListing.list(table, only, single, new RuleListing.Style(numeric, verbose, exact, numbers), out);
            zero(only, out);
        };
    }

    private Deed saved() {
        Chain only = only(true);
        return out -> {
            for (Chain each : single > 0 ? List.<Chain>of() : those(only)) {
                out.accept(
                        each.builtIn()
                                ? "-P " + each.name() + " " + each.policyText() + counts(each.policy())
                                : "-N " + each.name());
            }
            for (Chain each : those(only)) {
                for (Rule rule : each.rules()) {
                    if (single == 0 || each.number(rule) == single) {
                        out.accept("-A " + each.name() + " " + rule.text() + counts(rule));
                    }
                }
            }
            zero(only, out);
        };
    }

    private String counts(Rule rule) {
        return verbose ? " -c " + rule.packets + " " + rule.bytes : "";
    }

    /** -F, -Z and -X, of one chain or all. */
    private Deed each(String verb, Chain only) {
        return out -> {
            for (Chain each : those(only)) {
                if (verb.equals("-F")) {
                    each.flush();
                } else if (verb.equals("-Z") && single > 0) {
                    each.zero(single);
                } else if (verb.equals("-Z")) {
                    each.zero();
                } else if (!each.builtIn()) {
                    drop(each);
                } else if (only != null) {
                    throw new Refused("Invalid argument. Run `dmesg' for more information.");
                }
            }
        };
    }

    private void drop(Chain chain) {
        if (!chain.rules().isEmpty()) {
            throw new Refused("Directory not empty.");
        } else if (chain.references > 0) {
            throw new Refused("Too many links.");
        }
        table.remove(chain);
    }
}
