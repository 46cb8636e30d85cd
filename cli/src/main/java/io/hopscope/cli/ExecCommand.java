package io.hopscope.cli;

import io.hopscope.scenarios.RunPlan;
import io.hopscope.scenarios.RunResult;
import io.hopscope.scenarios.Runner;
import io.hopscope.scenarios.Scenario;
import io.hopscope.scenarios.Times;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hopscope exec}. */
@Command(
        name = "exec",
        description = "Runs one command on a node of a scenario, after the scenario's own steps.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: hopscope exec openstack-provider compute1 -- ovs-ofctl dump-flows br-int"})
final class ExecCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SCENARIO|FILE", description = "A scenario's name, or a YAML file.")
    String scenario;

    @Parameters(index = "1", paramLabel = "NODE", description = "A node or device, such as compute1 or inst1.")
    String node;

    @Parameters(index = "2..*", arity = "1..*", paramLabel = "COMMAND", description = "The command and its words.")
    List<String> command;

    @Mixin
    ScenarioOptions options;

    @Option(names = "--at", paramLabel = "TIME", description = "Starts it then, rather than when all is over.")
    String at;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        Scenario read = options.read(scenario);
        long instant = at == null ? RunPlan.AFTERWARDS : time();
        RunPlan plan = new RunPlan()
                .seed(options.seed)
                .workers(options.workers)
                .withoutExpectations()
                .journeys(false)
                .exec(node, quoted(command), instant);
        CountDownLatch done = RunCommand.stopOnInterrupt(plan);
        try {
            RunResult result = Runner.run(read, plan, System::nanoTime);
            RunResult.Command last = result.commands().get(result.commands().size() - 1);
            if (format == Format.JSON) {
                terminal.line(Json.text(Json.command(last)));
            } else {
                terminal.lines(last.task().lines());
            }
            terminal.flush();
            return RunCommand.exit(result, last.task().exit() == 0);
        } finally {
            done.countDown();
        }
    }

    private long time() {
        try {
            return Times.picoseconds(at);
        } catch (IllegalArgumentException e) {
            throw new WrongUse("--at " + at, "a time such as 500ms", null);
        }
    }

    /** One word stays one word, unless it is the whole command line. */
    private static String quoted(List<String> words) {
        if (words.size() == 1) {
            return words.get(0);
        }
        return String.join(
                " ",
                words.stream()
                        .map(word -> word.indexOf(' ') < 0 ? word : "'" + word + "'")
                        .toList());
    }
}
