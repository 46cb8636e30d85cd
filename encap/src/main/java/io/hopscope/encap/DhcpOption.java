package io.hopscope.encap;

import java.nio.charset.StandardCharsets;

/** Options of DHCP by number (RFC 2132), message types, and how options are written. */
public final class DhcpOption {
    public static final int PAD = 0;
    public static final int NETMASK = 1;
    public static final int ROUTER = 3;
    public static final int DNS_SERVER = 6;
    public static final int HOST_NAME = 12;
    public static final int DOMAIN_NAME = 15;
    public static final int BROADCAST = 28;
    public static final int NTP_SERVER = 42;
    public static final int REQUESTED_ADDRESS = 50;
    public static final int LEASE_TIME = 51;
    public static final int MESSAGE_TYPE = 53;
    public static final int SERVER_ID = 54;
    public static final int PARAMETERS = 55;
    public static final int MESSAGE = 56;
    public static final int MAXIMUM_SIZE = 57;
    public static final int RENEWAL = 58;
    public static final int REBINDING = 59;
    public static final int VENDOR_CLASS = 60;
    public static final int CLIENT_ID = 61;
    public static final int END = 255;

    /** Values of {@link #MESSAGE_TYPE}. */
    public static final int DISCOVER = 1;

    public static final int OFFER = 2;
    public static final int REQUEST = 3;
    public static final int DECLINE = 4;
    public static final int ACK = 5;
    public static final int NAK = 6;
    public static final int RELEASE = 7;
    public static final int INFORM = 8;

    private static final String[] TYPES = {
        "BOOTP", "Discover", "Offer", "Request", "Decline", "ACK", "NACK", "Release", "Inform"
    };

    private DhcpOption() {}

    /** The message type in tcpdump's words. */
    public static String typeName(int type) {
        return type < TYPES.length ? TYPES[type] : "type " + type;
    }

    /** Puts one option after the other into a message of its own, which is never longer than a datagram may be. */
    public static final class Writer {
        /** What every client takes (RFC 2131 section 2), less the headers. */
        private static final int MOST = 576 - Ipv4.LENGTH - Udp.LENGTH;

        private static final int LEAST = 300;

        private final byte[] bytes = new byte[MOST];
        private int end = Dhcp.LENGTH;

        /** The fixed part, to be filled in. */
        public Dhcp start(int op) {
            return new Dhcp().wrap(bytes, 0).start(op);
        }

        /** An option that finds no room is left out. */
        public Writer put(int code, byte... value) {
            if (value.length <= 255 && end + 2 + value.length < MOST) {
                bytes[end] = (byte) code;
                bytes[end + 1] = (byte) value.length;
                System.arraycopy(value, 0, bytes, end + 2, value.length);
                end += 2 + value.length;
            }
            return this;
        }

        public Writer put(int code, String text) {
            return put(code, text.getBytes(StandardCharsets.UTF_8));
        }

        public Writer word(int code, int value) {
            return put(code, (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value);
        }

        /** The message with its end option, padded to the 300 bytes that BOOTP relays expect (RFC 1542 section 2.1). */
        public byte[] seal() {
            bytes[end++] = (byte) END;
            return java.util.Arrays.copyOf(bytes, Math.max(LEAST, end));
        }
    }
}
