package io.hopscope.devices;

/** A device that has a stack of its own: a host, or a switch with VLAN interfaces. */
public interface StackOwner {
    IpStack stack();
}
