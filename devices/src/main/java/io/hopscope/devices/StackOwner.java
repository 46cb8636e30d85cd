package io.hopscope.devices;

/** A device that has a stack of its own: a host, or a switch with VLAN interfaces. */
public interface StackOwner {
    IpStack stack();

    /** To be called after something was sent from outside a device's own events: ARP may have to be asked again. */
    void rearm();
}
