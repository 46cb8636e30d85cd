package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.protocols.http.HttpHead;
import io.hopscope.protocols.http.HttpReader;
import io.hopscope.protocols.tcp.TcpError;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpUser;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** A server's side of one connection: requests in, answers out, in order. */
final class HttpConnection implements TcpUser, HttpReader.Listener {
    private static final int READ = 65_536;

    private final IpStack stack;
    private final TcpSocket socket;
    private final HttpSite site;
    private final Consumer<HttpConnection> gone;
    private final HttpReader reader = new HttpReader(this);
    private final Queue<HttpSite.Answer> answers = new ArrayDeque<>(1);
    private byte[] buffer;
    private HttpHead request;
    private long received;

    private byte[] head;
    private int headSent;
    private long bodySent;
    private boolean peerFinished;
    private boolean closing;
    private long latest;

    HttpConnection(IpStack stack, TcpSocket socket, HttpSite site, Consumer<HttpConnection> gone) {
        this.stack = stack;
        this.socket = socket;
        this.site = site;
        this.gone = gone;
    }

    void begin(long now) {
        socket.handler(this);
        rest(now);
        readable(socket, now);
    }

    /** Between two requests the client is waited for as long as the site says. */
    private void rest(long now) {
        latest = now;
        if (site.patience() != Long.MAX_VALUE) {
            stack.at(now + site.patience(), then -> {
                if (latest == now && !closing && answers.isEmpty()) {
                    close(then);
                }
            });
        }
    }

    @Override
    public void readable(TcpSocket from, long now) {
        while (socket.available() > 0 && !closing) {
            long skippable = Math.min(reader.remaining(), socket.available());
            if (skippable > 0) {
                received += skippable;
                reader.skip(socket.skip((int) skippable, now), now);
                continue;
            }
            if (buffer == null) {
                buffer = new byte[READ];
            }
            reader.take(buffer, 0, socket.read(buffer, 0, READ, now), now);
        }
        if (closing) {
            socket.skip(socket.available(), now);
        }
        buffer = null;
    }

    @Override
    public void head(HttpHead head, long now) {
        request = head;
        received = 0;
        latest = now;
        if (head.says("Expect", "100-continue")) {
            byte[] proceed = new HttpHead("HTTP/1.1 100 Continue").bytes();
            socket.write(proceed, 0, proceed.length, now);
        }
    }

    @Override
    public void body(byte[] bytes, int from, int to, long now) {
        received += to - from;
    }

    @Override
    public void end(long now) {
        answer(site.answer(request, received, socket.remote(), now), now);
    }

    @Override
    public void bad(String why, long now) {
        answer(site.refusal(why, socket.remote(), now), now);
    }

    private void answer(HttpSite.Answer answer, long now) {
        answers.add(answer);
        if (answers.size() == 1) {
            start(now);
        }
    }

    private void start(long now) {
        head = answers.peek().head().bytes();
        headSent = 0;
        bodySent = 0;
        write(now);
    }

    private void write(long now) {
        HttpSite.Answer answer = answers.peek();
        if (headSent < head.length) {
            headSent += socket.write(head, headSent, head.length - headSent, now);
        }
        if (headSent < head.length) {
            return;
        }
        while (answer.body() != null && bodySent < answer.length()) {
            int wanted = (int) Math.min(1 << 30, answer.length() - bodySent);
            int taken = socket.write(answer.body(), bodySent, wanted, now);
            bodySent += taken;
            if (taken < wanted) {
                return;
            }
        }
        answers.poll();
        if (answer.closes()) {
            close(now);
        } else if (!answers.isEmpty()) {
            start(now);
        } else if (peerFinished) {
            close(now);
        } else {
            rest(now);
        }
    }

    @Override
    public void writable(TcpSocket to, long now) {
        if (!answers.isEmpty()) {
            write(now);
        }
    }

    @Override
    public void finished(TcpSocket from, long now) {
        peerFinished = true;
        if (answers.isEmpty()) {
            close(now);
        }
    }

    private void close(long now) {
        if (!closing) {
            closing = true;
            gone.accept(this);
            socket.skip(socket.available(), now);
            socket.close(now);
        }
    }

    /** The process ends: the kernel closes what was open. */
    void stop(long now) {
        close(now);
    }

    @Override
    public void closed(TcpSocket at, TcpError error, long now) {
        closing = true;
        gone.accept(this);
    }
}
