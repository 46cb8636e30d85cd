package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.Prefix;
import io.hopscope.protocols.netfilter.IpSet.Dimension;
import io.hopscope.protocols.netfilter.IpSet.Member;
import java.util.ArrayList;
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
            "bitmap:port");
    private static final List<String> VERBS =
            List.of("create", "add", "del", "test", "flush", "destroy", "list", "save", "rename", "swap");
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
            super("ipset v7.17: " + message);
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
            command(words, line -> {});
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
     * @throws RuleSyntaxException for words that mean nothing
     * @throws Refused for what cannot be
     */
    public void command(List<String> words, Consumer<String> out) {
        command(new Words(words), out);
    }

    /** Lines of {@code ipset save}, or of ipset commands. */
    public void restore(String text) {
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String stripped = line.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#") && !stripped.equals("COMMIT")) {
                Words words = new Words(line, number);
                words.accept("ipset");
                try {
                    command(words);
                } catch (Refused e) {
                    throw new RuleSyntaxException(
                            number, 1, "'" + stripped + "': " + e.getMessage(), "what can be", null);
                }
            }
        }
    }

    void command(Words words) {
        command(words, line -> {});
    }

    private void command(Words words, Consumer<String> out) {
        boolean exist = words.accept("-exist") | words.accept("-!");
        String verb = words.take("a command");
        String full = Map.of("-N", "create", "-A", "add", "-D", "del", "-L", "list", "-X", "destroy", "-F", "flush")
                .getOrDefault(verb, verb.equals("n") ? "create" : verb);
        exist |= words.accept("-exist");
        switch (full) {
            case "create" -> create(words, exist);
            case "add" -> add(words, exist);
            case "del" -> delete(words, exist);
            case "test" -> test(words, out);
            case "list", "save" -> list(words, full.equals("save"), out);
            case "flush", "destroy" -> whole(words, full.equals("destroy"));
            case "rename", "swap" -> move(words, full.equals("swap"));
            default -> throw words.wrong("a command: " + String.join(", ", VERBS), VERBS);
        }
        if (!List.of("list", "save", "test").contains(full)) {
            changed.run();
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
        String range = "";
        while (!words.empty()) {
            String option = words.take("an option");
            switch (option) {
                case "family" -> words.choice("a family", List.of("inet"));
                case "hashsize" -> hash = words.number("a size", 1, 1L << 31);
                case "maxelem" -> most = words.number("a number of members", 1, 0xffff_ffffL);
                case "range" -> range = words.take("a range such as 0-65535");
                case "-exist" -> exist = true;
                default -> throw words.wrong("an option", List.of("family", "hashsize", "maxelem", "range"));
            }
        }
        if (sets.containsKey(name)) {
            if (exist) {
                return;
            }
            throw new Refused("Set cannot be created: set with the same name already exists");
        }
        boolean bitmap = type.startsWith("bitmap");
        String header = bitmap
                ? "range " + (range.isEmpty() ? "0-65535" : range)
                : "family inet hashsize " + hash + " maxelem " + most;
        sets.put(name, new IpSet(name, type, header, dimensions(type), most));
    }

    private static Dimension[] dimensions(String type) {
        String[] parts = type.substring(type.indexOf(':') + 1).split(",");
        Dimension[] all = new Dimension[parts.length];
        for (int i = 0; i < parts.length; i++) {
            all[i] = KINDS.get(parts[i]);
        }
        return all;
    }

    private void add(Words words, boolean exist) {
        IpSet set = named(words);
        List<Member> all = members(set, words);
        boolean nomatch = words.accept("nomatch");
        boolean ignore = exist | words.accept("-exist");
        words.finish();
        for (Member each : all) {
            if (set.contains(each) && !ignore && all.size() == 1) {
                throw new Refused("Element cannot be added to the set: it's already added");
            } else if (!set.add(each, nomatch)) {
                throw new Refused("Hash is full, cannot add more elements");
            }
        }
    }

    private void delete(Words words, boolean exist) {
        IpSet set = named(words);
        List<Member> all = members(set, words);
        boolean ignore = exist | words.accept("-exist");
        words.finish();
        for (Member each : all) {
            if (!set.contains(each) && !ignore) {
                throw new Refused("Element cannot be deleted from the set: it's not added");
            }
            set.remove(each);
        }
    }

    private void test(Words words, Consumer<String> out) {
        IpSet set = named(words);
        String text = words.peek();
        boolean there = set.contains(members(set, words).get(0));
        words.finish();
        if (!there) {
            throw new Refused(text + " is NOT in set " + set.name() + ".");
        }
        out.accept("Warning: " + text + " is in set " + set.name() + ".");
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

    private void list(Words words, boolean save, Consumer<String> out) {
        boolean names = words.accept("-n") || words.accept("-name");
        boolean terse = words.accept("-t") || words.accept("-terse");
        List<IpSet> all = words.empty() ? List.copyOf(sets.values()) : List.of(named(words));
        words.finish();
        boolean first = true;
        for (IpSet each : all) {
            if (names) {
                out.accept(each.name());
            } else if (save) {
                out.accept("create " + each.name() + " " + each.type() + " " + each.header());
                each.texts().forEach(text -> out.accept("add " + each.name() + " " + text));
            } else {
                if (!first) {
                    out.accept("");
                }
                describe(each, terse, out);
            }
            first = false;
        }
    }

    private static void describe(IpSet set, boolean terse, Consumer<String> out) {
        out.accept("Name: " + set.name());
        out.accept("Type: " + set.type());
        out.accept("Revision: "
                + (set.type().startsWith("hash:net") ? 7 : set.type().startsWith("hash") ? 6 : 3));
        out.accept("Header: " + set.header());
        out.accept("Size in memory: " + (200 + 64 * set.size()));
        out.accept("References: " + set.references());
        out.accept("Number of entries: " + set.size());
        if (!terse) {
            out.accept("Members:");
            set.texts().forEach(out);
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
            IpSet with = named(words);
            words.finish();
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
