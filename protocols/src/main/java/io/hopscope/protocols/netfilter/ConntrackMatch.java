package io.hopscope.protocols.netfilter;

import io.hopscope.encap.Prefix;
import java.util.ArrayList;
import java.util.List;

/** xt_conntrack: what connection tracking says of a packet's connection. */
final class ConntrackMatch extends Match {
    private static final List<String> OPTIONS = List.of(
            "--ctstate",
            "--ctproto",
            "--ctorigsrc",
            "--ctorigdst",
            "--ctreplsrc",
            "--ctrepldst",
            "--ctorigsrcport",
            "--ctorigdstport",
            "--ctreplsrcport",
            "--ctrepldstport",
            "--ctstatus",
            "--ctexpire",
            "--ctdir");
    private static final int STATE = 0;
    private static final int PROTO = 1;
    private static final int FIRST_ADDRESS = 2;
    private static final int FIRST_PORT = 6;
    private static final int STATUS_OPTION = 10;
    private static final int EXPIRE = 11;
    private static final int DIR = 12;

    /** Beside those of a packet: the connection is translated. */
    private static final int SNAT = 64;

    private static final int DNAT = 128;
    private static final List<String> STATES =
            List.of("INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT");
    private static final int[] STATE_BITS = {
        Packet.INVALID, Packet.NEW, Packet.RELATED, Packet.ESTABLISHED, Packet.UNTRACKED, SNAT, DNAT
    };
    private static final List<String> STATUSES = List.of("NONE", "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED");
    private static final int[] STATUS_BITS = {0, 1 << 30, Conntrack.SEEN_REPLY, Conntrack.ASSURED, Conntrack.CONFIRMED};

    private int asked;
    private int inverted;
    private int states;
    private int statuses;
    private boolean none;
    private int protocol;
    private final Prefix[] addresses = new Prefix[4];
    /** As they were written: host bits are kept. */
    private final String[] written = new String[4];

    private final int[] ports = new int[4];
    private long leastExpiry;
    private long mostExpiry;
    private int direction;

    @Override
    String name() {
        return "conntrack";
    }

    @Override
    List<String> options() {
        return OPTIONS;
    }

    @Override
    boolean inverts(String option) {
        return !option.equals("--ctdir");
    }

    @Override
    void option(String option, boolean not, Words words) {
        int which = OPTIONS.indexOf(option);
        asked |= 1 << which;
        inverted |= not ? 1 << which : 0;
        switch (which) {
            case STATE -> states = bits(words, "a state", STATES, STATE_BITS);
            case PROTO -> protocol = HeaderMatch.protocol(words);
            case STATUS_OPTION -> {
                statuses = bits(words, "a status", STATUSES, STATUS_BITS);
                none = statuses == 0;
            }
            case EXPIRE -> expiry(words);
            case DIR -> direction = words.choice("a direction", List.of("ORIGINAL", "REPLY"));
            default -> {
                if (which >= FIRST_PORT) {
                    ports[which - FIRST_PORT] = words.ports();
                } else {
                    String text = words.peek();
                    addresses[which - FIRST_ADDRESS] = words.prefix();
                    written[which - FIRST_ADDRESS] = text.substring(0, (text + "/").indexOf('/'));
                }
            }
        }
    }

    static int bits(Words words, String what, List<String> names, int[] bits) {
        int all = 0;
        for (String each : words.take(what + ", or several").split(",", -1)) {
            int at = names.indexOf(each);
            if (at < 0) {
                throw words.wrong(what + ": " + String.join(", ", names), names);
            }
            all |= bits[at];
        }
        return all;
    }

    private void expiry(Words words) {
        String[] ends = words.take("seconds, or from:to").split(":", -1);
        leastExpiry = Words.parse(ends[0]);
        mostExpiry = ends.length == 1 ? leastExpiry : Words.parse(ends[1]);
        if (leastExpiry < 0 || mostExpiry < leastExpiry || ends.length > 2) {
            throw words.wrong("seconds, or from:to");
        }
    }

    @Override
    void complete(Words words) {
        if (asked == 0) {
            throw words.missing("conntrack without an option", "one of " + String.join(", ", OPTIONS));
        }
    }

    private boolean is(int which) {
        return (asked & 1 << which) != 0;
    }

    private boolean not(int which) {
        return (inverted & 1 << which) != 0;
    }

