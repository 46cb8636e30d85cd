package io.hopscope.protocols.netfilter;

import io.hopscope.encap.View;

/**
 * TCP's states and windows as a connection tracker sees them from between the ends (nf_conntrack_proto_tcp; Guido van
 * Rooij, Real stateful TCP packet filtering in IP Filter).
 */
final class TcpTracker {
    static final int NONE = 0;
    static final int SYN_SENT = 1;
    static final int SYN_RECV = 2;
    static final int ESTABLISHED = 3;
    static final int FIN_WAIT = 4;
    static final int CLOSE_WAIT = 5;
    static final int LAST_ACK = 6;
    static final int TIME_WAIT = 7;
    static final int CLOSE = 8;
    static final int SYN_SENT2 = 9;
    private static final int RETRANSMITTED = 10;
    private static final int UNACKNOWLEDGED = 11;
    static final String[] NAMES = {
        "NONE",
        "SYN_SENT",
        "SYN_RECV",
        "ESTABLISHED",
        "FIN_WAIT",
        "CLOSE_WAIT",
        "LAST_ACK",
        "TIME_WAIT",
        "CLOSE",
        "SYN_SENT2"
    };

    /** What becomes of a packet. */
    static final int TRACKED = 0;

    static final int INVALID = 1;
    /** The connection is over: a new one takes its place. */
    static final int AGAIN = 2;
    /** The connection has ended with this packet. */
    static final int ENDED = 3;

    /** Of tcp_in_window: let through, but nothing is learnt from it. */
    private static final int STALE = 4;

    // Which flag counts.
    private static final int SYN = 0;
    private static final int SYNACK = 1;
    private static final int FIN = 2;
    private static final int ACK = 3;
    private static final int RST = 4;
    private static final int NO_FLAG = 5;

    /** The next state by direction, flag and state: I is ignored, V invalid. */
    private static final String[][] STATES = {
        {"11IIIII119", "VV2VVVVVV2", "VV4466678V", "3V3355778V", "V888888888", "VVVVVVVVVV"},
        {"V9IIIII1I9", "V2IIIIIII2", "VV4466678V", "VI2355778I", "V888888888", "VVVVVVVVVV"}
    };

    private static final int IGNORE = 'I' - '0';
    private static final int WRONG = 'V' - '0';

    // Where a connection keeps it, from Conntrack.TRACKED on. Five numbers a direction.
    private static final int END = 0;
    private static final int MAX_END = 1;
    private static final int MAX_WINDOW = 2;
    private static final int MAX_ACK = 3;
    private static final int SCALE = 4;
    private static final int SIDE = 5;
    private static final int LAST_SEQ = 10;
    private static final int LAST_ACKED = 11;
    private static final int LAST_END = 12;
    private static final int LAST_WINDOW = 13;
    private static final int STATE = 14;
    /** Of the packet before: flag, direction, retransmissions, window scale. */
    private static final int LAST = 15;

    // Bits beside a window scale.
    private static final int SCALED = 1 << 8;
    private static final int SACK = 1 << 9;
    private static final int CLOSE_INIT = 1 << 10;
    private static final int LIBERAL = 1 << 11;
    private static final int DATA_UNACKNOWLEDGED = 1 << 12;
    private static final int MAX_ACK_SET = 1 << 13;
    private static final int SIMULTANEOUS = 1 << 14;
    /** Beside the window scale in LAST: an answer to a SYN in LAST_ACK is no acknowledgement of the FIN (RFC 5961). */
    private static final int CHALLENGE = 1 << 5;

    /** MAXACKWINCONST: acknowledgements may lag so far at least. */
    private static final int LEAST_ACK_WINDOW = 66_000;

    private final Conntrack table;
    private final Timeouts timeouts;

    // Of the packet.
    private int id;
    private int seq;
    private int ack;
    private int window;
    private int end;
    private int flags;
    private int option;

    TcpTracker(Conntrack table, Timeouts timeouts) {
        this.table = table;
        this.timeouts = timeouts;
    }

    private int get(int field) {
        return table.get(id, Conntrack.TRACKED + field);
    }

    private void set(int field, int value) {
        table.set(id, Conntrack.TRACKED + field, value);
    }

