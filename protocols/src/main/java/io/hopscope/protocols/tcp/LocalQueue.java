package io.hopscope.protocols.tcp;

/** What a connection has in the queues of its own host: it does not fill them (TCP small queues). */
public abstract class LocalQueue {
    int memory;
    private int segments;
    private TcpSocket socket;

    /** A segment with so many bytes of data has been queued. */
    protected final void add(TcpSocket of, int bytes) {
        socket = of;
        segments++;
        memory += ReceiveWindow.memory(bytes);
    }

    /**
     * One of them has left, or was dropped.
     *
     * @return whether none is left, and the queue can serve another connection
     */
    protected final boolean remove(long now) {
        memory -= memory / segments;
        TcpSocket of = socket;
        if (--segments == 0) {
            socket = null;
            if (of != null) {
                of.queue(null);
            }
        } else if (of != null) {
            of.departed(now);
        }
        return segments == 0;
    }

    /** The connection goes to another host: what is still here is none of its business. */
    protected final void leave() {
        if (socket != null) {
            socket.queue(null);
            socket = null;
        }
    }
}
