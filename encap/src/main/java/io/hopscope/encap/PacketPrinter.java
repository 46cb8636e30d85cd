package io.hopscope.encap;

/** The part of {@link Printer} from the network layer up. */
final class PacketPrinter {
    private final Printer printer;
    private final StringBuilder out;
    private final byte[] b;

    PacketPrinter(Printer printer) {
        this.printer = printer;
        this.out = printer.out;
        this.b = printer.b;
    }

    void ipv4(int at, int end) {
        if (end - at < Ipv4.LENGTH) {
            printer.cut("ip", at, end);
            return;
        }
        if ((b[at] & 0xf0) != 0x40) {
            out.append("IP").append((b[at] & 0xf0) >> 4).append(", wrong link-layer encapsulation, ");
            printer.unknown(at, end);
            return;
        }
        int header = (b[at] & 0x0f) << 2;
        int total = View.get16(b, at + 2);
        if (header < Ipv4.LENGTH) {
            out.append("bad-hlen ").append(header);
            return;
        }
        if (total < header) {
            out.append("bad-len ").append(total);
            return;
        }
        if (total > end - at) {
            out.append("truncated-ip - ").append(total - (end - at)).append(" bytes missing! ");
        }
        if (header > end - at) printer.cut("ip", at + Ipv4.LENGTH, end);
        else transport(at, at + header, Math.min(end, at + total));
    }

    private void transport(int ip, int at, int end) {
        int source = View.get32(b, ip + 12);
        int destination = View.get32(b, ip + 16);
        int protocol = b[ip + 9] & 0xff;
        if ((View.get16(b, ip + 6) & 0x1fff) != 0) {
            addresses(source, destination).append(" ip-proto-").append(protocol);
            return;
        }
        switch (protocol) {
            case Ipv4.UDP -> udp(source, destination, at, end);
            case Ipv4.TCP -> tcp(source, destination, at, end);
            case Ipv4.ICMP -> {
                addresses(source, destination).append(' ');
                icmp(at, end);
            }
            case Ipv4.IPIP -> {
                addresses(source, destination).append(' ');
                nested(Ethernet.IPV4, at, end);
            }
            case Ipv4.GRE -> {
                addresses(source, destination).append(' ');
                gre(at, end);
            }
            case Vrrp.PROTOCOL -> {
                addresses(source, destination).append(' ');
                vrrp(at, end, b[ip + 8] & 0xff);
            }
            default -> {
                addresses(source, destination).append("  ip-proto-").append(protocol);
                out.append(' ').append(end - at);
            }
        }
    }

    private StringBuilder addresses(int source, int destination) {
        printer.ip(source).append(" > ");
        return printer.ip(destination).append(':');
    }

    private void endpoints(int source, int destination, int at) {
        printer.ip(source).append('.').append(View.get16(b, at)).append(" > ");
        printer.ip(destination).append('.').append(View.get16(b, at + 2)).append(": ");
    }

    private void nested(int type, int at, int end) {
        if (printer.depth++ >= Printer.MAX_DEPTH) printer.unknown(at, end);
        else if (type == 0) printer.frame(at, end);
        else printer.payload(type, at, end);
        printer.depth--;
    }

    void udp(int source, int destination, int at, int end) {
        if (end - at < Udp.LENGTH) {
            addresses(source, destination).append(' ');
            printer.cut("udp", at, end);
            return;
        }
        endpoints(source, destination, at);
        int length = View.get16(b, at + 4) - Udp.LENGTH;
        int port = View.get16(b, at + 2);
        boolean tunnel = port == Vxlan.PORT || port == Vxlan.LINUX_PORT;
        if (length < 0) {
            out.append("truncated-udplength ").append(length + Udp.LENGTH);
        } else if (tunnel && end - at >= Udp.LENGTH + Vxlan.LENGTH) {
            vxlan(at + Udp.LENGTH, Math.min(end, at + Udp.LENGTH + length));
        } else if (ofDhcp(View.get16(b, at)) || ofDhcp(port)) {
            dhcp(at + Udp.LENGTH, Math.min(end, at + Udp.LENGTH + length));
        } else if (ofDns(View.get16(b, at), port)
                && Dns.fits(b, at + Udp.LENGTH, Math.min(end, at + Udp.LENGTH + length))) {
            new DnsPrinter(b, at + Udp.LENGTH, Math.min(end, at + Udp.LENGTH + length), out).print();
        } else {
            out.append("UDP, length ").append(length);
        }
    }

    private static boolean ofDns(int from, int to) {
        return from == Dns.PORT || to == Dns.PORT;
    }

    private static boolean ofDhcp(int port) {
        return port == Dhcp.SERVER_PORT || port == Dhcp.CLIENT_PORT;
    }

    void dhcp(int at, int end) {
        if (end - at < Dhcp.LENGTH) {
            printer.cut("bootp", at, end);
            return;
        }
        int op = b[at] & 0xff;
        out.append("BOOTP/DHCP, ");
        if (op == Dhcp.REQUEST) out.append("Request");
        else if (op == Dhcp.REPLY) out.append("Reply");
        else {
            out.append("unknown (0x");
            printer.hex(op, 2).append(')');
        }
        Dhcp dhcp = new Dhcp().wrap(b, at);
        if (op == Dhcp.REQUEST && dhcp.ofEthernet()) {
            out.append(" from ");
            printer.mac(dhcp.chaddr());
        }
        out.append(", length ").append(end - at);
    }

