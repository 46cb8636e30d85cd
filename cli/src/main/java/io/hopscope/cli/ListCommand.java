package io.hopscope.cli;

import io.hopscope.encap.Nearest;
import io.hopscope.scenarios.BuiltIn;
import io.hopscope.scenarios.Catalogue;
import io.hopscope.scenarios.Inventory;
import io.hopscope.scenarios.Lab;
import io.hopscope.scenarios.Runner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hopscope list}. */
@Command(
        name = "list",
        description = "Lists scenarios, devices, blueprints, commands or tunnels, or what a scenario consists of.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples: hopscope list scenarios first-steps", "          hopscope list nodes era-container-l2"
        })
final class ListCommand implements Callable<Integer> {
    private static final List<String> PARTS = List.of("nodes", "ports");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "WHAT",
            description =
                    "scenarios (if nothing is said), devices, blueprints, commands, tunnels; nodes or ports of a scenario.",
            defaultValue = "scenarios")
    String what;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SCENARIO|FILE",
            description = "A scenario whose file is printed, or whose nodes or ports are listed.")
    String name;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a parameter of the scenario; may be repeated.")
    Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        List<String> kinds = new ArrayList<>(Catalogue.KINDS);
        kinds.addAll(PARTS);
        if (PARTS.contains(what)) {
            parts(terminal);
            terminal.flush();
            return Hopscope.OK;
        } else if (!kinds.contains(what)) {
            throw new WrongUse("'" + what + "'", String.join(", ", kinds), Nearest.of(what, kinds));
        }
        if (name != null) {
            print(terminal);
        } else if (format == Format.JSON) {
            List<Object> all = new ArrayList<>();
            Catalogue.of(what).forEach((each, text) -> all.add(entry(each, text)));
            terminal.line(Json.text(all));
        } else {
            table(terminal, Catalogue.of(what));
        }
        terminal.flush();
        return Hopscope.OK;
    }

    /** What a scenario's network consists of, by the names that everything else takes. */
    private void parts(Terminal terminal) {
        if (name == null) {
            throw new WrongUse("'list " + what + "' alone", "a scenario's name, or a YAML file, behind it", null);
        }
        Lab lab = Runner.check(BuiltIn.find(name, set));
        List<Map<String, Object>> all = what.equals("nodes") ? Inventory.nodes(lab) : Inventory.ports(lab);
        if (format == Format.JSON) {
            terminal.line(Json.text(all));
            return;
        }
        String second = what.equals("nodes") ? "kind" : "peer";
        int first = width(all, "name");
        int other = width(all, second);
        for (Map<String, Object> each : all) {
            String mac = what.equals("nodes") ? "" : String.format(Locale.ROOT, "%-17s  ", text(each, "mac"));
            terminal.line((String.format(
                                    Locale.ROOT,
                                    "%-" + first + "s  %-" + other + "s  ",
                                    text(each, "name"),
                                    text(each, second))
                            + mac
                            + String.join(", ", addresses(each)))
                    .stripTrailing());
        }
    }

    private static List<String> addresses(Map<String, Object> of) {
        return ((List<?>) of.get("addresses")).stream().map(String::valueOf).toList();
    }

    private static String text(Map<String, Object> of, String key) {
        return of.get(key) == null ? "-" : of.get(key).toString();
    }

    private static int width(List<Map<String, Object>> all, String key) {
        return all.stream().mapToInt(each -> text(each, key).length()).max().orElse(1);
    }

    private static Map<String, String> entry(String name, String text) {
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("name", name);
        entry.put("description", text);
        return entry;
    }

    /** The file of a built-in scenario, to read and to begin one's own with. */
    private void print(Terminal terminal) {
        if (!what.equals("scenarios") || !BuiltIn.names().contains(name)) {
            throw new WrongUse(
                    what + " '" + name + "'",
                    "'list scenarios NAME' with a name that 'list' shows",
                    Nearest.of(name, BuiltIn.names()));
        }
        if (format == Format.JSON) {
            Map<String, String> entry = entry(name, Catalogue.of(what).get(name));
            entry.put("yaml", BuiltIn.source(name));
            terminal.line(Json.text(entry));
        } else {
            terminal.line(BuiltIn.source(name).stripTrailing());
        }
    }

    /** Long descriptions go on below themselves. */
    private static void table(Terminal terminal, Map<String, String> entries) {
        int columns = terminal.width();
        int width = entries.keySet().stream().mapToInt(String::length).max().orElse(1);
        entries.forEach((name, text) -> {
            String lead = String.format(Locale.ROOT, "%-" + width + "s  ", name);
            String rest = text;
            while (lead.length() + rest.length() > columns) {
                int cut = rest.lastIndexOf(' ', columns - lead.length());
                cut = cut <= 0 ? columns - lead.length() : cut;
                terminal.line(lead + rest.substring(0, cut));
                rest = rest.substring(cut).strip();
                lead = " ".repeat(lead.length());
            }
            terminal.line(lead + rest);
        });
    }
}
