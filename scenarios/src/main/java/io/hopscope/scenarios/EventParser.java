package io.hopscope.scenarios;

import io.hopscope.core.Impairment;
import io.hopscope.devices.tc.NetemWords;
import io.hopscope.devices.tc.TcFault;
import io.hopscope.encap.Nearest;
import io.hopscope.scenarios.TimelineEvent.Ends;
import io.hopscope.scenarios.TimelineEvent.Kind;
import io.hopscope.scenarios.TimelineEvent.Target;
import io.hopscope.scenarios.TimelineEvent.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads events:
 *
 * <pre>
 * [at TIME | from TIME to TIME] link A--B down|up|flap TIME
 *                               node NAME crash|start
 *                               port PORT down|up
 *                               impair A--B|A->B netem's words
 *                               clear A--B|A->B
 *                               migrate VM to NODE [downtime TIME]
 * </pre>
 */
final class EventParser {
    static final String EXPECTED = "an event such as 'at 5s link a--b down' or 'impair a->b loss 1%'";
    static final Type TYPE = new EventType();

    private static final List<String> KINDS = List.of("link", "node", "port", "impair", "clear", "migrate");

    private final Tokens tokens;
    private final List<String> words;
    private int next;
    private long at;
    private long until = -1;
    private Word time = new Word("0", 0);

    private EventParser(String text) {
        tokens = Tokens.of(text);
        words = tokens.words();
    }

    /**
     * @throws EventFault says what is wrong, and where
     */
    static TimelineEvent parse(String text) {
        return new EventParser(text).read();
    }

    private TimelineEvent read() {
        String word = word(List.of("at", "from", "link", "node", "port", "impair", "clear", "migrate"))
                .text();
        if (word.equals("at")) {
            time = any("a time such as 5s");
            at = picos(time);
            word = word(KINDS).text();
        } else if (word.equals("from")) {
            at = picos(any("a time such as 5s"));
            word(List.of("to"));
            Word end = any("a time such as 9s");
            until = picos(end);
            if (until <= at) {
                throw new EventFault(end.offset(), "'" + end.text() + "'", "a time after the first", null);
            }
            word = word(KINDS).text();
        }
        TimelineEvent event =
                switch (word) {
                    case "link" -> link();
                    case "node" -> state(Kind.NODE, "the node's name", "crash", "start");
                    case "port" -> state(Kind.PORT, "a port such as tor1:eth1", "down", "up");
                    case "impair" -> impair();
                    case "clear" -> event(Kind.CLEAR, true, ends(true), 0, null);
                    default -> migrate();
                };
        if (next < words.size()) {
            throw new EventFault(here(), "'" + words.get(next) + "'", "nothing more", null);
        }
        return event;
    }

    private TimelineEvent event(Kind kind, boolean on, Ends subject, long period, Target target) {
        return new TimelineEvent(kind, at, until, on, subject, period, null, "", target);
    }

    private TimelineEvent link() {
        Ends ends = ends(false);
        Word state = word(List.of("down", "up", "flap"));
        long period = 0;
        if (state.text().equals("flap")) {
            Word each = any("how long each state lasts, such as 500ms");
            period = picos(each);
            if (period < 1) {
                throw new EventFault(each.offset(), "'" + each.text() + "'", "a time above 0", null);
            } else if (until < 0) {
                throw new EventFault(
                        state.offset(), "'flap' without an end", "'from TIME to TIME' before 'link'", null);
            }
        }
        return event(Kind.LINK, state.text().equals("up"), ends, period, null);
    }

    private TimelineEvent state(Kind kind, String name, String off, String on) {
        Word subject = any(name);
        Word state = word(List.of(off, on));
        return event(kind, state.text().equals(on), new Ends(List.of(List.of(subject)), false), 0, null);
    }

