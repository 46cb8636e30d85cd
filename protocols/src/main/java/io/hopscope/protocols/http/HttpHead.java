package io.hopscope.protocols.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The head of a request or a response: its first line and its header fields, in order. */
public final class HttpHead {
    /** A header field. */
    public record Field(String name, String value) {}

    private final String first;
    private final List<Field> fields = new ArrayList<>(8);

    /**
     * @param first the first line: {@code GET / HTTP/1.1}, {@code HTTP/1.1 200 OK}
     */
    public HttpHead(String first) {
        this.first = first;
    }

    /** Reads lines without their ends, the first of them the first line; null for what is none. */
    static HttpHead read(List<String> lines) {
        HttpHead head = new HttpHead(lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            // RFC 9112, section 5.1: no blank before the colon.
            if (colon < 1 || line.charAt(colon - 1) <= ' ') {
                return null;
            }
            head.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return head.version() == null ? null : head;
    }

    public HttpHead add(String name, String value) {
        fields.add(new Field(name, value));
        return this;
    }

    public String first() {
        return first;
    }

    public List<Field> fields() {
        return fields;
    }

    /** The value of the first field of the name; null without one. */
    public String field(String name) {
        for (Field each : fields) {
            if (each.name.equalsIgnoreCase(name)) {
                return each.value;
            }
        }
        return null;
    }

    /** Whether a field that is a list of words has one. */
    public boolean says(String name, String word) {
        for (Field each : fields) {
            if (each.name.equalsIgnoreCase(name)) {
                for (String part : each.value.split(",")) {
                    if (part.strip().equalsIgnoreCase(word)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** A word of the first line, counted from 0; empty where there are not so many. */
    private String word(int number) {
        String[] words = first.split(" ", 3);
        return number < words.length ? words[number] : "";
    }

    public boolean response() {
        return first.startsWith("HTTP/");
    }

    /** {@code 1.1} or {@code 1.0}; null for another one, or none. */
    public String version() {
        String word = response() ? word(0) : word(2);
        return word.equals("HTTP/1.1") ? "1.1" : word.equals("HTTP/1.0") ? "1.0" : null;
    }

    public String method() {
        return word(0);
    }

    /** What a request is about: a path, with what stands behind a question mark. */
    public String target() {
        return word(1);
    }

    /** The code of a response; 0 where it has none. */
    public int status() {
        String code = word(1);
        return code.matches("[1-9][0-9]{2}") ? Integer.parseInt(code) : 0;
    }

    /** Whether the connection goes on afterwards (RFC 9112, section 9.3). */
    public boolean keepsAlive() {
        return "1.1".equals(version()) ? !says("Connection", "close") : says("Connection", "keep-alive");
    }

    /** Bytes of the body; -1 where they are not said, -2 for what is no number. */
    long length() {
        String text = field("Content-Length");
        if (text == null) {
            return -1;
        }
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : -2;
    }

    boolean chunked() {
        String coding = field("Transfer-Encoding");
        return coding != null && coding.toLowerCase(Locale.ROOT).endsWith("chunked");
    }

    /** As it is sent, with the empty line at its end. */
    public byte[] bytes() {
        StringBuilder text = new StringBuilder(first).append("\r\n");
        fields.forEach(
                each -> text.append(each.name).append(": ").append(each.value).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
