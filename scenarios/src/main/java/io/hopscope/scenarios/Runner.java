package io.hopscope.scenarios;

import io.hopscope.core.Engine;
import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.traces.CaptureFile;
import io.hopscope.traces.CaptureOutput;
import io.hopscope.traces.JourneyLog;
import io.hopscope.traces.SplitCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Builds a scenario, runs its steps in virtual time, captures, and checks what was expected. */
public final class Runner {
    /** A run that says no end stops after this: one hour. */
    private static final long LONGEST = 3_600_000_000_000_000L;

    private final Scenario scenario;
    private final RunPlan plan;
    private final long seed;
    private final Lab lab;
    private final List<RunResult.Command> commands = new ArrayList<>();
    private final Problems problems = new Problems();
    private CaptureFile capture;
    private SplitCapture split;

    private Runner(Scenario scenario, RunPlan plan) {
        this.scenario = scenario;
        this.plan = plan;
        seed = plan.seed == null ? scenario.seed() : plan.seed;
        lab = LabBuilder.build(scenario, seed, problems);
    }

    /**
     * Finds every mistake without running.
     *
     * @throws ScenarioException says them all
     */
    public static Lab check(Scenario scenario) {
        Runner runner = new Runner(scenario, new RunPlan());
        runner.schedule();
        Expectations expectations = new Expectations(scenario, runner.lab, runner.commands, runner.problems);
        expectations.check();
        runner.problems.check();
        return runner.lab;
    }

    /**
     * @param clock nanoseconds of real time, for the report only
     * @throws ScenarioException says everything that is wrong; nothing has run then
     */
    public static RunResult run(Scenario scenario, RunPlan plan, LongSupplier clock) {
        return new Runner(scenario, plan).run(clock);
    }

    private RunResult run(LongSupplier clock) {
        long begun = clock.getAsLong();
        schedule();
        Expectations expectations = new Expectations(scenario, lab, commands, problems);
        if (plan.expectations) {
            expectations.check();
        }
        problems.check();
        JourneyLog journeys = new JourneyLog(plan.journeys ? JourneyLog.LIMIT : 0);
        Engine engine = new Engine(lab.network(), options(journeys));
        plan.stopper.accept(engine::stop);
        long until = plan.until != null ? plan.until : Math.min(scenario.duration(), LONGEST);
        engine.run(until == LONGEST ? Long.MAX_VALUE : until);
        afterwards(engine);
        commands.stream()
                .map(RunResult.Command::task)
                .filter(task -> !task.ended())
                .forEach(Task::interrupt);
        if (plan.expectations) {
            expectations.readOuts(engine.now());
        }
        Totals totals = engine.finish();
        List<RunResult.Outcome> outcomes = plan.expectations ? expectations.judge(journeys, totals) : List.of();
        return new RunResult(
                scenario.name(),
                seed,
                engine.workers(),
                engine.now(),
                clock.getAsLong() - begun,
                commands,
                outcomes,
                totals,
                journeys,
                captured(),
                lab.metrics(engine.now()),
                engine.stopped());
    }

    private Engine.Options options(JourneyLog journeys) {
        Predicate<String> names = Glob.any(plan.ports.isEmpty() ? scenario.capturePorts() : plan.ports);
        Predicate<Port> wanted = port -> names.test(port.toString());
        Engine.Options options = new Engine.Options()
                .workers(plan.workers)
                .longestWindow(plan.window)
                // Journeys are followed over all ports, whatever the file takes: a filter changes no result.
                .ports(plan.journeys ? port -> true : wanted)
                .snapLength(scenario.snapLength())
                .trace(Long.MAX_VALUE);
        if (plan.journeys) {
            options.capture(journeys);
        }
        if (plan.capture != null || plan.stream != null) {
            CaptureOutput output = (plan.capture != null
                            ? CaptureOutput.file(plan.capture)
                            : CaptureOutput.stream(plan.stream))
                    .hashed()
                    .inBackground();
            capture = new CaptureFile(output, scenario.name(), seed, lab.addressNames()).only(wanted);
            options.capture(capture);
        }
        if (plan.split != null && !plan.splitBy.equals("none")) {
            split = plan.splitBy.equals("port")
                    ? SplitCapture.byPort(plan.split, scenario.name(), seed)
                    : SplitCapture.byNode(plan.split, scenario.name(), seed);
            options.capture(split.only(wanted));
        }
        return options;
    }

    private RunResult.Capture captured() {
        return capture == null
                ? null
                : new RunResult.Capture(
                        plan.capture,
                        capture.interfaces(),
                        capture.packets(),
                        capture.bytes(),
                        capture.sha256(),
                        split == null ? 0 : split.files());
    }

    private void schedule() {
        for (Value step : scenario.steps()) {
            long at = step.has("at") ? Units.time(step.text("at")) : 0;
            for (Value command : step.items("exec")) {
                start(step.get("node"), step.text("node"), command, String.valueOf(command.text()), at);
            }
        }
        for (RunPlan.Extra extra : plan.extras) {
            if (place(extra) != null && extra.at() != RunPlan.AFTERWARDS) {
                start(here(extra), extra.node(), here(extra), extra.command(), extra.at());
            } else {
                // Only to find mistakes before anything runs.
                known(here(extra), extra.node(), here(extra), extra.command());
            }
        }
    }

    private static Value here(RunPlan.Extra extra) {
        return Value.text(new Where("command line", 0, 0), extra.command());
    }

    private Lab.Place place(RunPlan.Extra extra) {
        return lab.place(extra.node());
    }

    /** Commands that come when the scenario is over: its tables are as it left them. */
    private void afterwards(Engine engine) {
        for (RunPlan.Extra extra : plan.extras) {
            if (extra.at() == RunPlan.AFTERWARDS && !engine.stopped()) {
                start(here(extra), extra.node(), here(extra), extra.command(), engine.now());
                Task task = commands.get(commands.size() - 1).task();
                long step = 1_000_000_000L;
                for (long end = engine.now(); !task.ended() && end < engine.now() + LONGEST; end += step) {
                    if (!engine.run(end) && !task.ended()) {
                        break;
                    }
                }
            }
        }
    }

    private void start(Value nodeAt, String name, Value commandAt, String line, long at) {
        if (!known(nodeAt, name, commandAt, line)) {
            return;
        }
        Lab.Place place = lab.place(name);
        Task task = new Task(Programs.words(line), lab::address);
        Program program = Programs.find(task.words().get(0));
        commands.add(new RunResult.Command(place.name(), at, task));
        place.node().at(at, now -> program.start(place.node(), place.host(), task, now));
    }

    private boolean known(Value nodeAt, String name, Value commandAt, String line) {
        Lab.Place place = name == null ? null : lab.place(name);
        List<String> words = Programs.words(line);
        Program program = words.isEmpty() ? null : Programs.find(words.get(0));
        if (place == null) {
            problems.unknown(nodeAt.where(), "node or device", String.valueOf(name), lab.names());
        }
        if (program == null) {
            String first = words.isEmpty() ? "" : words.get(0);
            problems.unknown(commandAt.where(), "command", first, Programs.names());
        }
        return place != null && program != null;
    }
}
