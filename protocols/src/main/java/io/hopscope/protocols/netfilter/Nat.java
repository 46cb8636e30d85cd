package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Checksum;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.View;

/**
 * Address translation (nf_nat_core, nf_nat_proto): set up once a connection, from then on its packets are rewritten, and
 * what ICMP errors quote of them. Checksums follow by difference (RFC 1624).
 */
final class Nat {
    /** Ports tried before the next starting point is drawn. */
    private static final int ATTEMPTS = 128;

    private final Conntrack table;
    private final Tuple current = new Tuple();
    private final Tuple wanted = new Tuple();
    private final Tuple reply = new Tuple();
    private final Tuple target = new Tuple();
    private final NatRange same = new NatRange();

    Nat(Conntrack table) {
        this.table = table;
    }

    static boolean done(int status, boolean source) {
        return (status & (source ? Conntrack.SOURCE_DONE : Conntrack.DESTINATION_DONE)) != 0;
    }

    /** No rule wants anything else: the address stays, and the port too unless that is somebody else's. */
    void leave(Packet p, boolean source) {
        int id = p.connection;
        same.clear().address(source ? table.destination(id, 1) : table.source(id, 1));
        setUp(p, same, source);
    }

    /** nf_nat_setup_info: what the connection's answers will look like. */
    void setUp(Packet p, NatRange range, boolean source) {
        int id = p.connection;
        current.invert(table.tuple(id, 1, reply));
        choose(p, range, source);
        if (!wanted.same(current)) {
            reply.invert(wanted);
            table.tuple(id, 1, reply.source, reply.destination, reply.ports);
            table.turnOn(id, source ? Conntrack.SOURCE_NAT : Conntrack.DESTINATION_NAT);
        }
        if (source && (table.status(id) & (Conntrack.SOURCE_NAT | Conntrack.BY_SOURCE)) == Conntrack.SOURCE_NAT) {
            table.linkSource(id);
        }
        table.turnOn(id, source ? Conntrack.SOURCE_DONE : Conntrack.DESTINATION_DONE);
    }

    private boolean used(Packet p) {
        boolean taken = table.taken(reply.invert(wanted), table.zone(p.connection, 1), p.connection, p.now);
        table.found += taken ? 1 : 0;
        return taken;
    }

    /** get_unique_tuple. */
    private void choose(Packet p, NatRange range, boolean source) {
        wanted.set(current);
        if (source && !range.random) {
            if (fits(range, true)) {
                if (!used(p)) {
                    return;
                }
            } else if (mapped(p, range) && !used(p)) {
                return;
            }
        }
        wanted.set(current);
        address(p, range, source);
        if (!range.random) {
            boolean inRange = range.ports && portFits(range, source);
            if (inRange && (range.leastPort == range.mostPort || !used(p)) || !range.ports && !used(p)) {
                return;
            }
        }
        port(p, range, source);
    }

    private int port(boolean source) {
        if (wanted.protocol == Ipv4.ICMP) {
            return wanted.sourcePort();
        }
        return source ? wanted.sourcePort() : wanted.destinationPort();
    }

    private void port(boolean source, int number) {
        if (wanted.protocol == Ipv4.ICMP || source) {
            wanted.sourcePort(number);
        } else {
            wanted.destinationPort(number);
        }
    }

    private boolean portFits(NatRange range, boolean source) {
        int port = port(source);
        return port >= range.leastPort && port <= range.mostPort;
    }

    private boolean fits(NatRange range, boolean source) {
        return range.takes(source ? wanted.source : wanted.destination) && (!range.ports || portFits(range, source));
    }

    /** find_appropriate_src: a source that is translated already becomes the same again. */
    private boolean mapped(Packet p, NatRange range) {
        int zone = table.zone(p.connection, 0);
        for (int id = table.nextOfSource(current, zone, -1); id >= 0; id = table.nextOfSource(current, zone, id)) {
            wanted.set(current);
            wanted.source = table.destination(id, 1);
            wanted.sourcePort(wanted.protocol == Ipv4.ICMP ? table.ports(id, 1) >>> 16 : table.ports(id, 1) & 0xffff);
            if (fits(range, true)) {
                return true;
            }
        }
        wanted.set(current);
        return false;
    }

    /** find_best_ips_proto: a client, or a client and its server, keeps its address of a range. */
    private void address(Packet p, NatRange range, boolean source) {
        if (!range.addresses) {
            return;
        }
        int address = range.least;
        if (range.least != range.most) {
            long size = (range.most & 0xffff_ffffL) - (range.least & 0xffff_ffffL) + 1;
            long mixed = (current.source * 0x9e37_79b1L ^ (range.persistent ? 0 : current.destination * 0x85eb_ca6bL))
                    * 0x9e3779b97f4a7c15L;
            address += (int) ((mixed >>> 32) * size >>> 32);
        }
        if (source) {
            wanted.source = address;
        } else {
            wanted.destination = address;
        }
    }

