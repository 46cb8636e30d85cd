package io.hopscope.encap;

/** A MAC address, 48 bits in the low-order part of a long; for parsers and people, not for the frame path. */
public record MacAddress(long bits) implements Comparable<MacAddress> {
    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException(
                    "found " + Long.toHexString(bits) + ", expected a MAC address of 48 bits");
        }
    }

    /** Reads {@code fa:16:3e:00:00:11}, dashes instead of colons and leading zeros left out allowed. */
    public static MacAddress parse(String text) {
        return new MacAddress(bits(text));
    }

    /** As {@link #parse}, without an object. */
    public static long bits(String text) {
        long bits = 0;
        int digits = 0;
        int groups = 1;
        char separator = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit >= 0 && digits < 2) {
                bits = digits == 0 ? bits << 8 | digit : bits & ~0xffL | (bits & 0x0f) << 4 | digit;
                digits++;
            } else if (digits > 0 && (c == ':' || c == '-') && (separator == 0 || separator == c)) {
                separator = c;
                groups++;
                digits = 0;
            } else {
                throw wrong(text);
            }
        }
        if (groups != 6 || digits == 0) throw wrong(text);
        return bits;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("found '" + text + "', expected a MAC address such as fa:16:3e:00:00:11");
    }

    /** Whether this is a broadcast or multicast address: the lowest bit of the first byte. */
    public static boolean isGroup(long bits) {
        return (bits >>> 40 & 1) != 0;
    }

    /** {@code fa:16:3e:00:00:11}. */
    public static String text(long bits) {
        return append(new StringBuilder(17), bits).toString();
    }

    static StringBuilder append(StringBuilder out, long bits) {
        for (int shift = 40; shift >= 0; shift -= 8) {
            out.append(Character.forDigit((int) (bits >>> shift + 4) & 15, 16));
            out.append(Character.forDigit((int) (bits >>> shift) & 15, 16));
            if (shift > 0) out.append(':');
        }
        return out;
    }

    @Override
    public int compareTo(MacAddress other) {
        return Long.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        return text(bits);
    }
}
