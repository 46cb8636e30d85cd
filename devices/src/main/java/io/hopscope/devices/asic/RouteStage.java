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
    private final HostTable hosts;
    private final RouteTable routes;
    private final VlanStage vlans;

    RouteStage(HostTable hosts, RouteTable routes, VlanStage vlans) {
        this.hosts = hosts;
        this.routes = routes;
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
        long host = hosts.entries.use(HostTable.key(ip.destination()), now);
        if (host != HashTable.NONE) {
            packet.nextHop = host;
            if (packet.traced()) {
                packet.because("host table: " + Ipv4Address.text(ip.destination()) + " is "
                        + MacAddress.text(L2Table.mac(host)) + " in VLAN " + L2Table.vlan(host));
            }
            check(packet, ip);
            return;
        }
        int entry = routes.prefixes.lookup(ip.destination());
        if (entry == RouteTable.LOCAL) {
            packet.punt(PuntClass.LOCAL);
        } else if (entry < 0 || entry == RouteTable.REFUSED) {
            packet.punt(PuntClass.NO_ROUTE);
        } else if (ip.ttl() <= 1) {
            packet.punt(PuntClass.TTL);
        } else if (entry == RouteTable.GLEAN) {
            packet.punt(PuntClass.NEIGHBOUR);
        } else {
            int hop = routes.nextHop(entry, FlowHash.of(packet.frame, packet.frame.start()));
            packet.nextHop = routes.adjacency(hop);
            if (packet.nextHop == RouteTable.UNRESOLVED) {
                packet.punt(PuntClass.NEIGHBOUR);
            } else {
                if (packet.traced()) {
                    packet.because(routes.text(entry, hop));
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
