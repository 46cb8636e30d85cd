package io.hopscope.cli;

import io.hopscope.encap.Nearest;
import io.hopscope.protocols.asic.AsicProfile;
import io.hopscope.scenarios.eras.EraResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hopscope capacity}. */
@Command(
        name = "capacity",
        description = "Fills the tables of the data centre's eras with real frames, and tells what became of them.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: hopscope capacity --era vm --racks 30"})
final class CapacityCommand implements Callable<Integer> {
    static final List<String> ERAS = List.of("bare-metal", "vm", "container-l2", "container-routed");
    private static final int K = 1024;
    private static final int SLOTS = 8;
    private static final int LARGEST_TABLE = 1 << 22;

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
            description = "The cores' silicon, such as 16k, 64k or td2-l3, or a host table's entries.")
    String table;

    @Option(names = "--subnet-size", paramLabel = "LENGTH", description = "Prefix length of a subnet (default: 22).")
    String subnet;

    @Option(names = "--no-copp", description = "Nothing polices what the cores' CPUs are given.")
    boolean noCopp;

    @Option(names = "--crash", description = "A core that finds no room for an entry reboots.")
    boolean crash;

    @Option(names = "--warm", description = "Entries are written by the tables' own code, instead of by announcements.")
    boolean warm;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of all randomness (default: 1).")
    long seed;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads; the result is the same with any number (default: ${DEFAULT-VALUE}).")
    int workers;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    private final EraRequest.Source source;

    CapacityCommand(EraRequest.Source source) {
        this.source = source;
    }

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        List<EraRequest> requests = requests();
        ProgressBar progress = terminal.progress();
        List<EraResult> results = new ArrayList<>();
        for (EraRequest each : requests) {
            progress.step((results.size() + 1) + "/" + requests.size() + " " + each.era());
            results.add(source.run(each, progress));
        }
        progress.end();
        if (format == Format.JSON) {
            terminal.line(Json.text(json(results)));
        } else {
            terminal.lines(new CapacityTable(results, terminal.style()).lines());
        }
        terminal.flush();
        return Hopscope.OK;
    }

    private Map<String, Object> json(List<EraResult> results) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("seed", seed);
        all.put("workers", workers);
        all.put("eras", results.stream().map(CapacityJson::era).toList());
        all.put("jdk", System.getProperty("java.version"));
        all.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        all.put("processors", Runtime.getRuntime().availableProcessors());
        return all;
    }

    /** One for each era, all checked before the first begins. */
    private List<EraRequest> requests() {
        between("--racks", racks, 1, 5000);
        between("--per-rack", perRack, 1, 100);
        between("--density", density, 1, 1000);
        between("--workers", workers, 1, 256);
        table();
        Integer length = subnet();
        for (String each : eras) {
            if (!ERAS.contains(each)) {
                throw new WrongUse("--era " + each, "one of " + String.join(", ", ERAS), Nearest.of(each, ERAS));
            }
        }
        List<EraRequest> all = new ArrayList<>();
        for (String each : new LinkedHashSet<>(eras.isEmpty() ? ERAS : eras)) {
            all.add(new EraRequest(each, racks, perRack, density, table, length, !noCopp, crash, warm, seed, workers));
        }
        return all;
    }

    private static void between(String option, Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw new WrongUse(option + " " + value, least + " to " + most, null);
        }
    }

    /** A profile's name is taken as it is; a number has to be one that a table can have. */
    private void table() {
        if (table == null || AsicProfile.names().contains(table)) {
            return;
        }
        String expected = "a profile (" + String.join(", ", AsicProfile.names()) + ") or entries, such as 4096 or 48k";
        if (!table.matches("[0-9]{1,9}[kK]?")) {
            throw new WrongUse("--table " + table, expected, Nearest.of(table, AsicProfile.names()));
        }
        long entries = Long.parseLong(table.replaceAll("[kK]", "")) * (table.matches(".*[kK]") ? K : 1);
        if (entries < SLOTS || entries > LARGEST_TABLE || entries % SLOTS != 0) {
            long near = Math.max(SLOTS, Math.min(LARGEST_TABLE, (entries + SLOTS / 2) / SLOTS * SLOTS));
            throw new WrongUse(
                    "--table " + table,
                    "a multiple of the " + SLOTS + " slots of a bucket, " + SLOTS + " to " + LARGEST_TABLE,
                    Long.toString(near));
        }
    }

    private Integer subnet() {
        if (subnet == null) {
            return null;
        }
        if (!subnet.matches("/?[0-9]{1,2}")) {
            throw new WrongUse("--subnet-size " + subnet, "a prefix length from 16 to 29, such as 22", null);
        }
        int length = Integer.parseInt(subnet.replace("/", ""));
        between("--subnet-size", length, 16, 29);
        return length;
    }
}
