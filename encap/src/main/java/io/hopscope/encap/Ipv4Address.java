package io.hopscope.encap;

/** An IPv4 address in the bits of an int; for parsers and people, not for the frame path. */
public record Ipv4Address(int bits) implements Comparable<Ipv4Address> {
    /** Reads four decimal numbers and nothing else: no leading zeros, which some programs take for octal. */
    public static Ipv4Address parse(String text) {
        return new Ipv4Address(bits(text));
    }

    /** As {@link #parse}, without an object. */
    public static int bits(String text) {
        int bits = 0;
        int dots = 0;
        int part = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9' && part != 0) {
                part = Math.max(part, 0) * 10 + c - '0';
                if (part > 255) throw wrong(text);
            } else if (c == '.' && part >= 0 && dots < 3) {
                bits = bits << 8 | part;
                part = -1;
                dots++;
            } else {
                throw wrong(text);
            }
        }
        if (dots != 3 || part < 0) throw wrong(text);
        return bits << 8 | part;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("found '" + text + "', expected an IPv4 address such as 10.1.101.11");
    }

    /** Dotted decimal. */
    public static String text(int bits) {
        return append(new StringBuilder(15), bits).toString();
    }

    static StringBuilder append(StringBuilder out, int bits) {
        out.append(bits >>> 24).append('.').append(bits >>> 16 & 255).append('.');
        return out.append(bits >>> 8 & 255).append('.').append(bits & 255);
    }

    /** 224.0.0.0/4. */
    public static boolean isMulticast(int bits) {
        return bits >>> 28 == 14;
    }

    /** By unsigned value: 10.0.0.1 before 192.168.0.1. */
    @Override
    public int compareTo(Ipv4Address other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return text(bits);
    }
}
