package io.hopscope.devices;

import io.hopscope.core.Device;
import io.hopscope.core.Node;
import io.hopscope.core.Port;
import io.hopscope.encap.Frame;

/** A physical NIC: one port on the cable; its inner side is no observation of its own. No offloads, no queues. */
public final class Nic extends Device {
    private final Port outer;
    private final Port inner;

    /**
     * @param name of the interface: its port prints as {@code node:name}
     */
    public Nic(Node node, String name) {
        super(node, "", "nic");
        outer = addPort(name).immediate();
        inner = addPort(name + ".inner").hide().immediate();
    }

    /** Where the cable goes. */
    public Port outer() {
        return outer;
    }

    /** What a bridge or a bond of the node is wired to. */
    public Port inner() {
        return inner;
    }

    @Override
    protected void start(long now) {
        if (!outer.up()) {
            carrier(outer, false, now);
        }
    }

    /** What is behind the NIC sees its carrier. */
    @Override
    protected void carrier(Port port, boolean on, long now) {
        if (port == outer) {
            inner.carrier(on, now);
            if (inner.peer() != null) {
                inner.peer().carrier(on, now);
            }
        }
    }

    @Override
    public void receive(Port ingress, Frame frame, long now) {
        (ingress == outer ? inner : outer).transmit(frame);
    }
}
