package io.hopscope.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code hopscope version}. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }

    static String version() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "from its sources" : version;
    }

    private static String text() {
        return "hopscope " + version() + " (Java " + System.getProperty("java.version") + ")";
    }

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        if (format == Format.JSON) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("version", version());
            all.put("java", System.getProperty("java.version"));
            terminal.line(Json.text(all));
        } else {
            terminal.line(text());
        }
        terminal.flush();
        return Hopscope.OK;
    }
}
