package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.protocols.tcp.TcpError;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpUser;

/** A server's side of a TCP stream: a header, then as much as comes, or goes where it asks for that. */
final class IperfTcpServed implements TcpUser {
    private final IpStack stack;
    private final Task task;
    private final TcpSocket socket;
    private final IperfServer server;
    private final IperfPlan plan;
    private final int number;
    private final byte[] header = new byte[IperfHeader.TCP_LENGTH];
    private final long begun;
    private int read;
    private IperfStream stream;
    private IperfSource sender;
    private IperfReport report;

    IperfTcpServed(IpStack stack, Task task, TcpSocket socket, IperfServer server, IperfPlan plan, int number) {
        this.stack = stack;
        this.task = task;
        this.socket = socket;
        this.server = server;
        this.plan = plan;
        this.number = number;
        begun = stack.node().now();
    }

    void begin(long now) {
        socket.handler(this);
        readable(socket, now);
    }

    @Override
    public void readable(TcpSocket from, long now) {
        if (read < header.length) {
            read += socket.read(header, read, header.length - read, now);
            if (read < header.length) {
                return;
            }
            start(now);
        }
        if (sender == null) {
            count(now);
        }
    }

    private void start(long now) {
        IperfPlan asked = IperfHeader.reversed(header, 0, header.length, false, plan.port);
        boolean reverse = asked != null;
        if (!task.ended()) {
            task.line(IperfTcpClient.greeting(number, socket, reverse, now));
        }
        stream = new IperfStream(number, !reverse, reverse, false, reverse ? now : begun);
        report = server.report(socket.remote());
        report.add(stream);
        if (reverse) {
            sender = new IperfSource(stack, asked, socket, stream.tally, socket::shutdown);
            sender.begin(now);
        } else {
            socket.write(IperfHeader.ACK, 0, IperfHeader.ACK.length, now);
        }
    }

    /** What is read already lies in the buffer for nobody; from then on nothing does. */
    private void count(long now) {
        socket.skip(socket.available(), now);
        socket.sink(true);
        stream.tally.bytes = socket.bytesReceived() - header.length;
        stream.tally.end = now;
    }

    @Override
    public void writable(TcpSocket to, long now) {
        if (sender != null) {
            sender.pump(now);
        }
    }

    @Override
    public void finished(TcpSocket from, long now) {
        if (stream == null || sender == null) {
            end(now);
        }
    }

    @Override
    public void closed(TcpSocket at, TcpError error, long now) {
        end(now);
    }

    /** The process ends. */
    void stop(long now) {
        end(now);
    }

    private void end(long now) {
        server.gone(this);
        socket.handler(null);
        if (sender != null) {
            sender.cancel();
            stream.tally.end = now;
        }
        if (stream != null) {
            report.result(stream);
        }
        socket.close(now);
    }
}
