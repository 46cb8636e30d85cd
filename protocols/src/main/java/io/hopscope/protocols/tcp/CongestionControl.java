package io.hopscope.protocols.tcp;

/** How a congestion window grows and shrinks; a connection has its own, where there is anything to remember. */
interface CongestionControl {
    /** As sysctl net.ipv4.tcp_congestion_control names it. */
    String name();

    /** The slow start threshold after a loss. */
    int threshold(Connection c);

    /** Segments were delivered; the window grows if it is in full use. */
    void grow(Connection c, int delivered, long now);

    /** The window to go back to where a loss was none. */
    int undo(Connection c);

    /** The congestion state changes. */
    default void state(Connection c, int to, long now) {}

    /** Data goes out after a pause. */
    default void resume(Connection c, long now) {}

    /** Something was acknowledged that took so many microseconds; -1 if that is not known. */
    default void acked(Connection c, int micros, long now) {}
}
