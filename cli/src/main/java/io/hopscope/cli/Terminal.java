package io.hopscope.cli;

import io.hopscope.traces.Style;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where text goes: colours only on a terminal, UTF-8 always. */
final class Terminal {
    private static final int WIDTH = 100;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean colours;

    Terminal() {
        out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        String dumb = System.getenv("TERM");
        colours = System.console() != null && terminal() && System.getenv("NO_COLOR") == null && !"dumb".equals(dumb);
    }

    /** From JDK 22 a console exists without a terminal, too, and says so. */
    private static boolean terminal() {
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    Style style() {
        return colours ? Style.ANSI : Style.PLAIN;
    }

    void line(String text) {
        out.append(text).append('\n');
    }

    void lines(List<String> lines) {
        lines.forEach(this::line);
    }

    /** Whoever reads them on a terminal has lines of 100 columns; whoever reads them by a program has one each. */
    void error(String text) {
        out.flush();
        boolean wrap = text.length() > WIDTH && errorsAreSeen();
        err.append(wrap ? wrapped(text) : text).append('\n');
        err.flush();
    }

    /** At blanks, what goes on indented; a word that is longer stays whole, so that it can be copied. */
    static String wrapped(String text) {
        StringBuilder all = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ")) {
            if (column > 0 && column + 1 + word.length() > WIDTH) {
                all.append("\n   ");
                column = 3;
            }
            all.append(column == 0 ? "" : " ").append(word);
            column += word.length() + (column == 0 ? 0 : 1);
        }
        return all.toString();
    }

    void flush() {
        out.flush();
    }

    /** What tells on standard error how far something long has come. */
    ProgressBar progress() {
        return new ProgressBar(
                        text -> {
                            out.flush();
                            err.append(text);
                            err.flush();
                        },
                        errorsAreSeen(),
                        System::nanoTime)
                .alive();
    }

    /** A console needs input and output to be one: where results go to a file, Linux tells what errors go to. */
    private static boolean errorsAreSeen() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return System.console() != null && terminal();
        }
    }

    /** Standard output as bytes, for captures. */
    OutputStream raw() {
        return out;
    }

    /** Everything that would be printed goes to standard error from now on. */
    Terminal onError() {
        return new Terminal(err, err, false);
    }

    private Terminal(PrintStream out, PrintStream err, boolean colours) {
        this.out = out;
        this.err = err;
        this.colours = colours;
    }
}
