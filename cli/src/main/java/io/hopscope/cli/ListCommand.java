package io.hopscope.cli;

import io.hopscope.encap.Nearest;
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
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "WHAT",
            description = "scenarios, devices, blueprints, commands or tunnels.",
            defaultValue = "scenarios")
    String what;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        if (!Catalogue.KINDS.contains(what)) {
            throw new WrongUse("'" + what + "'", String.join(", ", Catalogue.KINDS), Nearest.of(what, Catalogue.KINDS));
        }
        Map<String, String> entries = Catalogue.of(what);
        if (format == Format.JSON) {
            List<Object> all = new ArrayList<>();
            entries.forEach((name, text) -> {
                Map<String, String> entry = new LinkedHashMap<>();
                entry.put("name", name);
                entry.put("description", text);
                all.add(entry);
            });
            terminal.line(Json.text(all));
        } else {
            int width = entries.keySet().stream().mapToInt(String::length).max().orElse(1);
            entries.forEach((name, text) -> {
                String line = String.format(Locale.ROOT, "%-" + width + "s  %s", name, text);
                terminal.line(line.length() > 100 ? line.substring(0, 98) + ".." : line);
            });
        }
        terminal.flush();
        return Hopscope.OK;
    }
}
