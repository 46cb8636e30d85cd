package io.hopscope.cli;

import io.hopscope.encap.Nearest;
import io.hopscope.scenarios.BuiltIn;
import io.hopscope.scenarios.Catalogue;
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
        description = "Lists scenarios, devices, blueprints, commands or tunnels; scenarios if nothing is said.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: hopscope list scenarios first-steps"})
final class ListCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "WHAT",
            description = "scenarios, devices, blueprints, commands or tunnels.",
            defaultValue = "scenarios")
    String what;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "A scenario: its file is printed.")
    String name;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        if (!Catalogue.KINDS.contains(what)) {
            throw new WrongUse("'" + what + "'", String.join(", ", Catalogue.KINDS), Nearest.of(what, Catalogue.KINDS));
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
