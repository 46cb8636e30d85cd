package io.hopscope.devices.asic;

import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import java.util.Arrays;

/** Which VLAN a packet is in, and whether its port takes it (IEEE 802.1Q). */
final class VlanStage implements Stage {
    /** By VLAN; null where the switch has no interface. */
    private NetInterface[] svis = {};

    void add(int vlan, NetInterface svi) {
        if (vlan >= svis.length) {
            svis = Arrays.copyOf(svis, vlan + 1);
        }
        svis[vlan] = svi;
    }

    /** The switch's interface in a VLAN, or null. */
    NetInterface svi(int vlan) {
        return vlan < svis.length ? svis[vlan] : null;
    }

    @Override
    public void apply(Packet packet, long now) {
        packet.rules = (VlanRules) packet.ingress.attachment;
        packet.vlan = packet.rules.classify(packet.frame);
        packet.eth.wrap(packet.frame);
        if (packet.vlan < 0) {
            if (packet.traced()) {
                packet.because("VLAN " + packet.eth.vid() + "; port is " + packet.rules);
            }
            packet.drop(packet.rules.refusal(packet.frame));
            return;
        }
        packet.svi = svi(packet.vlan);
    }
}
