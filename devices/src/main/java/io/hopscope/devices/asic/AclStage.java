package io.hopscope.devices.asic;

import io.hopscope.encap.Ipv4;
import io.hopscope.encap.View;
import io.hopscope.protocols.asic.AclTcam;

/** Access rules for IPv4, on every port's way in. */
final class AclStage implements Stage {
    private final AclTcam rules;

    AclStage(AclTcam rules) {
        this.rules = rules;
    }

    @Override
    public void apply(Packet packet, long now) {
        if (!packet.valid || rules.size() == 0) {
            return;
        }
        int hit = rules.match(packet.ip, port(packet.ip, packet));
        if (hit == AclTcam.NONE) {
            return;
        }
        if (packet.traced()) {
            packet.because("ACL rule " + (hit + 1) + ": " + rules.rule(hit));
        }
        if (!rules.rule(hit).permit()) {
            packet.drop(Drop.DENIED);
        }
    }

    private static int port(Ipv4 ip, Packet packet) {
        boolean ports = ip.protocol() == Ipv4.TCP || ip.protocol() == Ipv4.UDP;
        return ports && ip.fragmentOffset() == 0 && ip.payloadLength() >= 4
                ? View.get16(packet.frame.bytes(), ip.payload() + 2)
                : AclTcam.NO_PORT;
    }
}
