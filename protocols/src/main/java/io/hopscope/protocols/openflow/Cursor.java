package io.hopscope.protocols.openflow;

/** Reads a flow line from left to right. */
final class Cursor {
    private static final String SEPARATORS = ", \t\r\n";

    private final String text;
    private int at;

    Cursor(String text) {
        this.text = text;
    }

    /** Goes to the next piece; false at the end. */
    boolean next() {
        while (at < text.length() && SEPARATORS.indexOf(text.charAt(at)) >= 0) at++;
        return at < text.length();
    }

    /** The rest of the line, for an error about something missing. */
    Token rest() {
        return new Token(text.substring(at), at + 1);
    }

    /** A name: everything up to a separator or one of these, which is not read. */
    Token name(String stops) {
        int from = at;
        if (at < text.length() && text.charAt(at) == '"') return piece();
        while (at < text.length() && !stops(text.charAt(at), stops)) at++;
        return new Token(text.substring(from, at), from + 1);
    }

    private static boolean stops(char c, String stops) {
        return stops.indexOf(c) >= 0 || SEPARATORS.indexOf(c) >= 0;
    }

    /** Reads the character if it comes next. */
    boolean take(char c) {
        if (at >= text.length() || text.charAt(at) != c) return false;
        at++;
        return true;
    }

    /** Everything up to a separator that is not inside quotes or parentheses. */
    Token piece() {
        int from = at;
        int depth = 0;
        boolean quoted = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') quoted = !quoted;
            if (quoted) continue;
            if (c == '(') depth++;
            if (c == ')') depth--;
            if (depth <= 0 && SEPARATORS.indexOf(c) >= 0) break;
        }
        Token token = new Token(text.substring(from, at), from + 1);
        if (quoted) throw token.wrong("a closing quote");
        if (depth > 0) throw token.wrong("a closing parenthesis");
        return token;
    }
}
