package io.hopscope.scenarios;

import io.hopscope.devices.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The commands that nodes answer. */
public final class Programs {
    private static final List<Program> ALL = load();

    private Programs() {}

    private static List<Program> load() {
        List<Program> all = new ArrayList<>();
        ServiceLoader.load(Program.class).forEach(all::add);
        all.sort(Comparator.comparing(Program::name));
        return all;
    }

    /** By name. */
    public static List<Program> all() {
        return ALL;
    }

    public static List<String> names() {
        return ALL.stream().map(Program::name).toList();
    }

    /** Null if there is none. */
    public static Program find(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
    }

    /** A command line in words; quotes hold words together, and a here-document is one. */
    public static List<String> words(String line) {
        int here = line.indexOf("<<");
        int end = here < 0 ? -1 : line.indexOf('\n', here);
        if (end > 0) {
            String mark = line.substring(here + 2, end).strip().replaceAll("['\"]", "");
            String body = line.substring(end + 1);
            int stop = ("\n" + body).indexOf("\n" + mark);
            if (!mark.isEmpty() && stop >= 0) {
                List<String> words = split(line.substring(0, here));
                words.add(body.substring(0, stop));
                return words;
            }
        }
        return split(line);
    }

    private static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        boolean open = false;
        for (char c : line.toCharArray()) {
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                open = true;
            } else if (Character.isWhitespace(c)) {
                if (open || word.length() > 0) {
                    words.add(word.toString());
                    word.setLength(0);
                    open = false;
                }
            } else {
                word.append(c);
            }
        }
        if (open || word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }
}
