package io.hopscope.protocols.tcp;

/** Why a connection failed: the errors of a socket call, in the words of strerror. */
public enum TcpError {
    REFUSED("Connection refused"),
    RESET("Connection reset by peer"),
    BROKEN_PIPE("Broken pipe"),
    TIMED_OUT("Connection timed out"),
    HOST_UNREACHABLE("No route to host"),
    NET_UNREACHABLE("Network is unreachable"),
    PROTOCOL("Protocol not available"),
    TOO_LONG("Message too long"),
    ABORTED("Software caused connection abort"),
    ADDRESS_IN_USE("Address already in use"),
    ADDRESS_NOT_AVAILABLE("Cannot assign requested address");

    private final String text;

    TcpError(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
