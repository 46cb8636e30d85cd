package io.hopscope.protocols.tcp;

/** What connections need of the host they are on: a way out, and somebody who watches the time. */
public interface Wire {
    /**
     * Sends a segment. Its data is copied by {@link Endpoint#copy}.
     *
     * @return whether there was a way
     */
    boolean send(Endpoint from, Segment segment, long now);

    /** The largest packet on the way to an address; 0 if there is no way. */
    int mtu(int local, int remote);

    /** Something happened from outside: {@link TcpTable#nextDeadline} may be another. */
    void rearm();
}
