package io.hopscope.protocols.openflow;

import java.util.ArrayList;
import java.util.List;

/** Reads flows in the syntax of ovs-ofctl(8): what add-flow takes, and what dump-flows printed. */
public final class FlowParser {
    /** The highest table; 255 means all tables. */
    public static final int LAST_TABLE = 254;

    private static final List<String> NAMES = List.of(
            "cookie",
            "table",
            "priority",
            "idle_timeout",
            "hard_timeout",
            "importance",
            "duration",
            "n_packets",
            "n_bytes",
            "idle_age",
            "hard_age",
            "send_flow_rem",
            "check_overlap",
            "reset_counts",
            "no_packet_counts",
            "no_byte_counts",
            "actions");

    private final PortNames ports;
    private final MatchParser match;
    private long cookie;
    private long cookieMask;
    private Token cookieToken;
    private int table = -1;
    private int priority = -1;
    private int idleTimeout;
    private int hardTimeout;
    private final StringBuilder flags = new StringBuilder();
    private Actions actions;

    private FlowParser(PortNames ports) {
        this.ports = ports;
        this.match = new MatchParser(ports);
    }

    /**
     * Reads one flow; counters and ages of a dump are skipped.
     *
     * @throws FlowSyntaxException with the column, what was expected there and the nearest valid name
     */
    public static Flow parse(String line, PortNames ports) {
        FlowParser parser = new FlowParser(ports);
        Token end = parser.read(line);
        if (parser.actions == null) throw end.wrong("actions=, such as actions=NORMAL or actions=drop");
        if (parser.cookieMask != 0 && parser.cookieMask != -1) {
            throw parser.cookieToken.wrong("a cookie without a mask: only deletion has one");
        }
        return new Flow(
                parser.cookie,
                Math.max(parser.table, 0),
                parser.priority < 0 ? Flow.DEFAULT_PRIORITY : parser.priority,
                parser.idleTimeout,
                parser.hardTimeout,
                parser.flags.toString(),
                parser.match.build(),
                parser.actions);
    }

    /** Reads what del-flows takes: match fields, table=, priority= (with it only flows of just this one) and cookie=. */
    public static FlowFilter filter(String line, PortNames ports) {
        FlowParser parser = new FlowParser(ports);
        parser.read(line);
        if (parser.actions != null) throw new FlowSyntaxException(1, line, "a match without actions", null);
        Match match = parser.match.build();
        return new FlowFilter(parser.table, parser.priority, parser.cookie, parser.cookieMask, match);
    }

    static int table(Token token) {
        long table = token.number(8, "a table");
        if (table > LAST_TABLE) throw token.wrong("a table from 0 to " + LAST_TABLE);
        return (int) table;
    }

    private Token read(String line) {
        Cursor cursor = new Cursor(line);
        while (actions == null && cursor.next()) {
            Token name = cursor.name("=");
            if (!cursor.take('=')) {
                word(name);
            } else if (name.text().equals("actions") || name.text().equals("action")) {
                actions = new ActionParser(ports, Math.max(table, 0)).parse(cursor);
            } else {
                pair(name, cursor.piece());
            }
        }
        return cursor.rest();
    }

    private void word(Token word) {
        switch (word.text()) {
            case "send_flow_rem", "reset_counts", "no_packet_counts", "no_byte_counts" -> {
                if (flags.indexOf(word.text()) < 0) flags.append(word.text()).append(' ');
            }
            case "check_overlap" -> {}
            default -> {
                if (match.shorthand(word)) return;
                List<String> names = names();
                String expected = names.contains(word.text()) ? "= after " + word.text() : "a field or a flag";
                throw word.wrong(expected, names);
            }
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(MatchParser.names());
        names.addAll(NAMES);
        return names;
    }

    private void pair(Token name, Token text) {
        switch (name.text()) {
            case "cookie" -> cookie(text);
            case "table" -> table = table(text);
            case "priority" -> priority = (int) text.number(16, "a priority");
            case "idle_timeout" -> idleTimeout = (int) text.number(16, "seconds");
            case "hard_timeout" -> hardTimeout = (int) text.number(16, "seconds");
            case "duration", "n_packets", "n_bytes", "idle_age", "hard_age", "importance" -> {}
            default -> {
                if (!match.field(name, text)) throw name.wrong("a field", names());
            }
        }
    }

    private void cookie(Token text) {
        int slash = text.text().indexOf('/');
        cookie = (slash < 0 ? text : text.before(slash)).number(64, "a cookie");
        cookieMask = -1;
        cookieToken = text;
        if (slash < 0) return;
        Token mask = text.from(slash + 1);
        if (!mask.text().equals("-1")) cookieMask = mask.number(64, "a cookie mask");
    }
}
