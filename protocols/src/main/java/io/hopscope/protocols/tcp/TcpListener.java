package io.hopscope.protocols.tcp;

import java.util.ArrayDeque;

/** A listening socket: connections whose handshake goes on, and those that wait to be accepted, each with a limit. */
public final class TcpListener {
    /** Is given every connection as soon as its handshake is over. */
    @FunctionalInterface
    public interface Accept {
        /** The connection is yours: give it a {@link TcpSocket#handler}. */
        void accepted(TcpSocket socket, long now);
    }

    private final TcpTable table;
    private final int local;
    private final int port;
    private final int backlog;
    private final Accept accept;
    private final ArrayDeque<TcpSocket> waiting = new ArrayDeque<>(2);
    private boolean paused;
    private boolean closed;
    int handshakes;
    /** When a cookie was last sent. */
    long cookieAt = Long.MIN_VALUE;
    /** What connections begin with. */
    private final TcpSocket template;

    TcpListener(TcpTable table, int local, int port, int backlog, Accept accept) {
        this.table = table;
        this.local = local;
        this.port = port;
        this.backlog = Math.min(backlog, table.settings.maxBacklog);
        this.accept = accept;
        template = new TcpSocket(table);
    }

    /** The address; 0 for any. */
    public int local() {
        return local;
    }

    public int port() {
        return port;
    }

    public int backlog() {
        return backlog;
    }

    /** Connections that wait to be accepted: the Recv-Q of {@code ss -l}. */
    public int waiting() {
        return waiting.size();
    }

    /** Options set here are those of every connection accepted. */
    public TcpSocket options() {
        return template;
    }

    /** The application does not accept for a while: connections wait, as many as the backlog says and one more. */
    public void pause() {
        paused = true;
    }

    public void resume(long now) {
        paused = false;
        while (!paused && !waiting.isEmpty()) {
            hand(waiting.poll(), now);
        }
        table.wire.rearm();
    }

    /** No more connections; those that wait are reset. */
    public void close(long now) {
        if (closed) {
            return;
        }
        closed = true;
        table.unlisten(this);
        while (!waiting.isEmpty()) {
            waiting.poll().abort(now);
        }
        table.wire.rearm();
    }

    boolean full() {
        return waiting.size() > backlog;
    }

    /** Half open ones are as many at most. */
    boolean crowded() {
        return handshakes >= Math.max(1, backlog);
    }

    void established(TcpSocket socket, long now) {
        if (paused || !waiting.isEmpty()) {
            waiting.add(socket);
        } else {
            hand(socket, now);
        }
    }

    private void hand(TcpSocket socket, long now) {
        accept.accepted(socket, now);
        table.tell(socket, now);
    }
}
