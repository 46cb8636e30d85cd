package io.hopscope.scenarios;

import io.hopscope.devices.asic.AsicSpec;
import io.hopscope.protocols.asic.AclRule;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.CoppProfile;
import io.hopscope.protocols.asic.HashFunction;
import io.hopscope.protocols.asic.HashTableSpec;
import io.hopscope.protocols.asic.PuntClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a scenario says of a switch's silicon: a profile, and whatever differs from it. */
final class AsicReader {
    private static final int LARGEST = 1 << 24;
    private static final int MOST_SLOTS = 64;
    /** Sweeps and samples more often than this would take the time of the run. */
    private static final long SHORTEST = 1_000_000_000L;

    private static final List<String> POLICIES = words(HashTableSpec.Policy.values());
    private static final List<String> FUNCTIONS = words(HashFunction.values());
    private static final List<String> CAUSES = words(AsicSpec.Cause.values());

    private static final Type PROFILE = Type.choice("ASIC profile", AsicProfile.names());
    private static final Type SIZE = Type.number(1, LARGEST, "a number of entries from 1 to " + LARGEST);

    private static final Keys TABLE = new Keys("a hash table")
            .key("capacity", SIZE, "entries in all")
            .key("slots", Type.number(1, MOST_SLOTS, "slots from 1 to " + MOST_SLOTS), "entries a bucket; 8")
            .key(
                    "banks",
                    Type.number(1, HashTableSpec.MOST_HASHES, "banks from 1 to 4"),
                    "each with a hash of its own; 1")
            .key("hashes", Type.number(1, HashTableSpec.MOST_HASHES, "hashes from 1 to 4"), "buckets for a key; 2")
            .key("moves", Type.number(0, HashTableSpec.MOST_MOVES, "moves from 0 to 4"), "entries that give way; 0")
            .key("policy", Type.choice("policy", POLICIES), "which of its buckets a key goes to; least-loaded")
            .key("functions", Type.list(Type.choice("hash function", FUNCTIONS)), "one a hash; CRCs");

    private static final Keys LPM = new Keys("a prefix table")
            .key("capacity", SIZE, "slots")
            .key("cost", Type.number(1, 16, "slots from 1 to 16"), "slots of one prefix; 1");

    private static final Keys ECMP = new Keys("a table of equal next hops")
            .key("groups", Type.number(0, LARGEST, "a number of groups up to " + LARGEST), "sets of next hops")
            .key(
                    "members",
                    Type.number(0, LARGEST, "a number of next hops up to " + LARGEST),
                    "next hops in all sets together")
            .key("width", Type.number(1, 4096, "a width from 1 to 4096"), "next hops of one set");

    private static final Keys ACL = new Keys("an access list")
            .key("capacity", SIZE, "rules there is room for")
            .key(
                    "rules",
                    Type.list(Type.parsed(
                            "permit|deny ip|icmp|tcp|udp SOURCE DESTINATION [eq PORT]", null, AclRule::parse)),
                    "the first that matches decides; what none matches passes");

    private static final Keys LIMITS = limits();

    private static final Keys CPU = new Keys("a switch's CPU")
            .key(
                    "rate",
                    Type.number(1, 1_000_000, "packets/s from 1 to 1000000"),
                    "packets a second that it handles; 5000")
            .key("queue", Type.number(1, 1_000_000, "packets from 1 to 1000000"), "packets that wait in a class; 1000")
            .key("copp", Type.choice("CoPP profile", CoppProfile.names()), "policing of what it gets; sonic")
            .key("limits", LIMITS, "packets a second of single classes, instead of the profile's")
            .key("delay", Language.TIME, "of a packet forwarded in software; 1ms")
            .key("jitter", Language.TIME, "by how much that may be less or more; 500us")
            .key("gratuitous-arp", Type.flag("gratuitous ARP"), "who announces itself becomes a neighbour; true");

    private static final Keys CRASH = new Keys("a crash")
            .key("on", Type.choice("cause", CAUSES), "table-full, or cpu: one that is busy without a pause")
            .key("after", Language.TIME, "how long the CPU must be busy; 10s")
            .key("boot", Language.TIME, "until it forwards again, with empty tables; 60s");

