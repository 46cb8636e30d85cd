package io.hopscope.core;

import io.hopscope.encap.Frame;

/** A frame as {@code tcpdump -XX} shows it, for the report of a bug. */
final class HexDump {
    private static final String DIGITS = "0123456789abcdef";
    private static final int MOST = 256;

    private HexDump() {}

    static void append(StringBuilder text, Frame frame) {
        int length = Math.min(frame.length(), MOST);
        for (int row = 0; row < length; row += 16) {
            text.append("  0x");
            for (int shift = 12; shift >= 0; shift -= 4) {
                text.append(DIGITS.charAt(row >> shift & 15));
            }
            text.append(": ");
            for (int i = row; i < Math.min(row + 16, length); i++) {
                int octet = frame.bytes()[frame.start() + i];
                text.append(DIGITS.charAt(octet >> 4 & 15)).append(DIGITS.charAt(octet & 15));
                text.append((i & 1) == 1 ? " " : "");
            }
            text.append('\n');
        }
    }
}
