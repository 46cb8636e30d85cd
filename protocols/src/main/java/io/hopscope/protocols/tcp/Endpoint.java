package io.hopscope.protocols.tcp;

/** One end of a connection: addresses and ports, and its place in the table and among the timers. */
public abstract class Endpoint {
    int local;
    int remote;
    /** The local port in the upper half, the remote one in the lower. */
    int ports;

    /** Place in the heap of timers; -1 outside. */
    int slot = -1;

    short identification;
    byte tos;
    byte ttl = 64;
    /** Something new was acknowledged since the last packet: the way there is known to work (sk_dst_confirm). */
    boolean confirms;

    public final int local() {
        return local;
    }

    public final int remote() {
        return remote;
    }

    public final int localPort() {
        return ports >>> 16;
    }

    public final int remotePort() {
        return ports & 0xffff;
    }

    /** For the next IP header: a connection counts its packets. */
    public int nextIdentification() {
        return identification++ & 0xffff;
    }

    public final int tos() {
        return tos & 0xff;
    }

    public final int ttl() {
        return ttl & 0xff;
    }

    /** Whether the packet that goes out now says that the other end is heard; the next one does not by itself. */
    public final boolean confirms() {
        boolean was = confirms;
        confirms = false;
        return was;
    }

    public abstract TcpState state();

    /** Puts data that was written into a segment that is being made. */
    public abstract void copy(int seq, byte[] to, int at, int length);

    /** When it wants to be woken; {@link Long#MAX_VALUE} for never. */
    abstract long deadline();

    /** When its own next timer expires; {@link Long#MAX_VALUE} where none runs. */
    public final long expires() {
        return deadline();
    }

    abstract void wake(long now);

    abstract void receive(Segment segment, long now);
}
