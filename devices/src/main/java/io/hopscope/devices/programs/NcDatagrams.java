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
import java.nio.charset.StandardCharsets;

/** One {@code nc -u} under way: datagrams to a peer, or from whoever is the first to send some. */
final class NcDatagrams implements UdpEndpoint.Listener, Service {
    /** UDP_SCAN_TIMEOUT: so many seconds -v and -z try without -w. */
    private static final int SCAN_SECONDS = 3;

    private static final byte[] TRIAL = {'X'};

    private final IpStack stack;
    private final Task task;
    private final NcPlan plan;
    private UdpEndpoint socket;
    private int port;
    private boolean reached;
    private boolean trying;
    private int peer;
    private int peerPort;
    private long latest;
    private final StringBuilder line = new StringBuilder();

    NcDatagrams(Host host, Task task, NcPlan plan) {
        stack = host.stack();
        this.task = task;
        this.plan = plan;
    }

    void begin(long now) {
        latest = now;
        stack.begin(this);
        task.onInterrupt(() -> end(130));
        if (plan.listens) {
            listen();
        } else {
            port = plan.firstPort;
            connect(now);
        }
    }

    private void listen() {
        if (stack.bound(plan.localPort)) {
            task.line("nc: Address already in use");
            end(1);
            return;
        }
        socket = UdpEndpoint.open(stack, plan.localPort, "nc", this);
        if (plan.verbose) {
            task.line("Bound on " + Ipv4Address.text(plan.address) + " " + plan.localPort);
        }
    }

    private void connect(long now) {
        if (task.ended()) {
            return;
        }
        if (plan.localPort != 0 && stack.bound(plan.localPort)) {
            task.line("nc: Address already in use");
            end(1);
            return;
        }
        socket = UdpEndpoint.open(stack, plan.localPort, "nc", this).connect(plan.address, port);
        if (plan.verbose || plan.scans) {
            trying = true;
            int seconds = plan.patience < 0 ? SCAN_SECONDS : (int) (plan.patience / PingPlan.SECOND);
            if (write(TRIAL, now) && write(TRIAL, now)) {
                attempt(seconds, now);
            }
        } else {
            talk(now);
        }
    }

    /** A port that says nothing for so long is thought to be open (udptest). */
    private void attempt(int seconds, long now) {
        if (seconds == 0) {
            trying = false;
            reached = true;
            if (plan.verbose) {
                String named = plan.named() ? " (" + Ipv4Address.text(plan.address) + ")" : "";
                task.line("Connection to " + plan.host + named + " " + port + " port [udp/" + NcRun.service(port)
                        + "] succeeded!");
            }
            if (plan.scans) {
                next(now);
            } else {
                print();
                talk(now);
            }
            return;
        }
        UdpEndpoint tried = socket;
        stack.at(now + PingPlan.SECOND, then -> {
            if (socket == tried && trying && write(TRIAL, then)) {
                attempt(seconds - 1, then);
            }
        });
    }

    private void next(long now) {
        if (socket != null) {
            socket.close();
            socket = null;
        }
        if (port < plan.lastPort) {
            port++;
            // Not at once: what fails at once would call this again, port after port.
            stack.at(now, this::connect);
        } else {
            end(reached ? 0 : 1);
        }
    }

    private void talk(long now) {
        reached = true;
        if (plan.input.length > 0 && !write(plan.input, now)) {
            return;
        }
        if (plan.quit >= 0) {
            stack.at(now + plan.quit, then -> end(0));
        }
        watch();
    }

    /** -w: silence for so long ends it. */
    private void watch() {
        if (plan.patience >= 0 && !task.ended()) {
            stack.at(latest + plan.patience, then -> {
                if (!task.ended() && then - latest >= plan.patience) {
                    end(0);
                } else {
                    watch();
                }
            });
        }
    }

    private boolean write(byte[] bytes, long now) {
        latest = now;
        String refusal = plan.listens
                ? socket.send(bytes, 0, peer, peerPort, now)
                : socket.send(bytes, plan.source, plan.address, port, now);
        if (refusal != null) {
            failed(refusal, now);
        }
        stack.rearm();
        return refusal == null;
    }

    @Override
    public void datagram(Frame frame, Ipv4 ip, Udp udp, long now) {
        boolean first = plan.listens && peer == 0;
        if (plan.listens && !first && !plan.again && (ip.source() != peer || udp.sourcePort() != peerPort)) {
            return;
        }
        latest = now;
        String text = new String(frame.bytes(), udp.end(), ip.limit() - udp.end(), StandardCharsets.UTF_8);
        if (first && !plan.again) {
            peer = ip.source();
            peerPort = udp.sourcePort();
            if (plan.verbose) {
                task.line("Connection received on " + Ipv4Address.text(peer) + " " + peerPort);
            }
        }
        line.append(text);
        print();
        if (first && !plan.again) {
            talk(now);
        }
    }

    /** While it tries whether anybody is there, it reads nothing. */
    private void print() {
        for (int end = line.indexOf("\n"); end >= 0 && !trying; end = line.indexOf("\n")) {
            task.line(line.substring(0, end));
            line.delete(0, end + 1);
        }
    }

    @Override
    public void failed(String error, long now) {
        if (trying) {
            trying = false;
            next(now);
        } else {
            // What a connected socket is told ends both directions, and is no fault of nc's.
            end(0);
        }
    }

    @Override
    public String name() {
        return "nc";
    }

    @Override
    public void signal(String signal, long now) {
        if (!signal.equals("STOP") && !signal.equals("CONT")) {
            end(NcRun.died(signal));
        }
    }

    @Override
    public void lost() {
        socket = null;
    }

    private void end(int code) {
        if (task.ended()) {
            return;
        }
        stack.end(this);
        if (socket != null) {
            socket.close();
            socket = null;
        }
        if (!line.isEmpty()) {
            task.line(line.toString());
        }
        task.exit(code);
    }
}
