package io.hopscope.protocols.openflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Port numbers and the reserved ones (OpenFlow 1.0, section 5.2.1), as text. */
final class Ports {
    static final int MOST = 0xfeff;
    static final int IN_PORT = 0xfff8;
    static final int NORMAL = 0xfffa;
    static final int FLOOD = 0xfffb;
    static final int ALL = 0xfffc;
    static final int CONTROLLER = 0xfffd;
    static final int LOCAL = 0xfffe;

    private static final List<String> RESERVED =
            List.of("IN_PORT", "TABLE", "NORMAL", "FLOOD", "ALL", "CONTROLLER", "LOCAL");

    private Ports() {}

    /** The number of a reserved name in any case, -1 for any other text. */
    static int reserved(String text) {
        int index = RESERVED.indexOf(text.toUpperCase(Locale.ROOT));
        return index < 0 || index == 1 ? -1 : IN_PORT + index;
    }

    /** A number, a name of the bridge, quoted or not, or a reserved name; -1 when it is none of these. */
    static int find(Token token, PortNames ports) {
        if (!token.quoted()) {
            if (token.isNumber()) return number(token);
            int reserved = reserved(token.text());
            if (reserved >= 0) return reserved;
        }
        return token.plain().isEmpty() ? -1 : ports.number(token.plain());
    }

    /** As {@link #find}, but it must be one. */
    static int parse(Token token, PortNames ports) {
        int port = find(token, ports);
        if (port < 0) throw token.wrong("a port number or name", names(ports));
        return port;
    }

    static List<String> names(PortNames ports) {
        List<String> names = new ArrayList<>(ports.names());
        names.addAll(RESERVED);
        return names;
    }

    private static int number(Token token) {
        int port = (int) token.number(16, "a port number");
        if (port > MOST && (port < IN_PORT || port == IN_PORT + 1 || port > LOCAL)) {
            throw token.wrong("a port number up to " + MOST + ", or a reserved port from 65528 to 65534");
        }
        return port;
    }

    /** The name, in quotes unless it is a plain word, or the number. */
    static String text(int port, PortNames ports) {
        if (port >= IN_PORT && port <= LOCAL) return RESERVED.get(port - IN_PORT);
        String name = ports.name(port);
        if (name == null) return Integer.toString(port);
        boolean word = !name.isEmpty() && !Character.isDigit(name.charAt(0)) && reserved(name) < 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            word &= c == '_' || c < 128 && Character.isLetterOrDigit(c);
        }
        return word ? name : '"' + name + '"';
    }
}
