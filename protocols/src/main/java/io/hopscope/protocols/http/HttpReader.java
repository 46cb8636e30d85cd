package io.hopscope.protocols.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads messages from a connection, one after the other, however their bytes are cut (RFC 9112). It keeps a head until it
 * is whole, and of a body nothing.
 */
public final class HttpReader {
    /** What a server takes of a line, and of all lines of a head. */
    private static final int LONGEST_LINE = 65_536;

    private static final int MOST_LINES = 100;
    private static final int LONGEST_CHUNK_SIZE = 15;

    /** Hears what has been read. */
    public interface Listener {
        /** The head of a message; the body follows. */
        void head(HttpHead head, long now);

        /** A piece of the body. */
        void body(byte[] bytes, int from, int to, long now);

        /** The message is over. */
        void end(long now);

        /** What has come is no message. */
        void bad(String why, long now);
    }

    private enum State {
        HEAD,
        BODY,
        CHUNK,
        CHUNK_DATA,
        CHUNK_END,
        TRAILER,
        /** The body ends with the connection. */
        ENDLESS,
        BAD
    }

    private final Listener listener;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<String> lines = new ArrayList<>();
    private State state = State.HEAD;
    private long left;
    private boolean bodiless;

    public HttpReader(Listener listener) {
        this.listener = listener;
    }

    /** The next message is a response without a body, whatever its head says: to HEAD. */
    public void expectNoBody(boolean on) {
        bodiless = on;
    }

    /** Bytes of a body that {@link #skip} may pass over; {@link Long#MAX_VALUE} where it ends with the connection. */
    public long remaining() {
        return state == State.BODY ? left : state == State.ENDLESS ? Long.MAX_VALUE : 0;
    }

    /** So many bytes of a body have come that nobody wants to see. */
    public void skip(long bytes, long now) {
        if (state == State.BODY) {
            left -= bytes;
            finishIfWhole(now);
        }
    }

    /** Whether a message has begun and is not over. */
    public boolean within() {
        return state != State.HEAD && state != State.BAD || line.size() > 0 || !lines.isEmpty();
    }

    /** Bytes have come. */
    public void take(byte[] bytes, int from, int to, long now) {
        int at = from;
        while (at < to && state != State.BAD) {
            switch (state) {
                case BODY, CHUNK_DATA -> {
                    int length = (int) Math.min(left, to - at);
                    left -= length;
                    listener.body(bytes, at, at + length, now);
                    at += length;
                    if (state == State.BODY) {
                        finishIfWhole(now);
                    } else if (left == 0) {
                        state = State.CHUNK_END;
                    }
                }
                case ENDLESS -> {
                    listener.body(bytes, at, to, now);
                    at = to;
                }
                default -> at = line(bytes, at, to, now);
            }
        }
    }

    private void finishIfWhole(long now) {
        if (left == 0) {
            finish(now);
        }
    }

    private void finish(long now) {
        state = State.HEAD;
        listener.end(now);
    }

    /** The connection is at its end; returns whether a message was cut by that. */
    public boolean closed(long now) {
        boolean cut = within() && state != State.ENDLESS;
        if (state == State.ENDLESS) {
            finish(now);
        }
        return cut;
    }

    private int line(byte[] bytes, int from, int to, long now) {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        line.write(bytes, from, at - from);
        if (line.size() > LONGEST_LINE) {
            bad("Request-URI Too Long", now);
        } else if (at < to) {
            at++;
            String text = line.toString(StandardCharsets.ISO_8859_1);
            line.reset();
            line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, now);
        }
        return at;
    }

    private void line(String text, long now) {
        switch (state) {
            case CHUNK -> chunk(text, now);
            case CHUNK_END -> {
                if (text.isEmpty()) {
                    state = State.CHUNK;
                } else {
                    bad("Bad chunk", now);
                }
            }
            case TRAILER -> {
                if (text.isEmpty()) {
                    finish(now);
                }
            }
            default -> {
                // RFC 9112, section 2.2: empty lines before a request are passed over.
                if (!text.isEmpty()) {
                    lines.add(text);
                    if (lines.size() > MOST_LINES) {
                        bad("Too many headers", now);
                    }
                } else if (!lines.isEmpty()) {
                    head(now);
                }
            }
        }
    }

    private void chunk(String text, long now) {
        int semicolon = text.indexOf(';');
        String size = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
        if (!size.matches("[0-9A-Fa-f]{1," + LONGEST_CHUNK_SIZE + "}")) {
            bad("Bad chunk size", now);
            return;
        }
        left = Long.parseLong(size, 16);
        state = left == 0 ? State.TRAILER : State.CHUNK_DATA;
    }

    private void head(long now) {
        HttpHead head = HttpHead.read(lines);
        lines.clear();
        if (head == null || head.length() == -2) {
            bad("Bad request syntax", now);
            return;
        }
        int status = head.response() ? head.status() : 0;
        boolean informational = status >= 100 && status < 200;
        boolean empty = bodiless && !informational || informational || status == 204 || status == 304;
        if (empty) {
            left = 0;
            state = State.BODY;
        } else if (head.chunked()) {
            state = State.CHUNK;
        } else if (head.length() >= 0) {
            left = head.length();
            state = State.BODY;
        } else {
            left = 0;
            state = head.response() ? State.ENDLESS : State.BODY;
        }
        listener.head(head, now);
        if (state == State.BODY) {
            finishIfWhole(now);
        }
    }

    private void bad(String why, long now) {
        if (state != State.BAD) {
            state = State.BAD;
            listener.bad(why, now);
        }
    }
}
