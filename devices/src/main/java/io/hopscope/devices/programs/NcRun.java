package io.hopscope.devices.programs;

import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Service;
import io.hopscope.devices.Task;
import io.hopscope.encap.Ipv4Address;
import io.hopscope.protocols.tcp.TcpError;
import io.hopscope.protocols.tcp.TcpListener;
import io.hopscope.protocols.tcp.TcpSocket;
import io.hopscope.protocols.tcp.TcpState;
import io.hopscope.protocols.tcp.TcpUser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One nc under way. */
final class NcRun implements TcpUser, Service {
    private static final Map<Integer, String> SERVICES =
            Map.of(21, "ftp", 22, "ssh", 23, "telnet", 25, "smtp", 53, "domain", 80, "http", 179, "bgp", 443, "https");

    private final IpStack stack;
    private final Task task;
    private final NcPlan plan;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private TcpListener listener;
    private TcpSocket socket;
    private int port;
    private int written;
    private boolean succeeded;
    /** By SIGSTOP, and whether the peer has said all meanwhile. */
    private boolean stopped;

    private boolean ended;
    /** Whether the connection under way has been one. */
    private boolean open;

    private long latest;

    NcRun(Host host, Task task, NcPlan plan) {
        stack = host.stack();
        this.task = task;
        this.plan = plan;
    }

    static String service(int port) {
        return SERVICES.getOrDefault(port, "*");
    }

    /** The exit code of who is killed by a signal. */
    static int died(String signal) {
        return 128
                + switch (signal) {
                    case "HUP" -> 1;
                    case "INT" -> 2;
                    case "KILL" -> 9;
                    case "USR1" -> 10;
                    case "USR2" -> 12;
                    default -> 15;
                };
    }

    void begin(long now) {
        stack.begin(this);
        // The run is over: nobody would carry what closing the socket says.
        task.onInterrupt(() -> task.exit(130));
        if (plan.listens) {
            listen(now);
        } else {
            port = plan.firstPort;
            connect(now);
        }
    }

    private void listen(long now) {
        listener = stack.tcp().listen(plan.address, plan.localPort, plan.again ? 5 : 1, this::accepted);
        if (listener == null) {
            say("nc: Address already in use");
            end(1);
            return;
        }
        listener.file(task.process(stack).open());
        if (plan.verbose) {
            say("Listening on " + Ipv4Address.text(plan.address) + " " + plan.localPort);
        }
    }

    private void accepted(TcpSocket accepted, long now) {
        if (socket != null) {
            // One at a time: another one has come in the same instant.
            accepted.abort(now);
            return;
        }
        socket = accepted.handler(this);
        listener.pause();
        if (!plan.again) {
            listener.close(now);
        }
        if (plan.verbose) {
            say("Connection received on " + Ipv4Address.text(accepted.remote()) + " " + accepted.remotePort());
        }
        talk(now);
    }

    private void connect(long now) {
        if (task.ended()) {
            return;
        }
        open = false;
        socket = stack.tcp().socket().handler(this).file(task.process(stack).open());
        written = 0;
        TcpError error = stack.tcp().connect(socket, plan.source, plan.localPort, plan.address, port, now);
        if (error != null) {
            refused(error, now);
        } else if (plan.patience >= 0 && socket != null) {
            TcpSocket waited = socket;
            stack.at(now + plan.patience, later -> {
                if (socket == waited && waited.state() == TcpState.SYN_SENT) {
                    waited.handler(null).abort(later);
                    impatient(later);
                }
            });
        }
    }

    private void refused(TcpError error, long now) {
        if (plan.verbose) {
            say("nc: connect to " + whom() + " port " + port + " (tcp) failed: " + error);
        }
        next(now);
    }

    /** -w is over before the kernel gives up: what it had to say so far is that it goes on trying. */
    private void impatient(long now) {
        if (plan.verbose) {
            say("nc: connect to " + whom() + " port " + port + " (tcp) timed out: Operation now in progress");
        }
        next(now);
    }

    /** A name, and what it came to; an address is said once. */
    private String whom() {
        String address = Ipv4Address.text(plan.address);
        return plan.host.equals(address) ? address : plan.host + " (" + address + ")";
    }

