package io.hopscope.protocols.openflow;

import io.hopscope.encap.Frame;

/**
 * The bridge around a {@link Pipeline}: it is called for each output action in order, with the frame as changed so far.
 * With {@code last} the frame is the sink's, otherwise it is needed again and the sink copies what it keeps. Each walk
 * ends with exactly one of: a call with {@code last}, {@link #dropped}, {@link #spent}.
 */
public interface Sink {
    void output(int port, Frame frame, boolean last);

    /** MAC learning and forwarding inside the VLAN. */
    void normal(Frame frame, boolean last);

    /** All ports but the ingress port and those that must not flood. */
    void flood(Frame frame, boolean last);

    /** All ports but the ingress port. */
    void all(Frame frame, boolean last);

    /** Back out of the ingress port. */
    void inPort(Frame frame, boolean last);

    /** The bridge's own interface. */
    void local(Frame frame, boolean last);

    /** Nothing was output; the frame is the sink's. */
    void dropped(Frame frame, DropCause cause);

    /** Something was output, never with {@code last}, and nothing follows; the frame is the sink's. */
    void spent(Frame frame);
}
