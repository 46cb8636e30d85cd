package io.hopscope.cli;

import io.hopscope.scenarios.DuplicateAddresses;
import io.hopscope.scenarios.RunPlan;
import io.hopscope.scenarios.RunResult;
import io.hopscope.scenarios.Runner;
import io.hopscope.scenarios.Scenario;
import io.hopscope.scenarios.Times;
import io.hopscope.traces.FilterFault;
import io.hopscope.traces.PacketFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hopscope run}. */
@Command(
        name = "run",
        description = "Runs a scenario: its commands, a capture of every port, and what it expects.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SCENARIO|FILE", description = "A name that 'hopscope list' shows, or a YAML file.")
    String scenario;

    @Mixin
    ScenarioOptions options;

    @Option(names = "--until", paramLabel = "TIME", description = "Last instant of virtual time, such as 500ms.")
    String until;

    @Option(
            names = "--event",
            paramLabel = "EVENT",
            description = "Happens beside the scenario's own events, as 'at 5s link a--b down'; may be repeated.")
    List<String> events = new ArrayList<>();

    @Option(
            names = {"-w", "--capture"},
            paramLabel = "FILE",
            description = "Writes the capture here; - is standard output.")
    String capture;

    @Option(names = "--capture-ports", paramLabel = "GLOB", split = ",", description = "Captures only these ports.")
    List<String> ports = new ArrayList<>();

    @Option(
            names = "--capture-filter",
            paramLabel = "EXPR",
            description = "Captures only these packets: tcpdump's expressions, such as 'vlan 101 and icmp'.")
    String filter;

    @Option(names = "--capture-split", paramLabel = "port|node|none", description = "Also a file a port or a node.")
    String split;

    @Option(names = "--no-capture", description = "Writes no capture.")
    boolean noCapture;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of results (default: runs/NAME-SEED).")
    Path out;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Option(names = "--wide", description = "MAC addresses whole, lines as long as need be.")
    boolean wide;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        Scenario read = options.read(scenario);
        long seed = options.seed == null ? read.seed() : options.seed;
        boolean piped = "-".equals(capture);
        RunFolder folder = out != null
                ? RunFolder.of(out, scenario, changes())
                : RunFolder.named(read.name() + "-" + seed, scenario, changes(), !noCapture && capture == null);
        RunPlan plan = new RunPlan()
                .seed(options.seed)
                .workers(options.workers)
                .until(until == null ? null : (Long) time())
                .ports(ports)
                .filter(filter());
        events.forEach(plan::event);
        DuplicateAddresses.warnings(Runner.check(read, plan))
                .forEach(each -> terminal.error("hopscope: warning: " + each));
        folder.prepare();
        if (out == null && !folder.path().endsWith(read.name() + "-" + seed)) {
            terminal.error("hopscope: runs/" + read.name() + "-" + seed
                    + " holds what another file of this name made, a run of other events or parameters, or a capture"
                    + " that this run does not write again; see " + folder.path());
        }
        captures(terminal, read, folder, plan, piped);
        CountDownLatch done = stopOnInterrupt(plan);
        try {
            RunResult result = Runner.run(read, plan, System::nanoTime);
            Map<String, Object> json = Json.run(result);
            Terminal to = piped ? terminal.onError() : terminal;
            print(to, result, json);
            folder.write(result, json);
            if (format == Format.TABLE && folder.report() != null) {
                to.line("figures  " + folder.report());
                to.flush();
            }
            return exit(result, result.ok());
        } finally {
            done.countDown();
        }
    }

    static int exit(RunResult result, boolean ok) {
        return result.interrupted() ? Hopscope.INTERRUPTED : ok ? Hopscope.OK : Hopscope.FAILED;
    }

    /** What makes this another run than the scenario's own. */
    private String changes() {
        List<String> all = new ArrayList<>(events);
        options.set.forEach((key, value) -> all.add(key + "=" + value));
        if (until != null) {
            all.add("until " + until);
        }
        return String.join("; ", all);
    }

    private long time() {
        try {
            return Times.picoseconds(until);
        } catch (IllegalArgumentException e) {
            throw new WrongUse("--until " + until, "a time such as 500ms", null);
        }
    }

    /** As it was given, if it is one. */
    private String filter() {
        try {
            return filter == null ? null : PacketFilter.exact(filter).toString();
        } catch (FilterFault e) {
            throw WrongUse.of("--capture-filter", e);
        }
    }

    private void captures(Terminal terminal, Scenario read, RunFolder folder, RunPlan plan, boolean piped) {
        if (noCapture) {
            return;
        }
        if (piped) {
            plan.capture(terminal.raw());
        } else {
            plan.capture(capture != null ? Path.of(capture) : folder.capture());
        }
        String by = split != null ? split : read.captureSplit();
        if (!List.of("port", "node", "none").contains(by)) {
            throw new WrongUse("--capture-split " + by, "port, node or none", null);
        }
        plan.split(folder.split(), by);
    }

    /** Ctrl-C ends the run at the next window's edge; the capture is whole, and the results so far are printed. */
    static CountDownLatch stopOnInterrupt(RunPlan plan) {
        CountDownLatch done = new CountDownLatch(1);
        plan.onStart(stop -> Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (done.getCount() > 0) {
                stop.run();
                try {
                    done.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        })));
        return done;
    }

    private void print(Terminal terminal, RunResult result, Map<String, Object> json) {
        if (format == Format.JSON) {
            terminal.line(Json.text(json));
        } else {
            terminal.lines(new Report(result, terminal.style(), terminal.width()).lines(wide));
        }
        terminal.flush();
    }
}
