package io.hopscope.core;

/**
 * Frames that ended at a port for a reason.
 *
 * @param port where
 * @param reason why
 * @param frames how many
 */
public record Drop(Port port, DropReason reason, long frames) {}
