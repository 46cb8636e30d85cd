package io.hopscope.devices;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A command under way on a node: its words, what it printed, and how it ended. */
public final class Task {
    private final List<String> words;
    private final Function<String, Integer> resolver;
    private final List<String> lines = new ArrayList<>();
    private BiConsumer<Task, String> listener = (task, line) -> {};
    private Runnable ended = () -> {};
    private Runnable interruption = () -> {};
    /** Null before it opens anything. */
    private Process process;

    private int exit = -1;
    private boolean interrupted;

    /**
     * @param words the command line, the program's name first
     * @param resolver finds the IPv4 address of a name, as /etc/hosts would; null if there is none
     */
    public Task(List<String> words, Function<String, Integer> resolver) {
        this.words = List.copyOf(words);
        this.resolver = resolver;
    }

    /** Hears every line as it is printed. */
    public Task listen(BiConsumer<Task, String> to) {
        listener = to;
        return this;
    }

    /** Is told once when the command has ended. */
    public Task whenEnded(Runnable action) {
        ended = action;
        return this;
    }

    /** The process it is on a host. */
    public Process process(IpStack on) {
        return process(on, words.get(0).substring(words.get(0).lastIndexOf('/') + 1));
    }

    /**
     * @param name as the kernel knows it, where that is not what was typed
     */
    public Process process(IpStack on, String name) {
        if (process == null) {
            process = new Process(on.nextPid(), name);
        }
        return process;
    }

    public List<String> words() {
        return words;
    }

    /** The words after the program's name. */
    public List<String> arguments() {
        return words.subList(1, words.size());
    }

    public Integer resolve(String name) {
        return resolver.apply(name);
    }

    public void line(String text) {
        lines.add(text);
        listener.accept(this, text);
    }

    public void exit(int code) {
        if (exit < 0) {
            exit = code;
            ended.run();
        }
    }

    /** Asks a command without end of its own ({@code ping} without {@code -c}) to sum up. */
    public void interrupt() {
        interrupted = true;
        interruption.run();
    }

    /** What the command does when it is asked to end. */
    public void onInterrupt(Runnable action) {
        interruption = action;
    }

    public boolean interrupted() {
        return interrupted;
    }

    public boolean ended() {
        return exit >= 0;
    }

    /** The exit code; -1 while the command runs. */
    public int exit() {
        return exit;
    }

    public List<String> lines() {
        return lines;
    }

    /** As one would type it: words that a shell would take apart are quoted. */
    @Override
    public String toString() {
        return words.stream().map(Task::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        boolean plain = word.matches("[A-Za-z0-9_@%+=:,./^~-]+|!|<<<");
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
