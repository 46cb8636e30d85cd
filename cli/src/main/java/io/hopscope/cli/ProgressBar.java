package io.hopscope.cli;

import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
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
    private long done;
    private long total;
    private long drawn;
    private boolean bar;
    private boolean ended;

    /**
     * @param out takes text as it is, without a line end of its own
     * @param clock nanoseconds
     */
    ProgressBar(Consumer<String> out, boolean terminal, LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        begun = clock.getAsLong();
        drawn = begun;
    }

    /** Goes on with the time of what tells nothing for long. */
    ProgressBar alive() {
        Thread thread = new Thread(
                () -> {
                    while (look()) {
                        LockSupport.parkNanos(REDRAW);
                    }
                },
                "progress");
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** What is worked on from now on, such as {@code "2/4 vm"}. */
    synchronized void step(String text) {
        step = text;
        phase = "";
        done = 0;
        total = 0;
    }

    /** {@code done} of {@code total} of the phase; a total of 0 is one that nobody knows. */
    synchronized void at(String now, long nowDone, long nowTotal) {
        phase = now;
        done = nowDone;
        total = nowTotal;
        look();
    }

    /** Says what is new, if it is time to; false once all is over. */
    synchronized boolean look() {
        long instant = clock.getAsLong();
        if (ended || instant - begun < PATIENCE || phase.isEmpty()) {
            return !ended;
        }
        if (!terminal && !said.equals(step + phase)) {
            said = step + phase;
            out.accept(String.format(
                    Locale.ROOT, "hopscope: %4d s  %s  %s\n", (instant - begun) / 1_000_000_000, step, phase));
        } else if (terminal && instant - drawn >= REDRAW) {
            drawn = instant;
            draw(instant);
        }
        return true;
    }

    private void draw(long instant) {
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
    synchronized void end() {
        ended = true;
        if (bar) {
            out.accept("\r\u001b[K");
            bar = false;
        }
    }
}
