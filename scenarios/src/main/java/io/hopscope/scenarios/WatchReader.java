package io.hopscope.scenarios;

import io.hopscope.scenarios.watch.TcpTrack;
import io.hopscope.scenarios.watch.TcpWatch;
import java.util.ArrayList;
import java.util.List;

/** What a scenario has looked at while it runs. */
final class WatchReader {
    /** More often than this would take the time of the run. */
    private static final long SHORTEST = 1_000_000L;

    private static final long USUAL = 10_000_000_000L;

    static final Keys KEYS = new Keys("a watch")
            .required("tcp", Type.list(Type.text("a node, or node/device")), "whose connections are looked at")
            .key("every", Language.TIME, "between two looks; 10ms")
            .key("from", Language.TIME, "the first look; the beginning")
            .key("to", Language.TIME, "the last look; the run's end where it has one")
            .key("label", Type.text("a text"), "what figures call the connections; their ends where it is left out");

    private final Lab lab;
    private final Problems problems;
    private final long end;
    private final List<TcpWatch> all = new ArrayList<>();

    /**
     * @param end of the run; {@link Long#MAX_VALUE} where it ends by itself
     */
    WatchReader(Lab lab, Problems problems, long end) {
        this.lab = lab;
        this.problems = problems;
        this.end = end;
    }

    void read(Value watch) {
        long every = watch.has("every") ? Units.time(watch.text("every")) : USUAL;
        long from = watch.has("from") ? Units.time(watch.text("from")) : 0;
        long to = watch.has("to") ? Units.time(watch.text("to")) : end;
        if (every < SHORTEST) {
            problems.add(watch.where("every"), "a look every " + watch.text("every"), "1us or more");
        } else if (to == Long.MAX_VALUE) {
            problems.add(watch.where(), "a watch without 'to'", "'to', or a 'duration' of the scenario");
        } else if (to < from) {
            problems.add(watch.where("to"), "an end before the beginning", "'to' after 'from'");
        } else {
            for (Value each : watch.items("tcp")) {
                watch(each, watch.text("label", ""), every, from, to);
            }
        }
    }

    private void watch(Value at, String label, long every, long from, long to) {
        Lab.Place place = lab.place(String.valueOf(at.text()));
        if (place == null || place.host() == null) {
            problems.unknown(at.where(), "host", at.text(), lab.names());
            return;
        }
        TcpWatch watch = new TcpWatch(place.name(), label, place.host().stack(), every, to);
        watch.from(place.node(), from);
        all.add(watch);
    }

    /** What was seen, in the scenario's order. */
    List<TcpTrack> tracks() {
        List<TcpTrack> tracks = new ArrayList<>();
        all.forEach(each -> tracks.addAll(each.tracks()));
        return tracks;
    }
}
