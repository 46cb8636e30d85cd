package io.hopscope.scenarios;

import io.hopscope.core.Engine;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.core.Totals;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.scenarios.faults.Fault;
import io.hopscope.traces.CaptureFile;
import io.hopscope.traces.CaptureOutput;
import io.hopscope.traces.JourneyLog;
import io.hopscope.traces.PacketFilter;
import io.hopscope.traces.SplitCapture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Builds a scenario, runs its steps in virtual time, captures, and checks what was expected. */
public final class Runner {
    /** A run that says no end stops after this: one hour. */
    private static final long LONGEST = 3_600_000_000_000_000L;

    /** What a shell says of a command that was killed, and ssh of a host that does not answer. */
    private static final int KILLED = 137;

    private static final int UNREACHABLE = 255;

    private final Scenario scenario;
    private final RunPlan plan;
    private final long seed;
    private final Lab lab;
    private final List<RunResult.Command> commands = new ArrayList<>();
    private final Problems problems;
    private final TrafficReader traffic;
    private final FaultReader changes;
    private final WatchReader watches;
    private final List<Fault> faults = new ArrayList<>();
    /** What runs again where a node boots. */
    private final List<Runnable> boots = new ArrayList<>();

    private CaptureFile capture;
    private SplitCapture split;

    private Runner(Scenario scenario, RunPlan plan, Problems problems) {
        this.scenario = scenario;
        this.plan = plan;
        this.problems = problems;
        seed = plan.seed == null ? scenario.seed() : plan.seed;
        lab = LabBuilder.build(scenario, seed, problems);
        traffic = new TrafficReader(lab, problems);
        changes = new FaultReader(lab, problems);
        watches = new WatchReader(lab, problems, plan.until != null ? plan.until : scenario.duration());
    }

    /**
     * Finds every mistake without running.
     *
     * @throws ScenarioException says them all
     */
    public static Lab check(Scenario scenario) {
        return check(scenario, new RunPlan());
    }

    /** Finds every mistake of a scenario and of how it is to be run. */
    public static Lab check(Scenario scenario, RunPlan plan) {
        Problems problems = new Problems();
        Lab lab = inspect(scenario, plan, problems);
        problems.check();
        return lab;
    }

    /**
     * Builds and schedules without running.
     *
     * @param problems what is wrong already, and takes what else is
     */
    static Lab inspect(Scenario scenario, RunPlan plan, Problems problems) {
        Runner runner = new Runner(scenario, plan, problems);
        runner.schedule();
        if (!runner.lab.names().isEmpty()) {
            new Expectations(scenario, runner.lab, runner.commands, problems).check();
        }
        return runner.lab;
    }

    /**
     * @param clock nanoseconds of real time, for the report only
     * @throws ScenarioException says everything that is wrong; nothing has run then
     */
    public static RunResult run(Scenario scenario, RunPlan plan, LongSupplier clock) {
        return new Runner(scenario, plan, new Problems()).run(clock);
    }

    private RunResult run(LongSupplier clock) {
        long begun = clock.getAsLong();
        schedule();
        problems.check();
        Expectations expectations = new Expectations(scenario, lab, commands, problems);
        if (plan.expectations) {
            expectations.check();
        }
        problems.check();
        JourneyLog journeys = new JourneyLog(plan.journeys ? JourneyLog.LIMIT : 0);
        Engine engine = new Engine(lab.network(), options(journeys));
        plan.stopper.accept(engine::stop);
        long until = plan.until != null ? plan.until : Math.min(scenario.duration(), LONGEST);
        boolean remains = engine.run(until == LONGEST ? Long.MAX_VALUE : until);
        List<TrafficResult> sent = traffic.runs().stream()
                .map(each -> each.result(remains ? engine.now() : Long.MAX_VALUE))
                .toList();
        afterwards(engine);
        commands.stream()
                .map(RunResult.Command::task)
                .filter(task -> !task.ended())
                .forEach(Task::interrupt);
        if (plan.expectations) {
            expectations.readOuts(engine.now());
        }
        Totals totals = engine.finish();
        List<RunResult.Outcome> outcomes = plan.expectations ? expectations.judge(journeys, totals, sent) : List.of();
        return new RunResult(
                scenario.name(),
                scenario.lesson(),
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
                sent,
                watches.tracks(),
                faults.stream().filter(each -> each.at() <= engine.now()).toList(),
                !scenario.faults().isEmpty(),
                engine.stopped());
    }

