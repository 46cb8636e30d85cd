package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Reads rules as iptables(8) takes them: the words behind {@code -A CHAIN}. */
final class RuleParser {
    private static final Map<String, Supplier<Match>> MATCHES = new TreeMap<>(Map.ofEntries(
            Map.entry("physdev", PhysdevMatch::new),
            Map.entry("conntrack", ConntrackMatch::new),
            Map.entry("state", StateMatch::new),
            Map.entry("mac", MacMatch::new),
            Map.entry("mark", () -> new MarkMatch(false)),
            Map.entry("connmark", () -> new MarkMatch(true)),
            Map.entry("addrtype", AddressTypeMatch::new),
            Map.entry("multiport", MultiportMatch::new),
            Map.entry("comment", CommentMatch::new),
            Map.entry("statistic", StatisticMatch::new),
            Map.entry("tcp", () -> new PortMatch(Ipv4.TCP)),
            Map.entry("udp", () -> new PortMatch(Ipv4.UDP)),
            Map.entry("icmp", IcmpMatch::new),
            Map.entry("limit", LimitMatch::new),
            Map.entry("length", LengthMatch::new),
            Map.entry("ttl", TtlMatch::new),
            Map.entry("iprange", IpRangeMatch::new),
            Map.entry("tcpmss", SegmentSizeMatch::new),
            Map.entry("rpfilter", ReversePathMatch::new)));
    private static final Map<String, Supplier<Target>> TARGETS = new TreeMap<>(Map.ofEntries(
            Map.entry("ACCEPT", () -> new VerdictTarget("ACCEPT", Target.ACCEPT)),
            Map.entry("DROP", () -> new VerdictTarget("DROP", Target.DROP)),
            Map.entry("RETURN", () -> new VerdictTarget("RETURN", Target.RETURN)),
            Map.entry("REJECT", RejectTarget::new),
            Map.entry("SNAT", () -> new NatTarget(NatTarget.Kind.SNAT)),
            Map.entry("DNAT", () -> new NatTarget(NatTarget.Kind.DNAT)),
            Map.entry("MASQUERADE", () -> new NatTarget(NatTarget.Kind.MASQUERADE)),
            Map.entry("REDIRECT", () -> new NatTarget(NatTarget.Kind.REDIRECT)),
            Map.entry("MARK", MarkTarget::new),
            Map.entry("CONNMARK", ConnmarkTarget::new),
            Map.entry("CT", CtTarget::new),
            Map.entry("NOTRACK", CtTarget::notrack),
            Map.entry("TCPMSS", SegmentSizeTarget::new),
            Map.entry("LOG", LogTarget::new)));
    private static final Map<String, String> ALIASES = Map.of(
            "--ttl", "--ttl-eq",
            "--source-port", "--sport",
            "--destination-port", "--dport",
            "--source-ports", "--sports",
            "--destination-ports", "--dports");
    private static final List<String> LONG = List.of(
            "--source",
            "--src",
            "--destination",
            "--dst",
            "--protocol",
            "--in-interface",
            "--out-interface",
            "--fragments",
            "--match",
            "--jump",
            "--goto",
            "--set-counters");
    private static final List<String> OWN = List.of("-s", "-d", "-i", "-o", "-p", "-f", "-m", "-j", "-g");

    private final Table table;
    private final Ruleset rules;
    private final Words words;
    private final HeaderMatch header = new HeaderMatch();
    private final List<Match> matches = new ArrayList<>();
    private Target target;
    /** Options that each match, and the target, has been given already. */
    private final Map<Object, List<String>> given = new IdentityHashMap<>();

    private long packets;
    private long bytes;

    private RuleParser(Table table, Ruleset rules, Words words) {
        this.table = table;
        this.rules = rules;
        this.words = words;
    }

    static boolean isTarget(String name) {
        return TARGETS.containsKey(name);
    }

