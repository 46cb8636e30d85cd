package io.hopscope.protocols.ipam;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What agents and server say to one another: a JSON object (RFC 8259) of texts, as oslo.messaging writes them, without
 * nesting and without numbers.
 */
public final class RpcMessage {
    /** Nothing longer is read. */
    private static final int LONGEST = 4096;

    private final Map<String, String> fields = new LinkedHashMap<>();

    /** A request; whoever sends it gives it its id. */
    public static RpcMessage of(String method) {
        return new RpcMessage().put("id", "").put("method", method);
    }

    /** Fields are written in the order in which they are first put. */
    public RpcMessage put(String key, String value) {
        fields.put(key, value);
        return this;
    }

    /** Null where there is none. */
    public String get(String key) {
        return fields.get(key);
    }

    public byte[] bytes() {
        StringBuilder out = new StringBuilder("{");
        fields.forEach((key, value) -> {
            out.append(out.length() > 1 ? ", " : "");
            quote(out, key);
            out.append(": ");
            quote(out, value);
        });
        return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Null for what is no such object. */
    public static RpcMessage parse(byte[] bytes, int from, int to) {
        return to - from > LONGEST
                ? null
                : new Reader(new String(bytes, from, to - from, StandardCharsets.UTF_8)).object();
    }

    @Override
    public String toString() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        RpcMessage object() {
            RpcMessage read = new RpcMessage();
            if (!take('{')) {
                return null;
            }
            boolean more = !take('}');
            while (more) {
                String key = string();
                String value = key != null && take(':') ? string() : null;
                if (value == null) {
                    return null;
                }
                read.put(key, value);
                more = take(',');
                if (!more && !take('}')) {
                    return null;
                }
            }
            blanks();
            return at == text.length() ? read : null;
        }

        private void blanks() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private boolean take(char wanted) {
            blanks();
            boolean found = at < text.length() && text.charAt(at) == wanted;
            at += found ? 1 : 0;
            return found;
        }

        /** Null for what is no text. */
        private String string() {
            if (!take('"')) {
                return null;
            }
            StringBuilder read = new StringBuilder();
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '"') {
                    return read.toString();
                } else if (c < ' ' || c == '\\' && !escaped(read)) {
                    return null;
                } else if (c != '\\') {
                    read.append(c);
                }
            }
            return null;
        }

        private boolean escaped(StringBuilder read) {
            char c = at < text.length() ? text.charAt(at++) : 0;
            int simple = "\"\\/bfnrt".indexOf(c);
            if (c != 0 && simple >= 0) {
                read.append("\"\\/\b\f\n\r\t".charAt(simple));
                return true;
            } else if (c != 'u' || at + 4 > text.length()) {
                return false;
            }
            String digits = text.substring(at, at + 4);
            if (!digits.matches("[0-9A-Fa-f]{4}")) {
                return false;
            }
            read.append((char) Integer.parseInt(digits, 16));
            at += 4;
            return true;
        }
    }
}
