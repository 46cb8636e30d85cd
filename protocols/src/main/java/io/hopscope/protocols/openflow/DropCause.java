package io.hopscope.protocols.openflow;

/** Why a walk through the tables put a frame out of no port. */
public enum DropCause {
    /** The last flow says drop, or says nothing about output. */
    DROP_ACTION,
    /** The last table looked into has no matching flow. */
    TABLE_MISS,
    /** dec_ttl met a TTL of 0 or 1. */
    TTL_EXPIRED,
    /** More than 64 nested or 4096 resubmits in all, the limits of Open vSwitch. */
    TOO_DEEP,
    /** Sent to an OpenFlow controller, of which there is none. */
    CONTROLLER,
    /** Output to the port the frame came from, which OpenFlow suppresses unless the action is IN_PORT. */
    INPUT_PORT
}
