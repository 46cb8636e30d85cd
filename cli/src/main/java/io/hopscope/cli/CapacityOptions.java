package io.hopscope.cli;

import io.hopscope.encap.Nearest;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.protocols.asic.HashTableSpec;
import io.hopscope.scenarios.eras.EraSpec;
import io.hopscope.scenarios.eras.Eras;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How the eras that are run differ from what they were; null where they do not. */
final class CapacityOptions {
    private static final int MOST_WORKERS = 256;
    private static final int K = 1024;
    private static final int SLOTS = 8;
    private static final int LARGEST_TABLE = 1 << 22;
    private static final int QUICK = 16;

    @Option(
            names = "--era",
            paramLabel = "NAME",
            description = "bare-metal, vm, container-l2 or container-routed; may be repeated (default: all).")
    List<String> eras = new ArrayList<>();

    @Option(names = "--racks", paramLabel = "N", description = "Racks (default: 200; vm: 300).")
    Integer racks;

    @Option(names = "--per-rack", paramLabel = "N", description = "Servers a rack (default: 10).")
    Integer perRack;

    @Option(
            names = "--density",
            paramLabel = "N",
            description = "Endpoints a server (default: bare-metal 1, vm 15, containers 75).")
    Integer density;

    @Option(
            names = "--table",
            paramLabel = "PROFILE|N",
            description = "The cores' silicon, such as 16k, 64k or td2-l3, or the entries of a host table (default:"
                    + " bare-metal 16k, else 64k).")
    String table;

    @Option(names = "--subnet-size", paramLabel = "LENGTH", description = "Prefix length of a subnet (default: 22).")
    String subnet;

    @Option(names = "--no-copp", description = "Nothing polices what the cores' CPUs are given.")
    boolean noCopp;

    @Option(names = "--crash", description = "A core that finds no room for an entry reboots.")
    boolean crash;

    @Option(names = "--warm", description = "Entries are written by the tables' own code, instead of by announcements.")
    boolean warm;

    @Option(names = "--quick", description = "A sixteenth of the racks and of the tables: the same picture sooner.")
    boolean quick;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of all randomness (default: 1).")
    long seed;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Threads; the result is the same with any number (default: one a processor).")
    Integer given;

    int workers() {
        return given != null
                ? given
                : Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors());
    }

    /** One for each era, all checked before the first begins. */
    List<EraSpec> specs() {
        between("--racks", racks, 1, 5000);
        between("--per-rack", perRack, 1, 100);
        between("--density", density, 1, 1000);
        between("--workers", given, 1, MOST_WORKERS);
        AsicProfile silicon = table == null ? null : silicon();
        Integer length = subnet == null ? null : subnet();
        for (String each : eras) {
            if (!Eras.NAMES.contains(each)) {
                throw new WrongUse(
                        "--era " + each, "one of " + String.join(", ", Eras.NAMES), Nearest.of(each, Eras.NAMES));
            }
        }
        return new LinkedHashSet<>(eras.isEmpty() ? Eras.NAMES : eras)
                .stream().map(each -> spec(each, silicon, length)).toList();
    }

    private EraSpec spec(String era, AsicProfile silicon, Integer length) {
        EraSpec usual = EraSpec.usual(era);
        int usualRacks = quick ? usual.racks() / QUICK : usual.racks();
        AsicProfile usualTable = quick ? table(usual.table().host().capacity() / QUICK) : usual.table();
        int itsRacks = racks != null ? racks : usualRacks;
        int servers = perRack != null ? perRack : usual.perRack();
        int endpoints = density != null ? density : usual.density();
        if (itsRacks * servers * endpoints < 2) {
            throw new WrongUse(
                    "one endpoint alone in " + era + ": --racks " + itsRacks + " --per-rack " + servers + " --density "
                            + endpoints,
                    "two or more, who talk to one another",
                    null);
        }
        return usual.size(itsRacks, servers, endpoints)
                .switches(silicon != null ? silicon : usualTable, !noCopp, crash)
                .subnetSize(length != null ? length : usual.subnetSize())
                .warm(warm)
                .run(seed, workers());
    }

    /** What was asked for, or what it was without that. */
    Map<String, String> parameters() {
        Map<String, String> all = new LinkedHashMap<>();
        for (EraSpec each : specs()) {
            all.put(
                    each.name(),
                    Eras.population(each) + "; host table " + each.table().host() + "; subnets /" + each.subnetSize());
        }
        all.put("CoPP", noCopp ? "none" : "SONiC's rates");
        all.put("crash", crash ? "a core without room reboots" : "no");
        all.put("entries", warm ? "preloaded" : "learnt from announcements");
        all.put("seed", Long.toString(seed));
        all.put("workers", Integer.toString(workers()));
        return all;
    }

    static void between(String option, Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw new WrongUse(option + " " + value, least + " to " + most, null);
        }
    }

    /** A host table of so many entries, and the rest in the proportion of the article's switches. */
    private static AsicProfile table(int entries) {
        AsicProfile as = AsicProfile.named("64k");
        return new AsicProfile(
                Integer.toString(entries),
                HashTableSpec.of(4 * entries),
                HashTableSpec.of(entries),
                entries,
                as.lpmCost(),
                as.ecmpGroups(),
                as.ecmpMembers(),
                as.ecmpWidth(),
                as.acl());
    }

    private AsicProfile silicon() {
        List<String> names = AsicProfile.names();
        if (names.contains(table)) {
            return AsicProfile.named(table);
        }
        if (!table.matches("[0-9]{1,9}[kK]?")) {
            throw new WrongUse(
                    "--table " + table,
                    "a profile (" + String.join(", ", names) + ") or entries, such as 4096 or 48k",
                    Nearest.of(table, names));
        }
        long entries = Long.parseLong(table.replaceAll("[kK]", "")) * (table.matches(".*[kK]") ? K : 1);
        if (entries < SLOTS || entries > LARGEST_TABLE || entries % SLOTS != 0) {
            long near = Math.max(SLOTS, Math.min(LARGEST_TABLE, (entries + SLOTS / 2) / SLOTS * SLOTS));
            throw new WrongUse(
                    "--table " + table,
                    "a multiple of the " + SLOTS + " slots of a bucket, " + SLOTS + " to " + LARGEST_TABLE,
                    Long.toString(near));
        }
        return table((int) entries);
    }

    private int subnet() {
        if (!subnet.matches("/?[0-9]{1,2}")) {
            throw new WrongUse("--subnet-size " + subnet, "a prefix length from 16 to 29, such as 22", null);
        }
        int length = Integer.parseInt(subnet.replace("/", ""));
        between("--subnet-size", length, 16, 29);
        return length;
    }
}
