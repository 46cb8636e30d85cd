package io.hopscope.cli;

import io.hopscope.scenarios.BuiltIn;
import io.hopscope.scenarios.DropReasons;
import io.hopscope.scenarios.RunPlan;
import io.hopscope.scenarios.RunResult;
import io.hopscope.scenarios.Runner;
import io.hopscope.traces.Explanation;
import io.hopscope.traces.FilterFault;
import io.hopscope.traces.Journey;
import io.hopscope.traces.JourneyLog;
import io.hopscope.traces.PacketFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hopscope explain}. */
@Command(
        name = "explain",
        description = "Tells one packet hop by hop: where, what was decided and why, what changed.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Without --journey or --filter: the packet that a failed ping, traceroute or expectation lost,",
            "else the first with data that was lost, as to a full queue, else the last with data; of a",
            "capture the latter two. What it died of is told as well, and what it caused.",
            "",
            "Of hops that are alike, as of a flood, the first three are told; --all tells every one."
        })
final class ExplainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SCENARIO|FILE|CAPTURE", description = "A scenario is run; a capture is only read.")
    String what;

    @Mixin
    ScenarioOptions options;

    @Option(names = "--journey", paramLabel = "N", description = "This journey (frame.packet_id).")
    Long journey;

    @Option(names = "--filter", paramLabel = "EXPR", description = "Journeys that begin so, as tcpdump would say.")
    String filter;

    @Option(names = "--nth", paramLabel = "N", description = "Which of them (default: 1).")
    Integer nth;

    @Option(names = "--format", description = "table or json (default: table).")
    Format format = Format.TABLE;

    @Option(names = "--wide", description = "MAC addresses whole, lines as long as need be.")
    boolean wide;

    @Option(names = "--all", description = "Every hop, also the hundreds of a flood that are alike.")
    boolean all;

    /** What the run itself has to tell; null for a capture. */
    private Journey told;

    @Override
    public Integer call() {
        Terminal terminal = new Terminal();
        JourneyLog log = log();
        if (!log.whole()) {
            terminal.error("hopscope: " + what + " ends inside a packet: what came before is told");
        }
        Journey chosen = choose(log);
        Journey cause = log.cause(chosen);
        if (format == Format.JSON) {
            Map<String, Object> all = Json.journey(chosen);
            all.put("cause", cause == null ? null : Json.journey(cause));
            terminal.line(Json.text(all));
        } else {
            terminal.lines(new Explanation(terminal.style(), wide, true)
                    .columns(terminal.width())
                    .all(all || wide)
                    .among(log)
                    .of(chosen, cause));
        }
        terminal.flush();
        return Hopscope.OK;
    }

    private JourneyLog log() {
        Path file = Path.of(what);
        boolean scenario = BuiltIn.names().contains(what) || what.endsWith(".yaml") || what.endsWith(".yml");
        if (!scenario && Files.isRegularFile(file)) {
            return JourneyLog.read(file);
        }
        if (!BuiltIn.names().contains(what) && !Files.exists(file) && what.matches(".*\\.p?cap(ng)?")) {
            throw new WrongUse("no file '" + what + "'", "a capture, a scenario's name or a YAML file", null);
        }
        RunPlan plan = new RunPlan().seed(options.seed).workers(options.workers);
        RunResult result = Runner.run(options.read(what), plan, System::nanoTime);
        told = result.telling();
        return result.journeys();
    }

    private Journey choose(JourneyLog log) {
        Journey found;
        if (nth != null && filter == null) {
            throw new WrongUse("--nth without --filter", "--filter EXPR, of which it is the nth packet", null);
        } else if (journey != null) {
            found = log.journey(journey);
            if (found == null) {
                throw new WrongUse(
                        "--journey " + journey, "one of the " + log.journeys().size() + " there are", null);
            }
            return found;
        }
        if (filter != null) {
            List<Journey> matching = matching(log);
            if (matching.isEmpty()) {
                throw new WrongUse("no packet that '" + filter + "' matches", "a filter that some packet passes", null);
            }
            int wanted = nth == null ? 1 : nth;
            if (wanted < 1 || wanted > matching.size()) {
                throw new WrongUse(
                        "--nth " + nth + " of '" + filter + "'", "1 to " + matching.size() + ": so many match", null);
            }
            return matching.get(wanted - 1);
        }
        found = told != null ? told : log.telling(DropReasons.losses());
        if (found == null) {
            throw new WrongUse("no packet in " + what, "a capture with packets", null);
        }
        return found;
    }

    private List<Journey> matching(JourneyLog log) {
        try {
            PacketFilter parsed = PacketFilter.parse(filter);
            List<Journey> begin = log.startingWith(parsed);
            return begin.isEmpty() ? log.matching(parsed) : begin;
        } catch (FilterFault e) {
            throw WrongUse.of("--filter", e);
        }
    }
}
