package io.hopscope.protocols.tcp;

/** Comparison of sequence numbers, which wrap around (RFC 9293, section 3.4). */
final class Seq {
    private Seq() {}

    static boolean before(int a, int b) {
        return a - b < 0;
    }

    static boolean after(int a, int b) {
        return a - b > 0;
    }

    /** Whether {@code a <= b <= c}. */
    static boolean between(int a, int b, int c) {
        return b - a >= 0 && c - b >= 0;
    }

    static int later(int a, int b) {
        return a - b > 0 ? a : b;
    }

    static int earlier(int a, int b) {
        return a - b < 0 ? a : b;
    }
}
