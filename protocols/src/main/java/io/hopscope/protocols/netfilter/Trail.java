package io.hopscope.protocols.netfilter;

import java.util.Arrays;

/**
 * What a walk through the rules came to, and for which packets of a connection it comes to the same: those that are alike
 * in all that a rule on the way has looked at. Counters of its rules are settled when somebody wants to read them.
 */
final class Trail {
    private final int needs;
    private final int flagMask;
    private final String in;
    private final String out;
    private final String bridgeIn;
    private final String bridgeOut;
    private final boolean bridged;
    private final int state;
    private final int status;
    private final long mac;
    private final int mark;
    private final int connmark;
    private final int flags;
    // Only of walks before the connection is known.
    private final int source;
    private final int destination;
    private final int ports;
    private final int protocol;

    final Rule[] steps;
    final int verdict;
    final Rule decided;
    final int markAfter;
    final int connmarkAfter;
    final int zone;
    final int zoneDirections;
    final boolean notrack;
    /** Of packets that took it and are not in the rules' counters yet. */
    private long packets;

    private long bytes;
    /** Its number among those that connections refer to. */
    int number;

    private final int hash;
    Trail next;

    /** The packet as it was before the walk is in {@code before}, as it is now in {@code p}. */
    Trail(Before before, Packet p, int verdict, int needs, int flagMask, Rule[] steps) {
        this.needs = needs;
        this.flagMask = flagMask;
        this.steps = steps;
        this.verdict = verdict;
        in = p.in;
        out = p.out;
        bridgeIn = p.bridgeIn;
        bridgeOut = p.bridgeOut;
        bridged = p.bridged;
        state = p.state;
        status = before.status;
        mac = p.mac;
        mark = before.mark;
        connmark = before.connmark;
        flags = p.flags & flagMask;
        source = p.source;
        destination = p.destination;
        ports = ports(p);
        protocol = p.protocol;
        decided = p.decided;
        markAfter = p.mark;
        connmarkAfter = p.connection < 0 ? 0 : p.conntrack.mark(p.connection);
        zone = p.zone;
        zoneDirections = p.zoneDirections;
        notrack = p.notrack;
        hash = hash(before, p, steps, steps.length);
    }

    /** What a walk may change. */
    static final class Before {
        int status;
        int mark;
        int connmark;

        void of(Packet p) {
            mark = p.mark;
            status = 0;
            connmark = 0;
            if (p.connection >= 0) {
                status = p.conntrack.status(p.connection) & Trail.STATUS;
                connmark = p.conntrack.mark(p.connection);
            }
        }
    }

    /** The bits of a connection's status that rules may ask for. */
    static final int STATUS = Conntrack.SEEN_REPLY | Conntrack.ASSURED | Conntrack.CONFIRMED | Conntrack.NAT;

    static int ports(Packet p) {
        return !p.transport
                ? -1
                : p.protocol == 1 ? p.icmpType << 8 | p.icmpCode : p.sourcePort << 16 | p.destinationPort;
    }

    static int hash(Before before, Packet p, Rule[] steps, int count) {
        int sum = 31 * before.mark + p.state + before.status * 7 + Long.hashCode(p.mac) + before.connmark * 13;
        sum = sum * 31 + (p.in == null ? 0 : p.in.hashCode());
        sum = sum * 31 + (p.out == null ? 0 : p.out.hashCode());
        sum = sum * 31 + (p.bridgeIn == null ? 0 : p.bridgeIn.hashCode());
        sum = sum * 31 + (p.bridgeOut == null ? 0 : p.bridgeOut.hashCode());
        for (int i = 0; i < count; i++) {
            sum = sum * 31 + steps[i].order;
        }
        return sum ^ sum >>> 15;
    }

    int hash() {
        return hash;
    }

    /** Whether this very walk, of this very packet, is what it stands for. */
    boolean same(int ofHash, Packet p, Before before, int ofNeeds, int ofFlags, Rule[] taken, int count) {
        return hash == ofHash
                && needs == ofNeeds
                && flagMask == ofFlags
                && steps.length == count
                && Arrays.equals(steps, 0, count, taken, 0, count)
                && mark == before.mark
                && connmark == before.connmark
                && status == before.status
                && markAfter == p.mark
                && fits(p, before.mark, before.connmark, before.status);
    }

    /** Whether a packet of a connection that has taken this way takes it again. */
    boolean fits(Packet p) {
        if ((needs & (Match.CONNMARK | Match.STATUS)) == 0) {
            return fits(p, p.mark, connmark, status);
        }
        return fits(p, p.mark, p.conntrack.mark(p.connection), p.conntrack.status(p.connection) & STATUS);
    }

    private boolean fits(Packet p, int ownMark, int ownConnmark, int ownStatus) {
        return in == p.in
                && out == p.out
                && bridgeIn == p.bridgeIn
                && bridgeOut == p.bridgeOut
                && bridged == p.bridged
                && state == p.state
                && ((needs & Match.MARK) == 0 || mark == ownMark)
                && ((needs & Match.MAC) == 0 || mac == p.mac)
                && ((needs & Match.CONNMARK) == 0 || connmark == ownConnmark)
                && ((needs & Match.STATUS) == 0 || status == ownStatus)
                && ((needs & Match.FLAGS) == 0 || flags == (p.flags & flagMask));
    }

    /** The same without a connection to rely on. */
    boolean fitsAlone(Packet p) {
        return fits(p, p.mark, connmark, status)
                && ((needs & Match.ADDRESSES) == 0 || source == p.source && destination == p.destination)
                && ((needs & Match.PORTS) == 0 || ports == ports(p))
                && ((needs & (Match.PROTOCOL | Match.PORTS)) == 0 || protocol == p.protocol);
    }

    void count(int size) {
        packets++;
        bytes += size;
    }

    void settle() {
        if (packets == 0) {
            return;
        }
        for (Rule each : steps) {
            each.packets += packets;
            each.bytes += bytes;
        }
        packets = 0;
        bytes = 0;
    }

    boolean marks() {
        return (needs & Match.MARK) != 0;
    }

    boolean marksConnection() {
        return (needs & Match.CONNMARK) != 0;
    }
}
