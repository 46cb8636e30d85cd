package io.hopscope.devices.programs;

import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Service;
import io.hopscope.devices.Task;
import io.hopscope.devices.UdpEndpoint;
import io.hopscope.encap.Frame;
import io.hopscope.encap.Ipv4;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.encap.Udp;
import io.hopscope.protocols.tcp.TcpListener;
import io.hopscope.protocols.tcp.TcpSocket;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An iperf -s: streams of whoever comes, those of one client in one report. */
final class IperfServer implements Service, UdpEndpoint.Listener {
    private final IpStack stack;
    private final Task task;
    private final IperfPlan plan;
    private final int local;
    private final Map<Integer, IperfReport> reports = new LinkedHashMap<>();
    private final Map<Long, IperfUdpServed> datagrams = new LinkedHashMap<>();
    private final Set<IperfTcpServed> open = new LinkedHashSet<>();
    private TcpListener listener;
    private UdpEndpoint socket;
    private int streams;

    IperfServer(Host host, Task task, IperfPlan plan) {
        this.task = task;
        this.plan = plan;
        stack = host.stack();
        local = plan.bind == null ? 0 : Lookup.known(host, task, plan.bind);
    }

    void begin(long now) {
        if (!listen(now)) {
            task.line("listener bind failed: Address already in use");
            task.exit(1);
            return;
        }
        stack.begin(this);
        task.line(IperfText.RULE);
        task.line("Server listening on " + (plan.udp ? "UDP" : "TCP") + " port " + plan.port);
        int size = plan.udp ? UdpEndpoint.BUFFER : stack.tcp().settings().receiveBuffer[1];
        // The gap is iperf's own.
        task.line(IperfClient.buffer(plan, plan.udp ? "UDP buffer size" : "TCP window size", size));
        task.line(IperfText.RULE);
        // The run is over: nobody would carry what closing the sockets says.
        task.onInterrupt(() -> task.exit(0));
        if (plan.daemon) {
            task.exit(0);
        }
    }

    private boolean listen(long now) {
        if (plan.udp) {
            if (stack.bound(plan.port)) {
                return false;
            }
            socket = UdpEndpoint.open(stack, plan.port, "iperf", this)
                    .tos(plan.tos)
                    .file(task.process(stack).open());
            return true;
        }
        listener = stack.tcp().listen(local, plan.port, 128, this::accepted);
        if (listener != null) {
            listener.file(task.process(stack).open());
            IperfTcpClient.prepare(plan, listener.options(), now);
        }
        return listener != null;
    }

    /** The report that a client's streams share as long as one of them goes on. */
    IperfReport report(int client) {
        return reports.computeIfAbsent(
                client, none -> new IperfReport(stack, task, plan, () -> reports.remove(client)));
    }

    private void accepted(TcpSocket accepted, long now) {
        IperfTcpServed made = new IperfTcpServed(stack, task, accepted, this, plan, ++streams);
        open.add(made);
        made.begin(now);
    }

    /** A stream has ended. */
    void gone(IperfTcpServed served) {
        open.remove(served);
    }

    @Override
    public void datagram(Frame frame, Ipv4 ip, Udp udp, long now) {
        int length = udp.length() - Udp.LENGTH;
        if (length < IperfHeader.DATAGRAM) {
            return;
        }
        int at = udp.end();
        long whose = (long) ip.source() << 16 | udp.sourcePort();
        IperfUdpServed known = datagrams.get(whose);
        int number = IperfHeader.number(frame.bytes(), at);
        if (number > 0 && (known == null || known.over() && number == 1)) {
            known = new IperfUdpServed(stack, task, socket, this, plan, ++streams, ip.source(), udp.sourcePort());
            datagrams.values().removeIf(each -> each.forgotten(now));
            datagrams.put(whose, known);
            known.begin(ip.destination(), frame.bytes(), at, at + length, now);
        }
        if (known != null) {
            known.datagram(number, frame.bytes(), at, length, now);
        }
    }

    @Override
    public void writable(long now) {
        datagrams.values().forEach(each -> each.writable(now));
    }

    /** The process ends: the kernel closes what was open. */
    private void stop(long now) {
        List.copyOf(open).forEach(each -> each.stop(now));
        datagrams.values().forEach(IperfUdpServed::stop);
        datagrams.clear();
        if (listener != null) {
            listener.close(now);
        }
        if (socket != null) {
            socket.close();
        }
        stack.end(this);
    }

    @Override
    public String name() {
        return "iperf";
    }

    @Override
    public void signal(String signal, long now) {
        if (!signal.equals("HUP") && !signal.startsWith("USR")) {
            stop(now);
            task.exit(signal.equals("INT") ? 0 : 143);
        }
    }

    @Override
    public void lost() {
        open.clear();
        datagrams.values().forEach(IperfUdpServed::stop);
        datagrams.clear();
    }

    static String greeting(int number, int local, int port, int remote, int remotePort, boolean reverse) {
        return IperfText.id(number) + "local " + Ipv4Address.text(local) + " port " + port + " connected with "
                + Ipv4Address.text(remote) + " port " + remotePort + (reverse ? " (reverse) (no-udp-fin)" : "");
    }
}
