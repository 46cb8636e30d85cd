package io.hopscope.devices;

import io.hopscope.encap.Frame;

/** What an interface of a stack sends through: a port, or the VLAN of a switch. */
@FunctionalInterface
public interface Egress {
    /** The frame has its Ethernet header, untagged, and is no longer the stack's. */
    void send(NetInterface via, Frame frame);
}
