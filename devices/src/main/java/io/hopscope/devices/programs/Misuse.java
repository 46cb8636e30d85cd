package io.hopscope.devices.programs;

import io.hopscope.devices.Fault;
import io.hopscope.devices.Task;
import io.hopscope.encap.Nearest;
import java.util.List;

/** A command that was given wrong words, or what it asked for cannot be: the lines its real tool prints, and its exit code. */
final class Misuse extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int exit;
    private final String word;
    private final transient List<String> valid;

    Misuse(int exit, String line) {
        this(exit, line, null, List.of());
    }

    /**
     * @param word the name that is none of the valid ones
     */
    Misuse(int exit, String line, String word, List<String> valid) {
        super(line);
        this.exit = exit;
        this.word = word;
        this.valid = valid;
    }

    int exit() {
        return exit;
    }

    void tell(Task task) {
        String[] lines = getMessage().split("\n");
        task.line(lines[0] + (word == null ? "" : Nearest.hint(word, valid)));
        for (int i = 1; i < lines.length; i++) {
            task.line(lines[i]);
        }
        task.exit(exit);
    }

    /** The first line says what is wrong. */
    Fault fault() {
        return new Fault(
                getMessage().lines().findFirst().orElse(""), word, valid, word == null ? null : "a node that has one");
    }
}