    private TimelineEvent impair() {
        Ends ends = ends(true);
        int first = next;
        List<String> netem = words.subList(first, words.size());
        next = words.size();
        try {
            Impairment by = NetemWords.impairment(netem);
            return new TimelineEvent(Kind.IMPAIR, at, until, false, ends, 0, by, String.join(" ", netem), null);
        } catch (TcFault e) {
            int offset = tokens.column(first + e.at());
            boolean missing = first + e.at() >= words.size();
            String expected =
                    e.valid().isEmpty() ? "netem's words, such as loss 1% delay 10ms 2ms" : Problems.listed(e.valid());
            throw new EventFault(
                    offset,
                    missing ? "the end" : "'" + words.get(first + e.at()) + "' (" + e.getMessage() + ")",
                    expected,
                    e.word() == null ? null : Nearest.of(e.word(), e.valid()));
        }
    }

    private TimelineEvent migrate() {
        Word machine = any("a virtual machine");
        word(List.of("to"));
        Word node = any("the compute node it goes to");
        Word downtime = null;
        if (next < words.size()) {
            word(List.of("downtime"));
            downtime = any("a time such as 60ms");
            picos(downtime);
        }
        if (until >= 0) {
            throw new EventFault(0, "'from'", "'at TIME': a migration has no end of its own", null);
        }
        return event(
                Kind.MIGRATE, true, new Ends(List.of(List.of(machine)), false), 0, new Target(node, time, downtime));
    }

    /** {@code a--b}, {@code a -- b}, and {@code a->b} where a direction may be meant; names may have dashes of their own. */
    private Ends ends(boolean directions) {
        String expected = directions ? "a link such as a--b, or a->b for one direction" : "a link such as a--b";
        Word first = any(expected);
        boolean apart = next < words.size()
                && (words.get(next).equals("--") || words.get(next).equals("->"));
        if (apart) {
            boolean directed = words.get(next++).equals("->");
            return checked(
                    new Ends(List.of(List.of(first, any("the other end of the link"))), directed), directions, first);
        }
        List<List<Word>> splits = new ArrayList<>();
        String text = first.text();
        int arrow = text.indexOf("->");
        if (arrow > 0 && arrow + 2 < text.length()) {
            splits.add(split(first, arrow));
            return checked(new Ends(splits, true), directions, first);
        }
        for (int i = text.indexOf("--"); i >= 0; i = text.indexOf("--", i + 1)) {
            if (i > 0 && i + 2 < text.length()) {
                splits.add(split(first, i));
            }
        }
        if (splits.isEmpty()) {
            throw new EventFault(first.offset(), "'" + text + "'", expected, null);
        }
        return new Ends(splits, false);
    }

    private static Ends checked(Ends ends, boolean directions, Word first) {
        if (ends.directed() && !directions) {
            throw new EventFault(
                    first.offset(), "one direction of a link", "a link such as a--b: it is cut both ways", null);
        }
        return ends;
    }

    private static List<Word> split(Word whole, int at) {
        return List.of(
                new Word(whole.text().substring(0, at), whole.offset()),
                new Word(whole.text().substring(at + 2), whole.offset() + at + 2));
    }

    private int here() {
        return tokens.column(next);
    }

    private Word any(String expected) {
        if (next >= words.size()) {
            throw new EventFault(here(), "the end", expected, null);
        }
        int offset = here();
        return new Word(words.get(next++), offset);
    }

    private Word word(List<String> valid) {
        Word word = any(String.join(", ", valid));
        if (!valid.contains(word.text())) {
            throw EventFault.unknown(word.offset(), word.text(), valid);
        }
        return word;
    }

    private static long picos(Word word) {
        try {
            return Units.time(word.text());
        } catch (Units.Unknown e) {
            throw new EventFault(
                    word.offset(),
                    "time '" + word.text() + "'",
                    Problems.listed(e.valid()),
                    Nearest.of(e.found(), e.valid()));
        } catch (IllegalArgumentException e) {
            throw new EventFault(
                    word.offset(), "'" + word.text() + "'", "a time such as 100ms: ps, ns, us, ms, s or m", null);
        }
    }

    private static final class EventType implements Type {
        @Override
        public void check(Value value, Problems problems) {
            if (!value.isText()) {
                problems.add(value.where(), value.kind(), EXPECTED);
                return;
            }
            try {
                parse(value.text());
            } catch (EventFault e) {
                problems.add(e.at(value));
            }
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "string");
            schema.put("description", EXPECTED);
            schema.put("pattern", "^\\s*(at|from|" + String.join("|", KINDS) + ")\\s");
            return schema;
        }
    }
}
