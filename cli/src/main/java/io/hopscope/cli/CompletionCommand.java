package io.hopscope.cli;

import io.hopscope.encap.Nearest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hopscope completion}. */
@Command(
        name = "completion",
        description = "Prints a script that completes commands and options in bash and zsh.",
        mixinStandardHelpOptions = true,
        footer = {"", "In the shell's start file: source <(hopscope completion)"})
final class CompletionCommand implements Callable<Integer> {
    private static final List<String> SHELLS = List.of("bash", "zsh");

    @Spec
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "bash|zsh", description = "One script is good for both.")
    String shell;

    @Override
    public Integer call() {
        if (shell != null && !SHELLS.contains(shell)) {
            throw new WrongUse("'" + shell + "'", "bash or zsh", Nearest.of(shell, SHELLS));
        }
        Terminal terminal = new Terminal();
        terminal.line(AutoComplete.bash("hopscope", spec.root().commandLine()));
        terminal.flush();
        return Hopscope.OK;
    }
}