    @Override
    boolean matches(Packet p) {
        if (is(STATE) && (states & state(p)) != 0 == not(STATE)) {
            return false;
        }
        if ((asked & ~(1 << STATE)) == 0) {
            return true;
        }
        Conntrack table = p.conntrack;
        if (p.connection < 0 || table == null) {
            // Where nothing is known the state alone decides, if it was asked for (conntrack_mt).
            return is(STATE);
        }
        return !(is(DIR) && (p.direction == direction) == not(DIR)) && tuples(p, table) && condition(p, table);
    }

    private int state(Packet p) {
        if (p.connection < 0 || p.conntrack == null) {
            return p.state;
        }
        int status = p.conntrack.status(p.connection);
        return p.state
                | ((status & Conntrack.SOURCE_NAT) != 0 ? SNAT : 0)
                | ((status & Conntrack.DESTINATION_NAT) != 0 ? DNAT : 0);
    }

    private boolean tuples(Packet p, Conntrack table) {
        if (is(PROTO) && (table.protocol(p.connection) == protocol) == not(PROTO)) {
            return false;
        }
        for (int i = 0; i < 4; i++) {
            int way = i / 2;
            if (is(FIRST_ADDRESS + i)) {
                int address = i % 2 == 0 ? table.source(p.connection, way) : table.destination(p.connection, way);
                if (addresses[i].contains(address) == not(FIRST_ADDRESS + i)) {
                    return false;
                }
            }
            if (is(FIRST_PORT + i)) {
                int both = table.ports(p.connection, way);
                if (within(i % 2 == 0 ? both >>> 16 : both & 0xffff, ports[i]) == not(FIRST_PORT + i)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean condition(Packet p, Conntrack table) {
        if (is(STATUS_OPTION)) {
            int status = table.status(p.connection);
            boolean has = none
                    ? (status & (Conntrack.SEEN_REPLY | Conntrack.ASSURED | Conntrack.CONFIRMED)) == 0
                    : (status & statuses) != 0;
            if (has == not(STATUS_OPTION)) {
                return false;
            }
        }
        if (is(EXPIRE)) {
            long left = table.secondsLeft(p.connection, p.now);
            return (left >= leastExpiry && left <= mostExpiry) != not(EXPIRE);
        }
        return true;
    }

    private static String names(int all, List<String> names, int[] bits) {
        List<String> said = new ArrayList<>();
        for (int i = 0; i < bits.length; i++) {
            if ((all & bits[i]) != 0) {
                said.add(names.get(i));
            }
        }
        return String.join(",", said);
    }

    private String argument(int which) {
        return switch (which) {
            case STATE -> names(states, STATES, STATE_BITS);
            case PROTO -> Integer.toString(protocol);
            case STATUS_OPTION -> none ? "NONE" : names(statuses, STATUSES, STATUS_BITS);
            case EXPIRE -> leastExpiry == mostExpiry ? "" + leastExpiry : leastExpiry + ":" + mostExpiry;
            case DIR -> direction == 0 ? "ORIGINAL" : "REPLY";
            default -> which >= FIRST_PORT ? portText(ports[which - FIRST_PORT]) : addressText(which - FIRST_ADDRESS);
        };
    }

    private String addressText(int i) {
        return written[i] + (addresses[i].length() == 32 ? "" : "/" + addresses[i].length());
    }

    @Override
    void print(StringBuilder out) {
        for (int i = 0; i < OPTIONS.size(); i++) {
            if (is(i)) {
                not(out, not(i));
                out.append(' ').append(OPTIONS.get(i)).append(' ').append(argument(i));
            }
        }
    }

    @Override
    int needs() {
        boolean status = is(STATUS_OPTION) || (states & (SNAT | DNAT)) != 0;
        int tuples = ((1 << STATUS_OPTION) - 1 & ~1 | 1 << DIR) & asked;
        return (status ? STATUS : 0) | (is(EXPIRE) ? VOLATILE : 0) | (tuples != 0 ? TUPLES : 0);
    }

    @Override
    void list(StringBuilder out) {
        for (int i = 0; i < OPTIONS.size(); i++) {
            if (is(i)) {
                not(out, not(i));
                out.append(' ').append(OPTIONS.get(i).substring(2)).append(' ').append(argument(i));
            }
        }
    }
}
