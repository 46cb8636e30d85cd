package io.hopscope.cli;

import io.hopscope.scenarios.SchemaWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code hopscope schema}. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of scenario files, for editors.",
        mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        terminal.line(SchemaWriter.json().stripTrailing());
        terminal.flush();
        return Hopscope.OK;
    }
}
