package io.hopscope.devices.asic;

import io.hopscope.core.DropReason;
import io.hopscope.core.Port;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.protocols.asic.PuntClass;

/** A frame on its way through the pipeline, and what the stages have found out. A switch has one, used again and again. */
final class Packet {
    /** What becomes of the frame. */
    enum Fate {
        /** Out of {@link #egress}, in {@link #vlan}. */
        FORWARD,
        /** Out of every other port of {@link #vlan}. */
        FLOOD,
        /** To the CPU, in class {@link #punt}. */
        PUNT,
        /** Nowhere, for {@link #reason}. */
        DROP
    }

    Frame frame;
    Port ingress;
    final Ethernet eth = new Ethernet();
    /** To be looked at where {@link #valid}. */
    final Ipv4 ip = new Ipv4();

    boolean isIp;
    /** The IPv4 header is whole. */
    boolean valid;

    long source;
    long destination;
    /** The VLAN it is in; after routing, the one it leaves in. */
    int vlan;

    VlanRules rules;
    /** The switch's interface in the VLAN it came in by, or null. */
    NetInterface svi;
    /** Addressed to the switch's MAC: to be routed. */
    boolean routed;
    /** After routing: VLAN and MAC of whom it goes to, as a key of the layer 2 table. */
    long nextHop;
    /** Null until a stage has decided. */
    Fate fate;

    Port egress;
    /** For a frame that is flooded: the class of a copy that goes to the CPU, or null. */
    PuntClass punt;

    DropReason reason;

    void begin(Port at, Frame of) {
        ingress = at;
        frame = of;
        vlan = 0;
        routed = false;
        punt = null;
        fate = null;
    }

    boolean traced() {
        return frame.traced();
    }

    void because(String why) {
        ingress.because(why);
    }

    void drop(DropReason why) {
        fate = Fate.DROP;
        reason = why;
    }

    void punt(PuntClass as) {
        fate = Fate.PUNT;
        punt = as;
    }
}