    /**
     * One rule, or several where {@code -s} or {@code -d} lists addresses.
     *
     * @param chain where it is to stand
     */
    static List<Rule> parse(Table table, Ruleset rules, Words words, Chain chain) {
        List<Rule> all = new ArrayList<>();
        for (Words each : words.eachAddress()) {
            all.add(new RuleParser(table, rules, each).rule(chain));
        }
        return all;
    }

    private Rule rule(Chain chain) {
        int line = words.line();
        int column = words.column();
        while (!words.empty()) {
            boolean not = words.accept("!");
            String option = words.take("an option");
            if (not && option.equals("!")) {
                throw words.wrong("one '!'");
            }
            option(whole(option), not);
        }
        for (Match each : matches) {
            each.complete(words);
        }
        if (target == null) {
            target = new VerdictTarget("", Target.CONTINUE);
        }
        target.complete(words, table.name());
        sensible(chain);
        Rule rule = new Rule(header, matches, target, line, column);
        rule.packets = packets;
        rule.bytes = bytes;
        return rule;
    }

    /** The beginning of a long option stands for it, where no other begins so (getopt_long). */
    private String whole(String option) {
        if (!option.matches("--[a-z-]+")) {
            return option;
        }
        List<String> all = new ArrayList<>(LONG);
        matches.forEach(each -> all.addAll(each.options()));
        all.addAll(target == null ? List.of() : target.options());
        Match implied = implied();
        all.addAll(implied == null ? List.of() : implied.options());
        return Words.whole(option, all);
    }

    private void option(String option, boolean not) {
        switch (option) {
            case "-m", "--match" -> {
                plain(not);
                match();
            }
            case "-j", "--jump" -> jump(false, not);
            case "-g", "--goto" -> jump(true, not);
            case "-c", "--set-counters" -> {
                plain(not);
                packets = words.number("a number of packets", 0, Long.MAX_VALUE);
                bytes = words.number("a number of bytes", 0, Long.MAX_VALUE);
            }
            default -> {
                if (!header.option(option, not, words)) {
                    extension(option, not);
                }
            }
        }
    }

    /** What the word taken last does has no opposite. */
    private void plain(boolean not) {
        if (not) {
            throw words.wrong("no '!' before it");
        }
    }

    private void match() {
        String name = words.take("a match");
        if (name.equals("set")) {
            matches.add(new SetMatch(rules.sets()));
            return;
        } else if (name.equals("recent")) {
            matches.add(new RecentMatch(rules.recent()));
            return;
        }
        Supplier<Match> maker = MATCHES.get(name);
        if (maker == null) {
            List<String> valid = new ArrayList<>(MATCHES.keySet());
            valid.addAll(List.of("recent", "set"));
            throw words.wrong("a match: " + String.join(", ", valid), valid);
        }
        matches.add(maker.get());
    }

    private void jump(boolean noReturn, boolean not) {
        plain(not);
        if (target != null) {
            throw words.wrong("one target a rule");
        }
        String name = words.take(noReturn ? "a chain" : "a target or a chain");
        Supplier<Target> maker = noReturn ? null : TARGETS.get(name);
        Chain chain = table.chain(name);
        if (maker != null) {
            target = maker.get();
        } else if (chain != null && !chain.builtIn()) {
            target = new ChainTarget(chain, noReturn);
        } else {
            List<String> valid = new ArrayList<>(noReturn ? List.of() : TARGETS.keySet());
            table.chains().stream().filter(each -> !each.builtIn()).forEach(each -> valid.add(each.name()));
            String what = noReturn ? "a chain of table " : "a target, or a chain of table ";
            throw words.wrong(what + table.name(), valid);
        }
    }

