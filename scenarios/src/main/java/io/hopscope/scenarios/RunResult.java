package io.hopscope.scenarios;

import io.hopscope.core.Totals;
import io.hopscope.devices.Task;
import io.hopscope.devices.TimeSeries;
import io.hopscope.scenarios.faults.Fault;
import io.hopscope.scenarios.watch.TcpTrack;
import io.hopscope.traces.Journey;
import io.hopscope.traces.JourneyLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param lesson what its scenario is to teach; may be empty
 * @param virtualPicos the last instant that happened
 * @param wallNanos real time it took
 * @param commands in order of the steps
 * @param outcomes of the expectations, in their order
 * @param journeys empty where none were kept
 * @param capture null where none was written
 * @param metrics what devices counted, by their whole names
 * @param traffic what became of it, in the scenario's order
 * @param connections that were watched
 * @param faults links and nodes that failed, in order of time
 * @param faultsAsked whether some were asked for
 * @param interrupted whether it was stopped early
 */
public record RunResult(
        String scenario,
        String lesson,
        long seed,
        int workers,
        long virtualPicos,
        long wallNanos,
        List<Command> commands,
        List<Outcome> outcomes,
        Totals totals,
        JourneyLog journeys,
        Capture capture,
        Map<String, TimeSeries> metrics,
        List<TrafficResult> traffic,
        List<TcpTrack> connections,
        List<Fault> faults,
        boolean faultsAsked,
        boolean interrupted) {
    private static final List<String> PACKETS = List.of("ping", "traceroute");

    /**
     * A command that ran.
     *
     * @param place the node or device, as its prompt shows it
     * @param at when it started, in picoseconds
     */
    public record Command(String place, long at, Task task) {}

    /**
     * An expectation and whether it was met.
     *
     * @param text what was expected
     * @param met whether it was seen
     * @param seen what was seen instead; null if it was met
     */
    public record Outcome(Where where, String text, boolean met, String seen) {}

    /**
     * The capture written.
     *
     * @param path null for a stream
     */
    public record Capture(Path path, int interfaces, long packets, long bytes, String sha256, int splitFiles) {}

    /** Whether every expectation was met. */
    public boolean ok() {
        return outcomes.stream().allMatch(Outcome::met);
    }

    /**
     * The journey to tell when nobody names one: where a ping or traceroute failed, the packet it lost; where an
     * expectation was missed, the first with data that was lost. Else the first with data that a full queue or the like has
     * cost, and the last with data where there is none: what is discarded by design, as an announcement that nobody
     * floods, is no news. Of several commands that failed, those come first to which nobody said why.
     */
    public Journey telling() {
        List<Command> failed = commands.stream()
                .filter(each -> each.task().exit() > 0
                        && PACKETS.contains(each.task().words().get(0)))
                .toList();
        for (boolean silent : new boolean[] {true, false}) {
            for (Command each : failed) {
                Journey lost = silent == silent(each) ? new LostProbe(journeys, each).find() : null;
                if (lost != null) {
                    return lost;
                }
            }
        }
        Journey lost = ok() ? null : journeys.firstLost(Journey::data);
        return lost == null ? journeys.telling(DropReasons.losses()) : lost;
    }

    private static boolean silent(Command command) {
        return command.task().lines().stream().noneMatch(line -> line.contains("received, +"));
    }
}
