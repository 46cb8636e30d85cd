package io.hopscope.devices.programs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * A command line as getopt_long takes it apart, in the words of iproute2's tools: short options may stand together, long
 * ones may be cut short, and what is no option is kept for later.
 */
final class Options {
    private final String program;
    private final Deque<String> left;
    private final Deque<String> operands = new ArrayDeque<>();
    private final Map<String, Character> known;
    private final String valued;
    private String rest = "";
    private String value;

    /**
     * @param known long names with the letter of each
     * @param valued letters that take a value
     */
    Options(String program, List<String> words, Map<String, Character> known, String valued) {
        this.program = program;
        left = new ArrayDeque<>(words);
        this.known = known;
        this.valued = valued;
    }

    /** The letter of the next option, or 0. */
    char next() {
        value = null;
        while (rest.isEmpty()) {
            String word = left.poll();
            if (word == null) {
                return 0;
            } else if (word.equals("--")) {
                operands.addAll(left);
                left.clear();
            } else if (word.startsWith("--")) {
                return named(word);
            } else if (word.length() > 1 && word.charAt(0) == '-') {
                rest = word.substring(1);
            } else {
                operands.add(word);
            }
        }
        char letter = rest.charAt(0);
        rest = rest.substring(1);
        if (!known.containsValue(letter)) {
            throw wrong("invalid option -- '" + letter + "'");
        } else if (valued.indexOf(letter) >= 0) {
            value = rest.isEmpty() ? left.poll() : rest;
            rest = "";
            if (value == null) {
                throw wrong("option requires an argument -- '" + letter + "'");
            }
        }
        return letter;
    }

    private char named(String word) {
        int equals = word.indexOf('=');
        String name = word.substring(2, equals < 0 ? word.length() : equals);
        Character letter = known.get(name);
        if (letter == null) {
            List<String> meant = known.keySet().stream()
                    .filter(each -> each.startsWith(name))
                    .toList();
            letter = meant.size() == 1 ? known.get(meant.get(0)) : null;
        }
        if (letter == null) {
            throw wrong("unrecognized option '" + word + "'");
        } else if (valued.indexOf(letter) >= 0) {
            value = equals < 0 ? left.poll() : word.substring(equals + 1);
            if (value == null) {
                throw wrong("option '--" + name + "' requires an argument");
            }
        }
        return letter;
    }

    /** Of the option just read. */
    String value() {
        return value;
    }

    /** What was no option; to be asked when there are no options any more. */
    Deque<String> operands() {
        return operands;
    }

    Misuse wrong(String what) {
        return new Misuse(255, program + ": " + what + "\n" + HelpText.of(program));
    }
}
