package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;

/** {@code traceroute} of Linux: UDP probes to rising ports, or ICMP echo with {@code -I}. */
public final class Traceroute implements Program {
    @Override
    public String name() {
        return "traceroute";
    }

    @Override
    public String summary() {
        return "the routers on the way, as traceroute 2: -n -q -m -w -f -I";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        var words = new Words(task.arguments());
        var run = host == null ? null : new TracerouteRun(host, task);
        String fault = host == null ? "no network stack on " + node.name() : run.read(words);
        if (fault != null) {
            task.line(fault);
            task.exit(2);
            return;
        }
        run.begin(now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        var run = new TracerouteRun(host, task);
        String fault = run.read(new Words(task.arguments()));
        if (fault == null) {
            return null;
        }
        boolean unknown = run.target() != null && Words.address(task, run.target()) == null;
        return unknown ? Fault.unknownHost(fault, run.target()) : Fault.of(fault);
    }
}
