package io.hopscope.devices.asic;

/** One step of the pipeline: it finds something out about a packet, and may decide its fate. */
interface Stage {
    void apply(Packet packet, long now);
}