    private String service() {
        return plan.numeric ? "*" : SERVICES.getOrDefault(port, "*");
    }

    /** The next port of a range, or the end. */
    private void next(long now) {
        if (port < plan.lastPort) {
            port++;
            // Not at once: what is refused at once would call this again, port after port.
            stack.at(now, this::connect);
        } else {
            end(succeeded ? 0 : 1);
        }
    }

    @Override
    public void connected(TcpSocket at, long now) {
        succeeded = true;
        open = true;
        if (plan.verbose) {
            say("Connection to " + whom() + " " + port + " port [tcp/" + service() + "] succeeded!");
        }
        if (plan.scans) {
            socket.handler(null).close(now);
            next(now);
        } else {
            talk(now);
        }
    }

    private void talk(long now) {
        latest = now;
        write(now);
        watch(now);
    }

    /** -w: silence for so long ends it. */
    private void watch(long now) {
        if (plan.patience < 0) {
            return;
        }
        TcpSocket watched = socket;
        stack.at(latest + plan.patience, later -> {
            if (socket == watched && !task.ended()) {
                if (later - latest >= plan.patience) {
                    finish(later);
                } else {
                    watch(later);
                }
            }
        });
    }

    private void write(long now) {
        if (stopped) {
            return;
        }
        if (written < plan.input.length) {
            written += socket.write(plan.input, written, plan.input.length - written, now);
            latest = now;
        }
        if (written < plan.input.length) {
            return;
        }
        if (plan.shuts) {
            socket.shutdown(now);
        }
        if (plan.quit >= 0) {
            TcpSocket done = socket;
            stack.at(now + plan.quit, later -> {
                if (socket == done) {
                    finish(later);
                }
            });
        }
    }

    @Override
    public void writable(TcpSocket at, long now) {
        write(now);
    }

    @Override
    public void readable(TcpSocket at, long now) {
        if (stopped) {
            return;
        }
        latest = now;
        byte[] bytes = new byte[at.available()];
        int length = at.read(bytes, 0, bytes.length, now);
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                flush();
            } else {
                line.write(bytes[i]);
            }
        }
    }

    private void flush() {
        task.line(line.toString(StandardCharsets.UTF_8));
        line.reset();
    }

    @Override
    public void finished(TcpSocket at, long now) {
        ended = stopped;
        if (!stopped && written == plan.input.length) {
            finish(now);
        }
    }

    private void finish(long now) {
        TcpSocket done = socket;
        socket = null;
        if (done != null) {
            done.handler(null).close(now);
        }
        over(now, 0);
    }

    @Override
    public void closed(TcpSocket at, TcpError error, long now) {
        socket = null;
        if (!open && !plan.listens && error != null) {
            refused(error, now);
        } else {
            // Of a reset nc says nothing: it reads as an end.
            over(now, 0);
        }
    }

    /** With -k the next connection is waited for. */
    private void over(long now, int code) {
        if (line.size() > 0) {
            flush();
        }
        if (plan.listens && plan.again && !task.interrupted()) {
            // What there was to read has been read.
            listener.resume(now);
        } else {
            end(code);
        }
    }

    @Override
    public String name() {
        return "nc";
    }

    /** What a process has open is closed with it; one that is stopped reads and writes nothing. */
    @Override
    public void signal(String signal, long now) {
        if (signal.equals("STOP")) {
            stopped = true;
        } else if (signal.equals("CONT")) {
            resume(now);
        } else {
            end(died(signal));
        }
    }

    private void resume(long now) {
        TcpSocket at = socket;
        stopped = false;
        if (at != null && at.state() != TcpState.SYN_SENT) {
            write(now);
            readable(at, now);
        }
        if (socket == at && ended) {
            finished(at, now);
        }
    }

    @Override
    public void lost() {
        socket = null;
        listener = null;
    }

    private void end(int code) {
        if (task.ended()) {
            return;
        }
        stack.end(this);
        long now = stack.node().now();
        // What a process opened last is closed first.
        if (socket != null) {
            socket.handler(null).close(now);
            socket = null;
        }
        if (listener != null) {
            listener.close(now);
        }
        task.exit(code);
    }

    private void say(String text) {
        task.line(text);
    }
}
