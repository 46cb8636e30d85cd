package io.hopscope.encap;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Domain names as they stand in messages (RFC 1035, sections 3.1 and 4.1.4): labels, and pointers to what stood before.
 * As text a name has no dot at its end, and the root is empty; what would be taken for something else is escaped as in
 * zone files ({@code \.}, {@code \032}).
 */
public final class DnsName {
    /** Bytes of a name with its length bytes, the root's included. */
    public static final int LONGEST = 255;

    private static final int LONGEST_LABEL = 63;
    private static final int POINTER = 0xc0;

    private DnsName() {}

    /**
     * Where the name that begins at {@code from} ends in the message; -1 for what is none. A pointer leads before the
     * stretch of labels that it ends, so that no loop passes.
     *
     * @param message where the message begins, from which pointers count
     */
    public static int end(byte[] b, int message, int from, int end) {
        int after = -1;
        int stretch = from;
        int length = 1;
        int at = from;
        while (at < end) {
            int size = b[at] & 0xff;
            if (size == 0) return after < 0 ? at + 1 : after;
            if (size <= LONGEST_LABEL) {
                length += 1 + size;
                at += 1 + size;
                if (length > LONGEST) return -1;
            } else {
                if (size < POINTER || at + 2 > end) return -1;
                int target = message + (View.get16(b, at) & 0x3fff);
                if (target < message + Dns.LENGTH || target >= stretch) return -1;
                after = after < 0 ? at + 2 : after;
                stretch = target;
                at = target;
            }
        }
        return -1;
    }

    /** The text of a name that {@link #end} has found good. */
    public static String text(byte[] b, int message, int from) {
        StringBuilder out = new StringBuilder();
        for (int at = from; b[at] != 0; ) {
            int size = b[at] & 0xff;
            if (size >= POINTER) {
                at = message + (View.get16(b, at) & 0x3fff);
                continue;
            }
            if (out.length() > 0) out.append('.');
            for (int i = 1; i <= size; i++) escape(out, b[at + i] & 0xff);
            at += 1 + size;
        }
        return out.toString();
    }

    private static void escape(StringBuilder out, int c) {
        if (c <= ' ' || c > '~') {
            out.append('\\').append((char) ('0' + c / 100));
            out.append((char) ('0' + c / 10 % 10)).append((char) ('0' + c % 10));
        } else {
            if (".\\\"$();@".indexOf(c) >= 0) out.append('\\');
            out.append((char) c);
        }
    }

    /**
     * The bytes of a name without pointers.
     *
     * @throws IllegalArgumentException for an empty or too long label, too long a name, a bad escape
     */
    public static byte[] bytes(String name) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(name.length() + 2);
        ByteArrayOutputStream label = new ByteArrayOutputStream(LONGEST_LABEL);
        String text = name.endsWith(".") && !name.endsWith("\\.") ? name.substring(0, name.length() - 1) : name;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                close(label, all, name);
            } else if (c == '\\') {
                int digits = text.length() - i > 3 && Character.isDigit(text.charAt(i + 1)) ? 3 : 1;
                if (text.length() - i <= digits) throw new IllegalArgumentException("bad escape in '" + name + "'");
                String escaped = text.substring(i + 1, i + 1 + digits);
                label.write(digits == 3 ? Integer.parseInt(escaped) : escaped.charAt(0));
                i += digits;
            } else {
                label.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        if (!text.isEmpty()) close(label, all, name);
        all.write(0);
        if (all.size() > LONGEST) throw new IllegalArgumentException("'" + name + "' is too long");
        return all.toByteArray();
    }

    private static void close(ByteArrayOutputStream label, ByteArrayOutputStream all, String name) {
        if (label.size() == 0) throw new IllegalArgumentException("empty label in '" + name + "'");
        if (label.size() > LONGEST_LABEL) throw new IllegalArgumentException("label too long in '" + name + "'");
        all.write(label.size());
        all.writeBytes(label.toByteArray());
        label.reset();
    }

    /** Whether the text is a domain name. */
    public static boolean valid(String name) {
        try {
            return bytes(name).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The name that a PTR record of the address stands at. */
    public static String reverse(int address) {
        return (address & 255) + "." + (address >>> 8 & 255) + "." + (address >>> 16 & 255) + "." + (address >>> 24)
                + ".in-addr.arpa";
    }
}