    private int side(int direction, int field) {
        return get(direction * SIDE + field);
    }

    private void side(int direction, int field, int value) {
        set(direction * SIDE + field, value);
    }

    int state(int connection) {
        id = connection;
        return get(STATE);
    }

    /** Whether a combination of flags means anything (tcp_valid_flags). */
    static boolean sensible(int flags) {
        return switch (flags & 0x37) {
            case 0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30 -> true;
            default -> false;
        };
    }

    private static int flag(int flags) {
        if ((flags & 4) != 0) {
            return RST;
        } else if ((flags & 2) != 0) {
            return (flags & 16) != 0 ? SYNACK : SYN;
        } else if ((flags & 1) != 0) {
            return FIN;
        }
        return (flags & 16) != 0 ? ACK : NO_FLAG;
    }

    private static int next(int direction, int flag, int state) {
        return STATES[direction][flag].charAt(state) - '0';
    }

    private void read(Packet p) {
        seq = View.get32(p.bytes, p.payload + 4);
        ack = View.get32(p.bytes, p.payload + 8);
        window = View.get16(p.bytes, p.payload + 14);
        flags = p.flags;
        int header = (p.bytes[p.payload + 12] & 0xf0) >> 2;
        end = seq + p.end - p.payload - header + (flags & 1) + ((flags & 2) >> 1);
    }

    private static boolean before(int a, int b) {
        return a - b < 0;
    }

    private static boolean after(int a, int b) {
        return b - a < 0;
    }

    /** The first packet of a connection that is not in the table yet; false for one that begins none. */
    boolean begin(int connection, Packet p) {
        id = connection;
        read(p);
        int state = next(0, flag(flags), NONE);
        if (state == WRONG || state != SYN_SENT && !timeouts.loose) {
            return false;
        }
        side(0, END, end);
        side(0, MAX_WINDOW, Math.max(1, window));
        if (state == SYN_SENT) {
            side(0, MAX_END, end);
            options(p, 0);
        } else {
            side(0, MAX_END, end + Math.max(1, window));
            side(0, SCALE, SACK | LIBERAL);
            side(1, SCALE, SACK | LIBERAL);
        }
        set(LAST, NO_FLAG);
        return true;
    }

    private int last(int shift) {
        return get(LAST) >>> shift & 0xff;
    }

    private void last(int flag, int direction) {
        set(LAST, get(LAST) & 0xffff_0000 | flag | direction << 8);
    }

    /** Follows a packet; one of the constants above. */
    int packet(int connection, Packet p, int direction, long now) {
        id = connection;
        read(p);
        int flag = flag(flags);
        int old = get(STATE);
        int state = next(direction, flag, old);
        if (state == SYN_SENT && old >= TIME_WAIT && reopened(direction)) {
            return AGAIN;
        } else if (state == IGNORE || state == SYN_SENT && old >= TIME_WAIT) {
            boolean inSync = flag == SYNACK && last(0) == SYN && last(8) != direction && ack == get(LAST_END);
            if (!inSync) {
                annotate(p, flag, direction, old);
                return TRACKED;
            }
            resume(direction);
            old = SYN_SENT;
            state = SYN_RECV;
        } else if (state == WRONG) {
            return INVALID;
        } else if (state == SYN_SENT2) {
            side(0, SCALE, side(0, SCALE) | SIMULTANEOUS);
        } else if (state == SYN_RECV && direction == 1 && flag == ACK && (side(0, SCALE) & SIMULTANEOUS) != 0) {
            state = ESTABLISHED;
        }
        if (state == TIME_WAIT && challenged(direction, flag, old)) {
            return TRACKED;
        }
        boolean checked = false;
        if (state == CLOSE && flag == RST) {
            checked = old >= FIN_WAIT;
            int kept = checked ? CLOSE : reset(direction, old);
            if (kept < 0) {
                return refuse(flag, direction, now);
            }
            state = kept;
            checked |= answersIgnored();
        }
        int inside = checked ? TRACKED : inWindow(p, direction, flag, old);
        if (inside != TRACKED) {
            return inside == STALE ? TRACKED : refuse(flag, direction, now);
        }
        return advance(direction, flag, old, state, now);
    }

