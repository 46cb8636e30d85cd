package io.hopscope.protocols.openflow;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Ipv4;

/** What a match must say about type and protocol before a field has a meaning (the prerequisites of ovs-fields(7)). */
enum Needs {
    NOTHING("nothing"),
    IP_OR_ARP("ip or arp"),
    NETWORK("ip, ipv6 or arp"),
    IP_ANY("ip or ipv6"),
    ARP("arp"),
    TRANSPORT("tcp, udp or icmp"),
    TCP("tcp"),
    UDP("udp"),
    ICMP("icmp or icmp6");

    static final int ICMP6 = 58;
    static final int SCTP = 132;

    final String text;

    Needs(String text) {
        this.text = text;
    }

    /** Whether the type and protocol of a match (-1 when it has none) are enough. */
    boolean met(int type, int protocol) {
        boolean ip4 = type == Ethernet.IPV4;
        boolean ip = ip4 || type == Ethernet.IPV6;
        boolean arp = type == Ethernet.ARP || type == Ethernet.RARP;
        boolean icmp = ip && protocol == (ip4 ? Ipv4.ICMP : ICMP6);
        boolean ports = ip && (protocol == Ipv4.TCP || protocol == Ipv4.UDP || protocol == SCTP);
        return switch (this) {
            case NOTHING -> true;
            case IP_OR_ARP -> ip4 || arp;
            case NETWORK -> ip || arp;
            case IP_ANY -> ip;
            case ARP -> arp;
            case TRANSPORT -> ports || icmp;
            case TCP -> ip && protocol == Ipv4.TCP;
            case UDP -> ip && protocol == Ipv4.UDP;
            case ICMP -> icmp;
        };
    }
}
