package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Checksum;
import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.View;

/** Finds the connection of a packet, or begins one, and follows its protocol (nf_conntrack_in). */
final class Tracker {
    /** GRE (RFC 2784), without the keys of PPTP. */
    static final int GRE = 47;

    /** udp_packet: a connection is a stream after two seconds. */
    private static final long STREAM = 2 * Conntrack.SECOND;

    private final Conntrack table;
    private final Timeouts timeouts;
    private final TcpTracker tcp;
    private final Tuple tuple = new Tuple();
    private final Tuple quoted = new Tuple();

    Tracker(Conntrack table, Timeouts timeouts) {
        this.table = table;
        this.timeouts = timeouts;
        tcp = new TcpTracker(table, timeouts);
    }

    int tcpState(int id) {
        return tcp.state(id);
    }

    /**
     * Says which connection a packet is of.
     *
     * @param arriving whether it came in: then its checksum is looked at
     * @return false where the table is full: the packet is to be dropped
     */
    boolean track(Packet p, boolean arriving) {
        if (p.connection >= 0 || p.state == Packet.UNTRACKED) {
            return true;
        }
        p.state = Packet.INVALID;
        if (p.notrack) {
            p.state = Packet.UNTRACKED;
            return true;
        } else if (!sound(p, arriving && timeouts.checksum)) {
            table.invalid += p.protocol == Ipv4.ICMP ? 0 : 1;
            return true;
        } else if (p.protocol == Ipv4.ICMP && Tuple.error(p.icmpType)) {
            related(p);
            return true;
        }
        boolean room = resolve(p);
        table.invalid += room && p.state == Packet.INVALID ? 1 : 0;
        return room;
    }

    private static boolean sound(Packet p, boolean checksum) {
        if (p.protocol == Ipv4.TCP) {
            int header = p.transport ? (p.bytes[p.payload + 12] & 0xf0) >> 2 : 0;
            return header >= 20
                    && header <= p.end - p.payload
                    && (!checksum || whole(p))
                    && TcpTracker.sensible(p.flags);
        } else if (p.protocol == Ipv4.UDP) {
            int length = p.transport ? View.get16(p.bytes, p.payload + 4) : 0;
            return length >= 8
                    && length <= p.end - p.payload
                    && (!checksum || View.get16(p.bytes, p.payload + 6) == 0 || whole(p));
        } else if (p.protocol == Ipv4.ICMP) {
            return p.transport
                    && p.icmpType <= 18
                    && (!checksum || Checksum.of(p.bytes, p.payload, p.end - p.payload) == 0);
        }
        return true;
    }

    private static boolean whole(Packet p) {
        int length = p.protocol == Ipv4.UDP ? View.get16(p.bytes, p.payload + 4) : p.end - p.payload;
        int pseudo = Checksum.pseudo(p.source, p.destination, p.protocol, length);
        return Checksum.of(pseudo + Checksum.sum(p.bytes, p.payload, length)) == 0;
    }

    /** An ICMP error is about the connection of the packet that it quotes. */
    private void related(Packet p) {
        if (!quoted.quoted(p.bytes, p.payload + Icmp.LENGTH, p.end)) {
            return;
        }
        tuple.invert(quoted);
        int entry = lookup(p);
        if (entry < 0 || p.destination != table.destination(entry >> 1, entry & 1)) {
            // The error has to go where the packet that it is about came from.
            return;
        }
        p.connection = entry >> 1;
        p.serial = table.serial(p.connection);
        p.direction = entry & 1;
        p.state = Packet.RELATED;
    }

    private int lookup(Packet p) {
        int there = (p.zoneDirections & 1) == 0 ? 0 : p.zone;
        int back = (p.zoneDirections & 2) == 0 ? 0 : p.zone;
        int entry = table.find(tuple, there, p.now);
        return entry < 0 && there != back ? table.find(tuple, back, p.now) : entry;
    }

    private boolean resolve(Packet p) {
        tuple.of(p);
        int entry = lookup(p);
        if (entry < 0) {
            return begin(p);
        }
        int id = entry >> 1;
        int direction = entry & 1;
        int outcome = follow(p, id, direction);
        if (outcome == TcpTracker.INVALID) {
            return true;
        } else if (outcome == TcpTracker.AGAIN) {
            table.kill(id);
            tuple.of(p);
            return begin(p);
        }
        boolean answered = (table.status(id) & Conntrack.SEEN_REPLY) != 0;
        p.state = direction == 1 || answered ? Packet.ESTABLISHED : Packet.NEW;
        if (outcome == TcpTracker.ENDED) {
            // Nobody finds it any more, but this packet is still translated as one of its own.
            table.expires(id, p.now);
        }
        p.connection = id;
        p.serial = table.serial(id);
        p.direction = direction;
        if (direction == 1 && !answered) {
            table.turnOn(id, Conntrack.SEEN_REPLY);
        }
        return true;
    }

    private boolean begin(Packet p) {
        if (p.protocol == Ipv4.ICMP && !Tuple.question(p.icmpType)) {
            return true;
        }
        int id = table.begin(tuple, p.zone, p.zoneDirections, p.now);
        if (id < 0) {
            return false;
        }
        if (p.protocol == Ipv4.TCP && (!tcp.begin(id, p) || tcp.packet(id, p, 0, p.now) != TcpTracker.TRACKED)) {
            table.kill(id);
            return true;
        } else if (p.protocol != Ipv4.TCP) {
            if (p.protocol == Ipv4.UDP) {
                long stream = p.now + STREAM;
                table.set(id, Conntrack.TRACKED, (int) stream);
                table.set(id, Conntrack.TRACKED + 1, (int) (stream >>> 32));
            }
            follow(p, id, 0);
        }
        p.connection = id;
        p.serial = table.serial(id);
        p.direction = 0;
        p.state = Packet.NEW;
        return true;
    }

    private int follow(Packet p, int id, int direction) {
        if (p.protocol == Ipv4.TCP) {
            return tcp.packet(id, p, direction, p.now);
        }
        long seconds = timeouts.generic;
        if (p.protocol == Ipv4.UDP) {
            seconds = udp(p, id);
        } else if (p.protocol == Ipv4.ICMP) {
            seconds = timeouts.icmp;
        } else if (p.protocol == GRE) {
            seconds = gre(id);
        }
        table.expires(id, p.now + seconds * Conntrack.SECOND);
        return TcpTracker.TRACKED;
    }

    private long gre(int id) {
        if ((table.status(id) & Conntrack.SEEN_REPLY) == 0) {
            return timeouts.gre;
        }
        table.turnOn(id, Conntrack.ASSURED);
        return timeouts.greStream;
    }

    private long udp(Packet p, int id) {
        if ((table.status(id) & Conntrack.SEEN_REPLY) == 0) {
            return timeouts.udp;
        }
        long stream =
                (long) table.get(id, Conntrack.TRACKED + 1) << 32 | table.get(id, Conntrack.TRACKED) & 0xffff_ffffL;
        if (p.now <= stream) {
            return timeouts.udp;
        }
        table.turnOn(id, Conntrack.ASSURED);
        return timeouts.udpStream;
    }
}
