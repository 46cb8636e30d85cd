package io.hopscope.protocols.stp;

import io.hopscope.encap.Bpdu;
import java.util.List;

/** A bridge's spanning tree: hears BPDUs, says what each port may do. Ports are known by their index, from 0. */
public interface SpanningTree {
    /** What the bridge does for its tree. */
    interface Owner {
        /**
         * Send it out of the port.
         *
         * @param length of the BPDU
         */
        void send(int port, Bpdu bpdu, int length, long now);

        /** The port's state is another one now. */
        void changed(int port, PortState state, long now);

        /** Forget what was learned by the port. */
        void flush(int port, long now);

        /** Forget stations after the forward delay from now on, or after the usual time again. */
        void hurry(boolean fast, long forwardDelay, long now);
    }

    /**
     * A port as a read-out shows it.
     *
     * @param id priority and number
     * @param root whom the segment's designated bridge takes for root
     * @param designatedCost of the designated bridge's path to it
     * @param edge whether nothing but hosts is there
     */
    record PortView(
            int id,
            PortRole role,
            PortState state,
            int cost,
            long root,
            int designatedCost,
            long bridge,
            int designatedPort,
            boolean edge) {}

    /**
     * The bridge as a read-out shows it.
     *
     * @param rootPort its index; -1 for the root itself
     */
    record BridgeView(
            TreeSettings settings,
            long root,
            int rootCost,
            int rootPort,
            long hello,
            long maxAge,
            long forwardDelay,
            boolean topologyChange,
            boolean detected) {}

    /** {@code stp} or {@code rstp}. */
    String name();

    /**
     * One more port, without a link so far.
     *
     * @param priority 0 to 255 in steps of 16; 128 by default
     * @param cost of the path through it
     * @param edge whether it is known to lead to hosts only; nothing to 802.1D-1998
     */
    void add(int priority, int cost, boolean edge);

    /** The bridge comes up. */
    void start(long now);

    /** The port's link came, or went. */
    void link(int port, boolean up, long now);

    /** A BPDU that fits came in. */
    void receive(int port, Bpdu bpdu, long now);

    PortState state(int port);

    /** Whether another way is better: the port blocks as long as that one holds. */
    boolean aside(int port);

    /** When {@link #wake} is to be called; {@link Long#MAX_VALUE} for never. */
    long nextDeadline();

    void wake(long now);

    BridgeView bridge();

    List<PortView> ports();
}
