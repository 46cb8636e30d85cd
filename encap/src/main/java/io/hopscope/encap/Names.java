package io.hopscope.encap;

/** What tcpdump calls numbers. */
final class Names {
    private static final String[] UNREACHABLE = {
        "net %s unreachable",
        "host %s unreachable",
        null,
        null,
        null,
        "%s unreachable - source route failed",
        "net %s unreachable - unknown",
        "host %s unreachable - unknown",
        "%s unreachable - source host isolated",
        "net %s unreachable - admin prohibited",
        "host %s unreachable - admin prohibited",
        "net %s unreachable - tos prohibited",
        "host %s unreachable - tos prohibited",
        "host %s unreachable - admin prohibited filter",
        "host %s unreachable - host precedence violation",
        "host %s unreachable - precedence cutoff"
    };

    private Names() {}

    static String etherType(int type) {
        return switch (type) {
            case Ethernet.IPV4 -> "IPv4";
            case Ethernet.ARP -> "ARP";
            case Ethernet.RARP -> "Reverse ARP";
            case Ethernet.VLAN -> "802.1Q";
            case Ethernet.QINQ -> "802.1Q-QinQ";
            case Ethernet.IPV6 -> "IPv6";
            case 0x8847 -> "MPLS unicast";
            case 0x8848 -> "MPLS multicast";
            case 0x8809 -> "Slow Protocols";
            case 0x88cc -> "LLDP";
            case 0x888e -> "EAPOL";
            case 0x9000 -> "Loopback";
            default -> "Unknown";
        };
    }

    static String protocol(int protocol) {
        return switch (protocol) {
            case Ipv4.ICMP -> "icmp";
            case 2 -> "igmp";
            case Ipv4.IPIP -> "ipencap";
            case Ipv4.TCP -> "tcp";
            case Ipv4.UDP -> "udp";
            case Ipv4.GRE -> "gre";
            case 50 -> "esp";
            case 51 -> "ah";
            case 89 -> "ospf";
            case 103 -> "pim";
            case 112 -> "vrrp";
            case 132 -> "sctp";
            default -> "ip-proto-" + protocol;
        };
    }

    /** The text of an unreachable code about a destination; null where ports, protocol or MTU belong to it. */
    static String unreachable(int code, String destination) {
        if (code >= UNREACHABLE.length) return destination + " unreachable - #" + code;
        String text = UNREACHABLE[code];
        return text == null ? null : text.replace("%s", destination);
    }

    static String icmp(int type) {
        return switch (type) {
            case Icmp.ECHO_REPLY -> "echo reply";
            case Icmp.UNREACHABLE -> "unreachable";
            case 4 -> "source quench";
            case Icmp.REDIRECT -> "redirect";
            case Icmp.ECHO -> "echo request";
            case 9 -> "router advertisement";
            case 10 -> "router solicitation";
            case Icmp.TIME_EXCEEDED -> "time exceeded";
            case Icmp.PARAMETER_PROBLEM -> "parameter problem";
            case 13 -> "time stamp request";
            case 14 -> "time stamp reply";
            case 15 -> "information request";
            case 16 -> "information reply";
            case 17 -> "address mask request";
            case 18 -> "address mask reply";
            default -> "type-#" + type;
        };
    }
}
