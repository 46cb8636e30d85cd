package io.hopscope.protocols.dhcp;

import io.hopscope.encap.Dhcp;

/**
 * A message of a server or relay on its way.
 *
 * @param device the interface for what no route leads to
 * @param source 0 for whatever the route says
 * @param destination -1 for all on the interface
 * @param inject the client's MAC where it has no address yet to answer ARP with, otherwise 0
 */
public record DhcpReply(byte[] message, int device, int source, int destination, int port, long inject) {
    /** Sends messages and hears what is done. */
    public interface Line {
        void send(DhcpReply reply, long now);

        /** A line of the log. */
        void say(String line);
    }

    /** To a relay agent or another port of a server. */
    static DhcpReply toServer(byte[] message, int device, int source, int destination) {
        return new DhcpReply(message, device, source, destination, Dhcp.SERVER_PORT, 0);
    }

    /** RFC 2131 section 4.1: to the address the client has, to all if it asks for that, or else to its MAC. */
    static DhcpReply toClient(byte[] message, int device, int source) {
        Dhcp dhcp = new Dhcp().wrap(message, 0);
        if (dhcp.ciaddr() != 0) {
            return new DhcpReply(message, device, 0, dhcp.ciaddr(), Dhcp.CLIENT_PORT, 0);
        } else if (dhcp.broadcast() || !dhcp.ofEthernet()) {
            return new DhcpReply(message, device, source, -1, Dhcp.CLIENT_PORT, 0);
        }
        return new DhcpReply(message, device, source, dhcp.yiaddr(), Dhcp.CLIENT_PORT, dhcp.chaddr());
    }
}
