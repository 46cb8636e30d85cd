package io.hopscope.devices.asic;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Vlan;

/** Finds the headers; what is behind a second tag is not looked at. */
final class Parser implements Stage {
    @Override
    public void apply(Packet packet, long now) {
        if (!Ethernet.fits(packet.frame)) {
            packet.drop(Drop.MALFORMED);
            return;
        }
        Ethernet eth = packet.eth.wrap(packet.frame);
        packet.destination = eth.destination();
        packet.source = eth.source();
        int at = eth.payload();
        boolean plain = at - packet.frame.start() <= Ethernet.LENGTH + Vlan.LENGTH;
        packet.isIp = plain && eth.payloadType() == Ethernet.IPV4;
        packet.ip.wrap(packet.frame, at);
        packet.valid = packet.isIp && Ipv4.fits(packet.frame, at);
    }
}
