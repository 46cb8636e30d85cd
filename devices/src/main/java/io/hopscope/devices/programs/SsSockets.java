package io.hopscope.devices.programs;

import io.hopscope.devices.IpStack;
import io.hopscope.devices.Process;
import io.hopscope.devices.UdpEndpoint;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.tcp.Endpoint;
import io.hopscope.protocols.tcp.OpenFile;
import io.hopscope.protocols.tcp.TcpInfo;
import io.hopscope.protocols.tcp.TcpListener;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpState;
import io.hopscope.protocols.tcp.TcpTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The rows of {@code ss}: a host's sockets as the kernel's inet_diag tells of them. */
final class SsSockets {
    private static final long MILLISECOND = 1_000_000_000L;

    /** The timers of inet_diag by those of tcp_info: a loss probe is a retransmission to it. */
    private static final String[] TIMERS = {"off", "on", "persist", "on", "on", "keepalive"};

    private static final int PERSIST = 2;
    private static final int KEEPALIVE = 5;

    private final IpStack stack;
    private final SsPlan plan;
    private final SsTable table;
    private final long now;

    SsSockets(IpStack stack, SsPlan plan, SsTable table, long now) {
        this.stack = stack;
        this.plan = plan;
        this.table = table;
        this.now = now;
    }

    private boolean wants(TcpState state, int local, int port, int peer, int peerPort) {
        return plan.states.contains(state) && plan.filter.takes(local, port, peer, peerPort);
    }

    private void row(
            String kind,
            TcpState state,
            long in,
            long out,
            int local,
            int port,
            int peer,
            int peerPort,
            String process) {
        table.row(
                kind,
                state.toString(),
                String.format(Locale.ROOT, "%-6d", in),
                String.format(Locale.ROOT, "%-6d", out),
                Ipv4Address.text(local) + ":",
                port(port),
                Ipv4Address.text(peer) + ":",
                port(peerPort),
                process);
    }

    private String port(int port) {
        return port == 0 ? "*" : plan.numeric ? Integer.toString(port) : ServiceNames.of(port);
    }

    private String users(OpenFile file) {
        return plan.processes && file instanceof Process.Descriptor mine ? " users:((" + mine.user() + "))" : "";
    }

    /**
     * @param shut 1 where nothing comes any more, 2 where nothing is sent
     */
    private String details(OpenFile file, long cookie, int shut) {
        if (!plan.extended) {
            return "";
        }
        int inode = file instanceof Process.Descriptor mine ? mine.inode() : 0;
        return " ino:" + inode + " sk:" + Long.toHexString(cookie) + " cgroup:/ " + ((shut & 1) != 0 ? "-" : "<") + "-"
                + ((shut & 2) != 0 ? "-" : ">");
    }

    private String below() {
        return plan.oneLine ? " " : "\n\t";
    }

    /** Datagram sockets: those of programs, and ports that the system itself listens at. */
    void datagrams() {
        Map<Integer, UdpEndpoint> programs = new LinkedHashMap<>();
        stack.endpoints().forEach(each -> programs.put(each.port(), each));
        for (int port : stack.boundPorts()) {
            UdpEndpoint socket = programs.get(port);
            int peer = socket == null ? 0 : socket.peer();
            int local = peer == 0 ? 0 : socket.local();
            int peerPort = peer == 0 ? 0 : socket.peerPort();
            TcpState state = peer == 0 ? TcpState.CLOSED : TcpState.ESTABLISHED;
            if (wants(state, local, port, peer, peerPort)) {
                OpenFile file = socket == null ? null : socket.file();
                long out = socket == null ? 0 : socket.waitingMemory();
                long buffer = socket == null ? UdpEndpoint.BUFFER : socket.sendBuffer();
                String memory = plan.memory
                        ? below() + " skmem:(r0,rb" + UdpEndpoint.BUFFER + ",t" + out + ",tb" + buffer
                                + ",f0,w0,o0,bl0,d0)"
                        : "";
                row("udp", state, 0, out, local, port, peer, peerPort, users(file) + details(file, port, 0) + memory);
            }
        }
    }

    /** Listeners, then connections and what is left of some. */
    void segments() {
        TcpTable tcp = stack.table();
        if (tcp == null) {
            return;
        }
        tcp.listeners().forEach(this::listener);
        for (Endpoint each : tcp.endpoints()) {
            if (wants(each.state(), each.local(), each.localPort(), each.remote(), each.remotePort())) {
                if (each instanceof TcpSocket socket) {
                    connection(socket);
                } else {
                    remains(each);
                }
            }
        }
    }

