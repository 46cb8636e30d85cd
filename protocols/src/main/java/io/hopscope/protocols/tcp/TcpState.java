package io.hopscope.protocols.tcp;

/** The states of RFC 9293, section 3.3.2, as {@code ss} names them. */
public enum TcpState {
    CLOSED("UNCONN"),
    LISTEN("LISTEN"),
    SYN_SENT("SYN-SENT"),
    SYN_RECEIVED("SYN-RECV"),
    ESTABLISHED("ESTAB"),
    FIN_WAIT_1("FIN-WAIT-1"),
    FIN_WAIT_2("FIN-WAIT-2"),
    CLOSE_WAIT("CLOSE-WAIT"),
    CLOSING("CLOSING"),
    LAST_ACK("LAST-ACK"),
    TIME_WAIT("TIME-WAIT");

    private final String text;

    TcpState(String text) {
        this.text = text;
    }

    /** Whether the handshake is over and the connection is not. */
    boolean synchronised() {
        return this == ESTABLISHED || ordinal() > ESTABLISHED.ordinal();
    }

    /** Whether the peer may still send data. */
    boolean receives() {
        return this == ESTABLISHED || this == FIN_WAIT_1 || this == FIN_WAIT_2;
    }

    /** Whether data written earlier may still go out. */
    boolean sends() {
        return this == ESTABLISHED || this == CLOSE_WAIT || this == FIN_WAIT_1 || this == CLOSING || this == LAST_ACK;
    }

    /** Whether the application may write. */
    boolean writes() {
        return this == ESTABLISHED || this == CLOSE_WAIT;
    }

    @Override
    public String toString() {
        return text;
    }
}
