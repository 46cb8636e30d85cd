package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.protocols.dns.Resolver;

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
        Lookup.find(
                host,
                task,
                run.target(),
                true,
                (address, canonical, then) -> run.begin(address, then),
                (why, then) -> fail(task, run.target(), why),
                now);
    }

    private static void fail(Task task, String target, Resolver.Outcome why) {
        task.line(target + ": " + why.text());
        task.line("Cannot handle \"host\" cmdline arg `" + target + "' on position 1 (argc 1)");
        task.exit(2);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        var run = new TracerouteRun(host, task);
        String fault = run.read(new Words(task.arguments()));
        if (fault != null) {
            return Fault.of(fault);
        }
        return Lookup.possible(host, task, run.target())
                ? null
                : Fault.unknownHost(run.target() + ": " + Resolver.Outcome.UNKNOWN.text(), run.target());
    }
}
