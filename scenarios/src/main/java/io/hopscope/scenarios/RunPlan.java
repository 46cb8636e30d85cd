package io.hopscope.scenarios;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How a scenario is to be run. Every setter returns the plan. */
public final class RunPlan {
    /** Instant of a command that comes when the scenario is over. */
    public static final long AFTERWARDS = -1;

    /** A step beside those of the scenario. */
    record Extra(String node, String command, long at) {}

    Long seed;
    int workers = 1;
    Long until;
    List<String> ports = List.of();
    /** Null for the scenario's own. */
    String filter;

    Path capture;
    OutputStream stream;
    Path split;
    String splitBy = "none";
    boolean journeys = true;
    long window = Long.MAX_VALUE;
    int crowd = 4096;
    boolean expectations = true;
    final List<Extra> extras = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    Consumer<Runnable> stopper = stop -> {};

    /** Instead of the scenario's own. */
    public RunPlan seed(Long value) {
        seed = value;
        return this;
    }

    public RunPlan workers(int count) {
        workers = count;
        return this;
    }

    /**
     * @param picoseconds the last instant that happens; null for the scenario's own end
     */
    public RunPlan until(Long picoseconds) {
        until = picoseconds;
        return this;
    }

    /** Ports to capture instead of the scenario's own, with * for anything. */
    public RunPlan ports(List<String> globs) {
        ports = List.copyOf(globs);
        return this;
    }

    /** Packets to capture instead of the scenario's own, as tcpdump takes it; null for the scenario's own. */
    public RunPlan filter(String expression) {
        filter = expression;
        return this;
    }

    /** Writes a capture to this file. */
    public RunPlan capture(Path file) {
        capture = file;
        return this;
    }

    /** Writes a capture to this stream. */
    public RunPlan capture(OutputStream to) {
        stream = to;
        return this;
    }

    /**
     * Writes a file a port or a node as well.
     *
     * @param by {@code port}, {@code node} or {@code none}
     */
    public RunPlan split(Path folder, String by) {
        split = folder;
        splitBy = by;
        return this;
    }

    /** Whether journeys are kept and explained. Expectations about paths need them. */
    public RunPlan journeys(boolean on) {
        journeys = on;
        return this;
    }

    /** Cuts the engine's windows; changes no result. */
    public RunPlan longestWindow(long picoseconds) {
        window = picoseconds;
        return this;
    }

    /** From how many frames on the engine reads ahead; changes no result. */
    public RunPlan crowd(int frames) {
        crowd = frames;
        return this;
    }

    /**
     * Runs a command beside the scenario's steps.
     *
     * @param at picoseconds, or {@link #AFTERWARDS}
     */
    public RunPlan exec(String node, String command, long at) {
        extras.add(new Extra(node, command, at));
        return this;
    }

    /** Something happens to the network beside the scenario's events: {@code at 5s link a--b down}. */
    public RunPlan event(String text) {
        events.add(text);
        return this;
    }

    /** Leaves out the scenario's expectations. */
    public RunPlan withoutExpectations() {
        expectations = false;
        return this;
    }

    /** Is given what stops the run early, as for Ctrl-C. */
    public RunPlan onStart(Consumer<Runnable> to) {
        stopper = to;
        return this;
    }
}
