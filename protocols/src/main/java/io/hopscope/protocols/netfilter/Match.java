package io.hopscope.protocols.netfilter;

import java.util.List;

/** One match of a rule, {@code -m NAME} with its options. */
abstract class Match {
    /** What a match looks at, beside interfaces and the state of the connection: bits of {@link #needs}. */
    static final int ADDRESSES = 1;

    static final int PROTOCOL = 2;
    static final int PORTS = 4;
    static final int MAC = 8;
    static final int MARK = 16;
    static final int CONNMARK = 32;
    /** Whether the connection is answered, assured, translated. */
    static final int STATUS = 64;

    static final int FLAGS = 128;
    /** Where the connection began and where its answers come from. */
    static final int TUPLES = 256;

    /** Two packets that are alike otherwise may differ in what the match says: chance, rates, lengths. */
    static final int VOLATILE = 512;

    abstract String name();

    /** Those it takes, with their dashes. */
    abstract List<String> options();

    /** Takes an option that has been read; its arguments follow. */
    abstract void option(String option, boolean inverted, Words words);

    /** Whether the option may stand behind a '!'. */
    boolean inverts(String option) {
        return true;
    }

    /** Options of which one may be given at most. */
    List<String> exclusive() {
        return List.of();
    }

    /** The rule stands in a chain now (1), or no longer (-1). */
    void use(int by) {}

    /** The built-in chains it may be reached from; all where empty. */
    List<String> hooks() {
        return List.of();
    }

    /** All options have been read: complains if one is lacking. */
    void complete(Words words) {}

    abstract boolean matches(Packet p);

    /** The options as iptables-save prints them, each with a blank in front. */
    abstract void print(StringBuilder out);

    /** As iptables -L prints it, with a blank in front. */
    abstract void list(StringBuilder out);

    /** Bits of what the result depends on. */
    abstract int needs();

    /** Which of TCP's flags it looks at. */
    int flags() {
        return 0;
    }

    static void not(StringBuilder out, boolean inverted) {
        out.append(inverted ? " !" : "");
    }

    /** As xtables_save_string: quoted where there is anything but letters, digits, '_' and '-'. */
    static void quote(StringBuilder out, String text) {
        if (text.matches("[A-Za-z0-9_-]+")) {
            out.append(' ').append(text);
            return;
        }
        out.append(" \"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c == '"' || c == '\\' || c == '\'' ? "\\" : "").append(c);
        }
        out.append('"');
    }

    static void hex(StringBuilder out, int value, int mask) {
        out.append(" 0x").append(Integer.toHexString(value));
        if (mask != -1) {
            out.append("/0x").append(Integer.toHexString(mask));
        }
    }

    static String portText(int range) {
        int from = range >>> 16;
        int to = range & 0xffff;
        return from == to ? Integer.toString(from) : from + ":" + to;
    }

    static boolean within(int port, int range) {
        return port >= range >>> 16 && port <= (range & 0xffff);
    }
}
