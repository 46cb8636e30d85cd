package io.hopscope.cli;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How far something long has come, on standard error: a bar on a terminal, a line a phase elsewhere. Nothing is said about
 * what is over within two seconds.
 */
final class ProgressBar {
    private static final long PATIENCE = 2_000_000_000L;
    private static final long REDRAW = 100_000_000L;
    private static final int CELLS = 30;

    private final Consumer<String> out;
    private final boolean terminal;
    private final LongSupplier clock;
    private final long begun;
    private String step = "";
    private String phase = "";
    private String said = "";
    private long drawn = Long.MIN_VALUE;
    private boolean bar;

    /**
     * @param out takes text as it is, without a line end of its own
     * @param clock nanoseconds
     */
    ProgressBar(Consumer<String> out, boolean terminal, LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        begun = clock.getAsLong();
    }

    /** What is worked on from now on, such as {@code "2 of 4: vm"}. */
    void step(String text) {
        step = text;
        phase = "";
    }

    /** {@code done} of {@code total} of the phase; a total of 0 is one that nobody knows. */
    void at(String now, long done, long total) {
        boolean another = !now.equals(phase);
        phase = now;
        long instant = clock.getAsLong();
        if (instant - begun < PATIENCE) {
            return;
        }
        if (terminal) {
            if (another || drawn == Long.MIN_VALUE || instant - drawn >= REDRAW) {
                drawn = instant;
                draw(instant, done, total);
            }
        } else if (!said.equals(step + phase)) {
            said = step + phase;
            out.accept(String.format(
                    Locale.ROOT, "hopscope: %4d s  %s  %s%n", (instant - begun) / 1_000_000_000, step, phase));
        }
    }

    private void draw(long instant, long done, long total) {
        int full = total <= 0 ? 0 : (int) Math.min(CELLS, CELLS * Math.max(0, done) / total);
        String share = total <= 0 ? "     " : String.format(Locale.ROOT, "%3d %%", Math.min(100, 100 * done / total));
        String text = String.format(
                Locale.ROOT,
                "%s %s%s %s  %s  %d s",
                step,
                "█".repeat(full),
                "·".repeat(CELLS - full),
                share,
                phase,
                (instant - begun) / 1_000_000_000);
        bar = true;
        out.accept("\r\u001b[K" + (text.length() > 99 ? text.substring(0, 99) : text));
    }

    /** Takes the bar away, so that what comes next stands alone. */
    void end() {
        if (bar) {
            out.accept("\r\u001b[K");
            bar = false;
        }
    }
}
