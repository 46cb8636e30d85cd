package io.hopscope.devices.asic;

import io.hopscope.devices.NetInterface;

/** What a router changes: both MACs, the VLAN, TTL and checksum (RFC 1624); then layer 2 knows the port, or floods. */
final class RewriteStage implements Stage {
    private final L2Table table;
    private final VlanStage vlans;
    private final AsicSwitch owner;

    RewriteStage(L2Table table, VlanStage vlans, AsicSwitch owner) {
        this.table = table;
        this.vlans = vlans;
        this.owner = owner;
    }

    @Override
    public void apply(Packet packet, long now) {
        long to = packet.nextHop;
        packet.vlan = L2Table.vlan(to);
        NetInterface out = vlans.svi(packet.vlan);
        packet.destination = L2Table.mac(to);
        packet.eth.wrap(packet.frame).destination(packet.destination).source(out.mac());
        packet.ip.decrementTtl();
        int port = table.port(to, now);
        if (packet.traced()) {
            int ttl = packet.ip.ttl();
            packet.because("TTL " + (ttl + 1) + " -> " + ttl);
        }
        if (port < 0 || !owner.open(owner.port(port))) {
            packet.fate = Packet.Fate.FLOOD;
        } else {
            packet.egress = owner.port(port);
            packet.fate = Packet.Fate.FORWARD;
        }
    }
}
