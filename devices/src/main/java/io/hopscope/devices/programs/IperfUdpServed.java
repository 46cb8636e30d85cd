package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.devices.UdpEndpoint;

/** A server's side of a UDP stream. */
final class IperfUdpServed {
    /** A client asks for its report ten times in two and a half seconds. */
    private static final long PATIENCE = 3 * PingPlan.SECOND;

    private final IpStack stack;
    private final Task task;
    private final UdpEndpoint socket;
    private final IperfServer server;
    private final IperfPlan plan;
    private final int number;
    private final int client;
    private final int port;
    private int local;
    private long heard;
    private IperfStream stream;
    private IperfReport report;
    private IperfDatagrams sender;

    IperfUdpServed(
            IpStack stack,
            Task task,
            UdpEndpoint socket,
            IperfServer server,
            IperfPlan plan,
            int number,
            int client,
            int port) {
        this.stack = stack;
        this.task = task;
        this.socket = socket;
        this.server = server;
        this.plan = plan;
        this.number = number;
        this.client = client;
        this.port = port;
    }

    boolean over() {
        return stream.over;
    }

    /** It is over, and nobody asks for its report any more. */
    boolean forgotten(long now) {
        return stream.over && now - heard > PATIENCE;
    }

    /** The process ends. */
    void stop() {
        if (sender != null) {
            sender.cancel();
        }
    }

    /** The first datagram has come, and may ask for others. */
    void begin(int to, byte[] bytes, int at, int end, long now) {
        local = to;
        IperfPlan asked = IperfHeader.reversed(bytes, at + IperfHeader.DATAGRAM, end, true, plan.port);
        boolean reverse = asked != null;
        if (!task.ended()) {
            task.line(IperfServer.greeting(number, to, plan.port, client, port, reverse));
        }
        stream = new IperfStream(number, !reverse, reverse, true, now);
        report = server.report(client);
        report.add(stream);
        if (reverse) {
            byte[] data = IperfHeader.datagram(asked, false);
            sender = new IperfDatagrams(
                    stack,
                    asked,
                    socket,
                    (frame, then) -> socket.send(frame, local, client, port, then),
                    data,
                    stream.tally,
                    this::sent);
            sender.pump(now);
        }
    }

    private void sent(long now) {
        sender.last(now);
        report.result(stream);
    }

    void datagram(int as, byte[] bytes, int at, int length, long now) {
        heard = now;
        if (sender != null) {
            return;
        }
        if (as < 0) {
            if (!stream.over) {
                stream.tally.last(-as, now);
                report.result(stream);
            }
            socket.send(IperfHeader.report(stream.tally), local, client, port, now);
        } else if (!stream.over) {
            stream.tally.datagram(as, IperfHeader.sent(bytes, at), length, now);
        }
    }

    void writable(long now) {
        if (sender != null) {
            sender.pump(now);
        }
    }
}
