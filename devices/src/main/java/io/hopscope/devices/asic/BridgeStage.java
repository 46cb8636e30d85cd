package io.hopscope.devices.asic;

import io.hopscope.core.Port;
import io.hopscope.devices.NetInterface;
import io.hopscope.devices.VlanRules;
import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.MacAddress;
import io.hopscope.encap.View;
import io.hopscope.protocols.asic.PuntClass;

/** Layer 2: to a known station's port, to all ports, to the CPU, or on to routing. */
final class BridgeStage implements Stage {
    private static final int DHCP_SERVER = 67;
    private static final int DHCP_CLIENT = 68;

    private final L2Table table;
    private final AsicSwitch owner;

    /**
     * @param owner its ports are what the table's numbers mean
     */
    BridgeStage(L2Table table, AsicSwitch owner) {
        this.table = table;
        this.owner = owner;
    }

    @Override
    public void apply(Packet packet, long now) {
        long destination = packet.destination;
        NetInterface svi = packet.svi;
        if (svi != null && svi.takes(destination)) {
            packet.routed = true;
        } else if (MacAddress.isGroup(destination)) {
            packet.fate = Packet.Fate.FLOOD;
            packet.punt = svi == null ? null : interest(packet);
        } else {
            known(packet, L2Table.key(packet.vlan, destination), now);
        }
    }

    private void known(Packet packet, long key, long now) {
        int port = table.port(key, now);
        if (port < 0) {
            packet.fate = Packet.Fate.FLOOD;
            return;
        }
        Port egress = owner.port(port);
        if (egress == packet.ingress) {
            packet.drop(Drop.SAME_PORT);
        } else if (!((VlanRules) egress.attachment).carries(packet.vlan)) {
            packet.drop(Drop.EGRESS_VLAN);
        } else if (!owner.open(egress)) {
            packet.drop(Drop.EGRESS_BLOCKED);
        } else {
            if (packet.traced()) {
                packet.because("FDB " + L2Table.text(key) + " -> " + egress.name());
            }
            packet.egress = egress;
            packet.fate = Packet.Fate.FORWARD;
        }
    }

    /** What of a group's traffic the CPU wants to hear; null for nothing. */
    private static PuntClass interest(Packet packet) {
        if (packet.eth.payloadType() == Ethernet.ARP) {
            return PuntClass.ARP;
        } else if (!packet.valid) {
            return null;
        }
        int to = packet.ip.destination();
        if ((to & 0xffff_ff00) == 0xe000_0000) {
            return PuntClass.ROUTING;
        } else if (packet.ip.protocol() == Ipv4.UDP && packet.ip.payloadLength() >= 4 && dhcp(packet)) {
            return PuntClass.DHCP;
        }
        return packet.destination == Ethernet.BROADCAST ? PuntClass.OTHER : null;
    }

    private static boolean dhcp(Packet packet) {
        int port = View.get16(packet.frame.bytes(), packet.ip.payload() + 2);
        return port == DHCP_SERVER || port == DHCP_CLIENT;
    }
}