    static final Keys KEYS = new Keys("a switch ASIC")
            .key("profile", PROFILE, "sizes of its tables; 64k")
            .key("fdb-table", TABLE, "VLAN and MAC")
            .key("host-table", TABLE, "IPv4 addresses of neighbours")
            .key("host-aging-time", Language.TIME, "until an entry that no packet used is taken out; 1h")
            .key("lpm", LPM, "prefixes")
            .key("ecmp", ECMP, "equal next hops")
            .key("acl", ACL, "access rules for IPv4, on the way in")
            .key("cpu", CPU, "what does the rest")
            .key("crash", Type.either(Type.flag("crash"), CRASH), "whether a full table brings it down; false")
            .key("sample", Language.TIME, "between two rows of its counters; 100ms");

    static final Type TYPE = Type.either(PROFILE, Type.named("asic", KEYS));

    private final Problems problems;

    AsicReader(Problems problems) {
        this.problems = problems;
    }

    private static Keys limits() {
        Keys keys = new Keys("limits by class");
        for (PuntClass each : PuntClass.values()) {
            keys.key(each.toString(), Type.number(1, 1_000_000, "packets/s from 1 to 1000000"), each.why());
        }
        return keys;
    }

    private static List<String> words(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    /** The constant that a word means; the first for a word that has been complained about. */
    private static <E> E constant(E[] values, List<String> words, String word) {
        return values[Math.max(0, words.indexOf(word))];
    }

    /**
     * @param node with {@code asic}, a profile's name or a map; its shape has been checked
     */
    AsicSpec read(Value node) {
        Value value = node.get("asic");
        String named = value.isText() ? value.text() : value.text("profile", "64k");
        AsicProfile base = AsicProfile.named(AsicProfile.names().contains(named) ? named : "64k");
        Value cpu = section(value, "cpu");
        Value crash = section(value, "crash");
        return new AsicSpec(
                tables(value, base),
                rules(value, base),
                period(node, "mac-aging-time", AsicSpec.FDB_AGE),
                period(value, "host-aging-time", AsicSpec.HOST_AGE),
                cpu(cpu, AsicSpec.Cpu.USUAL),
                value.flag("crash", crash.isMap()) ? crash(crash, AsicSpec.Crash.USUAL) : null,
                period(value, "sample", AsicSpec.SAMPLE));
    }

    /** What stands at a key, or nothing. */
    private static Value section(Value value, String key) {
        Value found = value.get(key);
        return found != null ? found : Value.text(value.where(), "");
    }

    private static long time(Value value, String key, long otherwise) {
        try {
            return value.has(key) ? Units.time(value.text(key)) : otherwise;
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }

    /** A time after which something is done again and again. */
    private long period(Value value, String key, long otherwise) {
        long period = time(value, key, otherwise);
        if (period < SHORTEST) {
            problems.add(value.get(key).where(), "'" + key + "' of " + value.text(key), "a time from 1ms");
        }
        return Math.max(SHORTEST, period);
    }

    private static int number(Value value, String key, int otherwise) {
        return (int) Math.max(0, Math.min(LARGEST, value.number(key, otherwise)));
    }

    private AsicProfile tables(Value value, AsicProfile base) {
        Value lpm = section(value, "lpm");
        Value ecmp = section(value, "ecmp");
        check(lpm, ecmp, base);
        return new AsicProfile(
                base.name(),
                table(section(value, "fdb-table"), base.fdb()),
                table(section(value, "host-table"), base.host()),
                Math.max(1, number(lpm, "capacity", base.lpm())),
                Math.max(1, number(lpm, "cost", base.lpmCost())),
                number(ecmp, "groups", base.ecmpGroups()),
                number(ecmp, "members", base.ecmpMembers()),
                Math.max(1, number(ecmp, "width", base.ecmpWidth())),
                number(section(value, "acl"), "capacity", base.acl()));
    }

    private void check(Value lpm, Value ecmp, AsicProfile base) {
        int room = number(lpm, "capacity", base.lpm());
        int cost = number(lpm, "cost", base.lpmCost());
        if (cost > room && room > 0) {
            problems.add(
                    lpm.where(), "prefixes of " + cost + " slots in a table of " + room, "room for one at the least");
        }
        int members = number(ecmp, "members", base.ecmpMembers());
        int width = number(ecmp, "width", base.ecmpWidth());
        if (width > members) {
            Where where = ecmp.get(ecmp.has("width") ? "width" : "members").where();
            problems.add(
                    where, "a width of " + width + " with room for " + members + " next hops", "no more than that");
        }
    }

    private HashTableSpec table(Value value, HashTableSpec base) {
        int capacity = number(value, "capacity", base.capacity());
        int slots = number(value, "slots", base.slots());
        HashTableSpec.Policy policy = value.has("policy")
                ? constant(HashTableSpec.Policy.values(), POLICIES, value.text("policy"))
                : base.policy();
        int hashes = number(value, "hashes", value.has("banks") ? number(value, "banks", 1) : base.hashes());
        int banks = policy == HashTableSpec.Policy.D_LEFT ? hashes : number(value, "banks", base.banks());
        int unit = slots * banks;
        Where where = (value.has("capacity") ? value.get("capacity") : value).where();
        if (capacity == 0 || unit == 0 || slots > MOST_SLOTS) {
            // Complained about by the shape.
            return base;
        } else if (capacity % unit != 0) {
            String near = capacity < unit ? unit + "" : capacity / unit * unit + " or " + (capacity / unit + 1) * unit;
            String buckets = banks == 1 ? "buckets of " + slots : banks + " banks of buckets of " + slots;
            problems.add(where, "a capacity of " + capacity + " in " + buckets, "a multiple of " + unit + ": " + near);
            return base;
        }
        List<HashFunction> functions = new ArrayList<>();
        value.items("functions")
                .forEach(each -> functions.add(constant(HashFunction.values(), FUNCTIONS, each.text())));
        if (shapeless(value, policy, hashes, banks, functions.size())) {
            return base;
        }
        try {
            return new HashTableSpec(
                    capacity, slots, banks, hashes, number(value, "moves", base.moves()), policy, functions);
        } catch (IllegalArgumentException e) {
            // The shape was checked: it has been complained about.
            return base;
        }
    }

    /** Whether hashes, banks and functions do not go together. */
    private boolean shapeless(Value value, HashTableSpec.Policy policy, int hashes, int banks, int functions) {
        boolean left = policy == HashTableSpec.Policy.D_LEFT;
        long said = value.number("banks", left ? hashes : banks);
        if (said != hashes && (left || said > 1)) {
            problems.add(
                    value.get("banks").where(),
                    said + " banks and " + hashes + " hashes",
                    "as many: each bank has a hash of its own" + (left ? "" : "; or one bank"));
            return true;
        } else if (functions > 0 && functions != hashes) {
            problems.add(
                    value.get("functions").where(),
                    functions + " hash functions for " + hashes + " hashes",
                    "as many, in order");
            return true;
        }
        return false;
    }

    private List<AclRule> rules(Value value, AsicProfile base) {
        Value acl = section(value, "acl");
        int room = number(acl, "capacity", base.acl());
        List<AclRule> rules = new ArrayList<>();
        for (Value each : acl.items("rules")) {
            try {
                rules.add(AclRule.parse(String.valueOf(each.text())));
            } catch (IllegalArgumentException e) {
                // The shape was checked: it has been complained about.
                continue;
            }
        }
        if (rules.size() > room) {
            problems.add(acl.get("rules").where(), rules.size() + " rules", "no more than " + room + ", the capacity");
        }
        return rules;
    }

    private AsicSpec.Cpu cpu(Value value, AsicSpec.Cpu base) {
        String copp = value.text("copp", base.copp().name());
        CoppProfile policing = CoppProfile.named(CoppProfile.names().contains(copp) ? copp : "sonic");
        for (Map.Entry<String, Value> limit : value.entries("limits").entrySet()) {
            PuntClass of = PuntClass.find(limit.getKey());
            if (!policing.polices()) {
                problems.add(value.where("limits"), "'limits' without policing", "'copp': sonic or nx-os");
                break;
            } else if (of != null) {
                policing = policing.with(of, Math.max(1, value.get("limits").number(limit.getKey(), 1)));
            }
        }
        long delay = time(value, "delay", base.delay());
        long jitter = time(value, "jitter", Math.min(delay, base.jitter()));
        if (jitter > delay) {
            problems.add(value.get("jitter").where(), "a jitter above the delay", "no more than the delay");
        }
        return new AsicSpec.Cpu(
                Math.max(1, number(value, "rate", base.rate())),
                Math.max(1, number(value, "queue", base.queue())),
                policing,
                delay,
                Math.min(delay, jitter),
                value.flag("gratuitous-arp", base.gratuitous()));
    }

    private AsicSpec.Crash crash(Value value, AsicSpec.Crash base) {
        AsicSpec.Cause on = constant(AsicSpec.Cause.values(), CAUSES, value.text("on"));
        if (on == AsicSpec.Cause.TABLE_FULL && value.has("after")) {
            problems.add(value.where("after"), "'after' of a crash by a full table, which is at once", "'on: cpu'");
        }
        // With no time to boot a full table would be full again in the same instant, for ever.
        return new AsicSpec.Crash(on, time(value, "after", base.after()), period(value, "boot", base.boot()));
    }
}
