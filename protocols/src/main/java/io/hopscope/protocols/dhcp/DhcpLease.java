package io.hopscope.protocols.dhcp;

import io.hopscope.encap.Dhcp;
import io.hopscope.encap.DhcpOption;
import io.hopscope.encap.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client has been given.
 *
 * @param mask the subnet mask; 0 where the server said none
 * @param router the first router, or 0
 * @param seconds how long
 * @param nameservers whom to ask for names
 * @param domain empty where the server said none
 */
public record DhcpLease(
        int address, int mask, int router, int server, long seconds, List<Integer> nameservers, String domain) {
    private static final long LEAST = 16;
    private static final long HOUR = 3600;
    private static final long MOST = Integer.MAX_VALUE / 1000;

    public DhcpLease {
        nameservers = List.copyOf(nameservers);
    }

    /** Reads an ACK; udhcpc takes an hour where no time is given, and neither too short nor too long ones. */
    static DhcpLease of(Dhcp ack, int server) {
        long seconds = ack.find(DhcpOption.LEASE_TIME) < 0 ? HOUR : ack.word(DhcpOption.LEASE_TIME) & 0xffff_ffffL;
        return new DhcpLease(
                ack.yiaddr(),
                ack.word(DhcpOption.NETMASK),
                ack.word(DhcpOption.ROUTER),
                server,
                Math.max(LEAST, Math.min(seconds, MOST)),
                addresses(ack.value(DhcpOption.DNS_SERVER)),
                new String(ack.value(DhcpOption.DOMAIN_NAME), StandardCharsets.UTF_8));
    }

    private static List<Integer> addresses(byte[] value) {
        List<Integer> all = new ArrayList<>(1);
        for (int at = 0; at + 4 <= value.length; at += 4) {
            all.add(View.get32(value, at));
        }
        return all;
    }
}
