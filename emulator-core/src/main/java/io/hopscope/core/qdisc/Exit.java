package io.hopscope.core.qdisc;

import io.hopscope.encap.Frame;
import java.util.function.LongSupplier;

/** What a discipline asks of the port whose frames it holds. */
public interface Exit {
    /** Why a frame goes no further than a discipline. */
    enum Reason {
        /** The limit of a fifo is reached. */
        FULL,
        /** CoDel: it has waited too long. */
        CODEL,
        /** The limit of fq_codel is reached. */
        FQ_CODEL_FULL,
        /** It is larger than a token bucket. */
        LARGER_THAN_BURST,
        /** By netem's chance. */
        NETEM_LOSS,
        /** The limit of netem is reached. */
        NETEM_LIMIT,
        /** The discipline was taken away. */
        REMOVED
    }

    /** The frame ends here. */
    void drop(Frame frame, Reason reason);

    /** A branch of the same journey. */
    Frame copy(Frame frame);

    /**
     * Random words.
     *
     * @param purpose what is drawn, {@code loss}: the port's name goes before it
     */
    LongSupplier stream(String purpose);

    /** Largest network-layer packet of the port, in bytes. */
    int mtu();
}
