package io.hopscope.scenarios;

import io.hopscope.core.Device;
import io.hopscope.core.Impairment;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Nearest;
import io.hopscope.scenarios.TimelineEvent.Kind;
import io.hopscope.scenarios.TimelineEvent.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario's events say happens to the network: finds what their words mean, and schedules it. */
final class EventReader {
    /** More than this is a mistake and no test. */
    private static final int MOST_FLAPS = 100_000;

    private final Lab lab;
    private final FaultReader changes;
    private final Problems problems;

    EventReader(Lab lab, FaultReader changes, Problems problems) {
        this.lab = lab;
        this.changes = changes;
        this.problems = problems;
    }

    /** Migrations as steps, which are looked at before everything else. */
    static List<Value> migrations(List<Value> events) {
        List<Value> steps = new ArrayList<>();
        for (Value each : events) {
            TimelineEvent event = each.text() == null ? null : parsed(each);
            if (event != null && event.kind() == Kind.MIGRATE) {
                Map<String, Value> step = new LinkedHashMap<>();
                step.put("migrate", text(each, event.subject().name()));
                step.put("to", text(each, event.target().node()));
                step.put("at", text(each, event.target().time()));
                if (event.target().downtime() != null) {
                    step.put("downtime", text(each, event.target().downtime()));
                }
                steps.add(Value.map(each.where(), step, Map.of()));
            }
        }
        return steps;
    }

    private static TimelineEvent parsed(Value value) {
        try {
            return EventParser.parse(value.text());
        } catch (EventFault e) {
            // Complained about where the scenario's shape was checked.
            return null;
        }
    }

    private static Value text(Value event, Word word) {
        return Value.text(event.where(word.offset()), word.text());
    }

    /** Schedules one; migrations have been. */
    void read(Value value) {
        EventParser.TYPE.check(value, problems);
        TimelineEvent event = value.isText() ? parsed(value) : null;
        if (event == null) {
            return;
        }
        try {
            switch (event.kind()) {
                case LINK -> link(event, event.subject());
                case NODE -> node(event, value);
                case PORT -> port(event);
                case IMPAIR -> impair(event, event.impairment());
                case CLEAR -> impair(event, Impairment.NONE);
                case MIGRATE -> {}
            }
        } catch (EventFault e) {
            if (!doubtful(event.subject())) {
                problems.add(e.at(value));
            }
        }
    }

    /** What a node lacks because of another mistake, such as a link, is none of the event's. */
    private boolean doubtful(TimelineEvent.Ends ends) {
        return ends.splits().stream()
                .anyMatch(split -> split.stream().allMatch(word -> known(word) || lab.doubtful(word.text()))
                        && split.stream().anyMatch(word -> lab.doubtful(word.text())));
    }

    private boolean known(Word word) {
        return lab.place(word.text()) != null || lab.port(word.text()) != null;
    }

    private void link(TimelineEvent event, TimelineEvent.Ends ends) {
        Port end = find(ends).get(0);
        if (event.period() == 0) {
            changes.cut(end, event.on(), event.at());
            if (event.until() >= 0) {
                changes.cut(end, !event.on(), event.until());
            }
            return;
        }
        if ((event.until() - event.at()) / event.period() > MOST_FLAPS) {
            throw new EventFault(
                    ends.name().offset(), "a flap of more than " + MOST_FLAPS + " times", "a longer period", null);
        }
        boolean up = false;
        for (long t = event.at(); t < event.until(); t += event.period()) {
            changes.cut(end, up, t);
            up = !up;
        }
        changes.cut(end, true, event.until());
    }

    private void node(TimelineEvent event, Value value) {
        Word name = event.subject().name();
        Node node = lab.nodes().get(name.text());
        if (node == null) {
            throw unknown("node", name, new ArrayList<>(lab.nodes().keySet()));
        } else if (changes.steady(node, value.where(name.offset()))) {
            changes.power(node, event.on(), event.at());
            if (event.until() >= 0) {
                changes.power(node, !event.on(), event.until());
            }
        }
    }

    private void port(TimelineEvent event) {
        Word name = event.subject().name();
        Port port = lab.port(name.text());
        if (port == null) {
            throw unknown("port", name, lab.ports());
        }
        changes.shut(port, !event.on(), event.at());
        if (event.until() >= 0) {
            changes.shut(port, event.on(), event.until());
        }
    }

    private void impair(TimelineEvent event, Impairment by) {
        List<Port> ends = find(event.subject());
        Word name = event.subject().name();
        if (!ends.get(0).cabled()) {
            throw new EventFault(
                    name.offset(),
                    "'" + name.text() + "', a wire inside a node,",
                    "a cable between nodes; a wire may have 'tc qdisc add dev PORT root netem ...' at its ends",
                    null);
        }
        for (Port from : event.subject().directed() ? ends.subList(0, 1) : ends) {
            // What the link itself says is there before anything happens, and again after what lasts for a while.
            Impairment own = from.impairment();
            changes.impair(from, by, event.words(), event.at());
            if (event.until() >= 0) {
                changes.impair(from, own, "", event.until());
            }
        }
    }

    /** Both ends of the link that is meant, the first that was said first. */
    private List<Port> find(TimelineEvent.Ends ends) {
        List<Word> best = ends.splits().get(0);
        for (List<Word> split : ends.splits()) {
            List<Port> from = ports(split.get(0).text());
            List<Port> to = ports(split.get(1).text());
            if (!from.isEmpty() && !to.isEmpty()) {
                return joined(split, from, to);
            } else if (!from.isEmpty() || !to.isEmpty()) {
                best = split;
            }
        }
        Word wrong = ports(best.get(0).text()).isEmpty() ? best.get(0) : best.get(1);
        List<String> valid = new ArrayList<>(lab.nodes().keySet());
        valid.addAll(lab.ports());
        throw unknown("node or port", wrong, valid);
    }

    private List<Port> joined(List<Word> split, List<Port> from, List<Port> to) {
        List<Port> found = from.stream()
                .filter(port -> port.peer() != null && to.contains(port.peer()))
                .toList();
        String both = "'" + split.get(0).text() + "' and '" + split.get(1).text() + "'";
        if (found.isEmpty()) {
            List<String> neighbours = from.stream()
                    .filter(port -> port.peer() != null)
                    .map(port -> port + "--" + port.peer())
                    .toList();
            throw new EventFault(
                    split.get(0).offset(), both + ", which no link joins,", Problems.listed(neighbours), null);
        } else if (found.size() > 1) {
            List<String> which =
                    found.stream().map(port -> port + "--" + port.peer()).toList();
            throw new EventFault(
                    split.get(0).offset(),
                    both + ", which " + found.size() + " links join,",
                    "one of " + Problems.listed(which),
                    null);
        }
        return List.of(found.get(0), found.get(0).peer());
    }

    /** A port, or all of a node or device that links lead to. */
    private List<Port> ports(String name) {
        Port exact = lab.port(name);
        if (exact != null) {
            return List.of(exact);
        }
        List<Port> all = new ArrayList<>();
        Node node = lab.nodes().get(name);
        Device device = node != null ? null : lab.device(name);
        if (node != null) {
            node.devices()
                    .forEach(each -> each.ports().stream().filter(Port::cabled).forEach(all::add));
        } else if (device != null) {
            device.ports().stream().filter(Port::connected).forEach(all::add);
        }
        return all;
    }

    private static EventFault unknown(String what, Word name, List<String> valid) {
        return new EventFault(
                name.offset(), what + " '" + name.text() + "'", Problems.listed(valid), Nearest.of(name.text(), valid));
    }
}
