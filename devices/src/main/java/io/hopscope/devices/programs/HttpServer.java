package io.hopscope.devices.programs;

import io.hopscope.devices.Host;
import io.hopscope.devices.IpStack;
import io.hopscope.devices.Service;
import io.hopscope.devices.Task;
import io.hopscope.protocols.tcp.TcpListener;
import io.hopscope.protocols.tcp.TcpSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A listening HTTP server: one {@link HttpConnection} a client, answers by its {@link HttpSite}. */
final class HttpServer implements Service {
    private final IpStack stack;
    private final Task task;
    private final HttpSite site;
    private final String name;
    private final Set<HttpConnection> open = new LinkedHashSet<>();
    private TcpListener listener;

    /**
     * @param name as {@code killall} finds it
     */
    HttpServer(Host host, Task task, String name, HttpSite site) {
        stack = host.stack();
        this.task = task;
        this.name = name;
        this.site = site;
    }

    /** Returns whether the port was free. */
    boolean listen(int address, int port, int backlog) {
        listener = stack.tcp().listen(address, port, backlog, this::accepted);
        if (listener == null) {
            return false;
        }
        listener.file(task.process(stack, name).open());
        stack.begin(this);
        return true;
    }

    private void accepted(TcpSocket socket, long now) {
        HttpConnection made = new HttpConnection(stack, socket, site, open::remove);
        open.add(made);
        made.begin(now);
    }

    /** Ends it; open connections end with the process. */
    void stop(long now) {
        listener.close(now);
        List.copyOf(open).forEach(each -> each.stop(now));
        stack.end(this);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void signal(String signal, long now) {
        if (!signal.equals("HUP") && !signal.startsWith("USR")) {
            stop(now);
            task.exit(signal.equals("INT") ? 130 : 143);
        }
    }

    @Override
    public void lost() {
        open.clear();
    }
}
