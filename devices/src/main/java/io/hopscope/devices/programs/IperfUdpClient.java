package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.devices.UdpEndpoint;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Udp;

/** A client's UDP stream: it sends, or with -R receives. */
final class IperfUdpClient implements UdpEndpoint.Listener {
    /** How long the server's report is waited for, and how often. */
    private static final long PATIENCE = PingPlan.SECOND / 4;

    private static final int TRIES = 10;

    private final IpStack stack;
    private final Task task;
    private final IperfPlan plan;
    private final IperfReport report;
    private final int number;
    private final int source;
    private UdpEndpoint socket;
    private IperfStream stream;
    private IperfDatagrams sender;
    private boolean answered;
    private boolean complained;
    private int asked;

    IperfUdpClient(IpStack stack, Task task, IperfPlan plan, IperfReport report, int number, int source) {
        this.stack = stack;
        this.task = task;
        this.plan = plan;
        this.report = report;
        this.number = number;
        this.source = source;
    }

    void begin(long now) {
        socket = UdpEndpoint.open(stack, 0, "iperf", this)
                .file(task.process(stack).open())
                .connect(plan.address, plan.port)
                .tos(plan.tos);
        if (plan.window > 0) {
            socket.sendBuffer(plan.window);
        }
        int local = source != 0 ? source : socket.local();
        task.line(IperfText.id(number) + "local " + Ipv4Address.text(local) + " port " + socket.port()
                + " connected with " + Ipv4Address.text(plan.address) + " port " + plan.port
                + (plan.reverse ? " (reverse)" : ""));
        stream = new IperfStream(number, plan.reverse, plan.reverse, true, now);
        byte[] data = IperfHeader.datagram(plan, true);
        sender = new IperfDatagrams(
                stack, plan, socket, (frame, then) -> socket.send(frame, source, then), data, stream.tally, this::ask);
        if (plan.reverse) {
            hello(data, now);
        } else {
            report.add(stream);
            sender.pump(now);
        }
    }

    /** Asks the server to send, until it does. */
    private void hello(byte[] data, long now) {
        if (answered || task.ended()) {
            return;
        } else if (asked++ == TRIES) {
            task.line(
                    IperfText.id(number) + "WARNING: did not receive ack of first datagram after " + TRIES + " tries.");
            report.failed();
            return;
        }
        byte[] first = data.clone();
        IperfHeader.stamp(first, 0, asked, now);
        socket.send(first, now);
        stack.at(now + PATIENCE, then -> hello(data, then));
    }

    /** Tells that it was all, and waits for the server's report. */
    private void ask(long now) {
        if (answered || task.ended()) {
            return;
        }
        if (asked++ == TRIES) {
            task.line(
                    IperfText.id(number) + "WARNING: did not receive ack of last datagram after " + TRIES + " tries.");
            close();
            return;
        }
        sender.last(now);
        report.result(stream);
        stack.at(now + PATIENCE, this::ask);
    }

    private void close() {
        answered = true;
        socket.close();
        report.closed();
    }

    @Override
    public void datagram(Frame frame, Ipv4 ip, Udp udp, long now) {
        byte[] bytes = frame.bytes();
        int at = udp.end();
        int length = udp.length() - Udp.LENGTH;
        if (length < IperfHeader.DATAGRAM || stream.over && plan.reverse) {
            return;
        } else if (plan.reverse) {
            reversed(bytes, at, length, now);
            return;
        }
        IperfTally theirs = IperfHeader.read(bytes, at, at + length);
        if (theirs != null && stream.over && !answered) {
            report.serverReport(stream, theirs);
            close();
        }
    }

    private void reversed(byte[] bytes, int at, int length, long now) {
        int as = IperfHeader.number(bytes, at);
        if (!answered) {
            answered = true;
            stream.tally.start = now;
            report.add(stream);
        }
        if (as < 0) {
            stream.tally.last(-as, now);
            report.result(stream);
            close();
        } else {
            stream.tally.datagram(as, IperfHeader.sent(bytes, at), length, now);
        }
    }

    @Override
    public void writable(long now) {
        sender.pump(now);
    }

    @Override
    public void failed(String error, long now) {
        // While it sends nobody reads.
        if (stream.over && !complained && !answered) {
            complained = true;
            task.line("read failed: " + error);
        }
    }

    /** It is interrupted. */
    void stop(long now) {
        if (stream != null && !stream.over) {
            sender.cancel();
            stream.tally.end = now;
            report.result(stream);
        }
        if (socket != null) {
            socket.close();
        }
    }
}