    private Engine.Options options(JourneyLog journeys) {
        Predicate<String> names =
                Glob.any(capturePorts().stream().map(Value::text).toList());
        Predicate<Port> wanted = port -> names.test(port.toString());
        Engine.Options options = new Engine.Options()
                .workers(plan.workers)
                .longestWindow(plan.window)
                .crowd(plan.crowd)
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
            capture = new CaptureFile(output, scenario.name(), seed, lab.addressNames())
                    .only(wanted)
                    .matching(filter());
            options.capture(capture);
        }
        if (plan.split != null && !plan.splitBy.equals("none")) {
            split = plan.splitBy.equals("port")
                    ? SplitCapture.byPort(plan.split, scenario.name(), seed)
                    : SplitCapture.byNode(plan.split, scenario.name(), seed);
            options.capture(split.only(wanted).matching(filter()));
        }
        return options;
    }

    /** One for each capture: a filter is no one's but its user's. */
    private PacketFilter filter() {
        String text = plan.filter != null ? plan.filter : scenario.captureFilter();
        return text == null ? null : PacketFilter.exact(text);
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
        if (lab.network().nodes().isEmpty()) {
            // Whatever refers to a node would be a mistake, and none of those is the one to mend.
            if (problems.none()) {
                problems.add(scenario.where("topology"), "a topology without nodes", "'nodes' or 'blueprints'");
            }
            return;
        }
        migrations();
        // First what happens to the network: at one instant it comes before what nodes do.
        problems.attempt(this::changes);
        scenario.nodes().forEach((name, node) -> {
            services(name, node);
            node.entries("devices").forEach((device, spec) -> services(name + "/" + device, spec));
        });
        scenario.steps().forEach(step -> problems.attempt(() -> schedule(step)));
        scenario.traffic().forEach(each -> problems.attempt(() -> traffic.read(each)));
        boots.forEach(Runnable::run);
        scenario.watches().forEach(each -> problems.attempt(() -> watches.read(each)));
        problems.attempt(this::checkPorts);
        for (RunPlan.Extra extra : plan.extras) {
            boolean afterwards = extra.at() == RunPlan.AFTERWARDS;
            Value here = Value.text(new Where("command line", 0, 0), extra.command());
            if (known(here, extra.node(), here, extra.command(), ends() && !afterwards) && !afterwards) {
                start(extra.node(), extra.command(), extra.at());
            }
        }
    }

    /** First of all, in order of time: where a machine is decides on which node its commands run. */
    private void migrations() {
        List<Value> steps = new ArrayList<>(
                scenario.steps().stream().filter(step -> step.has("migrate")).toList());
        steps.addAll(EventReader.migrations(events()));
        // A time that is none has been complained about.
        problems.attempt(() -> steps.sort(Comparator.comparingLong(Runner::at)));
        steps.forEach(step -> problems.attempt(() -> MigrateStep.schedule(lab, step, this::machine, problems)));
    }

    /** The scenario's, and those of the command line: a line each. */
    private List<Value> events() {
        List<Value> all = new ArrayList<>(scenario.events());
        for (int i = 0; i < plan.events.size(); i++) {
            all.add(Value.text(new Where("--event", i + 1, 1), plan.events.get(i), 0));
        }
        return all;
    }

    private boolean machine(String device) {
        int slash = device.indexOf('/');
        Value node = slash < 0 ? null : scenario.nodes().get(device.substring(0, slash));
        Value spec = node == null ? null : node.entries("devices").get(device.substring(slash + 1));
        return spec != null && "vm".equals(spec.text("kind"));
    }

    private void services(String name, Value spec) {
        for (Value command : spec.items("services")) {
            String line = String.valueOf(command.text());
            if (known(command, name, command, line, ends())) {
                start(name, line, 0);
            }
        }
    }

    private List<Value> capturePorts() {
        Where where = new Where("command line", 0, 0);
        return plan.ports.isEmpty()
                ? scenario.capturePorts()
                : plan.ports.stream().map(glob -> Value.text(where, glob)).toList();
    }

    /** What no port is called by is a mistake: the capture would lack what was asked for. */
    private void checkPorts() {
        if (capturePorts().isEmpty()) {
            return;
        }
        List<String> all = lab.ports();
        for (Value each : capturePorts()) {
            String glob = String.valueOf(each.text());
            Predicate<String> wanted = Glob.any(List.of(glob));
            if (all.stream().noneMatch(wanted) && !lab.doubtful(glob)) {
                problems.add(new Problem(
                        each.where(),
                        "port to capture '" + glob + "', which none is called",
                        Problems.listed(all),
                        Glob.nearest(glob, all)));
            }
        }
    }

    private void schedule(Value step) {
        if (step.has("migrate") || changes(step)) {
            return;
        } else if (InjectStep.is(step, problems)) {
            if (step.has("inject")) {
                InjectStep.schedule(lab, step, problems);
            }
            return;
        }
        for (String key : List.of("node", "exec")) {
            if (!step.has(key)) {
                problems.add(
                        step.where(),
                        "a step without '" + key + "'",
                        "node and exec, link or node and state, migrate and to, or inject and port");
                return;
            }
        }
        for (Value command : step.items("exec")) {
            String line = String.valueOf(command.text());
            if (known(step.get("node"), step.text("node"), command, line, ends())) {
                start(step.text("node"), line, at(step));
            }
        }
    }

    /** Whether a step is about the network, and no command. */
    private static boolean changes(Value step) {
        return step.has("link") || step.has("state");
    }

    private void changes() {
        scenario.steps().stream()
                .filter(step -> !step.has("migrate") && changes(step))
                .forEach(step -> problems.attempt(() -> changes.step(step)));
        EventReader events = new EventReader(lab, changes, problems);
        events().forEach(each -> problems.attempt(() -> events.read(each)));
        List<Value> specs = scenario.faults();
        for (int i = 0; i < specs.size(); i++) {
            changes.random(specs.get(i), i + 1);
        }
        faults.addAll(changes.schedule((node, at) -> boots.add(() -> boots(node, at))));
    }

    /** What runs from the start runs again. */
    private void boots(Node node, long at) {
        Value spec = scenario.nodes().get(node.name());
        if (spec == null) {
            // An era's: it has no commands of the scenario's.
            return;
        }
        restart(node.name(), spec, at);
        spec.entries("devices").forEach((device, each) -> restart(node.name() + "/" + device, each, at));
    }

    private void restart(String name, Value spec, long at) {
        spec.items("services").forEach(command -> start(name, String.valueOf(command.text()), at));
    }

    static long at(Value step) {
        return step.has("at") ? Units.time(step.text("at")) : 0;
    }

    /** Commands that come when the scenario is over: its tables are as it left them. */
    private void afterwards(Engine engine) {
        for (RunPlan.Extra extra : plan.extras) {
            if (extra.at() == RunPlan.AFTERWARDS) {
                start(extra.node(), extra.command(), engine.now());
                Task task = commands.get(commands.size() - 1).task();
                long step = 1_000_000_000L;
                boolean stopped = engine.stopped();
                for (long end = engine.now(); !stopped && !task.ended() && end < engine.now() + LONGEST; end += step) {
                    if (!engine.run(end) && !task.ended()) {
                        break;
                    }
                }
            }
        }
    }

    private void start(String name, String line, long at) {
        Lab.Place place = lab.place(name, at);
        Task task = new Task(Programs.words(line), lab::address);
        Program program = Programs.find(task.words().get(0));
        commands.add(new RunResult.Command(place.name(), at, task));
        long instant = lab.awake(name, at);
        program.announce(place.node(), place.host(), task, instant);
        place.node().at(instant, now -> {
            if (place.node().powered()) {
                place.node().whenPowerIsLost(lost -> task.exit(KILLED));
                program.start(place.node(), place.host(), task, now);
            } else {
                task.line(place.node() + ": no power");
                task.exit(UNREACHABLE);
            }
        });
    }

    /** Says what is wrong with a command; returns whether there is such a node and such a program at all. */
    private boolean known(Value nodeAt, String name, Value commandAt, String line, boolean ends) {
        return new CommandCheck(lab, problems).known(nodeAt.where(), name, commandAt.where(), commandAt, line, ends);
    }

    /** Whether the run ends even if a command does not. */
    private boolean ends() {
        return plan.until != null || scenario.duration() != Long.MAX_VALUE;
    }
}
