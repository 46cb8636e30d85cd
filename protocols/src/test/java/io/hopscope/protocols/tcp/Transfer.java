package io.hopscope.protocols.tcp;

import java.util.Arrays;

/** An application that writes so many bytes of the pattern, closes, and checks what it reads: for tests. */
final class Transfer implements TcpUser {
    private final long toWrite;
    private final long toRead;
    private final int chunk;
    private final boolean remade;
    private long written;
    private long read;
    boolean wrong;
    boolean ended;
    boolean finished;
    TcpError error;
    TcpSocket socket;

    /**
     * @param chunk bytes of one write or read
     * @param remade whether the bytes are not kept, but made again
     */
    Transfer(long toWrite, long toRead, int chunk, boolean remade) {
        this.toWrite = toWrite;
        this.toRead = toRead;
        this.chunk = chunk;
        this.remade = remade;
    }

    boolean complete() {
        return !wrong && read == toRead && written == toWrite && ended && error == null;
    }

    long read() {
        return read;
    }

    void begin(TcpSocket at, long now) {
        socket = at;
        write(at, now);
    }

    private void write(TcpSocket at, long now) {
        while (written < toWrite) {
            int wanted = (int) Math.min(chunk, toWrite - written);
            int taken;
            if (remade) {
                taken = at.write(Link.PATTERN, written, wanted, now);
            } else {
                byte[] bytes = new byte[wanted];
                Link.PATTERN.copy(written, bytes, 0, wanted);
                taken = at.write(bytes, 0, wanted, now);
            }
            written += taken;
            if (taken < wanted) {
                return;
            }
        }
        at.shutdown(now);
        close(now);
    }

    private void close(long now) {
        if (written == toWrite && finished) {
            socket.close(now);
        }
    }

    @Override
    public void connected(TcpSocket at, long now) {
        begin(at, now);
    }

    @Override
    public void writable(TcpSocket at, long now) {
        write(at, now);
    }

    @Override
    public void readable(TcpSocket at, long now) {
        while (at.available() > 0) {
            byte[] into = new byte[Math.min(chunk, at.available())];
            int taken = at.read(into, 0, into.length, now);
            byte[] expected = new byte[taken];
            Link.PATTERN.copy(read, expected, 0, taken);
            wrong |= !Arrays.equals(expected, into);
            read += taken;
        }
    }

    @Override
    public void finished(TcpSocket at, long now) {
        finished = true;
        close(now);
    }

    @Override
    public void closed(TcpSocket at, TcpError why, long now) {
        ended = true;
        error = why;
    }
}