    /** Whether it is the answer to a SYN that came when the last acknowledgement was expected. */
    private boolean challenged(int direction, int flag, int old) {
        boolean challenge = old == LAST_ACK
                && flag == ACK
                && last(8) != direction
                && last(0) == SYN
                && (get(LAST) >>> 24 & CHALLENGE) != 0;
        if (challenge) {
            set(LAST, get(LAST) & ~(CHALLENGE << 24));
        }
        return challenge;
    }

    /** A FIN or a reset outside of the window, and the other side's answer to it: the end is near (nf_tcp_handle_invalid). */
    private int refuse(int flag, int direction, long now) {
        if ((table.status(id) & Conntrack.ASSURED) == 0 || flag != FIN && flag != RST) {
            return INVALID;
        } else if (last(8) != direction && (last(0) == FIN || last(0) == RST)) {
            long left = table.secondsLeft(id, now);
            if (left >= 120 && left > timeouts.tcp[UNACKNOWLEDGED]) {
                table.expires(id, now + timeouts.tcp[UNACKNOWLEDGED] * Conntrack.SECOND);
            }
        } else {
            last(flag, direction);
        }
        return INVALID;
    }

    private boolean reopened(int direction) {
        return ((side(0, SCALE) | side(1, SCALE)) & CLOSE_INIT) != 0 || last(8) == direction && last(0) == RST;
    }

    /** Our view may be out of date: what the ends make of the packet will show. */
    private void annotate(Packet p, int flag, int direction, int old) {
        last(flag, direction);
        set(LAST_SEQ, seq);
        set(LAST_END, end);
        set(LAST_WINDOW, window);
        if (flag == SYN && direction == 0) {
            option = 0;
            readOptions(p);
            set(LAST, get(LAST) & 0x00ff_ffff | (option & 0xf) << 24 | (option & SCALED) << 20);
            set(LAST, get(LAST) | (old == LAST_ACK ? CHALLENGE << 24 : 0));
        } else if (old == SYN_SENT && flag == ACK && direction == 1) {
            set(LAST_ACKED, ack);
        }
    }

    private void resume(int direction) {
        int from = 1 - direction;
        side(from, END, get(LAST_END));
        side(from, MAX_END, get(LAST_END));
        side(from, MAX_WINDOW, Math.max(1, get(LAST_WINDOW)));
        int scale = get(LAST) >>> 24;
        side(from, SCALE, scale & 0xf | ((scale & 0x10) != 0 ? SCALED : 0));
        for (int i = 0; i < SIDE; i++) {
            side(direction, i, 0);
        }
    }

    /** The state after a reset; -1 for one that belongs to nothing. */
    private int reset(int direction, int old) {
        int other = 1 - direction;
        boolean established = old == ESTABLISHED && (table.status(id) & Conntrack.ASSURED) != 0;
        // What was acknowledged may be out of date once a SYN has been let through.
        if ((side(other, SCALE) & MAX_ACK_SET) == 0 || last(0) == SYN || seq == 0 && !established) {
            return CLOSE;
        }
        int acked = side(other, MAX_ACK);
        if (before(seq, acked)) {
            return -1;
        }
        boolean exact = !established || seq == acked;
        boolean train = last(0) == ACK && last(8) == direction && seq == get(LAST_END);
        return exact || train ? CLOSE : old;
    }

    private boolean answersIgnored() {
        int status = table.status(id);
        boolean toSyn = (status & Conntrack.SEEN_REPLY) != 0 && last(0) == SYN;
        boolean toAck = (status & Conntrack.ASSURED) == 0 && last(0) == ACK;
        return (toSyn || toAck) && ack == get(LAST_END);
    }

    private int advance(int direction, int flag, int old, int state, long now) {
        last(flag, direction);
        set(STATE, state);
        if (old != state && state == FIN_WAIT) {
            side(direction, SCALE, side(direction, SCALE) | CLOSE_INIT);
        }
        long seconds = seconds(flag, state);
        int status = table.status(id);
        if ((status & Conntrack.SEEN_REPLY) == 0) {
            if ((flags & 4) != 0 && (status & Conntrack.CONFIRMED) != 0) {
                return ENDED;
            } else if (flag == SYN && old == SYN_SENT) {
                // Or a client that tries again and again would keep it alive for ever.
                return TRACKED;
            }
            seconds = state == ESTABLISHED ? Math.min(seconds, timeouts.tcp[UNACKNOWLEDGED]) : seconds;
        } else if ((old == SYN_RECV || old == ESTABLISHED) && state == ESTABLISHED) {
            table.turnOn(id, Conntrack.ASSURED);
        }
        table.expires(id, now + seconds * Conntrack.SECOND);
        return TRACKED;
    }

