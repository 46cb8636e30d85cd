package io.hopscope.devices;

import io.hopscope.devices.IpStack.IcmpSocket;
import io.hopscope.devices.IpStack.PacketSocket;
import io.hopscope.devices.IpStack.UdpSocket;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import java.util.ArrayList;
import java.util.List;

/** Who listens on a stack: UDP ports (RFC 768), ICMP, and whoever looks at every frame. */
final class Sockets {
    /** A port in use; a stack has few. */
    private record Binding(int port, UdpSocket socket, Binding next) {}

    private Binding bindings;
    private List<IcmpSocket> icmpSockets = List.of();
    private List<PacketSocket> packetSockets = List.of();

    void bind(int port, UdpSocket socket) {
        bindings = new Binding(port, socket, bindings);
    }

    void unbind(int port) {
        Binding left = null;
        for (Binding each = bindings; each != null; each = each.next) {
            left = each.port == port ? left : new Binding(each.port, each.socket, left);
        }
        bindings = left;
    }

    void listen(PacketSocket socket) {
        if (packetSockets.isEmpty()) {
            packetSockets = new ArrayList<>(1);
        }
        packetSockets.add(socket);
    }

    /** Returns whether others still look at every frame. */
    boolean ignore(PacketSocket socket) {
        if (!packetSockets.isEmpty()) {
            packetSockets.remove(socket);
        }
        return !packetSockets.isEmpty();
    }

    /** Whether a packet socket was whom the frame was for. */
    boolean taken(NetInterface in, Frame frame, long now) {
        for (int i = packetSockets.size() - 1; i >= 0; i--) {
            if (packetSockets.get(i).receive(in, frame, now)) {
                return true;
            }
        }
        return false;
    }

    void listen(IcmpSocket socket) {
        if (icmpSockets.isEmpty()) {
            icmpSockets = new ArrayList<>(1);
        }
        icmpSockets.add(socket);
    }

    void ignore(IcmpSocket socket) {
        if (!icmpSockets.isEmpty()) {
            icmpSockets.remove(socket);
        }
    }

    void tell(Frame frame, Ipv4 packet, Icmp icmp, long now) {
        // Whoever hears of an error may close sockets.
        for (int i = icmpSockets.size() - 1; i >= 0; i = Math.min(i, icmpSockets.size()) - 1) {
            icmpSockets.get(i).receive(frame, packet, icmp, now);
        }
    }

    void redirected(Frame frame, Ipv4 packet, Icmp icmp, long now) {
        // Whoever hears of an error may close sockets.
        for (int i = icmpSockets.size() - 1; i >= 0; i = Math.min(i, icmpSockets.size()) - 1) {
            icmpSockets.get(i).redirected(frame, packet, icmp, now);
        }
    }

    /** Whom datagrams of a port are for; null for nobody. */
    UdpSocket find(int port) {
        for (Binding each = bindings; each != null; each = each.next) {
            if (each.port == port) {
                return each.socket;
            }
        }
        return null;
    }

    List<Integer> ports() {
        List<Integer> ports = new ArrayList<>();
        for (Binding each = bindings; each != null; each = each.next) {
            ports.add(each.port);
        }
        ports.sort(null);
        return ports;
    }

    /** Power is lost. UDP ports belong to whoever is told of that in its own way. */
    void forget() {
        icmpSockets = List.of();
        packetSockets = List.of();
    }
}
