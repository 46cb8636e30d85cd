package io.hopscope.scenarios;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML 1.2 from a stranger: size, depth, aliases and what they unfold to are bounded; tags mean nothing. */
final class YamlReader {
    private static final int LARGEST = 4 << 20;
    private static final int DEEPEST = 50;
    private static final int ALIASES = 50;
    private static final int PIECES = 1_000_000;

    private final String file;
    private final Problems problems;
    private final UnaryOperator<String> substitute;
    private final String text;
    private List<String> lines;
    private int pieces;

    private YamlReader(String file, String text, Problems problems, UnaryOperator<String> substitute) {
        this.file = file;
        this.text = text;
        this.problems = problems;
        this.substitute = substitute;
    }

    /**
     * @param substitute changes every text, or leaves it
     * @return null after a mistake that leaves nothing to go on with
     */
    static Value read(String file, String text, Problems problems, UnaryOperator<String> substitute) {
        var reader = new YamlReader(file, text, problems, substitute);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(LARGEST)
                .setAllowDuplicateKeys(true)
                .setUseMarks(true)
                .build();
        try {
            if (!reader.bounded(settings, text)) {
                return null;
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                problems.add(new Where(file, 1, 1), "an empty file", "a scenario with name and topology");
                return null;
            }
            return reader.value(root.get(), 0);
        } catch (MarkedYamlEngineException e) {
            Where where = e.getProblemMark().map(reader::where).orElse(new Where(file, 1, 1));
            if (tab(text, where)) {
                problems.add(where, "a TAB", "spaces: YAML is indented by them alone");
            } else {
                YamlFault fault = YamlFault.of(e);
                problems.add(where, fault.found(), fault.expected());
            }
        } catch (YamlEngineException e) {
            problems.add(new Where(file, 1, 1), "what is no YAML: " + YamlFault.firstLine(e.getMessage()), "YAML 1.2");
        }
        return null;
    }

    private static boolean tab(String text, Where where) {
        String line = text.lines().skip(where.line() - 1L).findFirst().orElse("");
        return where.column() <= line.length() && line.charAt(where.column() - 1) == '\t';
    }

    /** Looks at the events first: composing recurses. */
    private boolean bounded(LoadSettings settings, String text) {
        int depth = 0;
        int aliases = 0;
        int documents = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            Where where = event.getStartMark().map(this::where).orElse(new Where(file, 1, 1));
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                case Alias -> aliases++;
                case DocumentStart -> documents++;
                default -> {}
            }
            if (depth > DEEPEST) {
                problems.add(where, "more than " + DEEPEST + " levels", "a scenario, which needs fewer");
            } else if (aliases > ALIASES) {
                problems.add(where, "more than " + ALIASES + " aliases", "a scenario, which needs fewer");
            } else if (documents > 1) {
                problems.add(where, "a second document", "one scenario a file");
            } else {
                continue;
            }
            return false;
        }
        return true;
    }

    private Where where(Mark mark) {
        return new Where(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Where where(Node node) {
        return node.getStartMark().map(this::where).orElse(new Where(file, 1, 1));
    }

    private Value value(Node node, int depth) {
        Where where = where(node);
        if (++pieces > PIECES || depth > DEEPEST) {
            if (pieces <= PIECES + 1) {
                problems.add(where, "a file that unfolds without end", "at most " + PIECES + " values");
            }
            return Value.text(where, "");
        }
        if (node instanceof ScalarNode scalar) {
            String content = substitute.apply(scalar.getValue());
            if (scalar.getScalarStyle() == ScalarStyle.LITERAL) {
                return Value.literal(where, content, body(where));
            }
            return Value.text(where, content, content.equals(scalar.getValue()) ? lead(scalar) : -1);
        } else if (node instanceof SequenceNode sequence) {
            List<Value> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(value(item, depth + 1));
            }
            return Value.list(where, items);
        }
        return map((MappingNode) node, where, depth);
    }

    /** Where the first line of a literal begins: one line further down, as far in as its first words are. */
    private Where body(Where indicator) {
        String first = lines().stream()
                .skip(indicator.line())
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("");
        return new Where(
                file,
                indicator.line() + 1,
                first.length() - first.stripLeading().length() + 1);
    }

    private List<String> lines() {
        if (lines == null) {
            lines = text.lines().toList();
        }
        return lines;
    }

    /** Columns before a text's first letter, where it stands in one line as it is; otherwise -1. */
    private static int lead(ScalarNode scalar) {
        if (scalar.getStartMark().isEmpty() || scalar.getEndMark().isEmpty()) {
            return -1;
        }
        Mark start = scalar.getStartMark().get();
        Mark end = scalar.getEndMark().get();
        int quotes = end.getColumn() - start.getColumn() - scalar.getValue().length();
        boolean plain = start.getLine() == end.getLine() && (quotes == 0 || quotes == 2);
        return plain ? quotes / 2 : -1;
    }

    private Value map(MappingNode node, Where where, int depth) {
        Map<String, Value> entries = new LinkedHashMap<>();
        Map<String, Where> keys = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Where place = where(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(place, "a key that is a list or a map", "a name");
                continue;
            }
            String name = substitute.apply(key.getValue());
            if (entries.containsKey(name)) {
                problems.add(place, "key '" + name + "' a second time", "each key once");
                continue;
            }
            entries.put(name, value(tuple.getValueNode(), depth + 1));
            keys.put(name, place);
        }
        return Value.map(where, entries, keys);
    }
}