    void vxlan(int at, int end) {
        if (end - at < Vxlan.LENGTH) {
            printer.cut("vxlan", at, end);
            return;
        }
        int flags = b[at] & 0xff;
        out.append("VXLAN, flags [").append((flags & 8) != 0 ? 'I' : '.').append("] (0x");
        printer.hex(flags, 2)
                .append("), vni ")
                .append(View.get32(b, at + 4) >>> 8)
                .append(": ");
        nested(0, at + Vxlan.LENGTH, end);
    }

    void gre(int at, int end) {
        if (!Gre.fits(b, at, end)) {
            printer.cut("gre", at, end);
            return;
        }
        Gre gre = new Gre().wrap(b, at);
        out.append("GREv0");
        if (gre.keyed()) {
            out.append(", key=0x");
            printer.hex(gre.key(), Math.max(1, (35 - Integer.numberOfLeadingZeros(gre.key())) / 4));
        }
        out.append(", proto ").append(Names.etherType(gre.protocol())).append(" (0x");
        printer.hex(gre.protocol(), 4).append("), length ").append(end - at).append(": ");
        nested(gre.protocol() == 0x6558 ? 0 : gre.protocol(), gre.end(), end);
    }

    private void vrrp(int at, int end, int ttl) {
        if (!Vrrp.fits(b, at, end)) {
            printer.cut("vrrp", at, end);
            return;
        }
        Vrrp vrrp = new Vrrp().wrap(b, at);
        out.append("VRRPv3, Advertisement");
        if (ttl != 255) out.append(", (ttl ").append(ttl).append(')');
        out.append(", vrid ").append(vrrp.vrid()).append(", prio ").append(vrrp.priority());
        out.append(", intvl ").append(vrrp.centiseconds()).append("cs, length ").append(end - at);
    }

    void icmp(int at, int end) {
        if (end - at < Icmp.LENGTH) {
            printer.cut("icmp", at, end);
            return;
        }
        int type = b[at] & 0xff;
        out.append("ICMP ");
        switch (type) {
            case Icmp.ECHO, Icmp.ECHO_REPLY ->
                out.append(Names.icmp(type))
                        .append(", id ")
                        .append(View.get16(b, at + 4))
                        .append(", seq ")
                        .append(View.get16(b, at + 6));
            case Icmp.UNREACHABLE -> unreachable(at, end);
            case Icmp.REDIRECT -> redirect(at, end);
            case Icmp.TIME_EXCEEDED -> out.append(timeExceeded(b[at + 1] & 0xff));
            case Icmp.PARAMETER_PROBLEM -> {
                int code = b[at + 1] & 0xff;
                out.append("parameter problem - ").append(code == 0 ? "octet " : "code ");
                out.append(code == 0 ? b[at + 4] & 0xff : code);
            }
            default -> out.append(Names.icmp(type));
        }
        out.append(", length ").append(end - at);
    }

    private static String timeExceeded(int code) {
        return switch (code) {
            case 0 -> "time exceeded in-transit";
            case 1 -> "ip reassembly time exceeded";
            default -> "time exceeded-#" + code;
        };
    }

    private void redirect(int at, int end) {
        int code = b[at + 1] & 0xff;
        int quoted = at + Icmp.LENGTH;
        out.append(code > 3 ? "redirect-#" + code + " " : code > 1 ? "redirect-tos " : "redirect ");
        if (end - quoted < Ipv4.LENGTH) out.append("[|icmp]");
        else printer.ip(View.get32(b, quoted + 16));
        out.append(code > 3 ? " to " : (code & 1) == 0 ? " to net " : " to host ");
        printer.ip(View.get32(b, at + 4));
    }

    /** Most of these messages name the destination of the packet they quote. */
    private void unreachable(int at, int end) {
        int code = b[at + 1] & 0xff;
        int quoted = at + Icmp.LENGTH;
        if (end - quoted < Ipv4.LENGTH) {
            out.append("unreachable-#").append(code).append(" [|icmp]");
            return;
        }
        String destination = Ipv4Address.text(View.get32(b, quoted + 16));
        int protocol = b[quoted + 9] & 0xff;
        switch (code) {
            case Icmp.PROTOCOL ->
                out.append(destination).append(" protocol ").append(protocol).append(" unreachable");
            case Icmp.PORT -> port(destination, protocol, quoted + ((b[quoted] & 0x0f) << 2), end);
            case Icmp.FRAGMENTATION_NEEDED -> {
                int mtu = View.get16(b, at + 6);
                out.append(destination).append(" unreachable - need to frag");
                if (mtu != 0) out.append(" (mtu ").append(mtu).append(')');
            }
            default -> out.append(Names.unreachable(code, destination));
        }
    }

    private void port(String destination, int protocol, int transport, int end) {
        out.append(destination).append(' ');
        if (protocol == Ipv4.UDP) out.append("udp");
        else if (protocol == Ipv4.TCP) out.append("tcp");
        else out.append("protocol ").append(protocol);
        if (end - transport < 4) out.append(" port [|icmp] unreachable");
        else out.append(" port ").append(View.get16(b, transport + 2)).append(" unreachable");
    }

    void tcp(int source, int destination, int at, int end) {
        if (end - at < Tcp.LENGTH) {
            addresses(source, destination).append(' ');
            printer.cut("tcp", at, end);
            return;
        }
        endpoints(source, destination, at);
        TcpText.print(printer, at, end);
    }
}
