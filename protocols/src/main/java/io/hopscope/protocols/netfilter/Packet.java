package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Icmp;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Tcp;
import io.hopscope.encap.View;

/**
 * A packet on its way through the hooks: what rules look at, and what connection tracking and targets say of it. One such
 * object is filled for one packet after the other.
 */
public final class Packet {
    /** Its connection is tracked and has been seen in both directions. */
    public static final int ESTABLISHED = 1;

    /** An ICMP error about a connection. */
    public static final int RELATED = 2;

    /** The first of a connection, or one more before an answer. */
    public static final int NEW = 4;

    /** Belongs to nothing. */
    public static final int INVALID = 8;

    /** Not to be tracked (NOTRACK). */
    public static final int UNTRACKED = 16;

    byte[] bytes;
    /** Where the IPv4 header begins, and the packet ends. */
    int at;

    int end;

    int source;
    int destination;
    int protocol;
    int length;
    int fragment;
    /** Where the transport header begins. */
    int payload;
    /** Whether the transport header is there: ports of TCP and UDP, type and code of ICMP. */
    boolean transport;

    int sourcePort;
    int destinationPort;
    /** Of TCP. */
    int flags;

    int icmpType;
    int icmpCode;
    /** Source MAC, or -1 where the packet has come from nowhere. */
    long mac;

    String in;
    String out;
    String bridgeIn;
    String bridgeOut;
    /** Whether the packet passes a bridge, or came in by one. */
    boolean bridged;

    int mark;
    /** The connection it belongs to; -1 for none. */
    int connection = -1;
    /** Tells its connection from a later one in the same place. */
    int serial;
    /** 0 as the connection began, 1 for answers. */
    int direction;
    /** One of the above. */
    int state = INVALID;
    /** Where connections of this packet are kept apart from others (CT --zone); bits of the directions it is for. */
    int zone;

    int zoneDirections;
    /** As a CT target says. */
    boolean notrack;

    /** A CT target has said something. */
    boolean template;

    Conntrack conntrack;
    Surroundings surroundings;
    long now;
    /** Whether a program of this host has sent it. */
    boolean socketed;

    /** Whether somebody wants to know which rules it meets. */
    boolean traced;

    /** What a NAT target wants. */
    final NatRange nat = new NatRange();
    /** The rule that decided last; for LOG and REJECT. */
    Rule decided;

    /** Reads the headers; the packet fits its bytes ({@link Ipv4#fits}). */
    public Packet wrap(byte[] frame, int header, long instant) {
        bytes = frame;
        at = header;
        now = instant;
        in = null;
        out = null;
        bridgeIn = null;
        bridgeOut = null;
        bridged = false;
        mac = -1;
        mark = 0;
        connection = -1;
        direction = 0;
        state = INVALID;
        zone = 0;
        zoneDirections = 0;
        notrack = false;
        template = false;
        decided = null;
        traced = false;
        socketed = false;
        read();
        return this;
    }

    /** Reads the headers anew, after something has rewritten them. */
    void read() {
        source = View.get32(bytes, at + 12);
        destination = View.get32(bytes, at + 16);
        protocol = bytes[at + 9] & 0xff;
        length = View.get16(bytes, at + 2);
        fragment = (View.get16(bytes, at + 6) & 0x1fff) << 3;
        end = at + length;
        payload = at + ((bytes[at] & 0xf) << 2);
        transport = fragment == 0 && ports();
    }

    private boolean ports() {
        int room = end - payload;
        sourcePort = 0;
        destinationPort = 0;
        switch (protocol) {
            case Ipv4.TCP -> {
                if (room < Tcp.LENGTH) {
                    return false;
                }
                flags = bytes[payload + 13] & 0x3f;
            }
            case Ipv4.ICMP -> {
                if (room < Icmp.LENGTH) {
                    return false;
                }
                icmpType = bytes[payload] & 0xff;
                icmpCode = bytes[payload + 1] & 0xff;
                return true;
            }
            default -> {
                if (room < 8 || protocol != Ipv4.UDP && protocol != 132 && protocol != 136) {
                    return false;
                }
            }
        }
        sourcePort = View.get16(bytes, payload);
        destinationPort = View.get16(bytes, payload + 2);
        return true;
    }

    public Packet from(String inward) {
        in = inward;
        return this;
    }

    public Packet to(String outward) {
        out = outward;
        return this;
    }

    /** The ports of the bridge that it passes; null for one that is not known, or is none. */
    public Packet bridge(String inward, String outward) {
        bridged = true;
        bridgeIn = inward;
        bridgeOut = outward;
        return this;
    }

    public Packet mac(long from) {
        mac = from;
        return this;
    }

    public Packet traced(boolean on) {
        traced = on;
        return this;
    }

    /** An own packet, of a socket unless netfilter itself, ICMP or TCP answers by it. */
    public Packet socketed(boolean may) {
        socketed =
                may && (protocol != Ipv4.ICMP || icmpType == Icmp.ECHO) && (protocol != Ipv4.TCP || (flags & 4) == 0);
        return this;
    }

    public int mark() {
        return mark;
    }

    public Packet mark(int bits) {
        mark = bits;
        return this;
    }

    /** Whether it passes a bridge, or came in by one. */
    public boolean bridged() {
        return bridged;
    }

    /** The port of the bridge that it came in by. */
    public String bridgeIn() {
        return bridgeIn;
    }

    public int source() {
        return source;
    }

    public int destination() {
        return destination;
    }

    public int protocol() {
        return protocol;
    }

    /** Bytes of header and data. */
    public int length() {
        return length;
    }

    public int serial() {
        return serial;
    }

    public int connection() {
        return connection;
    }

    public int direction() {
        return direction;
    }

    public int state() {
        return state;
    }

    /** What an earlier hook, maybe of another device, had found. */
    public Packet known(int ofConnection, int itsSerial, int inDirection, int inState) {
        connection = ofConnection;
        serial = itsSerial;
        direction = inDirection;
        state = inState;
        return this;
    }

    /** The rule that decided; null for a policy, or before any has. */
    public Rule decided() {
        return decided;
    }

    /** Whether it is an ICMP error about its connection, which a reset may be as well. */
    boolean error() {
        return state == RELATED && protocol == Ipv4.ICMP;
    }
}
