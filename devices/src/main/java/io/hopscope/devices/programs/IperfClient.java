package io.hopscope.devices.programs;

import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Task;
import io.hopscope.devices.UdpEndpoint;
import io.hopscope.protocols.tcp.TcpError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An iperf -c under way: its streams, side by side. */
final class IperfClient {
    private final IpStack stack;
    private final Task task;
    private final IperfPlan plan;
    private final IperfReport report;
    private final List<IperfTcpClient> tcp = new ArrayList<>(1);
    private final List<IperfUdpClient> udp = new ArrayList<>(1);
    private final int source;

    IperfClient(Host host, Task task, IperfPlan plan) {
        this.task = task;
        this.plan = plan;
        stack = host.stack();
        source = plan.bind == null ? 0 : Lookup.known(host, task, plan.bind);
        report = new IperfReport(stack, task, plan, this::over);
    }

    void begin(int address, long now) {
        plan.address = address;
        head(now);
        task.onInterrupt(() -> {
            // The run is over: results are told, but nobody would carry what closing a socket says.
            long then = stack.node().now();
            tcp.forEach(each -> each.stop(then));
            udp.forEach(each -> each.stop(then));
            task.exit(0);
        });
        report.expect(plan.streams, plan.udp);
        for (int i = 1; i <= plan.streams && !task.ended(); i++) {
            if (plan.udp) {
                IperfUdpClient made = new IperfUdpClient(stack, task, plan, report, i, source);
                udp.add(made);
                made.begin(now);
            } else {
                IperfTcpClient made = new IperfTcpClient(stack, task, plan, report, i, source);
                tcp.add(made);
                TcpError error = made.begin(now);
                if (error != null) {
                    task.line("tcp connect failed: " + error);
                    report.failed();
                }
            }
        }
        stack.rearm();
    }

    private void head(long now) {
        task.line(IperfText.RULE);
        task.line("Client connecting to " + plan.host + ", " + (plan.udp ? "UDP" : "TCP") + " port " + plan.port);
        if (plan.udp) {
            task.line(String.format(
                    Locale.ROOT,
                    "Sending %d byte datagrams, IPG target: %.2f us (kalman adjust)",
                    plan.length,
                    plan.length * 8e6 / plan.rate));
        }
        if (plan.segment > 0) {
            task.line("MSS req size " + plan.segment + " bytes (per TCP_MAXSEG)");
        }
        int size = plan.udp ? UdpEndpoint.BUFFER : stack.tcp().settings().sendBuffer[1];
        task.line(buffer(plan, plan.udp ? "UDP buffer size" : "TCP window size", size));
        task.line(IperfText.RULE);
    }

    /** {@code TCP window size: 16.0 KByte (default)}. */
    static String buffer(IperfPlan plan, String what, int size) {
        int shown = plan.window > 0 ? 2 * plan.window : size;
        char unit = Character.toUpperCase(plan.format);
        return what + ": " + IperfText.number(shown, 'A')
                + (plan.window == 0
                        ? " (default)"
                        : " (WARNING: requested " + IperfText.number(plan.window, unit) + ")");
    }

    private void over() {
        task.exit(0);
    }
}
