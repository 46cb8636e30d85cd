package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.netfilter.IpSet.Dimension;
import io.hopscope.protocols.netfilter.IpSet.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The sets of a host, and the commands of ipset(8). */
public final class IpSets {
    private static final Map<String, Dimension> KINDS = new LinkedHashMap<>();
    private static final List<String> TYPES = List.of(
            "hash:ip",
            "hash:net",
            "hash:mac",
            "hash:ip,port",
            "hash:ip,mark",
            "hash:ip,mac",
            "hash:net,port",
            "hash:net,net",
            "hash:ip,port,ip",
            "hash:ip,port,net",
            "hash:net,port,net",
            "bitmap:port",
            "list:set");
    private static final List<String> VERBS =
            List.of("create", "add", "del", "test", "flush", "destroy", "list", "save", "rename", "swap");
    private static final List<String> OPTIONS =
            List.of("family", "hashsize", "maxelem", "range", "size", "timeout", "counters", "comment");
    private static final long LIMIT = 65_536;

    static {
        KINDS.put("ip", Dimension.IP);
        KINDS.put("net", Dimension.NET);
        KINDS.put("port", Dimension.PORT);
        KINDS.put("mac", Dimension.MAC);
        KINDS.put("mark", Dimension.MARK);
    }

    /** What ipset says when it cannot do what it was asked; exit code 1. */
    public static final class Refused extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            this(message, true);
        }

        Refused(String message, boolean named) {
            super((named ? "ipset v7.17: " : "") + message);
        }
    }

    private final Map<String, IpSet> sets = new LinkedHashMap<>();
    private final Runnable changed;

    IpSets(Runnable changed) {
        this.changed = changed;
    }

    /** Of nobody: to try commands on. */
    public IpSets() {
        this(() -> {});
    }

    /**
     * Finds what is wrong with a command without carrying it out.
     *
     * @throws RuleSyntaxException for words that mean nothing
     */
    public void check(List<String> words) {
        try {
            command(words, 0, line -> {});
        } catch (Refused e) {
            // Whether it can be done depends on what has been done by then.
            return;
        }
    }

    /** Null if there is none of that name. */
    public IpSet find(String name) {
        return sets.get(name);
    }

    public List<String> names() {
        return List.copyOf(sets.keySet());
    }

    void clear() {
        sets.clear();
    }

    /**
     * Carries out a command: the words behind {@code ipset}.
     *
     * @param now by which times of members are reckoned
     * @throws RuleSyntaxException for words that mean nothing
     * @throws Refused for what cannot be
     */
    public void command(List<String> words, long now, Consumer<String> out) {
        command(new Words(words), now, out);
    }

    /** Lines of {@code ipset save}, or of ipset commands. */
    public void restore(String text, long now) {
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String stripped = line.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#") && !stripped.equals("COMMIT")) {
                Words words = new Words(line, number);
                words.accept("ipset");
                try {
                    command(words, now, out -> {});
                } catch (Refused e) {
                    throw new RuleSyntaxException(
                            number, 1, "'" + stripped + "': " + e.getMessage(), "what can be", null);
                }
            }
        }
    }

    /** A line among others, before anything runs. */
    void command(Words words) {
        command(words, 0, line -> {});
    }

    private void command(Words words, long now, Consumer<String> out) {
        sets.values().forEach(each -> each.sweep(now));
        boolean given = words.accept("-exist") | words.accept("-!");
        String verb = words.take("a command");
        String full = Map.of("-N", "create", "-A", "add", "-D", "del", "-L", "list", "-X", "destroy", "-F", "flush")
                .getOrDefault(verb, verb.equals("n") ? "create" : verb);
        boolean exist = words.accept("-exist") | given;
        try {
            carryOut(full, words, exist, now, out);
        } finally {
            // What is refused halfway has changed something, too.
            if (!List.of("list", "save", "test").contains(full)) {
                changed.run();
            }
        }
    }

    private void carryOut(String verb, Words words, boolean exist, long now, Consumer<String> out) {
        switch (verb) {
            case "create" -> create(words, exist);
            case "add" -> add(words, exist, now);
            case "del" -> delete(words, exist);
            case "test" -> test(words, out);
            case "list", "save" -> list(words, verb.equals("save"), now, out);
            case "flush", "destroy" -> whole(words, verb.equals("destroy"));
            case "rename", "swap" -> move(words, verb.equals("swap"));
            default -> throw words.wrong("a command: " + String.join(", ", VERBS), VERBS);
        }
    }

    private IpSet named(Words words) {
        IpSet set = sets.get(words.take("a set's name"));
        if (set == null) {
            throw words.wrong("a set that there is", names());
        }
        return set;
    }

    private void create(Words words, boolean exist) {
        String name = words.take("a set's name");
        if (name.length() > 31) {
            throw words.wrong("a set's name of 31 characters at most");
        }
        String type = TYPES.get(words.choice("a type", TYPES));
        long most = LIMIT;
        long hash = 1024;
        long[] range = {0, 65_535};
        long parts = 8;
        long timeout = -1;
        boolean counters = false;
        boolean comment = false;
        while (!words.empty()) {
            String option = words.take("an option");
            switch (option) {
                case "family" -> words.choice("a family", List.of("inet"));
                case "hashsize" -> hash = words.number("a size", 1, 1L << 31);
                case "maxelem" -> most = words.number("a number of members", 1, 0xffff_ffffL);
                case "range" -> range = ports(words);
                case "size" -> parts = words.number("a number of sets", 1, 65_535);
                case "timeout" -> timeout = words.number("a number of seconds", 0, SetOptions.LONGEST);
                case "counters" -> counters = true;
                case "comment" -> comment = true;
                // How the kernel lays it out; no member is another for it.
                case "bucketsize", "initval" -> words.take("a number");
                case "-exist" -> exist = true;
                default -> throw words.wrong("an option", OPTIONS);
            }
        }
        if (sets.containsKey(name)) {
            if (exist) {
                return;
            }
            throw new Refused("Set cannot be created: set with the same name already exists");
        }
        SetOptions options = new SetOptions(timeout, counters, comment);
        String header =
                switch (type.substring(0, type.indexOf(':'))) {
                    case "bitmap" -> "range " + range[0] + "-" + range[1];
                    case "list" -> "size " + parts;
                    default -> "family inet hashsize " + hash + " maxelem " + most;
                };
        Dimension[] dimensions = type.equals("list:set") ? new Dimension[0] : dimensions(type);
        IpSet made = new IpSet(name, type, header + options.text(), dimensions, most, options);
        if (type.startsWith("bitmap:")) {
            made.range(range[0], range[1]);
        }
        sets.put(name, made);
    }

    /** {@code FROM-TO}, whichever is the lower. */
    private static long[] ports(Words words) {
        String text = words.take("a range such as 0-65535");
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw words.wrong("a range such as 0-65535");
        }
        long from = words.port(text.substring(0, dash));
        long to = words.port(text.substring(dash + 1));
        return new long[] {Math.min(from, to), Math.max(from, to)};
    }

    private static void room(IpSet set, List<Member> members) {
        if (!members.stream().allMatch(set::inRange)) {
            throw new Refused("Element is out of the range of the set");
        }
    }

    private static Dimension[] dimensions(String type) {
        String[] parts = type.substring(type.indexOf(':') + 1).split(",");
        Dimension[] all = new Dimension[parts.length];
        for (int i = 0; i < parts.length; i++) {
            all[i] = KINDS.get(parts[i]);
        }
        return all;
    }

    private void add(Words words, boolean exist, long now) {
        IpSet set = named(words);
        if (set.parts() != null) {
            addPart(set, words, exist, now);
            return;
        }
        List<Member> all = members(set, words);
        SetEntry entry = set.options().entry(words, now);
        boolean ignore = exist | words.accept("-exist");
        words.finish();
        room(set, all);
        for (Member each : all) {
            if (set.contains(each) && !ignore) {
                throw new Refused("Element cannot be added to the set: it's already added");
            }
            // Each counts for itself.
            SetEntry own = all.size() == 1
                    ? entry
                    : new SetEntry(entry.nomatch, entry.until, entry.comment, entry.packets, entry.bytes);
            if (!set.add(each, own)) {
                throw new Refused("Hash is full, cannot add more elements");
            }
        }
    }

    private void delete(Words words, boolean exist) {
        IpSet set = named(words);
        if (set.parts() != null) {
            IpSet part = part(words);
            boolean ignored = exist | words.accept("-exist");
            words.finish();
            if (set.parts().get(part) == null && !ignored) {
                throw new Refused("Element cannot be deleted from the set: it's not added");
            }
            set.parts().remove(part);
            return;
        }
        List<Member> all = members(set, words);
        boolean ignore = exist | words.accept("-exist");
        words.finish();
        room(set, all);
        for (Member each : all) {
            if (!set.contains(each) && !ignore) {
                throw new Refused("Element cannot be deleted from the set: it's not added");
            }
            set.remove(each);
        }
    }

    private IpSet part(Words words) {
        IpSet part = sets.get(words.take("a set's name"));
        if (part == null) {
            throw new Refused("Set to be added/deleted/tested as element does not exist.");
        } else if (part.parts() != null) {
            throw new Refused("Set of type list:set cannot be added as element.");
        }
        return part;
    }

    private void addPart(IpSet set, Words words, boolean exist, long now) {
        IpSet part = part(words);
        IpSet before = words.accept("before") ? part(words) : null;
        IpSet after = before == null && words.accept("after") ? part(words) : null;
        SetEntry entry = set.options().entry(words, now);
        boolean ignore = exist | words.accept("-exist");
        words.finish();
        if (set.parts().get(part) != null && !ignore) {
            throw new Refused("Element cannot be added to the set: it's already added");
        }
        set.parts().put(part, entry, before, after);
    }

    private void test(Words words, Consumer<String> out) {
        IpSet set = named(words);
        String text = words.peek();
        boolean there = set.parts() != null ? set.parts().get(part(words)) != null : tests(set, words);
        words.finish();
        if (!there) {
            // As the tool says it: without its name.
            throw new Refused(text + " is NOT in set " + set.name() + ".", false);
        }
        out.accept("Warning: " + text + " is in set " + set.name() + ".");
    }

    /** An address is in a set of networks if one of them has it; one that says no is there for {@code nomatch} alone. */
    private static boolean tests(IpSet set, Words words) {
        SetEntry found = set.tested(members(set, words).get(0));
        boolean nomatch = set.networks() && words.accept("nomatch");
        return found != null && found.nomatch == nomatch;
    }

    /** A range of addresses is as many members; otherwise one. */
    private static List<Member> members(IpSet set, Words words) {
        String text = words.take("a member");
        String[] parts = text.split(",", -1);
        Dimension[] kinds = set.kinds();
        if (parts.length != kinds.length) {
            throw words.wrong("a member of " + set.type() + ": " + kinds.length + " parts with commas between");
        }
        long[] values = new long[3];
        int lengths = 0;
        long last = -1;
        try {
            for (int i = 0; i < parts.length; i++) {
                int dash = parts[i].indexOf('-');
                if (i == 0 && kinds[0] == Dimension.IP && dash > 0) {
                    last = Ipv4Address.bits(parts[0].substring(dash + 1)) & 0xffff_ffffL;
                    values[0] = Ipv4Address.bits(parts[0].substring(0, dash)) & 0xffff_ffffL;
                } else if (i == 0 && kinds[0] == Dimension.IP && parts[0].indexOf('/') > 0) {
                    Prefix net = prefix(parts[0]);
                    values[0] = net.address() & 0xffff_ffffL;
                    last = net.broadcast() & 0xffff_ffffL;
                } else if (kinds[i] == Dimension.NET) {
                    Prefix net = prefix(parts[i]);
                    values[i] = net.address() & 0xffff_ffffL;
                    lengths |= net.length() << 8 * i;
                } else {
                    values[i] = value(kinds[i], set.type(), parts[i], words);
                }
            }
        } catch (IllegalArgumentException e) {
            throw e instanceof RuleSyntaxException ? e : words.wrong("a member of " + set.type());
        }
        return range(values, Math.max(last, values[0]), lengths, words);
    }

    private static List<Member> range(long[] values, long last, int lengths, Words words) {
        if (last - values[0] >= LIMIT) {
            throw words.wrong("a range of " + LIMIT + " addresses at most");
        }
        List<Member> all = new ArrayList<>();
        for (long each = values[0]; each <= last; each++) {
            all.add(new Member(each, values[1], values[2], lengths));
        }
        return all;
    }

    private static Prefix prefix(String text) {
        int slash = text.indexOf('/');
        int length = slash < 0 ? 32 : Integer.parseInt(text.substring(slash + 1));
        if (length == 0) {
            throw new IllegalArgumentException();
        }
        return new Prefix(Ipv4Address.bits(slash < 0 ? text : text.substring(0, slash)), length);
    }

    private static long value(Dimension kind, String type, String text, Words words) {
        return switch (kind) {
            case MAC -> MacAddress.bits(text);
            case MARK -> {
                long mark = Words.parse(text);
                if (mark < 0 || mark > 0xffff_ffffL) {
                    throw new IllegalArgumentException();
                }
                yield mark;
            }
            case PORT -> port(type, text, words);
            default -> Ipv4Address.bits(text) & 0xffff_ffffL;
        };
    }

    /** {@code PORT} is TCP's; {@code udp:53}, {@code icmp:8/0}. In a bitmap:port the protocol does not matter. */
    private static long port(String type, String text, Words words) {
        int colon = text.indexOf(':');
        Integer protocol = colon < 0 ? Integer.valueOf(Ipv4.TCP) : Services.protocol(text.substring(0, colon));
        if (protocol == null) {
            throw words.wrong("a protocol before the port", Services.protocols());
        }
        String number = text.substring(colon + 1);
        if (protocol == Ipv4.ICMP) {
            String[] both = number.split("/", -1);
            return (long) protocol << 16
                    | Integer.parseInt(both[0]) << 8
                    | (both.length > 1 ? Integer.parseInt(both[1]) : 0);
        }
        return (type.equals("bitmap:port") ? 0 : (long) protocol << 16) | words.port(number);
    }

    /** Lists of sets come last (ip_set_dump_do): what is saved can be restored line by line. */
    private List<IpSet> inOrder() {
        return sets.values().stream()
                .sorted(Comparator.comparing((IpSet each) -> each.parts() != null))
                .toList();
    }

    private void list(Words words, boolean save, long now, Consumer<String> out) {
        boolean names = words.accept("-n") || words.accept("-name");
        boolean terse = words.accept("-t") || words.accept("-terse");
        List<IpSet> all = words.empty() ? inOrder() : List.of(named(words));
        words.finish();
        boolean first = true;
        for (IpSet each : all) {
            if (names) {
                out.accept(each.name());
            } else if (save) {
                out.accept("create " + each.name() + " " + each.type() + " " + each.header());
                each.texts(now).forEach(text -> out.accept("add " + each.name() + " " + text));
            } else {
                if (!first) {
                    out.accept("");
                }
                describe(each, terse, now, out);
            }
            first = false;
        }
    }

    /** As of Linux 6: what revision of a type takes part in its lookup. */
    private static int revision(String type) {
        return switch (type) {
            case "hash:ip" -> 6;
            case "hash:ip,port", "hash:net" -> 7;
            case "hash:net,port" -> 8;
            default -> type.startsWith("hash:net") ? 7 : type.startsWith("hash") ? 6 : 3;
        };
    }

    private static void describe(IpSet set, boolean terse, long now, Consumer<String> out) {
        out.accept("Name: " + set.name());
        out.accept("Type: " + set.type());
        out.accept("Revision: " + revision(set.type()));
        out.accept("Header: " + set.header());
        out.accept("Size in memory: " + (200 + 64 * set.size()));
        out.accept("References: " + set.references());
        out.accept("Number of entries: " + set.size());
        if (!terse) {
            out.accept("Members:");
            set.texts(now).forEach(out);
        }
    }

    private void whole(Words words, boolean destroy) {
        List<IpSet> all = words.empty() ? List.copyOf(sets.values()) : List.of(named(words));
        words.finish();
        for (IpSet each : all) {
            if (destroy && each.references() > 0) {
                throw new Refused("Set cannot be destroyed: it is in use by a kernel component");
            }
        }
        for (IpSet each : all) {
            each.flush();
            if (destroy) {
                sets.remove(each.name());
            }
        }
    }

    private void move(Words words, boolean swap) {
        IpSet from = named(words);
        if (swap) {
            IpSet with = sets.get(words.take("a set's name"));
            words.finish();
            if (with == null) {
                throw new Refused("Sets cannot be swapped: the second set does not exist");
            }
            if (!with.type().equals(from.type())) {
                throw new Refused("The sets cannot be swapped: their type does not match");
            }
            from.swapWith(with);
            return;
        }
        String to = words.take("the new name");
        words.finish();
        if (sets.containsKey(to)) {
            throw new Refused("Set cannot be renamed: a set with the new name already exists");
        } else if (from.references() > 0) {
            throw new Refused("Set cannot be renamed: it is in use by another system");
        }
        sets.remove(from.name());
        from.rename(to);
        sets.put(to, from);
    }
}
