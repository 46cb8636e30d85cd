package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.tcp.TcpError;
import io.hopscope.protocols.tcp.TcpInfo;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpUser;

/** A client's TCP stream: it sends, or with -R receives. */
final class IperfTcpClient implements TcpUser {
    private final IpStack stack;
    private final Task task;
    private final IperfPlan plan;
    private final IperfReport report;
    private final int number;
    private final int source;
    private TcpSocket socket;
    private IperfStream stream;
    private IperfSource sender;
    private byte[] buffer;

    /**
     * @param source 0 for the address that the route says
     */
    IperfTcpClient(IpStack stack, Task task, IperfPlan plan, IperfReport report, int number, int source) {
        this.stack = stack;
        this.task = task;
        this.plan = plan;
        this.report = report;
        this.number = number;
        this.source = source;
    }

    /** The stream, which counts for nothing until there is a connection; returns what is wrong, or null. */
    TcpError begin(long now) {
        socket = stack.tcp().socket().handler(this).file(task.process(stack).open());
        prepare(plan, socket, now);
        return stack.tcp().connect(socket, source, 0, plan.address, plan.port, now);
    }

    static void prepare(IperfPlan plan, TcpSocket socket, long now) {
        if (plan.window > 0) {
            socket.sendBuffer(plan.window).receiveBuffer(plan.window);
        }
        if (plan.segment > 0) {
            socket.maxSegment(plan.segment);
        }
        if (plan.congestion != null) {
            socket.congestion(plan.congestion);
        }
        socket.noDelay(plan.noDelay, now).tos(plan.tos);
    }

    /** {@code [  1] local 10.0.0.1 port 5 connected with 10.0.0.2 port 5001 (icwnd/mss/irtt=14/1448/48)}. */
    static String greeting(int number, TcpSocket socket, boolean reverse, long now) {
        TcpInfo info = socket.info(now);
        return IperfText.id(number) + "local " + Ipv4Address.text(socket.local()) + " port " + socket.localPort()
                + " connected with " + Ipv4Address.text(socket.remote()) + " port " + socket.remotePort()
                + (reverse ? " (reverse)" : "") + " (icwnd/mss/irtt=" + info.cwnd() * info.mss() / 1024 + "/"
                + info.mss() + "/" + info.rtt() + ")";
    }

    @Override
    public void connected(TcpSocket at, long now) {
        task.line(greeting(number, socket, plan.reverse, now));
        stream = new IperfStream(number, plan.reverse, plan.reverse, false, now);
        report.add(stream);
        byte[] header = IperfHeader.tcp(plan);
        socket.write(header, 0, header.length, now);
        if (plan.reverse) {
            socket.sink(true);
        } else {
            sender = new IperfSource(stack, plan, socket, stream.tally, socket::shutdown);
            sender.begin(now);
        }
    }

    @Override
    public void readable(TcpSocket from, long now) {
        if (plan.reverse) {
            stream.tally.bytes = socket.bytesReceived();
            stream.tally.end = now;
            return;
        }
        // The server's answer to the header.
        buffer = new byte[IperfHeader.ACK.length];
        socket.read(buffer, 0, buffer.length, now);
        socket.skip(socket.available(), now);
    }

    @Override
    public void writable(TcpSocket to, long now) {
        if (sender != null) {
            sender.pump(now);
        }
    }

    /** The server has closed: by then it has everything, or it will refuse what comes. */
    @Override
    public void finished(TcpSocket from, long now) {
        if (sender != null && !sender.stopped()) {
            return;
        }
        end(now);
        socket.handler(null).close(now);
    }

    @Override
    public void closed(TcpSocket at, TcpError error, long now) {
        if (stream == null) {
            task.line("tcp connect failed: " + error);
            report.failed();
            return;
        }
        if (error != null) {
            task.line((plan.reverse ? "read" : "write") + " failed: " + error);
        }
        end(now);
    }

    private void end(long now) {
        if (sender != null) {
            sender.cancel();
        }
        stream.tally.end = now;
        report.result(stream);
    }

    /** It is interrupted: the run is over. */
    void stop(long now) {
        if (stream != null && !stream.over) {
            end(now);
        }
    }
}