    private void extension(String option, boolean not) {
        if (target != null && target.options().contains(option)) {
            plain(not);
            once(target, option, target.exclusive());
            target.option(option, words);
            return;
        }
        for (int i = matches.size() - 1; i >= 0; i--) {
            if (matches.get(i).options().contains(option)) {
                of(matches.get(i), option, not);
                return;
            }
        }
        Match implied = implied();
        if (implied != null && implied.options().contains(option)) {
            matches.add(implied);
            of(implied, option, not);
            return;
        }
        List<String> valid = new ArrayList<>(OWN);
        matches.forEach(each -> valid.addAll(each.options()));
        valid.addAll(target == null ? List.of() : target.options());
        valid.addAll(implied == null ? List.of() : implied.options());
        throw words.wrong("an option of the rule or of its matches", valid);
    }

    private void of(Match match, String option, boolean not) {
        plain(not && !match.inverts(option));
        once(match, option, match.exclusive());
        match.option(option, not, words);
    }

    /** The last of several would win, and nothing would tell. */
    private void once(Object extension, String option, List<String> exclusive) {
        List<String> before = given.computeIfAbsent(extension, key -> new ArrayList<>());
        String name = ALIASES.getOrDefault(option, option);
        for (String each : before) {
            if (each.equals(name)) {
                throw words.wrong("one " + name + " a rule");
            } else if (exclusive.contains(each) && exclusive.contains(name)) {
                throw words.wrong("one of " + each + " and " + name);
            }
        }
        before.add(name);
    }

    /** {@code -p tcp --dport 80} needs no {@code -m tcp}. */
    private Match implied() {
        return switch (header.protocol()) {
            case Ipv4.TCP -> new PortMatch(Ipv4.TCP);
            case Ipv4.UDP -> new PortMatch(Ipv4.UDP);
            case Ipv4.ICMP -> new IcmpMatch();
            default -> null;
        };
    }

    private void checkTcp(int protocol) {
        boolean early = table.name().equals("raw") || table.name().equals("mangle");
        for (Match each : matches) {
            if (each instanceof SegmentSizeMatch && protocol != Ipv4.TCP) {
                throw words.missing("-m tcpmss without -p tcp", "-p tcp");
            } else if (each instanceof ReversePathMatch && !early) {
                throw words.missing("-m rpfilter in table " + table.name(), "it in PREROUTING of raw or mangle");
            }
        }
        if (target instanceof SegmentSizeTarget && protocol != Ipv4.TCP) {
            throw words.missing("TCPMSS without -p tcp", "-p tcp");
        }
    }

    private void sensible(Chain chain) {
        int protocol = header.protocol();
        boolean ported = protocol == Ipv4.TCP || protocol == Ipv4.UDP || protocol == 132 || protocol == 136;
        for (Match each : matches) {
            Integer wanted =
                    each instanceof PortMatch || each instanceof IcmpMatch ? Services.protocol(each.name()) : null;
            if (wanted != null && wanted != protocol) {
                throw words.missing("-m " + each.name() + " without -p " + each.name(), "-p " + each.name());
            } else if (each instanceof MultiportMatch && !ported) {
                throw words.missing("multiport without -p", "-p tcp, udp, udplite or sctp");
            }
        }
        if (target instanceof NatTarget nat && nat.ports() && !ported && protocol != Ipv4.ICMP) {
            throw words.missing(nat.name() + " to ports without -p", "-p tcp, udp, udplite, sctp or icmp");
        } else if (target instanceof RejectTarget reject && reject.needsTcp() && protocol != Ipv4.TCP) {
            throw words.missing("--reject-with tcp-reset without -p tcp", "it");
        }
        checkTcp(protocol);
        boolean inward = chain.builtIn()
                && (chain.name().equals("PREROUTING") || chain.name().equals("INPUT"));
        boolean outward = chain.builtIn()
                && (chain.name().equals("POSTROUTING") || chain.name().equals("OUTPUT"));
        if (header.usesOut() && inward || header.usesIn() && outward) {
            throw words.missing(
                    (inward ? "-o" : "-i") + " in " + chain.name(),
                    (inward ? "-i" : "-o") + ": the other is not known there");
        }
    }
}
