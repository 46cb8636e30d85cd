package io.hopscope.devices.asic;

import io.hopscope.core.DropReason;

/** Why a switch ASIC, or its CPU, lets a frame go no further. */
enum Drop implements DropReason {
    MALFORMED("shorter than an Ethernet header"),
    SAME_PORT("destination is on the port it came in through"),
    NOWHERE_TO_FLOOD("no other port carries this VLAN"),
    BLOCKED("the port does not forward (spanning tree)"),
    NOT_YET("the port does not forward yet (spanning tree)"),
    EGRESS_BLOCKED("the port to the destination does not forward (spanning tree)"),
    EGRESS_VLAN("VLAN not allowed on the port to the destination"),
    BAD_PACKET("malformed IPv4 header"),
    BAD_CHECKSUM("IPv4 header checksum wrong"),
    DENIED("denied by an access rule"),
    NO_PROTOCOL("no protocol of the CPU takes it"),
    POLICED("too many of its class for the CPU (CoPP)"),
    CPU_QUEUE_FULL("the CPU's queue is full"),
    REBOOTING("the switch has crashed and is rebooting");

    private final String text;

    Drop(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public boolean discard() {
        return this == BLOCKED;
    }
}
