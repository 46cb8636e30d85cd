package io.hopscope.scenarios;

import io.hopscope.traces.HopView;
import io.hopscope.traces.Journey;
import io.hopscope.traces.JourneyLog;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packet that a ping or traceroute lost. */
final class LostProbe {
    /** The first line of either: what the name came to. */
    private static final Pattern TARGET = Pattern.compile("(?:PING|traceroute to) .*?\\(([0-9.]+)\\).*");

    private final JourneyLog journeys;
    private final RunResult.Command command;
    private final String target;

    LostProbe(JourneyLog journeys, RunResult.Command command) {
        this.journeys = journeys;
        this.command = command;
        Matcher first = TARGET.matcher(
                command.task().lines().isEmpty() ? "" : command.task().lines().get(0));
        target = first.matches() ? first.group(1) : null;
    }

    /** The command's own, else an answer to it, else anything else of that time that may tell why; null if there is none. */
    Journey find() {
        boolean ping = command.task().words().get(0).equals("ping");
        Journey found = first(each -> own(each) && at(each, "ip.dst") && (!ping || says(each, "echo request")));
        found = found != null ? found : first(each -> at(each, "ip.src") && says(each, ping ? "echo reply" : ""));
        found = found != null ? found : first(each -> ping && says(each, "echo reply"));
        found = found != null ? found : first(this::own);
        return found != null ? found : first(each -> true);
    }

    private Journey first(Predicate<Journey> wanted) {
        return journeys.firstLost(each -> each.data() && each.first().picos() >= command.at() && wanted.test(each));
    }

    private boolean own(Journey journey) {
        return ("/" + journey.first().device()).endsWith("/" + command.place());
    }

    private boolean at(Journey journey, String field) {
        return target != null
                && target.equals(HopView.of(journey.first()).fields().get(field));
    }

    private static boolean says(Journey journey, String words) {
        return journey.title().contains(words);
    }
}