    /** nf_nat_l4proto_unique_tuple: another port of the same class, or of the range; the last tried if none is free. */
    private void port(Packet p, NatRange range, boolean source) {
        boolean ported = wanted.protocol == Ipv4.TCP || wanted.protocol == Ipv4.UDP || wanted.protocol == 132;
        int least = range.leastPort;
        int size = range.mostPort - range.leastPort + 1;
        if (wanted.protocol == Ipv4.ICMP) {
            least = range.ports ? least : 0;
            size = range.ports ? size : 65_536;
        } else if (!ported) {
            return;
        } else if (!range.ports) {
            if (!source) {
                return;
            }
            int old = port(true);
            least = old >= 1024 ? 1024 : old >= 512 ? 600 : 1;
            size = (old >= 1024 ? 65_535 : old >= 512 ? 1023 : 511) - least + 1;
        }
        search(p, range, source, least, size);
    }

    private void search(Packet p, NatRange range, boolean source, int least, int size) {
        int offset = range.random || source ? p.surroundings.random(65_536) : 0;
        int attempts = Math.min(size, ATTEMPTS);
        while (true) {
            for (int i = 0; i < attempts; i++, offset++) {
                port(source, least + offset % size);
                if (!used(p)) {
                    return;
                }
            }
            if (attempts >= size || attempts < 16) {
                return;
            }
            attempts /= 2;
            offset = p.surroundings.random(65_536);
        }
    }

    /**
     * nf_nat_packet: rewrites source or destination, as the hook is for.
     *
     * @return false for an ICMP error that must not pass
     */
    boolean translate(Packet p, boolean source) {
        int id = p.connection;
        int bit = source ? Conntrack.SOURCE_NAT : Conntrack.DESTINATION_NAT;
        if (p.direction == 1) {
            bit ^= Conntrack.NAT;
        }
        int status = table.status(id);
        if (p.error() && p.icmpType == 5 && (status & Conntrack.NAT) != 0) {
            return false;
        }
        if ((status & bit) == 0) {
            return true;
        }
        table.tuple(id, 1 - p.direction, current);
        if (p.error()) {
            inner(p, current, !source);
        }
        target.invert(current);
        rewrite(p, target, source);
        return true;
    }

    private void rewrite(Packet p, Tuple to, boolean source) {
        int address = source ? to.source : to.destination;
        int old = source ? p.source : p.destination;
        boolean error = p.error();
        int check = error || !p.transport ? -1 : checksum(p.bytes, p.payload, p.protocol);
        if (address != old) {
            address(p.bytes, p.at, source ? 12 : 16, address, p.protocol == Ipv4.ICMP ? -1 : check);
        }
        if (p.transport && !error) {
            if (p.protocol == Ipv4.ICMP) {
                word(p.bytes, p.payload + 4, to.sourcePort(), check);
            } else {
                word(
                        p.bytes,
                        source ? p.payload : p.payload + 2,
                        source ? to.sourcePort() : to.destinationPort(),
                        check);
            }
        }
        if (check >= 0 && p.protocol == Ipv4.UDP && View.get16(p.bytes, check) == 0) {
            // 0 would say that there is none.
            View.put16(p.bytes, check, 0xffff);
        }
        p.read();
    }

    /** Where the checksum of a transport header lies; -1 for none. */
    private static int checksum(byte[] b, int payload, int protocol) {
        return switch (protocol) {
            case Ipv4.TCP -> payload + 16;
            case Ipv4.UDP -> View.get16(b, payload + 6) == 0 ? -1 : payload + 6;
            case Ipv4.ICMP -> payload + 2;
            default -> -1;
        };
    }

    private static void address(byte[] b, int header, int offset, int address, int transport) {
        int old = View.get32(b, header + offset);
        View.put32(b, header + offset, address);
        update(b, header + 10, old, address);
        if (transport >= 0) {
            update(b, transport, old, address);
        }
    }

    private static void update(byte[] b, int at, int old, int now) {
        int sum = Checksum.update(View.get16(b, at), old >>> 16, now >>> 16);
        View.put16(b, at, Checksum.update(sum, old & 0xffff, now & 0xffff));
    }

    private static void word(byte[] b, int at, int value, int check) {
        int old = View.get16(b, at);
        if (old != value) {
            View.put16(b, at, value);
            if (check >= 0) {
                View.put16(b, check, Checksum.update(View.get16(b, check), old, value));
            }
        }
    }

    /** What an ICMP error quotes is put back to what its sender had sent. */
    private static void inner(Packet p, Tuple to, boolean source) {
        byte[] b = p.bytes;
        int header = p.payload + Icmp.LENGTH;
        int payload = header + ((b[header] & 0xf) << 2);
        int protocol = b[header + 9] & 0xff;
        boolean sum = protocol == Ipv4.TCP ? p.end - payload >= 20 : p.end - payload >= 8;
        int check = sum ? checksum(b, payload, protocol) : -1;
        address(b, header, source ? 12 : 16, source ? to.source : to.destination, protocol == Ipv4.ICMP ? -1 : check);
        if (protocol == Ipv4.ICMP) {
            word(b, payload + 4, to.sourcePort(), check);
        } else if (protocol == Ipv4.TCP || protocol == Ipv4.UDP) {
            word(b, source ? payload : payload + 2, source ? to.sourcePort() : to.destinationPort(), check);
        }
        View.put16(b, p.payload + 2, 0);
        View.put16(b, p.payload + 2, Checksum.of(b, p.payload, p.end - p.payload));
    }
}
