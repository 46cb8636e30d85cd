package io.hopscope.core.qdisc;

import io.hopscope.core.DropReason;
import io.hopscope.core.RandomStream;
import io.hopscope.encap.Frame;

/** What a discipline asks of the port whose frames it holds. */
public interface Exit {
    /** The frame ends here. */
    void drop(Frame frame, DropReason reason);

    /** A branch of the same journey. */
    Frame copy(Frame frame);

    /**
     * @param purpose what is drawn, {@code loss}: the port's name goes before it
     */
    RandomStream stream(String purpose);

    /** Largest network-layer packet of the port, in bytes. */
    int mtu();
}
