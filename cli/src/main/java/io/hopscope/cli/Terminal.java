package io.hopscope.cli;

import io.hopscope.traces.Style;
import java.io.File;
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
    /** Nothing is made narrower. */
    private static final int LEAST = 60;

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

    /** Whoever reads them on a terminal has lines that fit it; whoever reads them by a program has one each. */
    void error(String text) {
        boolean wrap = text.length() > LEAST && errorsAreSeen();
        text(wrap ? wrapped(text, columns()) : text);
    }

    /** Lines for standard error that are broken already, as those of a usage. */
    void text(String lines) {
        out.flush();
        err.append(lines).append('\n');
        err.flush();
    }

    /** Columns that a line of standard output may have: 100, or what a narrower terminal has. */
    int width() {
        return this.out != err && seen(1, System.console() != null && terminal()) ? columns() : WIDTH;
    }

    /** As {@link #width()}, of standard error. */
    static int errorWidth() {
        return errorsAreSeen() ? columns() : WIDTH;
    }

    /** Asks the terminal, whatever input and output are. */
    private static int columns() {
        String said = System.getenv("COLUMNS");
        if (said == null) {
            said = size();
        }
        int columns = said != null && said.matches("[0-9]{1,4}") ? Integer.parseInt(said) : 0;
        return columns == 0 ? WIDTH : Math.max(LEAST, Math.min(WIDTH, columns));
    }

    /** Null where there is no terminal or no stty. */
    private static String size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] words = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            return words.length == 2 ? words[1] : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** At blanks, what goes on indented; a word that is longer stays whole, so that it can be copied. */
    static String wrapped(String text, int width) {
        StringBuilder all = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ")) {
            if (column > 0 && column + 1 + word.length() > width) {
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
        return !"dumb".equals(System.getenv("TERM")) && seen(2, System.console() != null && terminal());
    }

    private static boolean seen(int descriptor, boolean otherwise) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return otherwise;
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