    private long seconds(int flag, int state) {
        long own = timeouts.tcp[state];
        if (last(16) >= timeouts.retransmissions && own > timeouts.tcp[RETRANSMITTED]) {
            return timeouts.tcp[RETRANSMITTED];
        } else if (flag == RST) {
            return timeouts.tcp[CLOSE];
        } else if (((side(0, SCALE) | side(1, SCALE)) & DATA_UNACKNOWLEDGED) != 0) {
            return Math.min(own, timeouts.tcp[UNACKNOWLEDGED]);
        }
        return get(LAST_WINDOW) == 0 ? Math.min(own, timeouts.tcp[RETRANSMITTED]) : own;
    }

    /** tcp_options: window scale and whether selective acknowledgements are permitted. */
    private void options(Packet p, int direction) {
        option = 0;
        readOptions(p);
        side(direction, SCALE, option);
    }

    private void readOptions(Packet p) {
        byte[] b = p.bytes;
        int stop = Math.min(p.end, p.payload + ((b[p.payload + 12] & 0xf0) >> 2));
        for (int at = p.payload + 20; at < stop; ) {
            int kind = b[at];
            if (kind == 0) {
                return;
            } else if (kind == 1) {
                at++;
                continue;
            }
            int length = at + 1 < stop ? b[at + 1] & 0xff : 0;
            if (length < 2 || at + length > stop) {
                return;
            }
            if (kind == 4 && length == 2) {
                option |= SACK;
            } else if (kind == 3 && length == 3) {
                option = option & ~0xf | Math.min(14, b[at + 2] & 0xff) | SCALED;
            }
            at += length;
        }
    }

    /** The highest end of what a selective acknowledgement says has arrived. */
    private int selective(Packet p, int most) {
        byte[] b = p.bytes;
        int stop = Math.min(p.end, p.payload + ((b[p.payload + 12] & 0xf0) >> 2));
        int highest = most;
        for (int at = p.payload + 20; at < stop; ) {
            int kind = b[at];
            int length = kind == 1 ? 1 : at + 1 < stop ? b[at + 1] & 0xff : 0;
            if (kind == 0 || length < 1 || kind != 1 && length < 2 || at + length > stop) {
                return highest;
            }
            for (int i = 2; kind == 5 && i + 8 <= length; i += 8) {
                int to = View.get32(b, at + i + 4);
                highest = after(to, highest) ? to : highest;
            }
            at += length;
        }
        return highest;
    }

    /** tcp_in_window: TRACKED, INVALID or STALE. */
    private int inWindow(Packet p, int direction, int flag, int old) {
        int other = 1 - direction;
        int sack = (side(other, SCALE) & SACK) != 0 ? selective(p, ack) : ack;
        if (side(direction, MAX_WINDOW) == 0) {
            if (meet(p, direction, sack)) {
                return TRACKED;
            }
        } else if ((flags & 2) != 0 && after(end, side(direction, END)) && (old == SYN_SENT || old == SYN_RECV)) {
            first(p, direction);
            if (direction == 1 && (flags & 16) == 0) {
                return TRACKED;
            }
        }
        boolean noAck = (flags & 16) == 0 || (flags & 20) == 20 && ack == 0;
        if (noAck) {
            ack = side(other, END);
            sack = ack;
        }
        if ((flags & 4) != 0 && seq == 0 && old == SYN_SENT) {
            seq = side(direction, END);
            end = seq;
        }
        int judged = judge(direction, sack);
        if (judged == TRACKED) {
            update(direction, flag, sack);
        } else if (timeouts.liberal || (side(direction, SCALE) & LIBERAL) != 0) {
            return TRACKED;
        }
        return judged;
    }

