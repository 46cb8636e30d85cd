package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.View;

/**
 * What tells the packets of one direction of a connection from all others (nf_conntrack_tuple). Ports are source and
 * destination, 16 bits each; of ICMP the identifier, type and code.
 */
final class Tuple {
    int source;
    int destination;
    int ports;
    int protocol;

    Tuple set(int from, int to, int both, int of) {
        source = from;
        destination = to;
        ports = both;
        protocol = of;
        return this;
    }

    Tuple set(Tuple other) {
        return set(other.source, other.destination, other.ports, other.protocol);
    }

    /** That of answers to this one. */
    Tuple invert(Tuple other) {
        return set(other.destination, other.source, invert(other.ports, other.protocol), other.protocol);
    }

    static int invert(int ports, int protocol) {
        if (protocol != Ipv4.ICMP) {
            return ports << 16 | ports >>> 16;
        }
        return ports & 0xffff_00ff | answer(ports >>> 8 & 0xff) << 8;
    }

    private static int answer(int type) {
        return switch (type) {
            case Icmp.ECHO -> Icmp.ECHO_REPLY;
            case Icmp.ECHO_REPLY -> Icmp.ECHO;
            case 13, 15, 17 -> type + 1;
            case 14, 16, 18 -> type - 1;
            default -> type;
        };
    }

    /** Whether an ICMP type says what became of another packet. */
    static boolean error(int type) {
        return type == Icmp.UNREACHABLE || type == 4 || type == 5 || type == Icmp.TIME_EXCEEDED || type == 12;
    }

    /** Whether an ICMP type begins a connection. */
    static boolean question(int type) {
        return type == Icmp.ECHO || type == 13 || type == 15 || type == 17;
    }

    /** Of the packet as it is now. */
    Tuple of(Packet p) {
        int both = 0;
        if (p.protocol == Ipv4.ICMP) {
            both = View.get16(p.bytes, p.payload + 4) << 16 | p.icmpType << 8 | p.icmpCode;
        } else if (p.transport) {
            both = p.sourcePort << 16 | p.destinationPort;
        }
        return set(p.source, p.destination, both, p.protocol);
    }

    /** Of a packet that an ICMP error quotes, of which eight bytes of the transport header are there at least. */
    boolean quoted(byte[] b, int at, int end) {
        if (end - at < Ipv4.LENGTH || (b[at] & 0xf0) != 0x40 || (View.get16(b, at + 6) & 0x1fff) != 0) {
            return false;
        }
        int payload = at + ((b[at] & 0xf) << 2);
        if ((b[at] & 0xf) < 5 || end - payload < 8) {
            return false;
        }
        int of = b[at + 9] & 0xff;
        int both = 0;
        if (of == Ipv4.ICMP) {
            both = View.get16(b, payload + 4) << 16 | View.get16(b, payload);
        } else if (of == Ipv4.TCP || of == Ipv4.UDP || of == 132 || of == 136) {
            both = View.get32(b, payload);
        }
        set(View.get32(b, at + 12), View.get32(b, at + 16), both, of);
        return true;
    }

    int sourcePort() {
        return ports >>> 16;
    }

    int destinationPort() {
        return ports & 0xffff;
    }

    Tuple sourcePort(int port) {
        ports = ports & 0xffff | port << 16;
        return this;
    }

    Tuple destinationPort(int port) {
        ports = ports & 0xffff_0000 | port;
        return this;
    }

    boolean same(Tuple other) {
        return source == other.source
                && destination == other.destination
                && ports == other.ports
                && protocol == other.protocol;
    }
}
