package io.hopscope.protocols.openflow;

import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.MacAddress;
import java.util.List;

/** A piece of a flow line and the column it begins at. */
record Token(String text, int column) {
    Token from(int index) {
        return new Token(text.substring(index), column + index);
    }

    Token before(int index) {
        return new Token(text.substring(0, index), column);
    }

    boolean quoted() {
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    }

    /** The text without the quotes around it. */
    String plain() {
        return quoted() ? text.substring(1, text.length() - 1) : text;
    }

    boolean isNumber() {
        return !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    }

    FlowSyntaxException wrong(String expected) {
        return new FlowSyntaxException(column, text, expected, null);
    }

    FlowSyntaxException wrong(String expected, List<String> names) {
        return new FlowSyntaxException(column, text, expected, nearest(plain(), names));
    }

    /** A decimal or 0x number, unsigned, of at most {@code bits} bits. */
    long number(int bits, String what) {
        long value;
        try {
            boolean hex = text.startsWith("0x") || text.startsWith("0X");
            String digits = hex ? text.substring(2) : text;
            // strtoull would read octal here; nobody means that
            boolean octal = !hex && digits.length() > 1 && digits.charAt(0) == '0';
            if (digits.isEmpty() || octal || Character.digit(digits.charAt(0), 16) < 0) throw range(bits, what);
            value = Long.parseUnsignedLong(digits, hex ? 16 : 10);
        } catch (NumberFormatException e) {
            throw range(bits, what);
        }
        if (bits < 64 && value >>> bits != 0) throw range(bits, what);
        return value;
    }

    private FlowSyntaxException range(int bits, String what) {
        String most = bits < 64 ? Long.toString((1L << bits) - 1) : "2^64-1";
        return wrong(what + ", a decimal or 0x number from 0 to " + most);
    }

    long mac() {
        try {
            return MacAddress.bits(text);
        } catch (IllegalArgumentException e) {
            throw wrong("a MAC address such as fa:16:3e:00:00:11");
        }
    }

    long ip() {
        try {
            return Ipv4Address.bits(text) & 0xffff_ffffL;
        } catch (IllegalArgumentException e) {
            throw wrong("an IPv4 address such as 10.1.101.11");
        }
    }

    /** The name with the fewest edits from the text, if it is at most a third of it (but 1, and 2 from 4 on) away. */
    private static String nearest(String text, List<String> names) {
        int limit = text.length() < 4 ? 1 : Math.max(2, text.length() / 3);
        String best = null;
        for (String name : names) {
            int distance = distance(text, name, limit);
            if (distance <= limit) {
                best = name;
                limit = distance - 1;
            }
        }
        return best;
    }

    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) return limit + 1;
        int[] before = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j < current.length; j++) previous[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int edits = Math.min(previous[j], current[j - 1]) + 1;
                edits = Math.min(edits, previous[j - 1] + (same ? 0 : 1));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                current[j] = swapped ? Math.min(edits, before[j - 2] + 1) : edits;
            }
            int[] oldest = before;
            before = previous;
            previous = current;
            current = oldest;
        }
        return previous[b.length()];
    }
}
