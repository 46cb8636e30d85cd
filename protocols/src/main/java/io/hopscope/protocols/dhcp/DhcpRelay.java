package io.hopscope.protocols.dhcp;

import io.hopscope.encap.Dhcp;
import io.hopscope.encap.Ipv4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * BOOTP relay agent (RFC 1542, RFC 2131) as dnsmasq's --dhcp-relay: requests go to every server of the interface they came
 * in through, replies to the client. No option 82.
 */
public final class DhcpRelay {
    /** A request that was relayed more often goes round in circles. */
    private static final int MOST_HOPS = 20;

    /** One server for the clients behind one of the relay's addresses. */
    private record Path(int local, int server) {}

    private final List<Path> paths = new ArrayList<>();
    private final DhcpReply.Line line;

    public DhcpRelay(DhcpReply.Line line) {
        this.line = line;
    }

    public DhcpRelay add(int local, int server) {
        paths.add(new Path(local, server));
        return this;
    }

    /** Whether requests at this address are relayed. */
    public boolean serves(int local) {
        return paths.stream().anyMatch(path -> path.local == local);
    }

    /**
     * A message that came to the server port.
     *
     * @param device the interface it came in through
     * @param local an address of that interface
     * @return whether it was the relay's business
     */
    public boolean receive(byte[] message, int device, int local, long now) {
        if (!Dhcp.fits(message, 0, message.length)) {
            return false;
        }
        Dhcp dhcp = new Dhcp().wrap(message, 0);
        return dhcp.op() == Dhcp.REQUEST ? request(dhcp, message, local, now) : reply(dhcp, message, now);
    }

    private boolean request(Dhcp dhcp, byte[] message, int local, long now) {
        boolean mine = false;
        int gateway = dhcp.giaddr();
        int hops = dhcp.hops() + 1;
        for (Path path : paths) {
            if (path.local != local) {
                continue;
            }
            mine = true;
            if (hops > MOST_HOPS || gateway == path.local) {
                continue; // a loop
            }
            byte[] copy = Arrays.copyOf(message, message.length);
            Dhcp out = dhcp.wrap(copy, 0).hops(hops);
            if (gateway == 0) {
                out.giaddr(path.local);
            }
            line.say("dnsmasq-dhcp: DHCP relay at " + Ipv4Address.text(path.local) + " -> "
                    + Ipv4Address.text(path.server));
            line.send(DhcpReply.toServer(copy, 0, path.local, path.server), now);
        }
        return mine;
    }

    /** Out of the interface that has the address the request got on its way. */
    private boolean reply(Dhcp dhcp, byte[] message, long now) {
        int gateway = dhcp.giaddr();
        if (!serves(gateway)) {
            return false;
        }
        line.send(DhcpReply.toClient(message, 0, gateway), now);
        return true;
    }
}
