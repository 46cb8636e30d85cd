package io.hopscope.devices.programs;

import io.hopscope.protocols.http.HttpHead;
import io.hopscope.protocols.http.HttpReader;
import io.hopscope.protocols.tcp.ByteSource;
import io.hopscope.protocols.tcp.TcpError;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpUser;

/** A connection of curl's, which may serve one URL after the other. */
final class CurlLink implements TcpUser, HttpReader.Listener {
    private static final int READ = 65_536;

    /** Hears what becomes of a request. */
    interface User {
        void connected(CurlLink link, long now);

        /** The connection could not be made, or is no more; null where the peer has closed it in order. */
        void lost(CurlLink link, TcpError error, long now);

        /** Something has come, of whatever kind: so many bytes. */
        void arrived(int bytes, long now);

        void head(HttpHead head, long now);

        /** Null for bytes that nobody wanted to see. */
        void body(byte[] bytes, int from, int length, long now);

        void end(long now);

        void bad(long now);
    }

    /** As -v counts. */
    final int number;

    final CurlUrl url;
    private final TcpSocket socket;
    private final HttpReader reader = new HttpReader(this);
    private User user;
    private boolean shown;
    private boolean over;
    private byte[] head = {};
    private int headSent;
    private ByteSource body;
    private long length;
    private long bodySent;
    private byte[] buffer;

    CurlLink(int number, CurlUrl url, TcpSocket socket) {
        this.number = number;
        this.url = url;
        this.socket = socket.handler(this);
    }

    TcpSocket socket() {
        return socket;
    }

    /** Whom events are for; null while it is idle. */
    CurlLink user(User by) {
        user = by;
        return this;
    }

    /** Whether the peer has given it up. */
    boolean over() {
        return over;
    }

    /**
     * Sends a request.
     *
     * @param source the body; null for none
     * @param headOnly whether the answer has no body
     * @param visible whether the body of the answer is to be shown
     */
    void request(byte[] first, ByteSource source, long bytes, boolean headOnly, boolean visible, long now) {
        head = first;
        headSent = 0;
        body = source;
        length = bytes;
        bodySent = 0;
        shown = visible;
        reader.expectNoBody(headOnly);
        write(now);
    }

    /** Body bytes that have gone into the socket. */
    long sent() {
        return bodySent;
    }

    private void write(long now) {
        if (headSent == 0 && body != null && length <= READ) {
            // What is short goes out with the head, in one write.
            byte[] whole = java.util.Arrays.copyOf(head, head.length + (int) length);
            body.copy(0, whole, head.length, (int) length);
            head = whole;
            bodySent = length;
        }
        if (headSent < head.length) {
            headSent += socket.write(head, headSent, head.length - headSent, now);
        }
        while (headSent == head.length && body != null && bodySent < length) {
            int wanted = (int) Math.min(1 << 30, length - bodySent);
            int taken = socket.write(body, bodySent, wanted, now);
            bodySent += taken;
            if (taken < wanted) {
                return;
            }
        }
    }

    @Override
    public void connected(TcpSocket at, long now) {
        if (user != null) {
            user.connected(this, now);
        }
    }

    @Override
    public void writable(TcpSocket to, long now) {
        write(now);
    }

    @Override
    public void readable(TcpSocket from, long now) {
        while (socket.available() > 0 && user != null) {
            long skippable = shown ? 0 : Math.min(reader.remaining(), socket.available());
            if (skippable > 0) {
                int skipped = socket.skip((int) skippable, now);
                user.arrived(skipped, now);
                user.body(null, 0, skipped, now);
                reader.skip(skipped, now);
                continue;
            }
            if (buffer == null) {
                buffer = new byte[READ];
            }
            int read = socket.read(buffer, 0, READ, now);
            user.arrived(read, now);
            reader.take(buffer, 0, read, now);
        }
        buffer = null;
    }

    @Override
    public void finished(TcpSocket from, long now) {
        readable(from, now);
        over = true;
        // A body without length ends so.
        reader.closed(now);
        if (user != null) {
            user.lost(this, null, now);
        }
    }

    @Override
    public void closed(TcpSocket at, TcpError error, long now) {
        over = true;
        if (user != null) {
            user.lost(this, error, now);
        }
    }

    @Override
    public void head(HttpHead message, long now) {
        if (user != null) {
            user.head(message, now);
        }
    }

    @Override
    public void body(byte[] bytes, int from, int to, long now) {
        if (user != null) {
            user.body(bytes, from, to - from, now);
        }
    }

    @Override
    public void end(long now) {
        if (user != null) {
            user.end(now);
        }
    }

    @Override
    public void bad(String why, long now) {
        if (user != null) {
            user.bad(now);
        }
    }

    void close(long now) {
        over = true;
        user = null;
        socket.handler(null);
        socket.skip(socket.available(), now);
        socket.close(now);
    }

    void abort(long now) {
        over = true;
        user = null;
        socket.handler(null).abort(now);
    }
}
