package io.hopscope.traces;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a filter, and the one that is looked at. */
final class FilterWords {
    private static final String MAC = "[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){5}(?![0-9a-zA-Z:])";
    private static final Pattern WORD = Pattern.compile(
            "\\s*(" + MAC + "|\\\\?[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?|&&|\\|\\||!=|==|>=|<=|<<|>>|[^\\s])");

    private final List<String> words = new ArrayList<>();
    private final List<Integer> columns = new ArrayList<>();
    private final String text;
    private final List<String> known;
    private int next;

    /**
     * @param known what is near to what was found is looked for here
     */
    FilterWords(String text, List<String> known) {
        this.text = text;
        this.known = known;
        Matcher matcher = WORD.matcher(text);
        while (matcher.lookingAt()) {
            words.add(matcher.group(1));
            columns.add(matcher.start(1) + 1);
            matcher.region(matcher.end(), text.length());
        }
    }

    String peek() {
        return next < words.size() ? words.get(next) : "";
    }

    String poll() {
        String word = peek();
        next = Math.min(words.size(), next + 1);
        return word;
    }

    boolean more() {
        return next < words.size();
    }

    /** Takes the next word if it is one of these. */
    boolean take(String... wanted) {
        for (String word : wanted) {
            if (more() && peek().equals(word)) {
                next++;
                return true;
            }
        }
        return false;
    }

    int mark() {
        return next;
    }

    void reset(int mark) {
        next = mark;
    }

    FilterFault fault(String expected) {
        return FilterFault.at(more() ? columns.get(next) : text.length() + 1, peek(), expected, known);
    }

    /** As C reads numbers: decimal, {@code 0x}, or octal after a 0. */
    static Long value(String word) {
        try {
            long value = word.matches("[0-9].*") ? Long.decode(word) : -1;
            return value >= 0 && value <= 0xffff_ffffL ? (Long) value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    int number(long most, String expected) {
        Long value = value(peek());
        if (value == null || value > most) {
            throw fault(expected);
        }
        next++;
        return value.intValue();
    }
}
