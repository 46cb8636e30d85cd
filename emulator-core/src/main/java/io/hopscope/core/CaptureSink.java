package io.hopscope.core;

import java.util.List;

/** Takes every observation of a run, in global order, on one thread: of its own, or where no core is spare the run's. */
public interface CaptureSink {
    /**
     * The run begins.
     *
     * @param ports the captured ports, in order of node and port
     */
    default void start(List<Port> ports) {}

    void packet(CaptureRecord record);

    /** What came so far may be made visible to readers; more may follow. */
    default void flush() {}

    /** No packet follows. Called once, after another sink failed as well. */
    default void end() {}
}
