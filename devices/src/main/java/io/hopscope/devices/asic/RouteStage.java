package io.hopscope.devices.asic;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.FlowHash;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import io.hopscope.protocols.asic.HashTable;
import io.hopscope.protocols.asic.PuntClass;

/**
 * Layer 3 (RFC 1812, section 5.2): the host table, then the longest prefix; whatever silicon cannot do goes to the CPU.
 */
final class RouteStage implements Stage {
    private final L3Tables tables;
    private final VlanStage vlans;

    RouteStage(L3Tables tables, VlanStage vlans) {
        this.tables = tables;
        this.vlans = vlans;
    }

    @Override
    public void apply(Packet packet, long now) {
        Ipv4 ip = packet.ip;
        if (packet.eth.payloadType() == Ethernet.ARP) {
            packet.punt(PuntClass.ARP);
        } else if (!packet.isIp) {
            packet.punt(PuntClass.OTHER);
        } else if (!packet.valid) {
            packet.drop(Drop.BAD_PACKET);
        } else if (!ip.checksumOk()) {
            packet.drop(Drop.BAD_CHECKSUM);
        } else if (ip.headerLength() > Ipv4.LENGTH) {
            packet.punt(PuntClass.OPTIONS);
        } else {
            lookup(packet, ip, now);
        }
        if (packet.fate == Packet.Fate.PUNT && packet.traced()) {
            packet.because(packet.punt.why() + ": to the CPU, class " + packet.punt);
        }
    }

    private void lookup(Packet packet, Ipv4 ip, long now) {
        long host = tables.hosts.use(L3Tables.key(ip.destination()), now);
        if (host != HashTable.NONE) {
            packet.nextHop = host;
            if (packet.traced()) {
                packet.because("host table: " + Ipv4Address.text(ip.destination()) + " is "
                        + MacAddress.text(L2Table.mac(host)) + " in VLAN " + L2Table.vlan(host));
            }
            check(packet, ip);
            return;
        }
        int entry = tables.prefixes.lookup(ip.destination());
        if (entry == L3Tables.LOCAL) {
            packet.punt(PuntClass.LOCAL);
        } else if (entry < 0 || entry == L3Tables.REFUSED) {
            packet.punt(PuntClass.NO_ROUTE);
        } else if (ip.ttl() <= 1) {
            packet.punt(PuntClass.TTL);
        } else if (entry == L3Tables.GLEAN) {
            packet.punt(PuntClass.NEIGHBOUR);
        } else {
            int hop = tables.nextHop(entry, FlowHash.of(packet.frame, packet.frame.start()));
            packet.nextHop = tables.adjacency(hop);
            if (packet.nextHop == L3Tables.UNRESOLVED) {
                packet.punt(PuntClass.NEIGHBOUR);
            } else {
                if (packet.traced()) {
                    packet.because(tables.text(entry, hop));
                }
                check(packet, ip);
            }
        }
    }

    private void check(Packet packet, Ipv4 ip) {
        if (ip.ttl() <= 1) {
            packet.punt(PuntClass.TTL);
        } else if (ip.totalLength() > vlans.svi(L2Table.vlan(packet.nextHop)).mtu()) {
            packet.punt(PuntClass.MTU);
        }
    }
}
