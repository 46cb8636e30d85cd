package io.hopscope.encap;

/** A few words that name a frame, for {@link Printer#summary}. */
final class Title {
    private Title() {}

    static String of(byte[] b, int at, int end, int depth) {
        if (!Ethernet.fits(b, at, end)) return "cut frame of " + Math.max(0, end - at) + " bytes";
        int payload = new Ethernet().wrap(b, at).payload();
        int type = View.get16(b, payload - 2);
        if (type <= 1500) return llc(b, payload, end);
        return switch (type) {
            case Ethernet.ARP, Ethernet.RARP -> arp(b, payload, end);
            case Ethernet.IPV4 -> ipv4(b, payload, end, depth);
            default -> named(type, end - payload);
        };
    }

    private static String named(int type, int length) {
        String name = Names.etherType(type);
        StringBuilder out = new StringBuilder("Unknown".equals(name) ? "type 0x" : name);
        if ("Unknown".equals(name)) {
            for (int shift = 12; shift >= 0; shift -= 4) out.append(Character.forDigit(type >> shift & 15, 16));
        }
        return out.append(" length ").append(length).toString();
    }

    private static String llc(byte[] b, int at, int end) {
        boolean stp = end - at >= 7 && View.get16(b, at) == 0x4242;
        return stp ? "STP " + Bpdu.kind(b[at + 6] & 0xff) : "LLC length " + (end - at);
    }

    private static String arp(byte[] b, int at, int end) {
        if (!Arp.fits(b, at, end)) return "ARP of another kind";
        Arp arp = new Arp().wrap(b, at);
        String sender = Ipv4Address.text(arp.senderIp());
        return switch (arp.op()) {
            case Arp.REQUEST ->
                arp.senderIp() == arp.targetIp()
                        ? "ARP announcement " + sender
                        : "ARP who-has " + Ipv4Address.text(arp.targetIp());
            case Arp.REPLY -> "ARP reply " + sender;
            case Arp.REVERSE_REQUEST ->
                arp.senderMac() == arp.targetMac()
                        ? "RARP announcement " + MacAddress.text(arp.senderMac())
                        : "RARP who-is " + MacAddress.text(arp.targetMac());
            case Arp.REVERSE_REPLY -> "RARP reply " + Ipv4Address.text(arp.targetIp());
            default -> "ARP op " + arp.op();
        };
    }

    private static String ipv4(byte[] b, int at, int end, int depth) {
        if (!Ipv4.fits(b, at, end)) return "bad IPv4 header";
        Ipv4 ip = new Ipv4().wrap(b, at);
        int payload = ip.payload();
        int limit = ip.limit();
        String more = ip.mf() ? " (first fragment)" : "";
        if (ip.fragmentOffset() != 0)
            return "fragment of " + Names.protocol(ip.protocol()) + " at " + ip.fragmentOffset();
        switch (ip.protocol()) {
            case Ipv4.ICMP:
                if (Icmp.fits(b, payload, limit)) return icmp(new Icmp().wrap(b, payload)) + more;
                break;
            case Ipv4.UDP:
                if (limit - payload >= Udp.LENGTH) return udp(b, payload, limit, depth) + more;
                break;
            case Ipv4.TCP:
                if (Tcp.fits(b, payload, limit)) return tcp(new Tcp().wrap(b, payload)) + more;
                break;
            case Ipv4.GRE:
                if (Gre.fits(b, payload, limit) && depth < Printer.MAX_DEPTH)
                    return gre(new Gre().wrap(b, payload), b, limit, depth);
                break;
            case Ipv4.IPIP:
                if (depth < Printer.MAX_DEPTH) return "IPIP: " + ipv4(b, payload, limit, depth + 1);
                break;
            default:
                break;
        }
        return Names.protocol(ip.protocol()) + " length " + (limit - payload) + more;
    }

    private static String gre(Gre gre, byte[] b, int end, int depth) {
        boolean ip = gre.protocol() == Ethernet.IPV4;
        return "GRE: " + (ip ? ipv4(b, gre.end(), end, depth + 1) : named(gre.protocol(), end - gre.end()));
    }

    private static String icmp(Icmp icmp) {
        return switch (icmp.type()) {
            case Icmp.ECHO, Icmp.ECHO_REPLY -> "ICMP " + Names.icmp(icmp.type()) + " seq " + icmp.seq();
            case Icmp.UNREACHABLE -> "ICMP " + unreachable(icmp);
            default -> "ICMP " + Names.icmp(icmp.type());
        };
    }

    private static String unreachable(Icmp icmp) {
        return switch (icmp.code()) {
            case Icmp.NET -> "net unreachable";
            case Icmp.HOST -> "host unreachable";
            case Icmp.PROTOCOL -> "protocol unreachable";
            case Icmp.PORT -> "port unreachable";
            case Icmp.FRAGMENTATION_NEEDED -> "fragmentation needed, mtu " + icmp.mtu();
            default -> "unreachable code " + icmp.code();
        };
    }

    private static String udp(byte[] b, int at, int end, int depth) {
        Udp udp = new Udp().wrap(b, at);
        int port = udp.destinationPort();
        if (Math.max(port, udp.sourcePort()) <= Dhcp.CLIENT_PORT
                && Math.min(port, udp.sourcePort()) >= Dhcp.SERVER_PORT
                && Dhcp.fits(b, udp.end(), end)) {
            return dhcp(new Dhcp().wrap(b, udp.end()));
        }
        boolean dns = port == Dns.PORT || udp.sourcePort() == Dns.PORT;
        if (dns && udp.end() <= end && Dns.fits(b, udp.end(), end)) return DnsPrinter.title(b, udp.end(), end);
        boolean tunnel = (port == Vxlan.PORT || port == Vxlan.LINUX_PORT) && Vxlan.fits(b, udp.end(), end);
        if (!tunnel || depth >= Printer.MAX_DEPTH) return "UDP " + udp.sourcePort() + " > " + port;
        Vxlan vxlan = new Vxlan().wrap(b, udp.end());
        return "VXLAN " + vxlan.vni() + ": " + of(b, vxlan.end(), end, depth + 1);
    }

    private static String dhcp(Dhcp dhcp) {
        int address = dhcp.yiaddr() != 0 ? dhcp.yiaddr() : dhcp.word(DhcpOption.REQUESTED_ADDRESS);
        if (address == 0) address = dhcp.ciaddr();
        String whom = address == 0 ? MacAddress.text(dhcp.chaddr()) : Ipv4Address.text(address);
        return "DHCP " + DhcpOption.typeName(dhcp.messageType()) + " " + whom;
    }

    private static String tcp(Tcp tcp) {
        return "TCP " + tcp.sourcePort() + " > " + tcp.destinationPort() + " [" + TcpText.flags(tcp.flags()) + "]";
    }
}
