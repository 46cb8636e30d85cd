package io.hopscope.protocols.tcp;

/** Why a connection failed: the errors of a socket call, in the words of strerror. */
public enum TcpError {
    REFUSED("Connection refused"),
    RESET("Connection reset by peer"),
    BROKEN_PIPE("Broken pipe"),
    TIMED_OUT("Connection timed out"),
    HOST_UNREACHABLE("No route to host"),
    NET_UNREACHABLE("Network is unreachable"),
    HOST_DOWN("Host is down"),
    NO_NETWORK("Machine is not on the network"),
    NO_PROTOCOL("Protocol not available"),
    PROTOCOL("Protocol error"),
    NOT_SUPPORTED("Operation not supported"),
    TOO_LONG("Message too long"),
    ABORTED("Software caused connection abort"),
    ADDRESS_IN_USE("Address already in use"),
    ADDRESS_NOT_AVAILABLE("Cannot assign requested address");

    private final String text;

    TcpError(String text) {
        this.text = text;
    }

    /** What a socket is told of an ICMP destination unreachable (icmp_err_convert); null for a code that there is not. */
    public static TcpError unreachable(int code) {
        return switch (code) {
            case 0, 6, 9, 11 -> NET_UNREACHABLE;
            case 1, 10, 12, 13, 14, 15 -> HOST_UNREACHABLE;
            case 2 -> NO_PROTOCOL;
            case 3 -> REFUSED;
            case 4 -> TOO_LONG;
            case 5 -> NOT_SUPPORTED;
            case 7 -> HOST_DOWN;
            case 8 -> NO_NETWORK;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
