package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.protocols.dns.Resolver;

/** {@code traceroute} of Linux: UDP probes to rising ports, ICMP echo with {@code -I}, TCP with {@code -T}. */
public final class Traceroute implements Program {
    @Override
    public String name() {
        return "traceroute";
    }

    @Override
    public String summary() {
        return "the routers on the way, as traceroute 2.1: -n -I -T -U -F --mtu -f -m -q -p -w -z -N -t -s -i HOST [LENGTH]";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        var plan = new TraceroutePlan();
        String fault = host == null ? "no network stack on " + node.name() : plan.read(task.arguments(), task);
        if (fault != null) {
            task.line(fault);
            task.exit(2);
            return;
        }
        Lookup.find(
                host,
                task,
                plan.target,
                true,
                (address, canonical, then) -> new TracerouteRun(host, task, plan).begin(address, then),
                (why, then) -> fail(task, plan.target, why),
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
        var plan = new TraceroutePlan();
        String fault = plan.read(task.arguments(), task);
        if (fault != null) {
            return Fault.of(fault);
        }
        return Lookup.possible(host, task, plan.target)
                ? null
                : Fault.unknownHost(plan.target + ": " + Resolver.Outcome.UNKNOWN.text(), plan.target);
    }
}
