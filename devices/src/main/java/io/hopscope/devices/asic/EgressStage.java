package io.hopscope.devices.asic;

import io.hopscope.core.Port;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.MacAddress;

/** The way out: tags on or off, one port or all of a VLAN. A frame has left, or has ended, when it has been here. */
final class EgressStage implements Stage {
    private final L2Table table;
    private final AsicSwitch owner;
    private final Ethernet eth = new Ethernet();
    private long flooded;

    EgressStage(L2Table table, AsicSwitch owner) {
        this.table = table;
        this.owner = owner;
    }

    /** Frames to a single station that were flooded. */
    long flooded() {
        return flooded;
    }

    @Override
    public void apply(Packet packet, long now) {
        if (packet.fate == Packet.Fate.FORWARD) {
            out(packet.egress, packet.frame, packet.vlan);
        } else {
            Port ingress = packet.ingress;
            flood(packet.routed ? null : ingress, ingress, packet.frame, packet.vlan, packet.punt != null);
        }
    }

    /** What the CPU sends into a VLAN. */
    void send(int vlan, Frame frame, long now) {
        long destination = eth.wrap(frame).destination();
        long key = L2Table.key(vlan, destination);
        int known = MacAddress.isGroup(destination) ? -1 : table.port(key, now);
        if (known < 0 || !owner.open(owner.port(known))) {
            flood(null, null, frame, vlan, false);
            return;
        }
        Port egress = owner.port(known);
        if (frame.traced()) {
            egress.remark("FDB " + L2Table.text(key) + " -> " + egress.name());
        }
        out(egress, frame, vlan);
    }

    private static VlanRules rules(Port port) {
        return (VlanRules) port.attachment;
    }

    private static void out(Port egress, Frame frame, int vlan) {
        VlanRules rules = rules(egress);
        if (frame.traced()) {
            String dressing = rules.dressing(frame, vlan);
            if (dressing != null) {
                egress.remark(dressing);
            }
        }
        rules.dress(frame, vlan);
        egress.transmit(frame);
    }

    /**
     * To every other port of the VLAN.
     *
     * @param except where a bridged frame came in; null for one that was routed or made here
     * @param from where the frame came in, bridged or routed; null for one made here
     * @param heard the CPU has a copy
     */
    private void flood(Port except, Port from, Frame frame, int vlan, boolean heard) {
        boolean group = MacAddress.isGroup(eth.wrap(frame).destination());
        flooded += group ? 0 : 1;
        Port last = null;
        int copies = 0;
        for (int i = 0; i < owner.portCount(); i++) {
            Port port = owner.port(i);
            if (port != except && owner.open(port) && rules(port).carries(vlan)) {
                if (last != null) {
                    out(last, owner.node().copy(frame), vlan);
                }
                last = port;
                copies++;
            }
        }
        if (last == null && heard) {
            from.consume(frame);
        } else if (last == null) {
            (from == null ? owner.port(0) : from).drop(frame, Drop.NOWHERE_TO_FLOOD);
        } else {
            if (frame.traced() && from != null) {
                from.because((group ? "group address" : "unknown unicast, no FDB entry") + ": flooded to " + copies
                        + (copies == 1 ? " port" : " ports") + " of VLAN " + vlan);
            }
            out(last, frame, vlan);
        }
    }
}
