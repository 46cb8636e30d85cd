package io.hopscope.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code hopscope bench}. */
@Command(name = "bench", description = "Measures forwarding.", mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return Hopscope.WRONG;
    }
}