    private int judge(int direction, int sack) {
        int other = 1 - direction;
        int most = side(other, MAX_WINDOW);
        boolean received = most == 0 || after(end, side(direction, END) - most - 1);
        int lag = Math.max(side(direction, MAX_WINDOW), LEAST_ACK_WINDOW);
        boolean recent = after(sack, side(other, END) - lag - 1);
        boolean seen = before(sack, side(other, END) + 1);
        if (!before(seq, side(direction, MAX_END) + 1)) {
            int beyond = end - side(direction, MAX_END) + 1;
            if (most != 0 && received && recent && seen && Integer.compareUnsigned(beyond, most) <= 0) {
                // Some send more than they may, and what acknowledges it is to be known then.
                side(direction, END, end);
                side(direction, SCALE, side(direction, SCALE) | DATA_UNACKNOWLEDGED);
                return STALE;
            }
            return INVALID;
        } else if (!seen) {
            return INVALID;
        }
        return received && recent ? TRACKED : STALE;
    }

    /** tcp_init_sender, of a packet with SYN. */
    private void first(Packet p, int direction) {
        int other = 1 - direction;
        side(direction, END, end);
        side(direction, MAX_END, end);
        side(direction, MAX_WINDOW, Math.max(1, window));
        options(p, direction);
        if (direction == 1 && (side(direction, SCALE) & side(other, SCALE) & SCALED) == 0) {
            side(direction, SCALE, side(direction, SCALE) & ~0xf);
            side(other, SCALE, side(other, SCALE) & ~0xf);
        }
    }

    /** The first packet from one side; true where nothing more is to be checked. */
    private boolean meet(Packet p, int direction, int sack) {
        int other = 1 - direction;
        if ((flags & 2) != 0) {
            first(p, direction);
            return (flags & 16) == 0;
        }
        int scaled = window << (side(direction, SCALE) & 0xf);
        side(direction, END, end);
        side(direction, MAX_WINDOW, Math.max(1, scaled));
        side(direction, MAX_END, end + Math.max(1, scaled));
        if (side(other, MAX_WINDOW) == 0) {
            side(other, END, sack);
            side(other, MAX_END, sack);
        } else if (sack == side(other, END) + 1) {
            // Likely an answer to a keep-alive.
            side(other, END, sack);
        }
        return false;
    }

    private void update(int direction, int flag, int sack) {
        int other = 1 - direction;
        int open = (flags & 2) == 0 ? window << (side(direction, SCALE) & 0xf) : window;
        side(direction, MAX_WINDOW, Math.max(side(direction, MAX_WINDOW), open + sack - ack));
        if (after(end, side(direction, END))) {
            side(direction, END, end);
            side(direction, SCALE, side(direction, SCALE) | DATA_UNACKNOWLEDGED);
        }
        if ((flags & 16) != 0
                && ((side(direction, SCALE) & MAX_ACK_SET) == 0 || after(ack, side(direction, MAX_ACK)))) {
            side(direction, MAX_ACK, ack);
            side(direction, SCALE, side(direction, SCALE) | MAX_ACK_SET);
        }
        if (side(other, MAX_WINDOW) != 0 && after(end, side(direction, MAX_END))) {
            side(other, MAX_WINDOW, side(other, MAX_WINDOW) + end - side(direction, MAX_END));
        }
        if (after(sack + open, side(other, MAX_END) - 1)) {
            side(other, MAX_END, sack + open + (open == 0 ? 1 : 0));
        }
        if (ack == side(other, END)) {
            side(other, SCALE, side(other, SCALE) & ~DATA_UNACKNOWLEDGED);
        }
        if (flag == ACK) {
            repeated(direction, open);
        }
    }

    private void repeated(int direction, int open) {
        boolean same = last(8) == direction
                && get(LAST_SEQ) == seq
                && get(LAST_ACKED) == ack
                && get(LAST_END) == end
                && get(LAST_WINDOW) == open;
        int times = same ? Math.min(255, last(16) + 1) : 0;
        set(LAST, get(LAST) & 0xff00_00ff | direction << 8 | times << 16);
        set(LAST_SEQ, seq);
        set(LAST_ACKED, ack);
        set(LAST_END, end);
        set(LAST_WINDOW, open);
    }
}
