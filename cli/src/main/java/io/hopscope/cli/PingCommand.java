package io.hopscope.cli;

import io.hopscope.scenarios.RunPlan;
import io.hopscope.scenarios.RunResult;
import io.hopscope.scenarios.Runner;
import io.hopscope.scenarios.Scenario;
import io.hopscope.traces.Explanation;
import io.hopscope.traces.Journey;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hopscope ping}. */
@Command(
        name = "ping",
        description = "Pings from A to B in a scenario, after its own steps, and explains the packet's way.",
        mixinStandardHelpOptions = true)
final class PingCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SCENARIO|FILE", description = "A scenario's name, or a YAML file.")
    String scenario;

    @Parameters(index = "1", paramLabel = "A", description = "Who pings.")
    String from;

    @Parameters(index = "2", paramLabel = "B", description = "Whom: a name or an address.")
    String to;

    @Option(names = "-c", paramLabel = "N", defaultValue = "1", description = "How often (default: ${DEFAULT-VALUE}).")
    int count;

    @Mixin
    ScenarioOptions options;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Option(names = "--wide", description = "MAC addresses whole, lines as long as need be.")
    boolean wide;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        Scenario read = options.read(scenario);
        RunPlan plan = new RunPlan()
                .seed(options.seed)
                .workers(options.workers)
                .withoutExpectations()
                .exec(from, "ping -c " + count + " " + to, RunPlan.AFTERWARDS);
        CountDownLatch done = RunCommand.stopOnInterrupt(plan);
        try {
            RunResult result = Runner.run(read, plan, System::nanoTime);
            RunResult.Command last = result.commands().get(result.commands().size() - 1);
            print(terminal, result, last);
            return RunCommand.exit(result, last.task().exit() == 0);
        } finally {
            done.countDown();
        }
    }

    private void print(Terminal terminal, RunResult result, RunResult.Command last) {
        Journey latest = result.journeys().lastData();
        // A ping that never went out has no way to explain.
        Journey journey = latest == null || latest.first().picos() < last.at() ? null : latest;
        Journey cause = journey == null ? null : result.journeys().cause(journey);
        if (format == Format.JSON) {
            Map<String, Object> all = Json.command(last);
            all.put("journey", journey == null ? null : Json.journey(journey));
            all.put("cause", cause == null ? null : Json.journey(cause));
            terminal.line(Json.text(all));
        } else {
            terminal.lines(last.task().lines());
            if (journey != null) {
                terminal.line("");
                terminal.lines(new Explanation(terminal.style(), wide, false)
                        .columns(terminal.width())
                        .among(result.journeys())
                        .of(journey, cause));
            }
        }
        terminal.flush();
    }
}
