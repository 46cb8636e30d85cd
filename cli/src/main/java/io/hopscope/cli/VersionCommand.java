package io.hopscope.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code hopscope version}. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }

    private static String text() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return "hopscope " + (version == null ? "from its sources" : version) + " (Java "
                + System.getProperty("java.version") + ")";
    }

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        terminal.line(text());
        terminal.flush();
        return Hopscope.OK;
    }
}
