package io.hopscope.devices;

/** A device that counts as the run goes on; the run writes it down beside its results. */
public interface Metered {
    /** What was counted up to an instant. */
    TimeSeries metrics(long now);
}
