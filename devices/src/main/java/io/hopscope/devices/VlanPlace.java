package io.hopscope.devices;

import io.hopscope.core.Port;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import io.hopscope.encap.View;
import io.hopscope.encap.Vlan;
import java.util.ArrayList;
import java.util.List;

/**
 * An interface's place among Linux's VLAN devices (IEEE 802.1Q): what it lies on, and what lies on it. No 802.1ad, no map
 * of priorities.
 */
final class VlanPlace {
    private static final int TYPE = 12;
    private static final int TCI = 14;

    /** Null for an interface that is no VLAN's. */
    final NetInterface parent;

    final int vlan;
    private List<NetInterface> above = List.of();

    VlanPlace(NetInterface parent, int vlan) {
        this.parent = parent;
        this.vlan = vlan;
    }

    void add(NetInterface device) {
        above = above.isEmpty() ? new ArrayList<>(4) : above;
        above.add(device);
    }

    List<NetInterface> above() {
        return above;
    }

    private NetInterface above(int vid) {
        for (int i = 0; i < above.size(); i++) {
            if (above.get(i).vlan() == vid) {
                return above.get(i);
            }
        }
        return null;
    }

    /**
     * The VLAN device that a frame is for, its tags taken off; what came in where there is none (vlan_do_receive). A
     * priority tag is no VLAN's, so that it stays with the parent.
     */
    static NetInterface of(NetInterface in, Port ingress, Frame frame) {
        NetInterface at = in;
        while (at.vlans != null && frame.length() >= Ethernet.LENGTH + Vlan.LENGTH) {
            byte[] bytes = frame.bytes();
            if (View.get16(bytes, frame.start() + TYPE) != Ethernet.VLAN) {
                return at;
            }
            NetInterface next = at.vlans.above(View.get16(bytes, frame.start() + TCI) & Vlan.VID);
            if (next == null) {
                return at;
            }
            Vlan.pop(frame);
            at = next;
            at.came(frame.length() - Ethernet.LENGTH);
            if (frame.traced()) {
                ingress.because("VLAN " + at.vlan() + " is " + at.name() + "'s");
            }
        }
        return at;
    }

    /** Out through the parent, which may be a VLAN device itself. */
    static void send(NetInterface via, Frame frame) {
        via.sent(frame.length());
        Vlan.push(frame, via.vlan());
        via.parent().transmit(frame);
    }
}