    private void listener(TcpListener of) {
        if (!wants(TcpState.LISTEN, of.local(), of.port(), 0, 0)) {
            return;
        }
        String process = users(of.file()) + details(of.file(), of.port(), 0);
        if (plan.memory || plan.info) {
            TcpInfo info = of.options().info(now);
            process += below() + (plan.memory ? memory(info) : "");
            process += plan.info ? " " + info.congestion() + " cwnd:" + SsInfo.FIRST_WINDOW : "";
            process += plan.info && of.waiting() > 0 ? " unacked:" + of.waiting() : "";
        }
        row("tcp", TcpState.LISTEN, of.waiting(), of.backlog(), of.local(), of.port(), 0, 0, process);
    }

    private void connection(TcpSocket of) {
        TcpInfo info = of.info(now);
        String process = users(of.file());
        if (plan.timers && info.timer() != 0) {
            int tries = info.timer() == PERSIST || info.timer() == KEEPALIVE ? info.probes() : info.retransmits();
            process += timer(TIMERS[info.timer()], info.timerLeft(), tries);
        }
        process += details(of.file(), (long) of.localPort() << 16 | of.remotePort(), of.shutWays());
        if (plan.memory || plan.info) {
            process += below() + (plan.memory ? memory(info) : "");
            process += plan.info ? SsInfo.of(info, plan.timers, plan.numeric) : "";
        }
        row(
                "tcp",
                of.state(),
                info.receiveQueue(),
                info.sendQueue(),
                of.local(),
                of.localPort(),
                of.remote(),
                of.remotePort(),
                process);
    }

    private void remains(Endpoint of) {
        String process = plan.timers ? timer("timewait", (of.expires() - now) / MILLISECOND, 0) : "";
        if (plan.extended) {
            process += " ino:0 sk:" + Long.toHexString((long) of.localPort() << 16 | of.remotePort());
        }
        process += plan.memory || plan.info ? below() : "";
        row("tcp", of.state(), 0, 0, of.local(), of.localPort(), of.remote(), of.remotePort(), process);
    }

    private static String memory(TcpInfo info) {
        return " skmem:(r" + info.receiveMemory() + ",rb" + info.receiveBuffer() + ",t0,tb" + info.sendBuffer()
                + ",f0,w" + info.sendQueue() + ",o0,bl0,d0)";
    }

    private static String timer(String name, long millis, int tries) {
        return " timer:(" + name + "," + time(millis) + "," + tries + ")";
    }

    /** As print_ms_timer: the less exact, the longer. */
    private static String time(long millis) {
        long minutes = millis / 60_000;
        long seconds = minutes > 9 ? 0 : millis / 1000 % 60;
        long rest = minutes > 0 || seconds > 9 ? 0 : millis % 1000;
        var text = new StringBuilder(minutes > 0 ? minutes + "min" : "");
        if (seconds > 0) {
            text.append(seconds).append(rest > 0 ? "." : "sec");
        }
        if (rest > 0) {
            text.append(rest < 10 ? "00" : rest < 100 ? "0" : "").append(rest).append("ms");
        }
        return text.toString();
    }

    /** {@code ss -s}. */
    List<String> summary() {
        Set<TcpState> open = Set.of(TcpState.ESTABLISHED, TcpState.CLOSE_WAIT);
        int used = 0;
        int established = 0;
        int orphans = 0;
        int remains = 0;
        if (stack.table() != null) {
            used = stack.table().listeners().size();
            for (Endpoint each : stack.table().endpoints()) {
                if (each instanceof TcpSocket socket) {
                    used++;
                    established += open.contains(each.state()) ? 1 : 0;
                    orphans += socket.orphaned() ? 1 : 0;
                } else {
                    remains++;
                }
            }
        }
        int datagrams = stack.boundPorts().size();
        // One more is its own.
        return List.of(
                "Total: " + (used + datagrams + 1),
                "TCP:   " + (used + remains) + " (estab " + established + ", closed " + remains + ", orphaned "
                        + orphans + ", timewait " + remains + ")",
                "",
                "Transport Total     IP        IPv6",
                transport("RAW", 0),
                transport("UDP", datagrams),
                transport("TCP", used),
                transport("INET", used + datagrams),
                transport("FRAG", stack.puzzles()),
                "");
    }

    private static String transport(String name, int sockets) {
        return String.format(Locale.ROOT, "%s\t  %-9d %-9d %-9d", name, sockets, sockets, 0);
    }
}
