package io.hopscope.devices.programs;

import io.hopscope.core.Node;
import io.hopscope.devices.Fault;
import io.hopscope.devices.Host;
import io.hopscope.devices.Program;
import io.hopscope.devices.Task;
import io.hopscope.protocols.dns.Resolver;

/** {@code ping} of iputils: ICMP echo, with its output and exit codes. */
public final class Ping implements Program {
    @Override
    public String name() {
        return "ping";
    }

    @Override
    public String summary() {
        return "ICMP echo requests, as iputils: -c -i -s -t -W -w -f -A -l -M do|dont|want -I ADDRESS|INTERFACE -b -m -Q -q -n -O -D";
    }

    @Override
    public void start(Node node, Host host, Task task, long now) {
        var words = new Words(task.arguments());
        var plan = new PingPlan();
        String fault = host == null ? "no network stack on " + node.name() : plan.read(words, task);
        if (fault != null) {
            task.line("ping: " + fault);
            task.exit(2);
            return;
        }
        Lookup.find(
                host,
                task,
                plan.target,
                true,
                (address, canonical, then) -> {
                    plan.found(address, canonical);
                    new PingRun(host, task, plan).begin(then);
                },
                (why, then) -> {
                    task.line("ping: " + plan.target + ": " + why.text());
                    task.exit(2);
                },
                now);
    }

    @Override
    public Fault check(Node node, Host host, Task task) {
        if (host == null) {
            return Fault.noStack(node.name());
        }
        var plan = new PingPlan();
        String fault = plan.read(new Words(task.arguments()), task);
        if (fault != null) {
            return Fault.of("ping: " + fault);
        }
        return Lookup.possible(host, task, plan.target)
                ? null
                : Fault.unknownHost("ping: " + plan.target + ": " + Resolver.Outcome.UNKNOWN.text(), plan.target);
    }

    @Override
    public boolean endless(Task task) {
        var plan = new PingPlan();
        return plan.read(new Words(task.arguments()), task) == null
                && plan.count == Long.MAX_VALUE
                && plan.deadline == 0;
    }
}
