package io.hopscope.core;

/** One observation of a frame at a port, as it leaves the engine. Reused for the next one: copy what you keep. */
public final class CaptureRecord {
    /** Virtual time in picoseconds since the start of the run. */
    public long time;

    public Port port;

    /** Whether the frame came in through the port. */
    public boolean inbound;

    public long journey;

    public byte[] bytes;

    public int offset;

    public int length;

    /** Length before a snap length cut it. */
    public int originalLength;

    /** What the device decided and why, or null. */
    public String comment;

    /** Whether the frame died here. */
    public boolean drop;

    /**
     * Whether it is no observation of the interface: a frame that was kept dies where it had come in before, or where it
     * would have gone out. A capture of a real network has no such packet.
     */
    public boolean unseen;
}
