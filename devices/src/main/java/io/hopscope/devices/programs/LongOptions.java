package io.hopscope.devices.programs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command line of long options with a value each, {@code --network 101} or {@code --network=101}, and operands. */
final class LongOptions {
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final List<String> operands = new ArrayList<>();

    /**
     * @param program for messages
     * @param known names with their dashes
     */
    LongOptions(String program, List<String> words, List<String> known) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-")) {
                operands.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!known.contains(name)) {
                throw new Misuse(2, program + ": error: unrecognized arguments: " + name, name, known);
            } else if (equals < 0 && i + 1 == words.size()) {
                throw new Misuse(2, program + ": error: argument " + name + ": expected one argument");
            }
            values.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(equals < 0 ? words.get(++i) : word.substring(equals + 1));
        }
    }

    /** All values of an option that may come more than once. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The last value; null where the option is not there. */
    String last(String name) {
        List<String> given = all(name);
        return given.isEmpty() ? null : given.get(given.size() - 1);
    }

    List<String> operands() {
        return operands;
    }
}
