package io.hopscope.protocols.tcp;

/**
 * An application's side of a socket. It is told of events after the segment or timer that caused them has been dealt with,
 * at the same instant.
 */
public interface TcpUser {
    /** The handshake is over, as it was begun here. */
    default void connected(TcpSocket socket, long now) {}

    /** There is data to read, or more of it. */
    default void readable(TcpSocket socket, long now) {}

    /** There is room to write again, after a write that was not taken whole. */
    default void writable(TcpSocket socket, long now) {}

    /** The peer sends no more: what is readable is the last. */
    default void finished(TcpSocket socket, long now) {}

    /**
     * The connection is over: nothing more will be heard of it.
     *
     * @param error null if it was closed in order from both sides
     */
    default void closed(TcpSocket socket, TcpError error, long now) {}
}
